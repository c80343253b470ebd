"""Times on a page: how long ago, and exactly on hover and for machines."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from webapp.languages import day, time_of_day
from webapp.presenters.phrases import words


@dataclass(frozen=True, slots=True)
class Moment:
    """A point in time. ``words`` are relative to now; ``exact`` gives date and time in the store's zone."""

    iso: str
    words: str
    exact: str
    clock: str = ""
    """Time of day."""


def moment(at: datetime, now: datetime) -> Moment:
    """Return ``at`` in words, relative to ``now``: 4 minutes ago; after a week, the date."""
    at = at.astimezone(UTC)
    is_recent = now - at < timedelta(days=7)
    return Moment(
        iso=at.isoformat(),
        words=words.ago(at, now) if is_recent else day(at),
        exact=f"{day(at)}, {time_of_day(at, seconds=True)}",
        clock=time_of_day(at),
    )
