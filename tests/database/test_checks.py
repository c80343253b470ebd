"""Every CHECK of the migrated database refuses a row that breaks it, and only that row."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import Connection, inspect, literal_column
from sqlalchemy.exc import DBAPIError

from tests.database.conftest import STORE
from tests.database.rows import TABLES, insert, row_of
from webapp.domain.parcel_data import MOST_CHARACTERS, OF_THE_PERSON

Broken = tuple[str, str, dict[str, Any]]

COUNT = {"count_cause": "short_pick", "count_asked_by": "paula", "count_asked_at": "2026-01-01 12:00:00"}

ERASED = {"person_erased_by": "max", "person_erased_at": "2026-01-01 12:00:00"}

PACKED = ("matches", "order_items")

RETIRED = {"retired_by": "max", "retired_at": "2026-01-01 12:00:00"}

BROKEN: tuple[Broken, ...] = (
    ("api_tokens", "role_known", {"role": "owner"}),
    ("memberships", "role_known", {"role": "owner"}),
    ("one_time_links", "role_known", {"role": "owner", "username": "pia", "user_id": None}),
    ("one_time_links", "invites_or_resets", {"role": "packer", "username": "pia"}),
    ("one_time_links", "invites_or_resets", {"role": "packer", "user_id": None}),
    ("one_time_links", "invites_or_resets", {"user_id": None}),
    ("products", "placeholder_gtin", {"gtin": "0000000000000"}),
    ("products", "placeholder_gtin", {"is_placeholder": True}),
    ("products", "weight_positive", {"weight_grams": 0}),
    ("products", "origin_of_two_letters", {"origin_country": "P"}),
    ("products", "retired_by_somebody", {"retired_by": "max"}),
    ("products", "retired_by_somebody", {"retired_at": "2026-01-01 12:00:00"}),
    ("products", "placeholder_stays", {"is_placeholder": True, "gtin": "0000000000000", **RETIRED}),
    ("picks", "units_not_negative", {"units": -1}),
    ("product_merges", "undone_by_somebody", {"undone_by": None}),
    ("product_merges", "undone_by_somebody", {"undone_at": None}),
    ("import_mappings", "has_name", {"name": ""}),
    ("product_codes", "units_positive", {"units": 0}),
    ("product_code_changes", "units_positive", {"units": 0}),
    ("product_code_changes", "road_known", {"road": "by magic"}),
    ("inventory", "reserved_within_on_hand", {"quantity": 2, "reserved_quantity": 3}),
    ("inventory", "reserved_within_on_hand", {"reserved_quantity": -1}),
    ("inventory", "reserved_within_on_hand", {"quantity": -1, "reserved_quantity": 0}),
    ("inventory", "count_cause_known", {**COUNT, "count_cause": "curiosity"}),
    ("inventory", "count_asked_by_somebody", {**COUNT, "count_asked_by": None}),
    ("inventory", "count_asked_at_some_time", {**COUNT, "count_asked_at": None}),
    ("inventory", "short_until_counted", {"is_short": True}),
    ("import_jobs", "kind_known", {"kind": "letters"}),
    ("import_jobs", "state_known", {"state": "lost"}),
    ("import_jobs", "file_size_positive", {"file_size": 0}),
    ("import_jobs", "progress_not_negative", {"progress_done": -1}),
    ("matches", "kind_known", {"kind": "dreamt"}),
    ("matches", "names_of_channels", {"kind": "name"}),
    ("matches", "undone_by_somebody", {"undone_by": "max", "is_remembered": False}),
    ("matches", "undone_by_somebody", {"undone_at": "2026-01-01 12:00:00", "is_remembered": False}),
    ("matches", "forgotten_when_undone", {"undone_by": "max", "undone_at": "2026-01-01 12:00:00"}),
    ("orders", "hold_known", {"hold": "moody"}),
    ("orders", "upstream_hold_known", {"upstream_hold": "moody"}),
    ("channels", "kind_known", {"kind": "dreamt"}),
    ("orders", "status_known", {"status": "lost"}),
    *(("orders", f"{name}_fits", {name: "x" * (most + 1)}) for name, most in MOST_CHARACTERS.items()),
    *(("orders", "ship_to_country_code", {"ship_to_country": code}) for code in ("D", "de", "D1", "DEU", "ÄÖ", "  ")),
    ("orders", "note_read_by_somebody", {"packing_note_read_by": "paula"}),
    ("orders", "note_read_by_somebody", {"packing_note_read_at": "2026-01-01 12:00:00"}),
    ("orders", "person_erased_by_somebody", {"person_erased_by": "max"}),
    ("orders", "person_erased_by_somebody", {"person_erased_at": "2026-01-01 12:00:00"}),
    *(
        ("orders", "person_stays_erased", {**ERASED, name: "DE" if name == "ship_to_country" else "Anna"})
        for name in OF_THE_PERSON
    ),
    *(("orders", "currency_code", {"currency": code}) for code in ("EU", "E")),
    *(("order_items", "unit_price_in_range", {"unit_price": price}) for price in (-1, 10**18)),
    *((table, "pack_units_in_range", {"pack_units": units}) for table in PACKED for units in (0, 10_001)),
    ("order_items", "quantity_positive", {"quantity": 0, "shipped_quantity": 0}),
    ("order_items", "shipped_not_negative|returned_within_shipped", {"shipped_quantity": -1}),
    ("order_items", "cancelled_not_negative", {"cancelled_quantity": -1}),
    ("order_items", "within_ordered", {"quantity": 5, "shipped_quantity": 3, "cancelled_quantity": 3}),
    ("order_items", "within_ordered", {"quantity": 5, "shipped_quantity": 6}),
    ("order_items", "returned_within_shipped", {"shipped_quantity": 2, "returned_quantity": 3}),
    ("order_items", "returned_within_shipped", {"returned_quantity": -1}),
    ("allocations", "quantity_not_negative", {"quantity": -1}),
    ("shipment_lines", "quantity_positive", {"quantity": 0}),
    ("shipment_lines", "undone_by_somebody", {"undone_at": "2026-01-01 12:00:00"}),
    ("shipment_lines", "undone_by_somebody", {"undone_by": "paula"}),
    ("inventory_transactions", "type_known", {"transaction_type": "steal"}),
    ("inventory_transactions", "seq_positive", {"seq": 0}),
    ("inventory_transactions", "reserved_within_on_hand", {"quantity_after": 1, "reserved_after": 2}),
    ("inventory_transactions", "reserved_within_on_hand", {"reserved_after": -1}),
    ("inventory_transactions", "has_actor", {"created_by": ""}),
    ("order_events", "kind_known", {"kind": "dreamt"}),
    ("order_events", "has_actor", {"actor": ""}),
    ("stock_exceptions", "cause_known", {"cause": "bad_luck"}),
    ("stock_exceptions", "state_known", {"state": "forgotten", "closed_by": "max"}),
    ("stock_exceptions", "quantity_positive", {"quantity": 0}),
    ("stock_exceptions", "closed_by_somebody", {"state": "closed"}),
    ("idempotency_keys", "has_actor", {"actor": ""}),
)

WHOLE = {
    "picks": ("units",),
    "inventory": ("quantity", "reserved_quantity"),
    "order_items": ("quantity", "shipped_quantity", "cancelled_quantity", "returned_quantity", "unit_price"),
    "allocations": ("quantity",),
    "shipment_lines": ("quantity",),
    "inventory_transactions": ("seq", "quantity_change", "reserved_change", "quantity_after", "reserved_after"),
    "stock_exceptions": ("quantity",),
    "product_codes": ("units",),
    "product_code_changes": ("units",),
    "products": ("weight_grams",),
}
"""Columns that hold units, or millionths, and nothing but whole numbers of them."""

_OTHER = "|[a-z_]+"
"""Text and huge numbers break the comparisons between columns as well, and SQLite names one of the checks."""

UNITS = [(table, column) for table, columns in WHOLE.items() for column in columns]


def assert_refused(connection: Connection, table: str, check: str, row: dict[str, Any]) -> None:
    with pytest.raises(DBAPIError, match=rf"\bck_{table}_({check})\b"):
        insert(connection, table, row)


@pytest.mark.parametrize("table", [name for name in TABLES if name != "stores"])
def test_a_good_row_is_taken(connection: Connection, table: str) -> None:
    # The first four are what others of number 1 refer to.
    for name in dict.fromkeys(("users", "memberships", "orders", "order_items", table)):
        insert(connection, name, row_of(name, STORE, 1))

    connection.commit()


@pytest.mark.parametrize(("table", "check", "changes"), BROKEN)
def test_a_row_that_breaks_the_check_is_refused(
    connection: Connection, table: str, check: str, changes: dict[str, Any]
) -> None:
    assert_refused(connection, table, check, row_of(table, STORE, 1, **changes))


@pytest.mark.parametrize(("column", "most"), MOST_CHARACTERS.items())
def test_parcel_data_may_be_as_long_as_the_domain_says(connection: Connection, column: str, most: int) -> None:
    insert(connection, "orders", row_of("orders", STORE, 1, **{column: "ß" * most, "ship_to_country": "LU"}))


@pytest.mark.engines("sqlite")
@pytest.mark.parametrize(("table", "column"), UNITS)
def test_units_are_no_fractions(connection: Connection, table: str, column: str) -> None:
    fraction = 5.5 if column == "quantity" else 1.5

    assert_refused(connection, table, f"{column}_whole", row_of(table, STORE, 1, **{column: fraction}))


@pytest.mark.engines("sqlite")
@pytest.mark.parametrize(("table", "column"), UNITS)
@pytest.mark.parametrize("wrong", ["many", b"1", literal_column("9223372036854775808")], ids=["text", "bytes", "2^63"])
def test_units_are_64_bit_numbers(connection: Connection, table: str, column: str, wrong: object) -> None:
    assert_refused(connection, table, f"{column}_whole{_OTHER}", row_of(table, STORE, 1, **{column: wrong}))


@pytest.mark.engines("postgresql")
@pytest.mark.parametrize(("table", "column"), UNITS)
@pytest.mark.parametrize("wrong", ["1.5", "many", "9223372036854775808"])
def test_units_are_64_bit_whole_numbers_by_their_type(
    connection: Connection, table: str, column: str, wrong: str
) -> None:
    with pytest.raises(DBAPIError, match=r"invalid input syntax for type bigint|out of range for type bigint"):
        insert(connection, table, row_of(table, STORE, 1, **{column: wrong}))


def test_no_check_of_the_database_goes_untried(connection: Connection, engine_name: str) -> None:
    tried = {f"ck_{table}_{check.split('|')[0]}" for table, check, _ in BROKEN}
    if engine_name == "sqlite":
        tried |= {f"ck_{table}_{column}_whole" for table, column in UNITS}

    there = {check["name"] for table in TABLES for check in inspect(connection).get_check_constraints(table)}

    assert there == tried


def test_rows_of_every_table_are_tried(connection: Connection) -> None:
    assert set(TABLES) == set(inspect(connection).get_table_names()) - {"alembic_version"}
