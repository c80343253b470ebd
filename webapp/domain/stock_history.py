"""How the units on hand of a product came to be what they are: day by day, as its store counts days."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Final

DAYS: Final = 30
"""Days looked back on, today included."""


@dataclass(frozen=True, slots=True)
class StockDay:
    """A day, and the units on hand at its end; today's are those of now."""

    day: date
    quantity: int


@dataclass(frozen=True, slots=True)
class StockHistory:
    """Days without a gap, oldest first, and the units on hand before the first of them. No day: nothing ever moved."""

    opening: int
    days: tuple[StockDay, ...]


def midnights(now: datetime, zone: tzinfo, days: int = DAYS) -> tuple[datetime, ...]:
    """Return when each of the last days began in ``zone``, oldest first, in UTC; days of 23 and 25 hours are days."""
    today = now.astimezone(zone).date()
    return tuple(
        datetime.combine(today - timedelta(days=back), time.min, zone).astimezone(UTC)
        for back in range(days - 1, -1, -1)
    )


def history_of(
    begins: Sequence[datetime], zone: tzinfo, on_hand: int, changes: Mapping[int, int], *, moved_before: bool
) -> StockHistory:
    """Count back from the units ``on_hand`` now.

    ``changes`` are net units by index of a day in ``begins``, for days on which something moved. Where nothing
    ``moved_before`` the first of them, the history begins with the first movement.
    """
    first = 0 if moved_before else min(changes, default=len(begins))
    quantity, days = on_hand, []
    for index in range(len(begins) - 1, first - 1, -1):
        days.append(StockDay(begins[index].astimezone(zone).date(), quantity))
        quantity -= changes.get(index, 0)
    return StockHistory(quantity, tuple(reversed(days)))
