"""Points in time on a page: how long ago for people, exactly for whoever asks, and for machines."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from webapp.languages import day, time_of_day
from webapp.presenters.phrases import words


@dataclass(frozen=True, slots=True)
class Moment:
    """One point in time. ``words`` reads well today, ``exact`` is the same for good, in the store's zone."""

    iso: str
    words: str
    exact: str
    clock: str = ""
    """The time of day."""


def moment(at: datetime, now: datetime) -> Moment:
    """Say when ``at`` was, seen from ``now``: 4 minutes ago, and after a week the day."""
    at = at.astimezone(UTC)
    is_recent = now - at < timedelta(days=7)
    return Moment(
        iso=at.isoformat(),
        words=words.ago(at, now) if is_recent else day(at),
        exact=f"{day(at)}, {time_of_day(at, seconds=True)}",
        clock=time_of_day(at),
    )
