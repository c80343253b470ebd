"""Undoing a shipped line: the same place, the same allocation, nothing deleted."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from sqlalchemy.orm import Session

from tests.helpers.warehouse import Moved, Warehouse
from webapp.domain.clock import utc_now
from webapp.domain.errors import Forbidden, ShipmentLineNotFound, UndoRefused
from webapp.domain.settings import DEFAULTS
from webapp.models import InventoryTransaction, Product, Shipment
from webapp.services import order_inventory_service


@pytest.fixture
def widget(warehouse: Warehouse) -> Product:
    return warehouse.product(A1=3, B2=5)


def test_what_was_undone_is_where_it_was_and_reserved_for_the_same_line(warehouse: Warehouse, widget: Product) -> None:
    order = warehouse.processing((widget, 7))
    warehouse.ship(order, 6)
    assert warehouse.allocations(order) == {"B2": 1}
    allocations = {row.allocation_id for row in warehouse.db.query(InventoryTransaction).filter_by(order_id=order.id)}

    line = warehouse.undo(order)

    assert warehouse.allocations(order) == {"A1": 2, "B2": 5}
    assert warehouse.shelves(widget) == {"A1": (3, 2), "B2": (5, 5)}
    assert (warehouse.item(order).shipped_quantity, warehouse.status(order)) == (0, "processing")
    assert warehouse.ledger(order)[-2:] == [
        Moved("fulfill", 2, 2, 3, 2, "A1", "paula"),
        Moved("fulfill", 4, 4, 5, 5, "B2", "paula"),
    ]
    assert (line.undone_by, line.quantity) == ("paula", 6)
    rows = warehouse.db.query(InventoryTransaction).filter_by(order_id=order.id)
    assert {row.allocation_id for row in rows} == allocations
    assert [row.reason for row in rows.filter(InventoryTransaction.reverses_id.is_not(None))] == [
        "Shipment undone",
        "Shipment undone",
    ]
    assert warehouse.events(order)[-2:] == ["shipment_undone", "status_changed"]


def test_a_line_undone_can_ship_again_and_be_undone_again(warehouse: Warehouse, widget: Product) -> None:
    order = warehouse.processing((widget, 4))
    for _ in range(3):
        warehouse.ship(order, 4)
        warehouse.undo(order)

    assert warehouse.allocations(order) == {"B2": 4}
    assert warehouse.item(order).shipped_quantity == 0
    assert len(warehouse.ledger(order)) == 1 + 3 * 2


def test_taking_back_one_of_two_lines_leaves_the_other(warehouse: Warehouse, widget: Product) -> None:
    order = warehouse.processing((widget, 5))
    warehouse.ship(order, 2)
    warehouse.ship(order, 3)
    first, second = warehouse.lines(order)

    warehouse.undo(order, line_id=first.id)

    assert [line.id for line in warehouse.lines(order)] == [second.id]
    assert (warehouse.item(order).shipped_quantity, warehouse.status(order)) == (3, "partially_shipped")


def test_of_two_lines_of_one_request_only_the_one_asked_for_is_undone(warehouse: Warehouse, widget: Product) -> None:
    order = warehouse.processing((widget, 7))
    item_id = warehouse.item(order).id

    def ship_twice(db: Session, **names: Any) -> None:
        for quantity in (3, 4):
            order_inventory_service.fulfill_item(db, item_id=item_id, quantity=quantity, **names)

    warehouse.do(ship_twice, order_id=order.id)
    first, second = warehouse.lines(order)
    assert first.operation_id == second.operation_id

    warehouse.undo(order, line_id=first.id)
    assert (warehouse.item(order).shipped_quantity, sum(warehouse.allocations(order).values())) == (4, 3)
    warehouse.undo(order, line_id=second.id)
    assert warehouse.allocations(order) == {"A1": 2, "B2": 5}


def test_a_pending_order_is_pending_again_when_its_only_line_is_undone(warehouse: Warehouse, widget: Product) -> None:
    order = warehouse.order((widget, 4))
    warehouse.ship(order, 4)

    warehouse.undo(order)

    assert warehouse.status(order) == "pending"


def test_undo_after_part_of_the_item_was_cancelled_brings_back_only_what_had_shipped(
    warehouse: Warehouse, widget: Product
) -> None:
    order = warehouse.processing((widget, 5))
    warehouse.ship(order, 2)
    warehouse.cancel_item(order, 3)
    assert warehouse.status(order) == "shipped"

    warehouse.undo(order)

    item = warehouse.item(order)
    assert (item.shipped_quantity, item.cancelled_quantity, item.remaining_quantity) == (0, 3, 2)
    assert (sum(warehouse.allocations(order).values()), warehouse.status(order)) == (2, "processing")


def test_the_parcel_is_open_again_unless_the_carrier_has_it(warehouse: Warehouse, widget: Product) -> None:
    order = warehouse.processing((widget, 2))
    warehouse.ship(order, 2)
    open_parcels = warehouse.db.query(Shipment).filter_by(order_id=order.id, closed_at=None)
    assert open_parcels.count() == 0

    warehouse.undo(order)

    assert open_parcels.count() == 1
    warehouse.ship(order, 2)
    assert warehouse.db.query(Shipment).filter_by(order_id=order.id).count() == 1


def test_a_parcel_that_the_carrier_has_stays_closed(warehouse: Warehouse, widget: Product) -> None:
    order = warehouse.processing((widget, 2))
    warehouse.ship(order, 2)
    warehouse.db.query(Shipment).filter_by(order_id=order.id).update({"tracking_number": "TRACK-1"})
    warehouse.db.commit()

    warehouse.undo(order)
    warehouse.ship(order, 2)

    assert warehouse.db.query(Shipment).filter_by(order_id=order.id).count() == 2


@pytest.mark.parametrize(("late", "allowed"), [(-1, True), (0, True), (1, False)])
def test_undo_is_for_a_limited_time(warehouse: Warehouse, widget: Product, late: int, allowed: bool) -> None:
    order = warehouse.processing((widget, 2))
    with time_machine.travel(utc_now(), tick=False) as clock:
        warehouse.ship(order, 2)
        clock.shift(DEFAULTS.undo_window + timedelta(seconds=late))
        if allowed:
            warehouse.undo(order)
        else:
            with pytest.raises(UndoRefused, match="more than 15 minutes ago"):
                warehouse.undo(order)

    assert warehouse.item(order).shipped_quantity == (0 if allowed else 2)


def test_a_line_is_undone_once(warehouse: Warehouse, widget: Product) -> None:
    order = warehouse.processing((widget, 2))
    warehouse.ship(order, 2)
    (line,) = warehouse.lines(order)
    warehouse.undo(order)
    before = warehouse.ledger()

    with pytest.raises(UndoRefused, match="paula already undid this"):
        warehouse.undo(order, line_id=line.id)

    assert warehouse.ledger() == before


def test_a_packer_takes_back_own_work_only(warehouse: Warehouse, widget: Product) -> None:
    order = warehouse.processing((widget, 2))
    warehouse.ship(order, 2)

    with pytest.raises(Forbidden, match="paula shipped this"):
        warehouse.undo(order, actor="pete", own_only=True)
    assert warehouse.item(order).shipped_quantity == 2

    warehouse.undo(order, own_only=True)
    assert warehouse.item(order).shipped_quantity == 0


def test_a_line_of_another_order_is_not_found(warehouse: Warehouse, widget: Product) -> None:
    order, other = warehouse.processing((widget, 2)), warehouse.processing((widget, 2))
    warehouse.ship(other, 2)

    with pytest.raises(ShipmentLineNotFound):
        warehouse.undo(order, line_id=warehouse.lines(other)[0].id)


@pytest.mark.parametrize(("returned", "allowed"), [(1, True), (2, True), (3, False)])
def test_units_that_came_back_as_a_return_are_not_undone_too(
    warehouse: Warehouse, widget: Product, returned: int, allowed: bool
) -> None:
    order = warehouse.processing((widget, 5))
    warehouse.ship(order, 2)
    warehouse.ship(order, 3)
    warehouse.give_back(order, returned)

    if allowed:
        warehouse.undo(order)
    else:
        with pytest.raises(UndoRefused, match="already came back as a return"):
            warehouse.undo(order)

    item = warehouse.item(order)
    assert (item.shipped_quantity, item.returned_quantity) == (2 if allowed else 5, returned)


def test_units_come_back_even_to_a_place_that_was_filled_meanwhile(warehouse: Warehouse) -> None:
    widget = warehouse.product(A1=5)
    order = warehouse.processing((widget, 5))
    warehouse.ship(order, 5)
    warehouse.arrive(widget, 2**31 - 1)

    warehouse.undo(order)

    assert warehouse.shelves(widget) == {"A1": (2**31 + 4, 5)}


def test_undo_on_an_order_that_went_out_incomplete_opens_it_again(warehouse: Warehouse) -> None:
    widget, rarity = warehouse.product(A1=5), warehouse.product("Rarity")
    order = warehouse.processing((widget, 5), (rarity, 1))
    warehouse.set_status(order, "shipped")

    warehouse.undo(order)

    assert (warehouse.status(order), warehouse.allocations(order)) == ("processing", {"A1": 5})
    assert warehouse.exceptions(order) == [(2, "no_inventory", 1, "open")]
