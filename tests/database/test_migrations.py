"""Migrations go up, down and up again on both engines without losing a row."""

from __future__ import annotations

import json

import pytest
from alembic.script import ScriptDirectory
from flask_migrate import downgrade, upgrade
from sqlalchemy import Engine, select, text
from sqlalchemy.orm import Session

from tests.database.migrating import MIGRATIONS, Rows, rows_of, tables_of
from tests.database.rows import TABLES, Row, insert, insert_all, row_of
from webapp.database.key_checksums import checksum_of
from webapp.domain.operation_ids import new_operation_id
from webapp.models import IdempotencyKey, ProductMerge
from webapp.models.base import table_of

FIRST = "0001"
MOVED = {("stores", "ship_within_hours"), ("orders", "channel")}
"""Columns whose values a later revision moves; each has its own test."""


def like(rows: Rows, shape: Rows) -> Rows:
    """Return those tables and columns of ``rows`` that ``shape`` has."""
    return {
        name: [
            {column: row[column] for column in columns if (name, column) not in MOVED}
            for row, columns in zip(rows[name], shape[name], strict=True)
        ]
        for name in shape
    }


def as_first_named(rows: Rows) -> Rows:
    """Return the rows with the one renamed column under its first name, and the matches in their first table."""
    events = [{**row, "request_id": row["operation_id"]} for row in rows["order_events"]]
    return {**rows, "order_events": events, "gtin_matches": [{**row, "gtin": row["code"]} for row in rows["matches"]]}


def test_up_makes_every_table_and_down_leaves_none(unmigrated: Engine) -> None:
    upgrade()
    assert tables_of(unmigrated) == set(TABLES)

    downgrade(revision="base")
    assert tables_of(unmigrated) == set()

    upgrade()
    assert tables_of(unmigrated) == set(TABLES)


def test_rows_survive_the_way_down_to_the_first_tables_and_up_again(unmigrated: Engine) -> None:
    upgrade()
    with unmigrated.begin() as connection:
        insert_all(connection, 1)
        insert_all(connection, 2)
    before = rows_of(unmigrated, set(TABLES))

    downgrade(revision=FIRST)
    first = rows_of(unmigrated, tables_of(unmigrated))
    assert like(first, first) == like(as_first_named(before), first)

    upgrade()
    assert like(as_first_named(rows_of(unmigrated, set(TABLES))), first) == like(first, first)


def test_every_revision_can_be_taken_back_and_repeated_with_rows_present(unmigrated: Engine) -> None:
    upgrade()
    with unmigrated.begin() as connection:
        insert_all(connection, 1)
    revisions = [script.revision for script in ScriptDirectory(str(MIGRATIONS)).walk_revisions()]

    for revision in revisions[:-1]:
        downgrade(revision="-1")
        upgrade(revision=revision)
        downgrade(revision="-1")

    upgrade()
    assert rows_of(unmigrated, {"inventory_transactions"})["inventory_transactions"]


def test_hours_until_shipping_become_a_setting_and_come_back(unmigrated: Engine) -> None:
    upgrade(revision="0010")
    with unmigrated.begin() as connection:
        insert(connection, "stores", row_of("stores", 1, ship_within_hours=24))
        insert(connection, "stores", row_of("stores", 2))

    upgrade()
    kept = rows_of(unmigrated, {"store_settings"})["store_settings"]
    assert [(row["store_id"], row["name"], row["value"]) for row in kept] == [("1", "ship_within_hours", "24")]

    downgrade(revision="0010")
    hours = [row["ship_within_hours"] for row in rows_of(unmigrated, {"stores"})["stores"]]
    assert hours == ["24", "48"]


def test_reasons_for_adjusting_become_those_of_both_directions_and_come_back(unmigrated: Engine) -> None:
    upgrade(revision="0018")
    with unmigrated.begin() as connection:
        insert(connection, "stores", row_of("stores", 1))
        insert(connection, "store_settings", row_of("store_settings", 1, name="adjust_reasons", value='["Mice"]'))

    upgrade()
    kept = rows_of(unmigrated, {"store_settings"})["store_settings"]
    assert {row["name"] for row in kept if "Mice" in row["value"]} == {"add_reasons", "take_reasons"}

    downgrade(revision="0018")
    back = rows_of(unmigrated, {"store_settings"})["store_settings"]
    assert [row["name"] for row in back if "Mice" in row["value"]] == ["adjust_reasons"]
    assert len(back) == 1


def test_channels_become_rows_one_for_its_spellings_and_come_back(unmigrated: Engine) -> None:
    upgrade(revision="0036")
    with unmigrated.begin() as connection:
        for store_id, number, channel in ((1, 0, "eBay"), (1, 1, "ebay"), (1, 2, ""), (2, 0, "ebay"), (2, 1, "Etsy")):
            if not number:
                insert(connection, "stores", row_of("stores", store_id))
            insert(connection, "orders", earlier_order(store_id, number, channel=channel))

    upgrade()
    after = rows_of(unmigrated, {"orders", "channels"})
    codes = {(row["store_id"], row["id"]): row["code"] for row in after["channels"]}
    assert sorted(codes.values()) == ["", "Etsy", "eBay", "ebay"]
    of_orders = [(codes[row["store_id"], row["channel_id"]], row["external_id"]) for row in after["orders"]]
    named = [("eBay", "ORD-100"), ("eBay", "ORD-101"), ("", "ORD-102"), ("ebay", "ORD-200"), ("Etsy", "ORD-201")]
    assert of_orders == named

    downgrade(revision="0036")
    assert [row["channel"] for row in rows_of(unmigrated, {"orders"})["orders"]] == [code for code, _ in named]


def test_numbers_that_stand_in_two_channels_keep_the_revision(
    unmigrated: Engine, caplog: pytest.LogCaptureFixture
) -> None:
    upgrade()
    with unmigrated.begin() as connection:
        for number in (0, 1):
            for name in ("stores", "channels", "orders")[bool(number) :]:
                changes = {"order_number": "1001", "channel_id": 100 + number} if name == "orders" else {}
                insert(connection, name, row_of(name, 1, number, **changes))

    with pytest.raises(SystemExit):
        downgrade(revision="0036")
    assert "the order number '1001' stands in two channels" in caplog.text
    assert len(rows_of(unmigrated, {"orders"})["orders"]) == 2


@pytest.mark.parametrize("table", ["order_items", "matches"])
def test_packs_of_several_units_keep_the_revision(
    unmigrated: Engine, caplog: pytest.LogCaptureFixture, table: str
) -> None:
    upgrade()
    with unmigrated.begin() as connection:
        insert_all(connection, 1)
        connection.exec_driver_sql(f"UPDATE {table} SET pack_units = 6")

    with pytest.raises(SystemExit):
        downgrade(revision="0050")

    assert "packs of 6 units" in caplog.text
    assert {row["pack_units"] for row in rows_of(unmigrated, {table})[table]} == {"6"}


def earlier_order(store_id: int, number: int = 0, **changes: str) -> Row:
    """Return an order from before there were channels."""
    order = row_of("orders", store_id, number, **changes)
    return {name: value for name, value in order.items() if name not in ("channel_id", "external_id")}


def test_products_that_were_there_before_are_found_by_their_words(unmigrated: Engine) -> None:
    upgrade(revision="0002")
    with unmigrated.begin() as connection:
        insert(connection, "stores", row_of("stores", 1))
        insert(connection, "products", row_of("products", 1, sku="SKU-7", gtin="4006381333931", name="Grüner Tee"))

    upgrade()

    words = {row["word"] for row in rows_of(unmigrated, {"product_search_words"})["product_search_words"]}
    assert {"sku-7", "4006381333931", "gruner", "tee"} <= words


def test_tokens_of_one_name_get_numbers_and_every_token_an_end(unmigrated: Engine) -> None:
    upgrade(revision="0013")
    with unmigrated.begin() as connection:
        for store_id, names in ((1, ("api", "erp", "api", "api-2", "api")), (2, ("api",))):
            insert(connection, "stores", row_of("stores", store_id))
            for number, name in enumerate(names):
                insert(connection, "api_tokens", row_of("api_tokens", store_id, number, name=name))

    upgrade()

    tokens = rows_of(unmigrated, {"api_tokens"})["api_tokens"]
    assert [(row["store_id"], row["name"]) for row in tokens] == [
        *(("1", name) for name in ("api", "erp", "api-3", "api-2", "api-4")),
        ("2", "api"),
    ]
    assert all(row["expires_at"] > "2026" for row in tokens)


def test_gtins_get_14_digits_and_come_back_as_the_goods_show_them(unmigrated: Engine) -> None:
    upgrade(revision="0023")
    spelled = ("043210000101", "0043210000101", "4006381333931", "04006381333931", "4006381333932", "Does not apply")
    with unmigrated.begin() as connection:
        insert(connection, "stores", row_of("stores", 1))
        for number, gtin in enumerate(spelled):
            insert(connection, "products", row_of("products", 1, number, gtin=gtin[:14]))
        insert(connection, "orders", earlier_order(1))
        for number, gtin in enumerate(spelled):
            insert(connection, "order_items", row_of("order_items", 1, number, gtin=gtin))

    upgrade()
    after = rows_of(unmigrated, {"products", "order_items", "product_search_words"})
    upc, ean = "00043210000101", "04006381333931"
    for name in ("products", "order_items"):
        assert [row["gtin"] for row in after[name]] == [upc, upc, ean, ean, *spelled[4:]]
    assert {row["word"] for row in after["product_search_words"]} == {"043210000101", "4006381333931"}

    downgrade(revision="0023")
    back = rows_of(unmigrated, {"products", "order_items"})
    for name in ("products", "order_items"):
        assert [row["gtin"] for row in back[name]] == [*(2 * ["043210000101"]), *(2 * ["4006381333931"]), *spelled[4:]]


def test_products_whose_skus_differ_in_spelling_only_stay_apart(unmigrated: Engine) -> None:
    upgrade(revision="0023")
    skus = ("MUG-BLUE", "mug-blue", "MUG\u2011BLUE", "MUG-RED", "0010", "10")
    with unmigrated.begin() as connection:
        for store_id in (1, 2):
            insert(connection, "stores", row_of("stores", store_id))
            for number, sku in enumerate(skus):
                insert(connection, "products", row_of("products", store_id, number, sku=sku))

    upgrade()
    products = rows_of(unmigrated, {"products"})["products"]
    keys = [("mug-blue", "0"), ("mug-blue", "1"), ("mug-blue", "2"), ("mug-red", "0"), ("0010", "0"), ("10", "0")]
    assert [row["sku"] for row in products] == 2 * [*skus]
    assert [(row["sku_key"], row["sku_twin"]) for row in products] == 2 * keys

    downgrade(revision="0023")
    assert [row["sku"] for row in rows_of(unmigrated, {"products"})["products"]] == 2 * [*skus]


def test_matches_of_one_gtin_are_never_lost_and_disagreeing_ones_do_not_count(unmigrated: Engine) -> None:
    upgrade(revision="0023")
    rows = [  # GTIN, product, day
        *(("043210000101", 0, 1), ("0043210000101", 0, 2)),
        *(("4006381333931", 0, 1), ("04006381333931", 1, 2)),
        *(("96385074", 1, 1), ("5,01E+12", 0, 1)),
    ]
    with unmigrated.begin() as connection:
        insert(connection, "stores", row_of("stores", 1))
        for number in (0, 1):
            insert(connection, "products", row_of("products", 1, number))
        for gtin, product, day in rows:
            changes = {"gtin": gtin, "product_id": 100 + product, "matched_at": f"2026-01-0{day} 12:00:00"}
            insert(connection, "gtin_matches", {"store_id": 1, "matched_by": "max", **changes})
    before = rows_of(unmigrated, {"gtin_matches"})

    upgrade(revision="0042")
    after = {row["gtin"]: row["product_id"] for row in rows_of(unmigrated, {"gtin_matches"})["gtin_matches"]}
    assert after == {
        "00043210000101": "100",
        "043210000101": "100",
        "4006381333931": "100",
        "04006381333931 ": "101",
        "00000096385074": "101",
        "5,01E+12": "100",
    }

    downgrade(revision="0029")
    assert rows_of(unmigrated, {"gtin_matches"}) == before


def test_merges_name_the_matches_that_they_moved(unmigrated: Engine) -> None:
    upgrade(revision="0047")
    when, moved = "2026-01-01T12:00:00+00:00", "2026-02-01 12:00:00"
    with unmigrated.begin() as connection:
        for store_id in (1, 2):
            insert(connection, "stores", row_of("stores", store_id))
            own = 100 * store_id
            for number in (0, 1):
                insert(connection, "products", row_of("products", store_id, number))
            row = {"store_id": store_id, "gtin": f"0{own}", "product_id": own + 1}
            insert(connection, "gtin_matches", {**row, "matched_by": "max", "matched_at": moved})
            details = json.dumps({"matches": [[f"0{own}", "paula", when]], "gtin": None})
            standing = {"survivor_id": own + 1, "present_id": own + 1, "undone_by": None, "undone_at": None}
            insert(connection, "product_merges", row_of("product_merges", store_id, details=details, **standing))
    before = rows_of(unmigrated, {"product_merges"})

    upgrade(revision="0048")
    matches = rows_of(unmigrated, {"matches"})["matches"]
    assert [(row["product_id"], row["matched_by"], row["matched_at"][:10]) for row in matches] == [
        ("101", "paula", "2026-01-01"),
        ("201", "paula", "2026-01-01"),
    ]
    of_merge = table_of(ProductMerge)
    with unmigrated.connect() as connection:
        named = connection.scalars(select(of_merge.c.details).order_by(of_merge.c.id)).all()
    assert named == [{"matches": [[int(row["id"]), when]], "gtin": None} for row in matches]

    downgrade(revision="0047")
    assert rows_of(unmigrated, {"product_merges"}) == before


def test_a_products_gtin_becomes_a_code_of_it_unless_another_has_it_too(unmigrated: Engine) -> None:
    upgrade(revision="0030")
    gtins = ("04006381333931", "00043210000101", "00043210000101", "4006381333932", None)
    with unmigrated.begin() as connection:
        for store_id in (1, 2):
            insert(connection, "stores", row_of("stores", store_id))
            for number, gtin in enumerate(gtins):
                insert(connection, "products", row_of("products", store_id, number, gtin=gtin))

    upgrade(revision="0031")

    codes = rows_of(unmigrated, {"product_codes"})["product_codes"]
    assert [(row["store_id"], row["product_id"], row["code"], row["units"], row["taught_by"]) for row in codes] == [
        ("1", "100", "04006381333931", "1", "system"),
        ("2", "200", "04006381333931", "1", "system"),
    ]


def test_of_codes_that_scan_alike_the_oldest_has_the_key_and_none_is_lost(unmigrated: Engine) -> None:
    upgrade(revision="0031")
    spelled = ("Box-7", "04006381333931", "BOX\u20117", "box 7")
    with unmigrated.begin() as connection:
        for store_id in (1, 2):
            insert(connection, "stores", row_of("stores", store_id))
            insert(connection, "products", row_of("products", store_id))
            for number, code in enumerate(spelled):
                insert(connection, "product_codes", row_of("product_codes", store_id, number, code=code))
    before = rows_of(unmigrated, {"product_codes"})

    upgrade(revision="0032")
    codes = rows_of(unmigrated, {"product_codes"})["product_codes"]
    assert [row["code"] for row in codes] == 2 * [*spelled]
    assert [row["scan_key"] for row in codes] == 2 * ["box-7", "04006381333931", "None", "box 7"]

    downgrade(revision="0031")
    assert rows_of(unmigrated, {"product_codes"}) == before


def test_keys_that_lost_their_checksums_on_the_way_down_get_them_back(unmigrated: Engine) -> None:
    marked = {number: new_operation_id("import-stock:x") for number in (0, 1)}
    upgrade()
    with unmigrated.begin() as connection:
        insert(connection, "stores", row_of("stores", 1))
        for number, operation in (*marked.items(), (2, "op")):
            row = row_of("idempotency_keys", 1, number, operation_id=operation, key=f"k{number}")
            insert(connection, "idempotency_keys", row)
        connection.execute(text("UPDATE idempotency_keys SET result = '{\"units\": 2}' WHERE key = 'k1'"))

    downgrade(revision="0022")
    upgrade()

    with Session(unmigrated) as db:
        rows = db.execute(select(table_of(IdempotencyKey)).order_by(IdempotencyKey.key)).mappings()
        keys = [dict(row) for row in rows]
    assert [key["checksum"] for key in keys] == [checksum_of(keys[0]), checksum_of(keys[1]), ""]
