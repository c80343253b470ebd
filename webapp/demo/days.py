"""When things happened in the demo store: on its working days, within its hours, counted back from now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

OPENS: Final = time(8)
_LAST_EVENT: Final = time(12)
"""The stories put all events of the last day before noon."""

_EARLY: Final = timedelta(hours=1)
"""Within an hour of opening, the demo's last day is yesterday."""

_JUST_NOW: Final = timedelta(minutes=2)
_SUNDAY: Final = 6
_SOON: Final = 12
"""Hours: an order due sooner counts as today's work."""

_QUARTER: Final = 15 * 60


@dataclass(frozen=True)
class When:
    """A time on a working day, counted back: ``When(3, "16:40")``; 0 is the last day."""

    days_ago: int
    clock: str


class Days:
    """The store's working days before ``now``, in the store's time zone. Sundays are off."""

    def __init__(self, now: datetime, zone: str) -> None:
        self._now = now.astimezone(ZoneInfo(zone))
        self._opened = self._now.replace(hour=OPENS.hour, minute=0, second=0, microsecond=0)
        self._last = self._now.date()
        if self._now < self._opened + _EARLY:
            self._last = self._working_day(1)

    def moment(self, when: When) -> datetime:
        """Return the moment in UTC, always before now. If the morning is not over, its events are squeezed together."""
        clock = time.fromisoformat(when.clock.zfill(5))
        moment = datetime.combine(self._working_day(when.days_ago), clock, self._now.tzinfo)
        if moment.date() == self._now.date() and moment > self._opened:
            seconds = (_LAST_EVENT.hour - OPENS.hour) * 3600
            pace = min(1.0, (self._now - _JUST_NOW - self._opened).total_seconds() / seconds)
            moment = self._opened + (moment - self._opened) * pace
        return moment.astimezone(UTC)

    def due(self, hours: float) -> datetime:
        """Return the moment ``hours`` from now, rounded to a quarter of an hour, in UTC; Sundays are avoided."""
        seconds = (self._now + timedelta(hours=hours)).timestamp()
        due = datetime.fromtimestamp(seconds // _QUARTER * _QUARTER, self._now.tzinfo)
        if due.weekday() == _SUNDAY and hours > _SOON:
            due += timedelta(days=1)
        return due.astimezone(UTC)

    def _working_day(self, days_ago: int) -> date:
        day = self._last
        for _ in range(days_ago):
            day -= timedelta(days=2 if (day - timedelta(days=1)).weekday() == _SUNDAY else 1)
        return day
