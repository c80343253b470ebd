"""Erasing a person's data: nothing of them is left in any table, and everything about the units is."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Text, cast, select
from sqlalchemy.orm import Session

from tests.factories import make_store
from tests.helpers.warehouse import Warehouse
from tests.services.imports.importing import NATIVE, Importer, table
from webapp.domain.errors import OrderNotFound, StillToShip
from webapp.domain.parcel_data import FIELDS, OF_THE_PERSON
from webapp.models import Base, InventoryTransaction, Order, OrderEvent, OrderSearchWord
from webapp.services import erasure_service
from webapp.services.imports.report import RowOutcome

PERSON: dict[str, str] = {
    "customer_name": "Xaveria Quastenflos",
    "ship_to_name": "Xaveria Quastenflos",
    "ship_to_company": "Quastenflos & Co",
    "ship_to_line1": "Quittenpfad 7",
    "ship_to_postcode": "QX-77",
    "ship_to_city": "Quedlinghain",
    "ship_to_region": "Quasten",
    "ship_to_country": "LU",
    "phone": "+352 777 666 555",
    "email": "xaveria@example.org",
    "language": "lb",
    "shipping_method": "To Xaveria",
    "customer_note": "For Xaveria",
    "packing_note": "Xaveria is waiting",
    "gift_text": "Dear Xaveria",
}
TRACES = ("xaveria", "quast", "quitten", "qx-77", "quedling", "777 666")


def native(**changes: Any) -> str:
    usual = {"order_number": "1001", "ordered_at": "2026-01-05 10:00", "sku": "A-1", "quantity": 1}
    return table(dict.fromkeys((*NATIVE, *PERSON)), [{**usual, **PERSON, **changes}])


@pytest.fixture
def importer(warehouse: Warehouse, tmp_path: Path) -> Importer:
    """An importer into the warehouse's store."""
    return Importer(warehouse.db, warehouse.store, tmp_path)


@pytest.fixture
def order(warehouse: Warehouse, importer: Importer) -> Order:
    """An imported order of one line, reserved, its note read, shipped; somebody else's order is around."""
    sku = warehouse.product("Lamp", A1=9).sku
    importer.orders(native(order_number="1002", customer_name="Berta", sku=sku))
    assert importer.orders(native(sku=sku)).reasons == {}
    query = select(Order).where(Order.store_id == warehouse.store.id, Order.order_number == "1001")
    order = warehouse.db.scalars(query).one()
    warehouse.process(order)
    warehouse.read_packing_note(order)
    warehouse.ship(order, 1)
    return order


def traces(db: Session, order: Order) -> set[str]:
    """Return the tables that still hold something of the person, in any row of the order or beside it."""
    db.rollback()
    found = set()
    for one in Base.metadata.sorted_tables:
        if "store_id" not in one.c:
            continue
        for column in one.c:
            values = db.scalars(select(cast(column, Text)).where(one.c.store_id == order.store_id))
            texts = [value.casefold() for value in values if value]
            if any(trace in text for trace in TRACES for text in texts):
                found.add(f"{one.name}.{column.name}")
    return found


def rows_of(db: Session, model: Any, order: Order) -> list[dict[str, Any]]:
    query = select(model.__table__).where(model.order_id == order.id, model.store_id == order.store_id)
    return [dict(row._mapping) for row in db.execute(query.order_by(model.id))]


def test_nothing_of_the_person_is_left_anywhere(warehouse: Warehouse, order: Order) -> None:
    for other in warehouse.db.scalars(select(Order).where(Order.id != order.id, Order.store_id == order.store_id)):
        for name in FIELDS:
            setattr(other, name, "")
    warehouse.db.commit()
    assert traces(warehouse.db, order)

    assert warehouse.erase_person(order, actor="max") is True

    assert traces(warehouse.db, order) == set()


def test_history_says_who_and_when_and_nothing_else_changes(warehouse: Warehouse, order: Order) -> None:
    db = warehouse.db
    db.refresh(order)
    version, number, status = order.version, order.order_number, order.status
    ledger, events = rows_of(db, InventoryTransaction, order), rows_of(db, OrderEvent, order)

    warehouse.erase_person(order, actor="max")

    db.refresh(order)
    assert (order.version, order.order_number, order.status) == (version + 1, number, status)
    assert rows_of(db, InventoryTransaction, order) == ledger
    *before, erased = rows_of(db, OrderEvent, order)
    assert before == events
    assert (str(erased["kind"]), erased["actor"], erased["reason"], erased["details"]) == (
        "person_erased",
        "max",
        "",
        {},
    )
    assert (order.person_erased_by, order.person_erased_at) == ("max", erased["created_at"])
    assert order.packing_note_read_by == "paula"
    assert warehouse.item(order).shipped_quantity == 1
    assert not warehouse.unsound()


def test_only_this_order_is_erased(warehouse: Warehouse, order: Order) -> None:
    warehouse.erase_person(order)

    query = select(Order).where(Order.id != order.id, Order.store_id == order.store_id)
    other = warehouse.db.scalars(query).one()
    assert (other.customer_name, other.ship_to_city) == ("Berta", "Quedlinghain")


def test_it_is_found_by_its_number_and_not_by_the_name(warehouse: Warehouse, order: Order) -> None:
    warehouse.erase_person(order)

    words = select(OrderSearchWord.word).where(OrderSearchWord.order_id == order.id)
    assert set(warehouse.db.scalars(words)) == {"1001"}


def test_again_changes_nothing(warehouse: Warehouse, order: Order) -> None:
    warehouse.erase_person(order, actor="max")
    warehouse.db.refresh(order)
    before = (order.version, order.person_erased_by, order.person_erased_at, warehouse.events(order))

    assert warehouse.erase_person(order, actor="ada") is False

    warehouse.db.refresh(order)
    assert (order.version, order.person_erased_by, order.person_erased_at, warehouse.events(order)) == before


def test_while_units_still_ship_it_is_refused_and_changes_nothing(warehouse: Warehouse) -> None:
    order = warehouse.processing((warehouse.product(A1=9), 3), customer_name="Anna", ship_to_city="Trier")
    warehouse.ship(order, 2)
    before = warehouse.events(order)

    with pytest.raises(StillToShip):
        warehouse.erase_person(order)

    warehouse.db.refresh(order)
    assert (order.customer_name, order.ship_to_city, order.person_erased_at) == ("Anna", "Trier", None)
    assert warehouse.events(order) == before


@pytest.mark.parametrize("status", ["shipped", "delivered", "cancelled", "refunded"])
def test_in_every_status_in_which_nothing_ships_it_is_possible(warehouse: Warehouse, status: str) -> None:
    order = warehouse.processing((warehouse.product(A1=9), 3), customer_name="Anna")
    for step in {"delivered": ("shipped",), "refunded": ("cancelled",)}.get(status, ()):
        warehouse.set_status(order, step)
    warehouse.set_status(order, status)

    assert warehouse.erase_person(order) is True
    assert not warehouse.unsound()


def test_what_shipped_can_still_come_back(warehouse: Warehouse, order: Order) -> None:
    warehouse.erase_person(order)

    warehouse.give_back(order, 1)

    assert warehouse.item(order).returned_quantity == 1
    assert not warehouse.unsound()


def test_another_stores_order_is_not_there(warehouse: Warehouse, order: Order) -> None:
    other = make_store(warehouse.db)

    with pytest.raises(OrderNotFound):
        erasure_service.erase_person(warehouse.db, other.id, order.id)


class TestTheFileComesAgain:
    """The shop's next export still has the person."""

    def test_the_person_does_not_come_back(self, warehouse: Warehouse, importer: Importer, order: Order) -> None:
        warehouse.erase_person(order)

        again = importer.orders(native(sku=warehouse.item(order).sku))

        assert again.reasons[2] == ("skipped", "already imported")
        warehouse.db.refresh(order)
        assert {getattr(order, name) for name in OF_THE_PERSON} == {""}

    def test_other_goods_are_still_other_content(self, warehouse: Warehouse, importer: Importer, order: Order) -> None:
        warehouse.erase_person(order)

        assert importer.orders(native(sku=warehouse.item(order).sku, quantity=2)).reasons[2][0] == "rejected"


@pytest.mark.parametrize("changes", [{"ship_to_city": "Quedlinghain " * 9}, {"customer_name": "Xaveria " * 50}])
def test_the_report_of_an_import_never_keeps_what_a_row_says_of_a_person(
    importer: Importer, tmp_path: Path, changes: dict[str, str]
) -> None:
    imported = importer.orders(native(**changes))

    [line] = imported.report
    assert (line["outcome"], line["value"]) == ("rejected", "")
    assert "characters" in line["reason"]
    [kept] = (tmp_path / "reports").glob("*.csv")
    assert not any(trace in kept.read_text().casefold() for trace in TRACES)


def test_rows_that_disagree_about_a_person_are_named_by_their_numbers(importer: Importer) -> None:
    header, row = native().splitlines()
    [_, second] = native(customer_name="Quasta").splitlines()

    imported = importer.orders("\n".join((header, row, second)))

    assert imported.report[1]["value"] == "rows 2 and 3"
    assert imported.tally.first_rows[RowOutcome.REJECTED, imported.report[1]["reason"]][0].value.startswith("Quasta")
