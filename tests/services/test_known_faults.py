"""Known faults of such systems, numbered, each as a test: those that one person can provoke alone."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.helpers.warehouse import Moved, Warehouse
from webapp.domain.errors import InsufficientInventory, InvalidTransition, InventoryNotFound
from webapp.services import order_inventory_service, order_service

# 1. Cancelling after a partial shipment.


def test_cancelling_after_a_partial_shipment_releases_only_what_is_left(warehouse: Warehouse) -> None:
    widget = warehouse.product(A1=10)
    order, other = warehouse.processing((widget, 5)), warehouse.processing((widget, 4))
    warehouse.ship(order, 2)

    change = warehouse.cancel(order)

    assert change.stock is not None
    assert "released_units" in change.stock
    assert change.stock["released_units"] == 3
    assert warehouse.shelves(widget) == {"A1": (8, 4)}
    assert warehouse.allocations(other) == {"A1": 4}
    item = warehouse.item(order)
    assert (item.shipped_quantity, item.cancelled_quantity, item.remaining_quantity) == (2, 3, 0)
    assert warehouse.status(order) == "cancelled"
    assert warehouse.ledger(order)[-1] == Moved("release", 0, -3, 8, 4, "A1", "paula")


def test_cancelling_again_after_a_partial_shipment_releases_nothing_more(warehouse: Warehouse) -> None:
    widget = warehouse.product(A1=10)
    order = warehouse.processing((widget, 5))
    warehouse.processing((widget, 4))
    warehouse.ship(order, 2)
    warehouse.cancel(order)
    before = warehouse.ledger()

    again = warehouse.cancel(order)

    assert again.stock is None
    assert warehouse.shelves(widget) == {"A1": (8, 4)}
    assert warehouse.ledger() == before


# 2. Units leave from where they were reserved.


def test_units_leave_from_the_place_where_they_were_reserved_even_when_another_has_more(warehouse: Warehouse) -> None:
    widget = warehouse.product(A1=5)
    order = warehouse.processing((widget, 5))
    warehouse.arrive(widget, 100, "B2")

    warehouse.ship(order, 5)

    assert warehouse.shelves(widget) == {"A1": (0, 0), "B2": (100, 0)}
    assert warehouse.ledger(order) == [
        Moved("reserve", 0, 5, 5, 5, "A1", "paula"),
        Moved("fulfill", -5, -5, 0, 0, "A1", "paula"),
    ]


def test_units_of_a_split_reservation_leave_from_both_places(warehouse: Warehouse) -> None:
    widget = warehouse.product(A1=3, B2=4)
    order = warehouse.processing((widget, 6))
    warehouse.arrive(widget, 100, "C3")
    assert warehouse.allocations(order) == {"A1": 2, "B2": 4}

    warehouse.ship(order, 5)

    assert warehouse.allocations(order) == {"B2": 1}
    assert warehouse.shelves(widget) == {"A1": (1, 0), "B2": (1, 1), "C3": (100, 0)}


# 3. Reserving twice (twice at once: tests/concurrency).


def test_processing_set_twice_reserves_once(warehouse: Warehouse) -> None:
    widget = warehouse.product(A1=10)
    order = warehouse.processing((widget, 3))

    again = warehouse.process(order)

    assert again.stock is None
    assert warehouse.allocations(order) == {"A1": 3}
    assert warehouse.shelves(widget) == {"A1": (10, 3)}
    assert [row.kind for row in warehouse.ledger(order)] == ["reserve"]


def test_reserving_a_processing_order_again_reserves_nothing_more(warehouse: Warehouse) -> None:
    widget = warehouse.product(A1=10)
    order = warehouse.processing((widget, 3))

    result = warehouse.do(order_inventory_service.reserve_for_order, order_id=order.id)

    assert (result["reserved_count"], result["reserved_units"], result["skipped_items"]) == (0, 0, [])
    assert warehouse.shelves(widget) == {"A1": (10, 3)}


def test_cancelling_an_order_that_never_reserved_releases_nothing(warehouse: Warehouse) -> None:
    widget = warehouse.product(A1=10)
    warehouse.processing((widget, 7))
    order = warehouse.order((widget, 5))

    change = warehouse.cancel(order)

    assert change.stock is not None
    assert "released_units" in change.stock
    assert change.stock["released_units"] == 0
    assert warehouse.shelves(widget) == {"A1": (10, 7)}
    assert warehouse.ledger(order) == []
    assert warehouse.status(order) == "cancelled"


# 5. Choosing places.


def test_a_place_with_one_free_unit_does_not_hide_another_with_enough(warehouse: Warehouse) -> None:
    widget = warehouse.product(A1=1, B2=5)

    order = warehouse.processing((widget, 4))

    assert warehouse.allocations(order) == {"B2": 4}
    assert warehouse.shelves(widget) == {"A1": (1, 0), "B2": (5, 4)}


@pytest.mark.parametrize(
    ("needed", "allocations", "backorder"),
    [
        (5, {"B2": 5}, 0),
        (6, {"A1": 1, "B2": 5}, 0),
        (9, {"A1": 4, "B2": 5}, 0),
        (10, {"A1": 4, "B2": 5}, 1),
    ],
)
def test_a_need_larger_than_any_one_place_is_split_and_never_over_allocates(
    warehouse: Warehouse, needed: int, allocations: dict[str, int], backorder: int
) -> None:
    widget = warehouse.product(A1=4, B2=5)

    order = warehouse.processing((widget, needed))

    assert warehouse.allocations(order) == allocations
    open_exceptions = [(1, "insufficient_inventory", backorder, "open")] if backorder else []
    assert warehouse.exceptions(order) == open_exceptions
    assert sum(row.reserved_change for row in warehouse.ledger(order)) == needed - backorder


# 6. Two lines on one product.


@pytest.mark.parametrize(("on_hand", "second_line"), [(8, 3), (9, 4), (10, 4)])
def test_two_lines_on_the_same_product_are_both_counted_against_stock(
    warehouse: Warehouse, on_hand: int, second_line: int
) -> None:
    widget = warehouse.product(A1=on_hand)

    order = warehouse.processing((widget, 5), (widget, 4))

    assert warehouse.allocations(order, 1) == {"A1": 5}
    assert warehouse.allocations(order, 2) == {"A1": second_line}
    assert warehouse.shelves(widget) == {"A1": (on_hand, 5 + second_line)}


def test_shipping_one_of_two_lines_leaves_the_other_lines_allocation(warehouse: Warehouse) -> None:
    widget = warehouse.product(A1=9)
    order = warehouse.processing((widget, 5), (widget, 4))

    warehouse.ship(order, 5, line=1)

    assert warehouse.allocations(order, 1) == {}
    assert warehouse.allocations(order, 2) == {"A1": 4}
    assert warehouse.shelves(widget) == {"A1": (4, 4)}


# 7. A fully reserved place.


def test_a_fully_reserved_place_still_serves_the_order_that_reserved_it(warehouse: Warehouse) -> None:
    widget = warehouse.product(A1=5)
    order, late = warehouse.processing((widget, 5)), warehouse.processing((widget, 2))

    result = warehouse.ship(order, 5)

    assert result["fulfilled_quantity"] == 5
    assert warehouse.shelves(widget) == {"A1": (0, 0)}
    assert warehouse.allocations(late) == {}


def test_a_fully_reserved_place_does_not_serve_another_order(warehouse: Warehouse) -> None:
    widget = warehouse.product(A1=5)
    order, late = warehouse.processing((widget, 5)), warehouse.processing((widget, 2))
    before = warehouse.ledger()

    with pytest.raises(InsufficientInventory) as refusal:
        warehouse.ship(late, 1)

    assert (refusal.value.data["requested"], refusal.value.data["available"]) == (1, 0)
    assert warehouse.allocations(order) == {"A1": 5}
    assert warehouse.ledger() == before


# 8. Nothing ships from a cancelled order (races: tests/concurrency).


@pytest.mark.parametrize("last", ["cancelled", "refunded"])
def test_nothing_ships_from_a_closed_order(warehouse: Warehouse, last: str) -> None:
    widget = warehouse.product(A1=9)
    order = warehouse.processing((widget, 5))
    warehouse.ship(order, 2)
    warehouse.cancel(order)
    if last == "refunded":
        warehouse.set_status(order, "refunded")
    before = warehouse.ledger()

    for attempt in (
        lambda: warehouse.ship(order, 1),
        lambda: warehouse.ship(order),
        lambda: warehouse.ship_order(order),
        lambda: warehouse.set_status(order, "shipped"),
        lambda: warehouse.find(order, 1),
    ):
        with pytest.raises(InvalidTransition):
            attempt()

    assert warehouse.ledger() == before
    assert warehouse.status(order) == last
    assert warehouse.item(order).shipped_quantity == 2


# 12. All or nothing.


@pytest.mark.parametrize("act", [order_inventory_service.reserve_for_order, order_inventory_service.fulfill_order])
@pytest.mark.parametrize(
    ("third_place", "refusal"), [({"A1": 1}, InsufficientInventory), ({}, InventoryNotFound)], ids=["short", "none"]
)
def test_a_strict_call_that_fails_on_the_third_item_leaves_the_first_two_as_they_were(
    warehouse: Warehouse, act: Callable[..., object], third_place: dict[str, int], refusal: type[Exception]
) -> None:
    first, second = warehouse.product("First", A1=5), warehouse.product("Second", A1=5)
    third = warehouse.product("Third", **third_place)
    order = warehouse.order((first, 2), (second, 2), (third, 2))
    before = warehouse.ledger()

    def strictly_then_go_on(db: object, **arguments: object) -> None:
        """A caller that catches the refusal and commits its other work keeps nothing of the refused call."""
        with pytest.raises(refusal):
            act(db=db, skip_missing=False, **arguments)

    warehouse.do(strictly_then_go_on, order_id=order.id)

    for product in (first, second):
        assert warehouse.shelves(product) == {"A1": (5, 0)}
    assert [warehouse.allocations(order, line) for line in (1, 2, 3)] == [{}, {}, {}]
    assert warehouse.ledger() == before
    assert (warehouse.events(order), warehouse.exceptions(order), warehouse.lines(order)) == ([], [], [])
    assert warehouse.status(order) == "pending"


# 13. Who and how many.


def test_every_ledger_row_carries_its_units_and_its_actor(warehouse: Warehouse) -> None:
    widget = warehouse.product(A1=10)
    order = warehouse.order((widget, 5))

    warehouse.actor = "max"
    warehouse.process(order)
    warehouse.actor = "paula"
    warehouse.ship(order, 2)
    warehouse.undo(order)
    warehouse.ship(order, 1)
    warehouse.actor = "sofia"
    warehouse.cancel(order)
    warehouse.give_back(order, 1)
    warehouse.adjust(widget, -1)
    warehouse.recount(widget, 20)

    assert warehouse.ledger() == [
        Moved("import", 10, 0, 10, 0, "A1", "test"),
        Moved("reserve", 0, 5, 10, 5, "A1", "max"),
        Moved("fulfill", -2, -2, 8, 3, "A1", "paula"),
        Moved("fulfill", 2, 2, 10, 5, "A1", "paula"),
        Moved("fulfill", -1, -1, 9, 4, "A1", "paula"),
        Moved("release", 0, -4, 9, 0, "A1", "sofia"),
        Moved("return", 1, 0, 1, 0, "R1", "sofia"),
        Moved("adjust", -1, 0, 8, 0, "A1", "sofia"),
        Moved("set", 12, 0, 20, 0, "A1", "sofia"),
    ]


@pytest.mark.parametrize("actor", ["", "  "])
def test_a_change_by_nobody_is_the_systems(warehouse: Warehouse, actor: str) -> None:
    widget = warehouse.product(A1=10)
    warehouse.actor = actor

    order = warehouse.processing((widget, 5))
    warehouse.ship(order, 5)

    assert {row.created_by for row in warehouse.ledger(order)} == {"system"}


def test_the_services_default_actor_is_the_system(warehouse: Warehouse) -> None:
    widget = warehouse.product(A1=10)
    order = warehouse.order((widget, 5))

    order_inventory_service.reserve_for_order(db=warehouse.db, store_id=warehouse.store.id, order_id=order.id)
    order_service.cancel_order(warehouse.db, warehouse.store.id, order.id, "No longer made")
    warehouse.db.commit()

    assert {row.created_by for row in warehouse.ledger(order)} == {"system"}
