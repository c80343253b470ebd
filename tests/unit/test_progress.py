"""An order's progress, and the walking order of its items."""

from __future__ import annotations

from typing import Any

import pytest

from webapp.domain.clock import utc_now
from webapp.domain.progress import ItemAllocation, ItemProgress, OrderProgress, walking_key
from webapp.domain.statuses import OrderStatus


def item(**numbers: Any) -> ItemProgress:
    fields = {"id": 1, "position": 1, "product_name": "Widget", "sku": "W-1", "gtin": "", "is_placeholder": False}
    counted = {"ordered": 5, "shipped": 0, "cancelled": 0, "returned": 0, "changed_in_version": 1}
    return ItemProgress(**{**fields, **counted, **numbers})


def order(*items: ItemProgress, status: OrderStatus = OrderStatus.PROCESSING) -> OrderProgress:
    now = utc_now()
    return OrderProgress(1, "ORD-1", "Marie", "ORD-1", "shop", status, 1, now, now, list(items), [], None)


def test_places_stand_in_the_order_of_a_walk() -> None:
    walked = ["A-2", "A-2²", "a-10", "A-10-1", "A-10-2", "A-10-10", "AA-1", "B-1", "Überlauf"]
    mixed = walked[5:] + walked[:5]

    assert sorted(mixed, key=lambda location: walking_key("main", location)) == walked


def test_a_warehouse_is_walked_before_the_next_one() -> None:
    places = [("main", "A-9"), ("annex 10", "A-1"), ("annex 2", "B-1")]

    assert sorted(places, key=lambda place: walking_key(*place)) == [places[2], places[1], places[0]]


def test_the_walk_begins_in_the_main_warehouse() -> None:
    main, annex = ItemAllocation(1, "main", "Z-9", 1), ItemAllocation(2, "annex", "A-1", 1)

    assert sorted([annex, main], key=lambda one: one.walking_key) == [main, annex]


def test_an_item_stands_at_its_first_place_and_one_without_a_place_comes_last() -> None:
    nowhere, far = item(position=1), item(position=2, allocations=[ItemAllocation(1, "main", "B-1", 1)])
    near = item(position=3, allocations=[ItemAllocation(2, "main", "C-1", 1), ItemAllocation(3, "main", "A-1", 1)])

    assert sorted([nowhere, far, near], key=lambda one: one.walking_key) == [near, far, nowhere]


@pytest.mark.parametrize(
    ("numbers", "remaining", "done"),
    [
        ({}, 5, False),
        ({"shipped": 4}, 1, False),
        ({"shipped": 5}, 0, True),
        ({"shipped": 3, "cancelled": 2}, 0, True),
        ({"cancelled": 5}, 0, True),
        ({"shipped": 5, "returned": 2}, 0, True),
    ],
)
def test_what_remains_is_neither_shipped_nor_cancelled(numbers: dict[str, int], remaining: int, done: bool) -> None:
    assert (item(**numbers).remaining, item(**numbers).is_done) == (remaining, done)


def test_what_no_place_holds_is_unreserved() -> None:
    allocations = [ItemAllocation(1, "main", "A-1", 1), ItemAllocation(2, "main", "A-2", 1)]

    assert (item(shipped=1, allocations=allocations).reserved, item(shipped=1, allocations=allocations).unreserved) == (
        2,
        2,
    )


@pytest.mark.parametrize("status", OrderStatus)
def test_only_an_order_that_is_not_closed_ships_what_is_left(status: OrderStatus) -> None:
    closed = status in (OrderStatus.CANCELLED, OrderStatus.REFUNDED)

    assert order(item(), status=status).may_ship is not closed
    assert order(item(shipped=5), status=status).may_ship is False


def test_an_order_sums_its_items_up() -> None:
    both = order(item(id=1, shipped=2), item(id=2, cancelled=1))

    assert (both.ordered, both.shipped, both.cancelled, both.remaining) == (10, 2, 1, 7)
    assert both.item(2) is both.items[1]
    assert both.item(3) is None
