"""Times on a page: how long ago, and exactly on hover and for machines."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from webapp.languages import clock, day, time_of_day
from webapp.presenters.phrases import words
from webapp.presenters.phrases.days import days_between


@dataclass(frozen=True, slots=True)
class Moment:
    """A point in time. ``words`` are relative to now; ``exact`` gives date, time and the store's zone."""

    iso: str
    words: str
    exact: str
    clock: str = ""
    """Time of day, without the zone, which its readers know."""
    full: str = ""
    """What ``words`` leave out of date and time, without the zone."""


def moment(at: datetime, now: datetime) -> Moment:
    """Return ``at`` in words, relative to ``now``: 4 minutes ago; after a week, the date."""
    at, time = at.astimezone(UTC), clock(at)
    is_recent = days_between(at, now) <= words.DAYS_IN_WORDS
    return Moment(
        iso=at.isoformat(),
        words=words.ago(at, now) if is_recent else day(at),
        exact=f"{day(at)}, {time_of_day(at, seconds=True)}",
        clock=time,
        full=f"{day(at)}, {time}" if is_recent else time,
    )


def due(ship_by: datetime, now: datetime) -> Moment:
    """Return a promised time in words: Ship in 2 hours, Late by 1 day."""
    return Moment(ship_by.astimezone(UTC).isoformat(), words.due(ship_by, now), words.exact_moment(ship_by))
