"""A packing note is read and confirmed once before a person ships; programs ship as before."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select

from tests.factories import make_store
from tests.helpers.warehouse import Warehouse
from webapp.domain.errors import OrderNotFound, StaleView, UnreadPackingNote
from webapp.domain.parcel_data import mark_of
from webapp.models import Order, OrderEvent
from webapp.schemas.order import OrderUpdate
from webapp.services import order_inventory_service, order_service, packing_note_service, shelf_service

NOTE = "Anna's vase: two layers of paper"


@pytest.fixture
def order(warehouse: Warehouse) -> Order:
    """Two units of each of two products, reserved, with a packing note; another order has one as well."""
    first, second = warehouse.product("Widget A", A1=50), warehouse.product("Widget B", A2=50)
    warehouse.processing((first, 1), packing_note=NOTE)
    return warehouse.processing((first, 2), (second, 2), packing_note=NOTE)


def ship_units(warehouse: Warehouse, order: Order) -> None:
    item = warehouse.item(order)
    units: dict[str, Any] = {"item_id": item.id, "quantity": 1, "seen_shipped": item.shipped_quantity}
    warehouse.do(order_inventory_service.ship_units, order_id=order.id, **units)


def ship_rest(warehouse: Warehouse, order: Order) -> None:
    warehouse.do(order_service.ship_rest, order_id=order.id, seen_version=None)


def ship_found(warehouse: Warehouse, order: Order) -> None:
    found: dict[str, Any] = {"item_id": warehouse.item(order).id, "quantity": 1, "location": "A1", "only_ready": True}
    warehouse.do(shelf_service.ship_found_on_shelf, order_id=order.id, **found)


def mark_as_shipped(warehouse: Warehouse, order: Order) -> None:
    update = OrderUpdate(status="shipped")
    warehouse.do(order_service.change_status, order_id=order.id, order_update=update, only_read=True)


BY_A_PERSON = (ship_units, ship_rest, ship_found, mark_as_shipped)


@pytest.mark.parametrize("ship", BY_A_PERSON)
def test_nobody_ships_before_the_note_is_read(
    warehouse: Warehouse, order: Order, ship: Callable[[Warehouse, Order], None]
) -> None:
    before = warehouse.events(order)

    with pytest.raises(UnreadPackingNote):
        ship(warehouse, order)

    assert warehouse.events(order) == before
    assert warehouse.item(order).shipped_quantity == 0


@pytest.mark.parametrize("ship", BY_A_PERSON)
def test_after_reading_it_everybody_ships(
    warehouse: Warehouse, order: Order, ship: Callable[[Warehouse, Order], None]
) -> None:
    warehouse.read_packing_note(order, actor="piet")

    ship(warehouse, order)

    assert warehouse.item(order).shipped_quantity > 0
    assert not warehouse.unsound()


def test_a_program_ships_as_before(warehouse: Warehouse, order: Order) -> None:
    warehouse.ship(order, 1)
    warehouse.set_status(order, "shipped")

    assert warehouse.item(order).shipped_quantity == 2


def test_reading_is_an_event_with_who_and_when_and_says_nothing_else(warehouse: Warehouse, order: Order) -> None:
    version = order.version

    assert warehouse.read_packing_note(order, actor="piet") is True

    warehouse.db.refresh(order)
    of_order = (OrderEvent.order_id == order.id) & (OrderEvent.kind == "packing_note_read")
    event = warehouse.db.scalars(select(OrderEvent).where(of_order)).one()
    assert (event.order_id, event.actor, event.reason, event.details) == (order.id, "piet", "", {})
    assert (order.packing_note_read_by, order.packing_note_read_at) == ("piet", event.created_at)
    assert order.version == version + 1
    assert not warehouse.unsound()


def test_who_reads_it_later_changes_nothing(warehouse: Warehouse, order: Order) -> None:
    warehouse.read_packing_note(order, actor="piet")
    warehouse.db.refresh(order)
    before = (order.packing_note_read_by, order.packing_note_read_at, order.version, warehouse.events(order))

    assert warehouse.read_packing_note(order, actor="paula") is False

    warehouse.db.refresh(order)
    assert (order.packing_note_read_by, order.packing_note_read_at, order.version, warehouse.events(order)) == before


@pytest.mark.parametrize("now", ["Anna's vase: three layers of paper", ""])
def test_a_note_that_was_changed_is_read_again(warehouse: Warehouse, order: Order, now: str) -> None:
    order.packing_note = now
    warehouse.db.commit()

    with pytest.raises(StaleView):
        warehouse.read_packing_note(order, seen_note=mark_of(NOTE))

    warehouse.db.refresh(order)
    assert order.packing_note_read_by is None
    assert "packing_note_read" not in warehouse.events(order)


def test_an_order_without_a_note_ships_without_it(warehouse: Warehouse) -> None:
    order = warehouse.processing((warehouse.product(A1=5), 2), customer_note="Ring twice")

    ship_units(warehouse, order)

    assert warehouse.read_packing_note(order) is False
    assert "packing_note_read" not in warehouse.events(order)


def test_another_stores_note_is_not_there(warehouse: Warehouse, order: Order) -> None:
    other = make_store(warehouse.db)
    names: dict[str, Any] = {"store_id": other.id, "order_id": order.id, "seen_note": mark_of(NOTE)}

    with pytest.raises(OrderNotFound):
        packing_note_service.confirm_reading(warehouse.db, **names)
