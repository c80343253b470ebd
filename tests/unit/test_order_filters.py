"""The filters of the order list."""

from __future__ import annotations

import pytest

from webapp.domain.statuses import OrderStatus
from webapp.forms.orders import MAX_SEARCH, OrderFilters, clean_search


def test_an_empty_address_asks_for_the_queue() -> None:
    assert OrderFilters.from_query({}).is_queue
    assert OrderFilters.from_query({"search": " ", "status": "", "late": "0", "mine": ""}).is_queue


@pytest.mark.parametrize(
    "query", [{"search": "x"}, {"status": "all"}, {"status": "shipped"}, {"late": "1"}, {"mine": "on"}]
)
def test_filters_are_kept_in_the_address(query: dict[str, str]) -> None:
    filters = OrderFilters.from_query(query)

    assert not filters.is_queue
    assert OrderFilters.from_query(filters.as_query()) == filters


def test_an_unknown_status_is_said_to_be_unknown() -> None:
    filters = OrderFilters.from_query({"status": "lost"})

    assert filters.is_queue
    assert "There is no status “lost”." in filters.error
    assert OrderFilters.from_query({"status": "shipped"}).status is OrderStatus.SHIPPED


@pytest.mark.parametrize(
    ("typed", "cleaned"),
    [("  a   b ", "a b"), ("a\0b", "a b"), ("a\u200bb\n", "a b"), ("x" * 500, "x" * MAX_SEARCH), ("Ü 1", "Ü 1")],
)
def test_what_no_keyboard_types_is_dropped(typed: str, cleaned: str) -> None:
    assert clean_search(typed) == cleaned
