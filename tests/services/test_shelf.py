"""Differences between shelf and records: found units, and short picks."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from tests.helpers.warehouse import Moved, Warehouse
from webapp.domain.errors import (
    InsufficientInventory,
    InvalidInput,
    InvalidQuantity,
    InvalidTransition,
    InventoryNotFound,
    PlaceholderProduct,
    StaleView,
    UnknownPlace,
)
from webapp.models import InventoryTransaction, Product

MONDAY, TUESDAY = datetime(2026, 1, 5, 17, tzinfo=UTC), datetime(2026, 1, 6, 17, tzinfo=UTC)


@pytest.fixture
def widget(warehouse: Warehouse) -> Product:
    return warehouse.product(A1=2)


# Found on the shelf.


def test_a_refusal_for_want_of_stock_offers_what_may_be_done(warehouse: Warehouse, widget: Product) -> None:
    order = warehouse.processing((widget, 5))

    with pytest.raises(InsufficientInventory) as refusal:
        warehouse.ship(order, 5)

    data = refusal.value.data
    assert (data["requested"], data["available"], data["remaining_quantity"]) == (5, 2, 5)
    assert data["options"] == ["found_on_shelf", "ship_available"]
    assert refusal.value.status == 409


def test_without_any_stock_record_only_the_shelf_helps(warehouse: Warehouse) -> None:
    order = warehouse.processing((warehouse.product("Rarity"), 1))

    with pytest.raises(InventoryNotFound) as refusal:
        warehouse.ship(order, 1)

    assert refusal.value.data["options"] == ["found_on_shelf"]


def test_found_units_are_adjusted_reserved_and_shipped_in_one_operation(warehouse: Warehouse, widget: Product) -> None:
    order = warehouse.processing((widget, 5))

    answer = warehouse.find(order, 5, location="F1")

    assert (answer["fulfilled_quantity"], answer["is_fully_shipped"]) == (5, True)
    assert warehouse.shelves(widget) == {"A1": (0, 0), "F1": (0, 0)}
    assert warehouse.ledger(order) == [
        Moved("reserve", 0, 2, 2, 2, "A1", "paula"),
        Moved("adjust", 3, 0, 3, 0, "F1", "paula"),
        Moved("reserve", 0, 3, 3, 3, "F1", "paula"),
        Moved("fulfill", -2, -2, 0, 0, "A1", "paula"),
        Moved("fulfill", -3, -3, 0, 0, "F1", "paula"),
    ]
    rows = warehouse.db.query(InventoryTransaction).filter_by(order_id=order.id).order_by(InventoryTransaction.id)
    assert len({row.operation_id for row in rows[1:]}) == 1
    assert rows[1].reason == "Found on the shelf"
    assert warehouse.status(order) == "shipped"
    assert {"found_on_shelf", "shipped"} <= set(warehouse.events(order))
    assert warehouse.exceptions(order) == [(1, "insufficient_inventory", 3, "closed")]
    assert warehouse.to_count(widget) == {"F1": ("found_units", "paula", False)}


def test_only_what_stock_cannot_give_is_added(warehouse: Warehouse, widget: Product) -> None:
    order = warehouse.processing((widget, 5))

    warehouse.find(order, 2)

    assert [row.kind for row in warehouse.ledger(order)] == ["reserve", "fulfill"]
    assert warehouse.shelves(widget) == {"A1": (0, 0), "F1": (0, 0)}
    assert warehouse.to_count(widget) == {}


def test_found_units_of_one_order_leave_the_reservations_of_others_alone(warehouse: Warehouse) -> None:
    widget = warehouse.product(A1=5)
    other, order = warehouse.processing((widget, 5)), warehouse.processing((widget, 2))

    warehouse.find(order, 2, location="A1")

    assert warehouse.allocations(other) == {"A1": 5}
    assert warehouse.shelves(widget) == {"A1": (5, 5)}


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        ({"quantity": 6}, InvalidQuantity),
        ({"quantity": 0}, InvalidQuantity),
        ({"location": "  "}, InvalidInput),
        ({"location": "x" * 65}, InvalidInput),
        ({"seen_shipped": 1}, StaleView),
    ],
)
def test_what_cannot_have_been_found_is_refused_and_leaves_nothing(
    warehouse: Warehouse, widget: Product, arguments: dict[str, Any], error: type[Exception]
) -> None:
    order = warehouse.processing((widget, 5))
    before = warehouse.ledger()

    with pytest.raises(error):
        warehouse.find(order, **{"quantity": 5, **arguments})

    assert warehouse.ledger() == before
    assert warehouse.shelves(widget) == {"A1": (2, 2)}


def test_a_new_place_is_made_only_if_somebody_says_so(warehouse: Warehouse, widget: Product) -> None:
    order = warehouse.processing((widget, 5))

    with pytest.raises(UnknownPlace, match="This product has never been at Z-99-9") as refusal:
        warehouse.find(order, 5, location="Z-99-9", make_place=False)
    assert (refusal.value.status, refusal.value.data) == (409, {"location": "Z-99-9"})
    with pytest.raises(UnknownPlace, match="This product has never been at mian / A1"):
        warehouse.find(order, 5, location="A1", warehouse="mian", make_place=False)
    assert warehouse.shelves(widget) == {"A1": (2, 2)}

    warehouse.find(order, 4, location="A1", make_place=False)
    warehouse.find(order, 1, location="Z-99-9", make_place=True)

    assert warehouse.shelves(widget) == {"A1": (0, 0), "Z-99-9": (0, 0)}


def test_nothing_is_found_for_an_unknown_product_or_a_cancelled_order(warehouse: Warehouse, widget: Product) -> None:
    unknown, cancelled = warehouse.processing((warehouse.placeholder(), 1)), warehouse.processing((widget, 1))
    warehouse.cancel(cancelled)

    with pytest.raises(PlaceholderProduct):
        warehouse.find(unknown, 1)
    with pytest.raises(InvalidTransition):
        warehouse.find(cancelled, 1)


# Short picks.


def test_a_short_pick_counts_all_units_of_the_product_at_the_place(warehouse: Warehouse) -> None:
    widget = warehouse.product(A1=7)
    order = warehouse.processing((widget, 1))

    warehouse.short_pick(order, 0, "A1")

    assert warehouse.shelves(widget) == {"A1": (0, 0)}
    assert warehouse.ledger(order)[1:] == [
        Moved("release", 0, -1, 7, 0, "A1", "paula"),
        Moved("set", -7, 0, 0, 0, "A1", "paula"),
    ]
    assert warehouse.exceptions(order) == [(1, "short_pick", 1, "open")]
    assert warehouse.events(order)[-1] == "short_picked"
    assert warehouse.to_count(widget) == {"A1": ("short_pick", "paula", True)}


def test_missing_units_are_reserved_elsewhere_and_then_nothing_is_open_but_the_count(warehouse: Warehouse) -> None:
    widget = warehouse.product(A1=5)
    order = warehouse.processing((widget, 5))
    warehouse.arrive(widget, 2, "B2")
    warehouse.arrive(widget, 9, "C3")

    warehouse.short_pick(order, 1, "A1")

    assert warehouse.shelves(widget) == {"A1": (1, 1), "B2": (2, 0), "C3": (9, 4)}
    assert warehouse.allocations(order) == {"A1": 1, "C3": 4}
    assert warehouse.ledger(order)[1:] == [
        Moved("release", 0, -4, 5, 1, "A1", "paula"),
        Moved("set", -4, 0, 1, 1, "A1", "paula"),
        Moved("reserve", 0, 4, 9, 4, "C3", "paula"),
    ]
    assert warehouse.exceptions(order) == []
    assert warehouse.to_count(widget) == {"A1": ("short_pick", "paula", True)}


@pytest.mark.parametrize("found", [0, 1, 4])
def test_what_stock_does_not_cover_waits_with_an_exception(warehouse: Warehouse, found: int) -> None:
    widget = warehouse.product(A1=5)
    order = warehouse.processing((widget, 5))

    warehouse.short_pick(order, found, "A1")
    assert warehouse.exceptions(order) == [(1, "short_pick", 5 - found, "open")]
    warehouse.arrive(widget, 9, "B2")

    assert sum(warehouse.allocations(order).values()) == 5
    assert warehouse.exceptions(order) == [(1, "short_pick", 5 - found, "closed")]


def test_all_that_is_reserved_may_be_there_and_the_rest_not(warehouse: Warehouse) -> None:
    widget = warehouse.product(A1=7)
    order = warehouse.processing((widget, 2))

    warehouse.short_pick(order, 3, "A1")

    assert (warehouse.shelves(widget), warehouse.allocations(order)) == ({"A1": (3, 2)}, {"A1": 2})
    assert (warehouse.exceptions(order), warehouse.events(order)[-1]) == ([], "short_picked")
    assert warehouse.to_count(widget) == {"A1": ("short_pick", "paula", True)}


def test_another_order_loses_if_it_ships_later(warehouse: Warehouse) -> None:
    widget = warehouse.product(A1=6)
    order, later = (warehouse.processing((widget, 3), ship_by=day) for day in (MONDAY, TUESDAY))

    warehouse.short_pick(order, 4, "A1")

    assert (warehouse.allocations(order), warehouse.allocations(later)) == ({"A1": 3}, {"A1": 1})
    assert (warehouse.exceptions(order), warehouse.exceptions(later)) == ([], [(1, "short_pick", 2, "open")])
    assert (warehouse.events(order)[-1], warehouse.events(later)[-1]) == ("short_picked", "short_picked")


@pytest.mark.parametrize(
    "afterwards", ["ship", "find", "cancel", "cancel an item", "undo", "another order"], ids=lambda name: name
)
def test_the_count_stays_to_be_done_and_the_place_blocked_whatever_happens_to_the_order(
    warehouse: Warehouse, afterwards: str
) -> None:
    widget = warehouse.product(A1=7, B2=1)
    order = warehouse.processing((widget, 2))
    warehouse.ship(order, 1)
    warehouse.short_pick(order, 3, "A1")

    match afterwards:
        case "ship":
            warehouse.ship_order(order)
        case "find":
            warehouse.find(order, 1)
        case "cancel":
            warehouse.cancel(order)
        case "cancel an item":
            warehouse.cancel_item(order, 1)
        case "undo":
            warehouse.undo(order)
        case "another order":
            waiting = warehouse.processing((widget, 4))
            assert warehouse.allocations(waiting) == {"B2": 1}

    assert warehouse.to_count(widget)["A1"] == ("short_pick", "paula", True)


def test_nothing_ships_from_a_place_reported_short_without_a_reservation(warehouse: Warehouse) -> None:
    widget = warehouse.product(A1=7)
    order, other = warehouse.processing((widget, 1)), warehouse.order((widget, 1))
    warehouse.short_pick(order, 1, "A1")
    warehouse.ship(order)

    with pytest.raises(InsufficientInventory):
        warehouse.ship(other)
    warehouse.process(other)

    assert warehouse.exceptions(other) == [(1, "insufficient_inventory", 1, "open")]


def test_released_units_of_a_short_place_are_not_reserved_again(warehouse: Warehouse) -> None:
    widget = warehouse.product(A1=5)
    order, waiting = warehouse.processing((widget, 4)), warehouse.processing((widget, 4))
    warehouse.short_pick(order, 4, "A1")

    warehouse.cancel(order)

    assert (warehouse.shelves(widget), warehouse.allocations(waiting)) == ({"A1": (4, 0)}, {})
    warehouse.recount(widget, 4)
    assert (warehouse.allocations(waiting), warehouse.to_count(widget)) == ({"A1": 4}, {})


def test_the_same_units_come_back_to_the_item_when_a_shipment_is_undone(warehouse: Warehouse) -> None:
    widget = warehouse.product(A1=5)
    order = warehouse.processing((widget, 2))
    warehouse.ship(order, 1)
    warehouse.short_pick(order, 0, "A1")

    warehouse.undo(order)

    assert (warehouse.shelves(widget), warehouse.allocations(order)) == ({"A1": (1, 1)}, {"A1": 1})


@pytest.mark.parametrize("how", ["import", "add", "return"])
def test_units_that_arrive_lift_the_block_but_the_place_is_still_to_be_counted(warehouse: Warehouse, how: str) -> None:
    widget = warehouse.product(A1=9)
    order = warehouse.processing((widget, 1))
    warehouse.ship(order)
    sold = warehouse.processing((widget, 1))
    warehouse.short_pick(sold, 3, "A1")
    waiting = warehouse.processing((widget, 2)), warehouse.processing((widget, 1))

    match how:
        case "import":
            warehouse.arrive(widget, 1)
        case "add":
            warehouse.adjust(widget, 1)
        case "return":
            warehouse.give_back(order, 1, location="A1")

    assert [warehouse.allocations(one) for one in waiting] == [{"A1": 2}, {"A1": 1}], "all that is free, not only one"
    assert warehouse.to_count(widget) == {"A1": ("short_pick", "paula", False)}


def test_units_found_at_a_place_reported_short_are_those_that_are_there(warehouse: Warehouse) -> None:
    widget = warehouse.product(A1=7)
    order, other = warehouse.processing((widget, 1)), warehouse.processing((widget, 2))
    warehouse.short_pick(order, 3, "A1")
    warehouse.cancel(other)
    late = warehouse.processing((widget, 3))

    warehouse.find(late, 3, location="A1")

    assert warehouse.shelves(widget) == {"A1": (1, 1)}
    assert [row[:2] for row in warehouse.ledger(late)] == [("adjust", 1), ("reserve", 0), ("fulfill", -3)]
    assert warehouse.to_count(widget) == {"A1": ("short_pick", "paula", True)}, "the first report stands"


@pytest.mark.parametrize(
    ("found", "seen", "error"),
    [
        (5, 5, InvalidQuantity),
        (6, 5, InvalidQuantity),
        (-1, 5, InvalidQuantity),
        (0.0, 5, InvalidQuantity),
        (False, 5, InvalidQuantity),
        (2, 4, StaleView),
        (2, 6, StaleView),
    ],
)
def test_a_short_pick_that_cannot_be_is_refused_and_leaves_nothing(
    warehouse: Warehouse, found: int, seen: int, error: type[Exception]
) -> None:
    widget = warehouse.product(A1=5)
    order = warehouse.processing((widget, 5))
    before = warehouse.ledger()

    with pytest.raises(error):
        warehouse.short_pick(order, found, "A1", seen_quantity=seen)

    assert (warehouse.ledger(), warehouse.exceptions(order), warehouse.to_count(widget)) == (before, [], {})


def test_a_short_pick_at_a_place_where_nothing_is_reserved_for_the_item_is_stale(warehouse: Warehouse) -> None:
    widget = warehouse.product(A1=5)
    order = warehouse.processing((widget, 5))
    warehouse.arrive(widget, 5, "B2")

    with pytest.raises(StaleView) as refusal:
        warehouse.short_pick(order, 0, "B2", seen_quantity=5)

    assert (refusal.value.data["seen"], refusal.value.data["current"]) == (5, 0)
