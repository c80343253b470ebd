"""Group entries by day in the store's zone: Today, Yesterday, Thursday 19 Nov."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from itertools import groupby
from typing import Generic, TypeVar

from babel.dates import format_date

from webapp.languages import _, language, locale_of, time_zone

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Day(Generic[T]):
    """One day and what happened on it."""

    iso: str
    words: str
    entries: Sequence[T]


def by_day(entries: Iterable[T], at: Callable[[T], datetime], now: datetime) -> list[Day[T]]:
    """Group consecutive entries of the same day in the store's zone."""
    today = day_of(now)
    return [
        Day(iso=day.isoformat(), words=day_words(day, today), entries=list(group))
        for day, group in groupby(entries, key=lambda entry: day_of(at(entry)))
    ]


def day_of(at: datetime) -> date:
    """Return the date of a time in the store's zone."""
    return at.astimezone(time_zone()).date()


def days_between(first: datetime, last: datetime) -> int:
    """Return the number of midnights between two times, in the store's zone; negative if ``last`` is earlier."""
    return (day_of(last) - day_of(first)).days


def day_words(day: date, today: date) -> str:
    """Return a day in words: Today, Yesterday, Thursday 19 Nov, and in another year Thursday 19 Nov 2025."""
    if day == today:
        return _("Today")
    if day == today - timedelta(days=1):
        return _("Yesterday")
    code = language()
    return format_date(day, _pattern(code, with_year=day.year != today.year), locale=locale_of(code))


@cache
def _pattern(code: str, *, with_year: bool) -> str:
    """Return the language's date pattern of full weekday, day and month."""
    pattern = str(locale_of(code).datetime_skeletons["yMMMEd" if with_year else "MMMEd"])
    return pattern.replace("E", "EEEE", 1)
