"""Ships what a person has picked: all lines in one act, or none."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import Engine, func, select

from tests.concurrency.racing import calls, race
from tests.helpers.failures import Broken, breaking
from tests.helpers.warehouse import Warehouse
from tests.services.test_picks import picks, scan
from webapp.domain.errors import ConflictError, NothingLeft, OnHold, StaleView, UnreadPackingNote
from webapp.domain.holds import Hold
from webapp.models import Order, OrderEvent
from webapp.services.pick_shipping_service import PicksShipped, ship_picks

pytestmark = pytest.mark.both_engines


@pytest.fixture
def order(warehouse: Warehouse) -> Order:
    """4 Mugs and 3 Lamps, of which paula has picked 2 and 3, and max 1 Mug."""
    mug, lamp = warehouse.product("Mug", "MUG", A1=50), warehouse.product("Lamp", "LAMP", A2=3)
    order = warehouse.processing((mug, 4), (lamp, 3))
    for code, line, person in (("MUG", 1, "paula"),) * 2 + (("LAMP", 2, "paula"),) * 3 + (("MUG", 1, "max"),):
        scan(warehouse, order, code, line, actor=person)
    return order


def ship(warehouse: Warehouse, order: Order, seen: int = 5, **arguments: Any) -> PicksShipped:
    return warehouse.do(ship_picks, order_id=order.id, seen_units=seen, **arguments)


def shipped(warehouse: Warehouse, order: Order) -> list[int]:
    return [warehouse.item(order, line).shipped_quantity for line in (1, 2)]


def test_all_lines_ship_in_one_parcel_and_one_operation(warehouse: Warehouse, order: Order) -> None:
    assert ship(warehouse, order) == {"units": 5, "items": 2}

    assert (shipped(warehouse, order), warehouse.status(order)) == ([2, 3], "partially_shipped")
    assert len({line.shipment_id for line in warehouse.lines(order)}) == 1
    operations = select(func.count(OrderEvent.operation_id.distinct())).where(
        OrderEvent.order_id == order.id, OrderEvent.kind == "shipped"
    )
    assert warehouse.db.scalar(operations) == 1
    assert picks(warehouse, order) == {("max", 1): 1}
    scan(warehouse, order, "MUG", 1)
    warehouse.ship(order, 1)
    assert ship(warehouse, order, 1, actor="max") == {"units": 1, "items": 1}
    assert (warehouse.status(order), warehouse.unsound()) == ("shipped", [])


def test_a_scan_since_ships_along_and_less_than_was_seen_is_refused(warehouse: Warehouse, order: Order) -> None:
    assert ship(warehouse, order, 4)["units"] == 5

    scan(warehouse, order, "MUG", 1)
    with pytest.raises(StaleView, match="Less is picked"):
        ship(warehouse, order, 2)
    assert shipped(warehouse, order) == [2, 3]


def test_sent_again_nothing_more_ships(warehouse: Warehouse, order: Order) -> None:
    ship(warehouse, order)

    with pytest.raises(NothingLeft, match="picked nothing"):
        ship(warehouse, order)

    assert (shipped(warehouse, order), warehouse.unsound()) == ([2, 3], [])


def test_what_one_line_cannot_ship_lets_none_ship_and_is_named(warehouse: Warehouse, order: Order) -> None:
    warehouse.ship(order, 3, line=1, actor="max")

    with pytest.raises(ConflictError, match="Mug: 2 picked, only 1 left to ship"):
        ship(warehouse, order)
    assert shipped(warehouse, order) == [3, 0]

    warehouse.short_pick(order, 1, "A2", line=2)
    warehouse.cancel_item(order, 1)
    with pytest.raises(ConflictError, match="Lamp: 3 picked, only 1 can ship from stock"):
        ship(warehouse, order, 3)
    assert (shipped(warehouse, order), warehouse.unsound()) == ([3, 0], [])


def test_an_order_on_hold_or_with_an_unread_note_is_refused(warehouse: Warehouse, order: Order) -> None:
    order.packing_note = "Two layers"
    warehouse.db.commit()
    with pytest.raises(UnreadPackingNote):
        ship(warehouse, order)
    order.hold = Hold.UNPAID
    warehouse.db.commit()
    with pytest.raises(OnHold):
        ship(warehouse, order)
    assert shipped(warehouse, order) == [0, 0]


def test_pressed_by_many_at_once_each_unit_ships_once(
    warehouse: Warehouse, order: Order, shared_engine: Engine
) -> None:
    act = calls(ship_picks, store_id=warehouse.store.id, order_id=order.id, seen_units=5, actor="paula")
    other = calls(ship_picks, store_id=warehouse.store.id, order_id=order.id, seen_units=1, actor="max")

    results = race(shared_engine, [act, other] * 3)

    assert sum(result["units"] for result in results if not isinstance(result, Exception)) == 6
    assert (shipped(warehouse, order), warehouse.unsound()) == ([3, 3], [])


def test_interrupted_nothing_has_shipped(warehouse: Warehouse, order: Order, shared_engine: Engine) -> None:
    with breaking(shared_engine, "commit", 1), pytest.raises(Broken):
        ship(warehouse, order)
    warehouse.db.rollback()

    assert shipped(warehouse, order) == [0, 0]
    assert picks(warehouse, order) == {("paula", 1): 2, ("paula", 2): 3, ("max", 1): 1}
