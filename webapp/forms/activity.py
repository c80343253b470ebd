"""The activity page's filter, read from the address."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

from webapp.domain.activity import ActivityFilter
from webapp.domain.errors import InvalidInput
from webapp.domain.wording import say
from webapp.forms.trail import read_kind
from webapp.languages import time_zone

_NAMES: Final = ("person", "kind", "day", "operation")
_FIRST, _LAST = date(1970, 1, 2), date(2999, 12, 31)


@dataclass(frozen=True, slots=True)
class ActivityQuery:
    """The page's filter and cursor. ``day`` is a day in the store's time zone."""

    criteria: ActivityFilter
    day: str
    cursor: str | None

    @classmethod
    def from_query(cls, query: Mapping[str, str]) -> ActivityQuery:
        """Read ``person``, ``kind``, ``day`` (2026-11-19), ``operation`` and ``cursor``; a blank one counts as left
        out.

        Raises InvalidInput for an unknown kind or an invalid day.
        """
        values = {name: query.get(name, "").strip() for name in _NAMES}
        since, until = _bounds(values["day"]) if values["day"] else (None, None)
        criteria = ActivityFilter(
            person=values["person"] or None,
            kind=read_kind(values["kind"]) if values["kind"] else None,
            since=since,
            until=until,
            operation_id=values["operation"] or None,
        )
        return cls(criteria, values["day"], query.get("cursor") or None)

    def as_query(self) -> dict[str, str]:
        """Return the query parameters of the filter's first page."""
        values = {
            "person": self.criteria.person or "",
            "kind": self.criteria.kind or "",
            "day": self.day,
            "operation": self.criteria.operation_id or "",
        }
        return {name: str(value) for name, value in values.items() if value}


def _bounds(text: str) -> tuple[datetime, datetime]:
    """Return when a day of the store's zone begins, and when the next one does."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        day = _FIRST - timedelta(days=1)
    if not _FIRST <= day <= _LAST:
        raise InvalidInput(say("There is no such day. Choose one from the calendar."))
    zone = time_zone()
    return (
        datetime.combine(day, time.min, tzinfo=zone),
        datetime.combine(day + timedelta(days=1), time.min, tzinfo=zone),
    )
