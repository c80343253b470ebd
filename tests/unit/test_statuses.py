"""Every status against every other, and the status that follows from an order's units."""

from __future__ import annotations

import pytest

from webapp.domain.statuses import (
    CLOSED_STATUSES,
    OPEN_STATUSES,
    RESERVING_STATUSES,
    TRANSITIONS,
    OrderStatus,
    may_change,
    status_from_units,
)

ALLOWED = {
    "pending": {"processing", "shipped", "cancelled"},
    "processing": {"shipped", "cancelled"},
    "partially_shipped": {"shipped", "cancelled"},
    "shipped": {"delivered", "refunded"},
    "delivered": {"refunded"},
    "cancelled": {"refunded"},
    "refunded": set(),
}


@pytest.mark.parametrize("new", OrderStatus)
@pytest.mark.parametrize("old", OrderStatus)
def test_a_status_changes_only_to_those_that_may_follow_it(old: OrderStatus, new: OrderStatus) -> None:
    assert may_change(old, new) is (new.value in ALLOWED[old.value])


def test_the_statuses_are_those_of_the_contract() -> None:
    assert [status.value for status in OrderStatus] == list(ALLOWED)
    assert set(TRANSITIONS) == set(OrderStatus)


def test_nobody_sets_partially_shipped_by_hand() -> None:
    assert not any(may_change(old, OrderStatus.PARTIALLY_SHIPPED) for old in OrderStatus)


def test_a_closed_order_holds_and_awaits_nothing() -> None:
    assert not set(CLOSED_STATUSES) & {*OPEN_STATUSES, *RESERVING_STATUSES}


@pytest.mark.parametrize("unshipped", [OrderStatus.PENDING, OrderStatus.PROCESSING])
@pytest.mark.parametrize(
    "before",
    [OrderStatus.PENDING, OrderStatus.PROCESSING, OrderStatus.PARTIALLY_SHIPPED, OrderStatus.SHIPPED],
)
@pytest.mark.parametrize(
    ("shipped", "remaining", "after"),
    [
        (0, 5, None),
        (1, 4, OrderStatus.PARTIALLY_SHIPPED),
        (4, 1, OrderStatus.PARTIALLY_SHIPPED),
        (5, 0, OrderStatus.SHIPPED),
        (1, 0, OrderStatus.SHIPPED),
        (0, 0, OrderStatus.CANCELLED),
    ],
)
def test_the_status_follows_from_the_units(
    before: OrderStatus, unshipped: OrderStatus, shipped: int, remaining: int, after: OrderStatus | None
) -> None:
    status = status_from_units(before=before, unshipped=unshipped, shipped=shipped, remaining=remaining)

    assert status is (after or unshipped)


@pytest.mark.parametrize("before", [*CLOSED_STATUSES, OrderStatus.DELIVERED])
@pytest.mark.parametrize(("shipped", "remaining"), [(0, 0), (0, 5), (2, 3), (5, 0)])
def test_an_order_that_is_delivered_or_closed_stays_so(before: OrderStatus, shipped: int, remaining: int) -> None:
    status = status_from_units(before=before, unshipped=OrderStatus.PROCESSING, shipped=shipped, remaining=remaining)

    assert status is before
