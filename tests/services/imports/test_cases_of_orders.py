"""Files of orders that shops really send, with the right outcome: promised days, doubled lines, late stock, returns."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.helpers.warehouse import Warehouse
from tests.services.imports.importing import CASES, Importer, case
from webapp.domain.errors import InvalidQuantity
from webapp.models import Order, Store
from webapp.services.reads import order_counts

BEFORE_STOCK = CASES / "19-orders-before-stock"


@pytest.fixture
def warehouse(db: Session, store: Store) -> Warehouse:
    """The warehouse of the importer's store."""
    return Warehouse(db, store)


def importer_in(zone: str, db: Session, importer: Importer, store: Store, folder: Path) -> Importer:
    """Return an importer of the store, which is in this zone now and has the base stock."""
    store.time_zone = zone
    db.commit()
    there = Importer(importer.session, store, folder)
    there.stock(case("00-base-stock"))
    return there


def order_with(warehouse: Warehouse, number: str) -> Order:
    of_store = (Order.store_id == warehouse.store.id, Order.order_number == number)
    return warehouse.db.scalars(select(Order).where(*of_store)).one()


def late_at(db: Session, store: Store, now: datetime) -> int:
    db.commit()
    return order_counts.count_open_orders(db, store.id, now).late()


def test_an_order_is_due_when_the_promised_day_ends_in_the_store(
    db: Session, importer: Importer, store: Store, tmp_path: Path, warehouse: Warehouse
) -> None:
    importer_in("Europe/Luxembourg", db, importer, store, tmp_path).orders(case("10-ship-by-day"))

    assert order_with(warehouse, "SB-1").ship_by == datetime(2026, 11, 30, 22, 59, 59, tzinfo=UTC)


def test_an_order_promised_for_today_is_late_tomorrow_and_not_at_midnight_utc(
    db: Session, importer: Importer, store: Store, tmp_path: Path
) -> None:
    abroad = importer_in("America/Los_Angeles", db, importer, store, tmp_path)
    abroad.orders(case("10-ship-by-today-in-los-angeles"))

    assert late_at(db, store, datetime(2026, 11, 30, 0, 15, tzinfo=UTC)) == 0, "16:15 on that day"
    assert late_at(db, store, datetime(2026, 11, 30, 8, 0, tzinfo=UTC)) == 1, "the next day begins"


def test_two_equal_lines_are_two_lines_that_share_what_is_there(importer: Importer, warehouse: Warehouse) -> None:
    importer.starts_orders = True
    importer.stock(case("00-base-stock"))

    assert importer.orders(case("21-two-lines")).numbers == (2, 2, 0, 0)

    order = order_with(warehouse, "TL-1")
    assert [warehouse.item(order, line).quantity for line in (1, 2)] == [30, 30]
    assert [warehouse.allocations(order, line) for line in (1, 2)] == [{"A-04": 30}, {"A-04": 20}]
    assert warehouse.unsound() == []


@pytest.mark.parametrize(
    ("units", "reserved"),
    [(5, {"OB-1": 2, "OB-2": 2, "OB-3": 2, "OB-4": 2}), (3, {"OB-1": 2, "OB-2": 2, "OB-3": 1, "OB-4": 1})],
)
@pytest.mark.parametrize("next_day_first", [True, False])
def test_orders_that_came_before_their_stock_are_served_first(
    importer: Importer, warehouse: Warehouse, units: int, reserved: dict[str, int], next_day_first: bool
) -> None:
    importer.starts_orders = True
    importer.orders(BEFORE_STOCK / "orders.csv")
    delivery = (BEFORE_STOCK / "stock.csv").read_text(encoding="utf-8").replace(",5\n", f",{units}\n")
    next_day = BEFORE_STOCK / "orders-next-day.csv"

    if next_day_first:
        importer.orders(next_day)
    importer.stock(delivery)
    if not next_day_first:
        importer.orders(next_day)

    orders = {number: order_with(warehouse, number) for number in reserved}
    assert {number: sum(warehouse.allocations(order).values()) for number, order in orders.items()} == reserved
    assert warehouse.unsound() == []


def test_returned_units_go_to_the_order_that_waits_longest(importer: Importer, warehouse: Warehouse) -> None:
    importer.starts_orders = True
    importer.stock(CASES / "06-stock-corrected" / "first.csv")
    importer.orders(case("25-returns"))
    first, shipped, waiting, last = (order_with(warehouse, f"RET-{number}") for number in range(1, 5))
    held = [warehouse.allocations(order) for order in (first, shipped, waiting, last)]
    assert held == [{"F-01": 5}, {"F-03": 5}, {}, {}]

    warehouse.ship(shipped, 5)
    warehouse.give_back(shipped, 3, location="F-03")
    with pytest.raises(InvalidQuantity):
        warehouse.give_back(shipped, 3, location="F-03")
    warehouse.give_back(shipped, 2, location="F-03")

    assert [warehouse.allocations(order) for order in (shipped, waiting, last)] == [{}, {"F-03": 5}, {}]
    assert warehouse.item(shipped).returned_quantity == 5
    assert warehouse.unsound() == []
