"""What an order needs to follow its shop: which line is which, and what is missing or too much."""

from __future__ import annotations

import pytest

from webapp.domain.parcel_data import NOTHING_KNOWN
from webapp.domain.upstream import Plan, ShopLine, ShopOrder, StandingLine, plan_changes

Units = tuple[int, int]
"""Units ordered, and shipped."""


def plan(shop: list[int], *standing: Units) -> Plan:
    """Compare lines of one product, without ids, of the shop and of the order; item ids are 1, 2, …"""
    lines = [ShopLine("LAMP", "", "Lamp", units, product_id=1) for units in shop]
    own = [
        StandingLine(number, "LAMP", "", "Lamp", "", units, units, shipped, 0, 0)
        for number, (units, shipped) in enumerate(standing, start=1)
    ]
    return plan_changes(ShopOrder(lines, "", NOTHING_KNOWN, None, False, None, "goods", ""), own, may_grow=True)


@pytest.mark.parametrize(
    ("shop", "standing", "more", "fewer"),
    [
        ([6], [(1, 0), (5, 5)], {}, {}),
        ([6], [(5, 5), (1, 0)], {}, {}),
        ([7], [(1, 0), (5, 5)], {1: 1}, {}),
        ([5], [(1, 0), (5, 5)], {}, {1: 1}),
        ([4], [(4, 0), (2, 0)], {}, {2: 2}),
        ([2, 4], [(6, 5)], {}, {}),
        ([2, 5], [(6, 5)], {1: 1}, {}),
        ([1, 2, 3], [(3, 3), (3, 0)], {}, {}),
    ],
)
def test_lines_that_the_shop_joined_or_split_are_not_ordered_again(
    shop: list[int], standing: list[Units], more: dict[int, int], fewer: dict[int, int]
) -> None:
    changes = plan(shop, *standing)

    assert (changes.more, changes.fewer, changes.added, changes.contradictions) == (more, fewer, [], {})


def test_joined_lines_with_fewer_units_than_left_contradict_once() -> None:
    changes = plan([3], (1, 0), (5, 5))

    assert (changes.more, changes.fewer, changes.added) == ({}, {1: 1}, [])
    assert list(changes.contradictions.values()) == [2]


def test_as_many_lines_are_compared_one_by_one() -> None:
    changes = plan([2, 5], (5, 0), (1, 0))

    assert (changes.more, changes.fewer, changes.added) == ({2: 1}, {}, [])


@pytest.mark.parametrize(
    ("open_units", "says", "late"), [(2, 4, 1), (2, 2, 3), (2, 3, 2), (0, 4, 0), (0, 2, 3), (2, 5, 0)]
)
def test_an_open_contradiction_says_the_numbers_of_today(open_units: int, says: int, late: int) -> None:
    """5 units left, and the shop said 3 before."""
    own = StandingLine(1, "LAMP", "", "Lamp", "", 3, 5, 5, 0, 0)
    shop = ShopOrder([ShopLine("LAMP", "", "Lamp", says, 1)], "", NOTHING_KNOWN, None, False, None, "goods", "")

    changes = plan_changes(shop, [own], may_grow=True, open_units={1: open_units} if open_units else {})

    assert sum(changes.contradictions.values()) == late


def test_joined_lines_keep_what_has_left_of_each() -> None:
    changes = plan([3], (3, 2), (2, 1))

    assert (changes.more, changes.fewer, changes.contradictions) == ({}, {1: 1, 2: 1}, {})
