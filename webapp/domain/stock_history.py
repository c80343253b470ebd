"""A product's units on hand over the last days, as its store's time zone counts days."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Final

DAYS: Final = 30
"""Days shown, today included."""


@dataclass(frozen=True, slots=True)
class StockDay:
    """A day, and the units on hand at its end; for today, now."""

    day: date
    quantity: int


@dataclass(frozen=True, slots=True)
class StockHistory:
    """Consecutive days, oldest first, and the units on hand before the first. No days: nothing ever moved."""

    opening: int
    days: tuple[StockDay, ...]


def midnights(now: datetime, zone: tzinfo, days: int = DAYS) -> tuple[datetime, ...]:
    """Return when each of the last ``days`` days began in ``zone``, oldest first, in UTC. A day may have 23 or 25
    hours."""
    today = now.astimezone(zone).date()
    return tuple(
        datetime.combine(today - timedelta(days=back), time.min, zone).astimezone(UTC)
        for back in range(days - 1, -1, -1)
    )


def history_of(
    begins: Sequence[datetime], zone: tzinfo, on_hand: int, changes: Mapping[int, int], *, has_earlier_movements: bool
) -> StockHistory:
    """Compute each day's units, backwards from ``on_hand`` now.

    ``changes`` maps a day's index in ``begins`` to its net units. Without ``has_earlier_movements`` the history
    begins with the first movement.
    """
    first = 0 if has_earlier_movements else min(changes, default=len(begins))
    quantity, days = on_hand, []
    for index in range(len(begins) - 1, first - 1, -1):
        days.append(StockDay(begins[index].astimezone(zone).date(), quantity))
        quantity -= changes.get(index, 0)
    return StockHistory(quantity, tuple(reversed(days)))
