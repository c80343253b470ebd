"""Orders that the shop has not been paid for, or keeps on hold: they come in, and nobody ships them yet."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.factories import items_of
from tests.helpers.warehouse import Warehouse
from tests.services.imports.importing import NATIVE, Importer, case, table
from webapp.domain.errors import OnHold
from webapp.domain.events import EventKind
from webapp.domain.holds import Hold
from webapp.domain.statuses import OrderStatus
from webapp.models import Order, OrderEvent, Store
from webapp.services import hold_service
from webapp.services.reads.picking_queries import read_progress
from webapp.services.reads.picking_queue import next_order_id
from webapp.services.verification import verify

pytestmark = pytest.mark.both_engines


@pytest.fixture
def warehouse(db: Session, store: Store) -> Warehouse:
    return Warehouse(db, store)


def says(status: str, **row: object) -> str:
    usual = {"order_number": "1001", "ordered_at": "2026-01-05 10:00", "sku": "LAMP", "quantity": 2}
    return table((*NATIVE, "payment_status"), [{**usual, "payment_status": status, **row}])


def only(db: Session) -> Order:
    db.rollback()
    return db.scalars(select(Order).execution_options(populate_existing=True)).one()


def test_unpaid_orders_and_those_on_hold_come_in_on_hold(db: Session, importer: Importer, store: Store) -> None:
    importer.stock(case("00-base-stock"))
    importer.orders(case("23-shopify-unpaid"), "shopify")

    held = {order.order_number: order.hold for order in db.scalars(select(Order))}
    assert held == {"#9601": Hold.UNPAID, "#9602": Hold.UNPAID, "#9603": Hold.ON_HOLD} | {
        number: None for number in held if number == "#9604"
    }


def test_one_on_hold_is_reserved_and_no_packers_next(
    db: Session, importer: Importer, warehouse: Warehouse, store: Store
) -> None:
    warehouse.product("Lamp", "LAMP", A1=5)
    importer.starts_orders = True
    importer.orders(says("pending"))

    order = only(db)
    progress = read_progress(db, store.id, order.id, timedelta(0))
    assert (order.status, progress.items[0].reserved, progress.may_pick) == (OrderStatus.PROCESSING, 2, False)
    assert next_order_id(db, store.id) is None
    with pytest.raises(OnHold, match="not paid in the shop yet"):
        warehouse.ship(order, 1)
    with pytest.raises(OnHold):
        warehouse.ship_order(order)
    assert items_of(db, order)[0].shipped_quantity == 0
    assert list(verify(db)) == []


def test_the_next_file_releases_it(db: Session, importer: Importer, warehouse: Warehouse, store: Store) -> None:
    warehouse.product("Lamp", "LAMP", A1=5)
    importer.starts_orders = True
    importer.orders(says("pending"))

    imported = importer.orders(says("paid"))

    order = only(db)
    assert order.hold is None
    assert imported.reasons[2] == ("imported", "changed in the shop: released")
    assert next_order_id(db, store.id) == order.id
    assert warehouse.ship(order, 2)["fulfilled_quantity"] == 2
    db.rollback()
    assert list(verify(db)) == []


def test_a_managers_release_stays_until_the_shop_says_something_else(
    db: Session, importer: Importer, warehouse: Warehouse
) -> None:
    warehouse.product("Lamp", "LAMP", A1=5)
    importer.orders(says("pending"))
    released = [warehouse.do(hold_service.release_hold, order_id=only(db).id, starts=True) for _ in range(2)]

    order = only(db)
    assert (released, order.hold, order.status) == ([True, False], None, OrderStatus.PROCESSING)
    importer.orders(says("pending", quantity=3))
    assert (only(db).hold, items_of(db, order)[0].quantity) == (None, 3)

    importer.orders(says("paid"))
    importer.orders(says("authorized"))
    assert only(db).hold is Hold.UNPAID
    kinds = list(db.scalars(select(OrderEvent.kind)))
    assert kinds.count(EventKind.HOLD_RELEASED) == 1
    assert list(verify(db)) == []


def test_a_file_that_does_not_say_it_releases_nothing(db: Session, importer: Importer) -> None:
    importer.orders(says("pending"))
    importer.orders(says("", quantity=4))

    assert only(db).hold is Hold.UNPAID
