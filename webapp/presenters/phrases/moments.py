"""Times on a page: how long ago, and exactly on hover and for machines."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache

from webapp.languages import Reader, clock, day, reader, time_of_day
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
    dated = _dated(at, reader())
    if days_between(at, now) > words.DAYS_IN_WORDS:
        return dated
    return Moment(dated.iso, words.ago(at, now), dated.exact, dated.clock, full=f"{dated.words}, {dated.clock}")


@lru_cache(2048)  # What has happened stays on its pages, and its date is the same each time.
def _dated(at: datetime, _reader: Reader) -> Moment:
    """Return a time by its date, for a reader's language and zone."""
    at, date, time = at.astimezone(UTC), day(at), clock(at)
    return Moment(at.isoformat(), date, f"{date}, {time_of_day(at, seconds=True)}", time, full=time)


def due(ship_by: datetime, now: datetime) -> Moment:
    """Return a promised time in words: Ship in 2 hours, Late by 1 day."""
    return Moment(ship_by.astimezone(UTC).isoformat(), words.due(ship_by, now), words.exact_moment(ship_by))
