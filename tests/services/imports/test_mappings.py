"""A person says which columns are which fields, and saves it for the store."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.orm import Session

from tests.factories import make_store
from webapp.database.unit_of_work import unit_of_work
from webapp.domain.errors import ConflictError, InvalidInput
from webapp.models import Store
from webapp.services.imports import saved_mappings
from webapp.services.imports.column_mappings import (
    ColumnMapping,
    DateOrder,
    FileKind,
    field_called,
    mapping_of_json,
)
from webapp.services.imports.columns import Field
from webapp.services.imports.drafts import DraftOrder
from webapp.services.imports.order_drafts import draft_order
from webapp.services.imports.order_format import OrderFormat
from webapp.services.imports.reading import Source, spool_orders
from webapp.services.imports.saved_mappings import (
    MappingTaken,
    find_mapping,
    list_mappings,
    save_mapping,
)
from webapp.services.imports.spool import Spool

EBAY = ColumnMapping(
    columns={
        Field.ORDER_NUMBER: ("Bestellung",),
        Field.ORDERED_AT: ("Datum",),
        Field.CUSTOMER_NAME: ("Vorname", "Nachname"),
        Field.PRODUCT_NAME: ("Titel",),
        Field.QUANTITY: ("Stück",),
    },
    constants={Field.CHANNEL: "ebay"},
    date_order=DateOrder.MONTH_FIRST,
    decimal_sign=",",
    delimiter=";",
    encoding="cp1252",
)
FILE = "Bestellung;Datum;Vorname;Nachname;Titel;Stück\n77;03/04/2026;Zoë;Weber;Teller, groß;2,00\n;;;;;\n"


def drafts(folder: Path, mapping: ColumnMapping, content: bytes) -> list[Any]:
    path = folder / "orders.csv"
    path.write_bytes(content)
    table = mapping.as_format("ebay")
    assert isinstance(table, OrderFormat)
    with Spool(table.columns) as spool:
        dates, _ = spool_orders(
            Source(path, mapping.encoding, mapping.delimiter), table, UTC, spool, lambda what, done, of: None
        )
        return [draft_order(group, table, dates) for group in spool.groups()]


def test_a_mapping_reads_columns_constants_dates_and_decimals(tmp_path: Path) -> None:
    draft, blank = drafts(tmp_path, EBAY, FILE.encode("cp1252"))

    assert isinstance(draft, DraftOrder)
    assert (draft.number, draft.channel, draft.customer_name) == ("77", "ebay", "Zoë Weber")
    assert draft.ordered_at == datetime(2026, 3, 4, tzinfo=UTC)
    assert [(line.product_name, line.quantity) for line in draft.lines] == [("Teller, groß", 2)]
    assert [one.reason for one in blank] == ["empty row"]


@pytest.mark.parametrize(
    ("order", "month"), [(DateOrder.DAY_FIRST, 4), (DateOrder.MONTH_FIRST, 3), (DateOrder.FROM_FILE, 3)]
)
def test_a_person_says_which_number_is_the_day(tmp_path: Path, order: DateOrder, month: int) -> None:
    mapping = mapping_of_json(EBAY.as_json() | {"date_order": order.value})

    draft, _ = drafts(tmp_path, mapping, FILE.encode("cp1252"))

    assert draft.ordered_at.month == month


def test_a_mapping_comes_back_as_it_was_saved(db: Session, store: Store) -> None:
    other = make_store(db)

    name = save_mapping(db, store.id, "  Our   eBay ", EBAY, "max")
    save_mapping(db, other.id, "Theirs", EBAY, "eve")

    [saved] = list_mappings(db, store.id)
    assert (saved.name, saved.mapping, saved.changed_by) == (name, EBAY, "max")
    assert find_mapping(db, store.id, "Our eBay") == EBAY
    with pytest.raises(InvalidInput, match=r"no mapping called “Theirs”\. Mappings: Our eBay"):
        find_mapping(db, store.id, "Theirs")


def test_saving_again_replaces(db: Session, store: Store) -> None:
    save_mapping(db, store.id, "Our eBay", EBAY, "max")
    save_mapping(db, store.id, "Our eBay", ColumnMapping(FileKind.STOCK), "ada")

    [saved] = list_mappings(db, store.id)
    assert (saved.mapping.kind, saved.changed_by) == (FileKind.STOCK, "ada")


def test_of_several_who_save_a_new_name_at_once_one_does_and_the_others_are_told(
    db: Session, store: Store, new_session: Callable[[], Session]
) -> None:
    db.commit()

    def save(actor: str) -> str:
        try:
            unit_of_work(
                new_session(), lambda session: save_mapping(session, store_id, "Our eBay", EBAY, actor, seen="")
            )
        except MappingTaken as taken:
            return taken.message
        return actor

    store_id = store.id
    db.rollback()
    with ThreadPoolExecutor(3) as pool:
        outcomes = list(pool.map(save, ["max", "ben", "eva"]))

    [saved] = list_mappings(db, store_id)
    assert outcomes.count(saved.changed_by) == 1
    assert sum(f"“Our eBay” is saved already, by {saved.changed_by}." in one for one in outcomes) == 2


def test_a_store_has_only_so_many_mappings(db: Session, store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(saved_mappings, "MAX_MAPPINGS", 1)
    save_mapping(db, store.id, "One", EBAY, "max")
    save_mapping(db, store.id, "One", EBAY, "max")

    with pytest.raises(ConflictError, match="which is the most"):
        save_mapping(db, store.id, "Two", EBAY, "max")


@pytest.mark.parametrize("name", ["", "  ", "x" * 61, "a\u200bb"])
def test_a_mapping_needs_a_name(db: Session, store: Store, name: str) -> None:
    with pytest.raises(InvalidInput, match="Give the mapping a name"):
        save_mapping(db, store.id, name, EBAY, "max")


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"kind": "bills"}, "not a mapping"),
        ({"columns": []}, "not a mapping"),
        ({"columns": {"nonsense": ["A"]}}, "not a mapping"),
        ({"columns": {"SKU": []}}, "from 1 to 5 columns"),
        ({"columns": {"SKU": [""]}}, "1 to 200 characters"),
        ({"columns": {"SKU": [1]}}, "1 to 200 characters"),
        ({"columns": {"SKU": ["x" * 201]}}, "1 to 200 characters"),
        ({"columns": {"location": ["Platz"]}}, "no such field: location"),
        ({"columns": {"channel": ["Kanal"]}}, "not both"),
        ({"decimal_sign": ";"}, "decimal sign"),
        ({"delimiter": "x"}, "delimiter is one of"),
        ({"encoding": "klingon"}, "no encoding called klingon"),
        ({"date_order": "year first"}, "not a mapping"),
    ],
)
def test_what_makes_no_sense_is_no_mapping(changes: dict[str, Any], sentence: str) -> None:
    with pytest.raises(InvalidInput, match=sentence):
        mapping_of_json(EBAY.as_json() | changes)


@pytest.mark.parametrize("stored", [None, 5, [], {}])
def test_something_else_is_no_mapping(stored: Any) -> None:
    with pytest.raises(InvalidInput, match="not a mapping"):
        mapping_of_json(stored)


def test_a_field_has_a_name_that_people_type() -> None:
    assert field_called("order number") is field_called("ORDER_NUMBER") is Field.ORDER_NUMBER
    with pytest.raises(InvalidInput, match="no field called"):
        field_called("price of tea")
