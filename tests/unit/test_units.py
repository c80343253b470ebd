"""Units of an item and of an order: what remains, and whether it is fully or partially shipped."""

from __future__ import annotations

import pytest

from webapp.domain.units import UnitTotals


@pytest.mark.parametrize(
    ("units", "remaining", "fully", "partially"),
    [
        (UnitTotals(5, 0, 0), 5, False, False),
        (UnitTotals(5, 4, 0), 1, False, True),
        (UnitTotals(5, 5, 0), 0, True, False),
        (UnitTotals(5, 1, 3), 1, False, True),
        (UnitTotals(5, 1, 4), 0, True, False),
        (UnitTotals(5, 0, 5), 0, False, False),
        (UnitTotals(0, 0, 0), 0, False, False),
    ],
)
def test_shipped_in_full_is_something_shipped_and_nothing_left(
    units: UnitTotals, remaining: int, fully: bool, partially: bool
) -> None:
    assert (units.remaining, units.is_fully_shipped, units.is_partially_shipped) == (remaining, fully, partially)


def test_an_order_counts_as_its_items_do_together() -> None:
    shipped, untouched, cancelled = UnitTotals(2, 2, 0), UnitTotals(3, 0, 0), UnitTotals(4, 0, 4)

    assert UnitTotals.sum_of([shipped, untouched, cancelled]) == UnitTotals(9, 2, 4)
    assert UnitTotals.sum_of([shipped, untouched]).is_partially_shipped
    assert UnitTotals.sum_of([shipped, cancelled]).is_fully_shipped
    assert UnitTotals.sum_of([]) == UnitTotals(0, 0, 0)
