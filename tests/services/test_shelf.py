"""Differences between shelf and records: found units, and short picks."""

from __future__ import annotations

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
)
from webapp.models import InventoryTransaction, Product


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


def test_only_what_stock_cannot_give_is_added(warehouse: Warehouse, widget: Product) -> None:
    order = warehouse.processing((widget, 5))

    warehouse.find(order, 2)

    assert [row.kind for row in warehouse.ledger(order)] == ["reserve", "fulfill"]
    assert warehouse.shelves(widget) == {"A1": (0, 0), "F1": (0, 0)}


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


def test_nothing_is_found_for_an_unknown_product_or_a_cancelled_order(warehouse: Warehouse, widget: Product) -> None:
    unknown, cancelled = warehouse.processing((warehouse.placeholder(), 1)), warehouse.processing((widget, 1))
    warehouse.cancel(cancelled)

    with pytest.raises(PlaceholderProduct):
        warehouse.find(unknown, 1)
    with pytest.raises(InvalidTransition):
        warehouse.find(cancelled, 1)


# Short picks.


def test_missing_units_leave_the_records_and_are_reserved_elsewhere(warehouse: Warehouse) -> None:
    widget = warehouse.product(A1=5)
    order = warehouse.processing((widget, 5))
    warehouse.arrive(widget, 2, "B2")
    warehouse.arrive(widget, 9, "C3")

    warehouse.short_pick(order, 1, "A1")

    assert warehouse.shelves(widget) == {"A1": (1, 1), "B2": (2, 0), "C3": (9, 4)}
    assert warehouse.allocations(order) == {"A1": 1, "C3": 4}
    assert warehouse.ledger(order)[1:] == [
        Moved("release", 0, -4, 5, 1, "A1", "paula"),
        Moved("adjust", -4, 0, 1, 1, "A1", "paula"),
        Moved("reserve", 0, 4, 9, 4, "C3", "paula"),
    ]
    assert warehouse.exceptions(order) == [(1, "short_pick", 4, "open")]
    assert warehouse.events(order)[-1] == "short_picked"


@pytest.mark.parametrize("found", [0, 1, 4])
def test_what_stock_does_not_cover_waits(warehouse: Warehouse, found: int) -> None:
    widget = warehouse.product(A1=5)
    order = warehouse.processing((widget, 5))

    warehouse.short_pick(order, found, "A1")
    assert warehouse.shelves(widget) == {"A1": (found, found)}
    warehouse.arrive(widget, 9, "B2")

    assert sum(warehouse.allocations(order).values()) == 5
    assert warehouse.exceptions(order) == [(1, "short_pick", 5 - found, "open")]


def test_shipping_the_rest_settles_the_short_pick(warehouse: Warehouse) -> None:
    widget = warehouse.product(A1=5)
    order = warehouse.processing((widget, 5))
    warehouse.short_pick(order, 2, "A1")

    warehouse.find(order, 5)

    assert warehouse.exceptions(order) == [(1, "short_pick", 3, "closed")]


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
        warehouse.short_pick(order, found, "A1", seen_reserved=seen)

    assert (warehouse.ledger(), warehouse.exceptions(order)) == (before, [])


def test_a_short_pick_at_a_place_where_nothing_is_reserved_for_the_item_is_stale(warehouse: Warehouse) -> None:
    widget = warehouse.product(A1=5)
    order = warehouse.processing((widget, 5))
    warehouse.arrive(widget, 5, "B2")

    with pytest.raises(StaleView) as refusal:
        warehouse.short_pick(order, 0, "B2", seen_reserved=5)

    assert (refusal.value.data["seen"], refusal.value.data["current"]) == (5, 0)
