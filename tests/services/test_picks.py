"""What people pick and have not shipped: counted once, per person, and over when it ships or nothing is left."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from tests.helpers.warehouse import Warehouse
from webapp.database.unit_of_work import Once
from webapp.domain.errors import InvalidTransition, NothingLeft, StaleView
from webapp.domain.picks import TooManyPicked, WrongCode
from webapp.domain.unknown_lines import MatchBy, UnknownCode
from webapp.models import Order, OrderItem, Pick
from webapp.services import match_undo_service, matching_service, pick_service, product_code_service

UNKNOWN = "4099999999996"


@pytest.fixture
def order(warehouse: Warehouse) -> Order:
    """12 Mugs, of which 6 come in a case, and 3 Lamps."""
    mug, lamp = warehouse.product("Mug", "MUG", A1=50), warehouse.product("Lamp", "LAMP", A2=50)
    warehouse.do(product_code_service.teach_code, product_id=mug.id, code="CASE-6", units=6)
    return warehouse.processing((mug, 12), (lamp, 3))


def scan(warehouse: Warehouse, order: Order, code: str = "MUG", line: int = 1, **arguments: Any) -> int:
    """Scan a code for an item; return what the person has picked of it then."""
    item = warehouse.item(order, line)
    act = pick_service.pick_scanned
    return pick_service.Picked(*warehouse.do(act, order_id=order.id, item_id=item.id, scanned=code, **arguments)).units


def set_units(warehouse: Warehouse, order: Order, units: int, seen: int, **arguments: Any) -> int:
    item = warehouse.item(order, 1)
    arguments = {"seen_units": seen, **arguments}
    return warehouse.do(pick_service.pick_units, order_id=order.id, item_id=item.id, units=units, **arguments).units


def picks(warehouse: Warehouse, order: Order) -> dict[tuple[str, int], int]:
    """Return the units picked, by person and line."""
    warehouse.db.rollback()
    rows = warehouse.db.execute(
        select(Pick.person, OrderItem.position, Pick.units)
        .join(OrderItem, (OrderItem.store_id == Pick.store_id) & (OrderItem.id == Pick.order_item_id))
        .where(OrderItem.store_id == order.store_id, OrderItem.order_id == order.id)
    )
    return {(row.person, row.position): row.units for row in rows if row.units}


def test_each_scan_is_one_more_and_a_case_its_units_without_moving_stock(warehouse: Warehouse, order: Order) -> None:
    before, version = warehouse.ledger(order), warehouse.item(order, 1).changed_in_version

    counted = [scan(warehouse, order), scan(warehouse, order, "mug"), scan(warehouse, order, "CASE-6")]

    assert counted == [1, 2, 8]
    assert picks(warehouse, order) == {("paula", 1): 8}
    assert warehouse.ledger(order) == before
    assert warehouse.item(order, 1).changed_in_version > version


def test_a_scan_that_is_sent_again_counts_once(warehouse: Warehouse, order: Order) -> None:
    once = Once(warehouse.store.id, "scan-1", "paula", "a scan")

    for _ in range(3):
        assert scan(warehouse, order, once=once) == 1

    assert picks(warehouse, order) == {("paula", 1): 1}


@pytest.mark.parametrize(("code", "refusal"), [("LAMP", WrongCode), ("4000000099994", WrongCode)])
def test_a_code_of_something_else_counts_nothing(
    warehouse: Warehouse, order: Order, code: str, refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        scan(warehouse, order, code)

    assert picks(warehouse, order) == {}


def test_more_than_is_left_is_refused_colleagues_counted(warehouse: Warehouse, order: Order) -> None:
    set_units(warehouse, order, 7, seen=0, actor="piet")
    assert set_units(warehouse, order, 5, seen=0) == 5

    with pytest.raises(TooManyPicked) as refusal:
        scan(warehouse, order)

    assert refusal.value.data == {"item_id": warehouse.item(order, 1).id, "units": 5, "most": 5}
    set_units(warehouse, order, 3, seen=5)
    with pytest.raises(TooManyPicked, match="Only 2 more are to be picked, not 6"):
        scan(warehouse, order, "CASE-6")
    assert picks(warehouse, order) == {("paula", 1): 3, ("piet", 1): 7}


def test_a_typed_number_replaces_only_what_its_screen_showed(warehouse: Warehouse, order: Order) -> None:
    scan(warehouse, order)

    with pytest.raises(StaleView):
        set_units(warehouse, order, 4, seen=0)

    assert set_units(warehouse, order, 4, seen=1) == 4
    assert set_units(warehouse, order, 0, seen=4) == 0
    assert picks(warehouse, order) == {}


def test_a_typed_number_from_before_a_shipment_counts_nothing(warehouse: Warehouse, order: Order) -> None:
    warehouse.ship(order, 3)

    with pytest.raises(StaleView):
        set_units(warehouse, order, 3, seen=0, seen_shipped=0)

    assert picks(warehouse, order) == {}


def test_shipping_takes_the_units_off_the_picks_of_who_ships(warehouse: Warehouse, order: Order) -> None:
    set_units(warehouse, order, 5, seen=0)
    set_units(warehouse, order, 2, seen=0, actor="piet")
    scan(warehouse, order, "LAMP", line=2)

    warehouse.ship(order, 3)

    assert picks(warehouse, order) == {("paula", 1): 2, ("piet", 1): 2, ("paula", 2): 1}
    warehouse.ship(order, 4)
    assert picks(warehouse, order) == {("piet", 1): 2, ("paula", 2): 1}
    assert scan(warehouse, order) == 1


@pytest.mark.parametrize("end", ["ship", "cancel_item", "ship_order", "cancel"])
def test_no_pick_outlives_the_last_unit_of_its_item(warehouse: Warehouse, order: Order, end: str) -> None:
    set_units(warehouse, order, 5, seen=0)
    set_units(warehouse, order, 2, seen=0, actor="piet")

    getattr(warehouse, end)(order, *([12] if end in ("ship", "cancel_item") else []))

    assert picks(warehouse, order) == {}
    with pytest.raises((NothingLeft, InvalidTransition)):
        scan(warehouse, order)


def test_fewer_units_to_ship_leave_what_was_picked(warehouse: Warehouse, order: Order) -> None:
    set_units(warehouse, order, 8, seen=0)

    warehouse.cancel_item(order, 6)

    assert picks(warehouse, order) == {("paula", 1): 8}
    assert set_units(warehouse, order, 6, seen=8) == 6


def test_a_pending_order_is_not_picked(warehouse: Warehouse) -> None:
    order = warehouse.order((warehouse.product("Mug", "MUG", A1=50), 12))

    with pytest.raises(InvalidTransition):
        scan(warehouse, order)


@pytest.mark.parametrize("shipped", [0, 1])
def test_what_was_picked_of_a_wrong_product_is_not_picked_of_the_right_one(warehouse: Warehouse, shipped: int) -> None:
    wrong, right = warehouse.product("Plate", "PLATE", A1=50), warehouse.product("Bowl", "BOWL", A2=50)
    order = warehouse.processing((warehouse.placeholder(), 3), gtin=UNKNOWN)
    warehouse.match(UNKNOWN, wrong)
    set_units(warehouse, order, 2, seen=0)
    if shipped:
        warehouse.ship(order, shipped)
    match_id = warehouse.item(order).match_id

    warehouse.do(match_undo_service.undo_match, match_id=match_id)
    warehouse.match(UNKNOWN, right)

    assert picks(warehouse, order) == {}
    assert warehouse.unsound() == []


def test_packs_that_were_picked_are_not_units_once_the_line_is_matched(warehouse: Warehouse) -> None:
    bowl, order = warehouse.product("Bowl", A2=50), warehouse.processing((warehouse.placeholder(), 3), gtin=UNKNOWN)
    scan(warehouse, order, UNKNOWN)

    unknown = UnknownCode.require(MatchBy.GTIN, UNKNOWN)
    warehouse.do(matching_service.match_lines, unknown=unknown, product_id=bowl.id, pack_units=4)

    assert picks(warehouse, order) == {}
    assert warehouse.unsound() == []
