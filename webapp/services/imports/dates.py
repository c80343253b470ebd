"""Reads a file's dates in unknown spelling, without guessing between day and month."""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, datetime, time, tzinfo
from typing import Final

from webapp.domain.wording import say

DAY_FIRST: Final = "day first"
MONTH_FIRST: Final = "month first"

UNREADABLE: Final = say("the date cannot be read: write it as 2026-11-20, or with the time as 2026-11-20 10:00")

_YEARS: Final = range(1970, 2200)
_ZONE = re.compile(r"\s*(?:UTC|Z)$|\s+(?=[+-]\d\d:?\d\d$)", re.ASCII)
_NUMERIC = re.compile(
    r"(\d{1,2})([/.-])(\d{1,2})\2(\d{4}|\d{2})"
    r"(?:[ T]+(\d{1,2}):(\d{2})(?::(\d{2})(?:\.0+)?)?(?:\s*([AaPp])\.?[Mm]\.?)?)?",
    re.ASCII,
)
_NAMES: Final = """
jan january januar januari janv janvier
feb february februar fev fevr fevrier
mar march marz maerz mars mrz
apr april avr avril
may mai mee
jun june juni juin
jul july juli juil juillet
aug august aout
sep sept september septembre
oct october okt oktober octobre
nov november novembre
dec december dez dezember decembre
"""
"""Names of months in English, German, French and Luxembourgish, a month a line, without accents."""

MONTHS: Final = {
    name: month for month, names in enumerate(_NAMES.strip().splitlines(), start=1) for name in names.split()
}
"""The number of each month, by its names."""

_MONTH_FIRST_NAMED: Final = re.compile(
    r"(?P<month>[a-z]{3,9})\.?[ -]+(?P<day>\d{1,2})(st|nd|rd|th)?(,| |-)+(?P<rest>\d.*)"
)
_DAY_FIRST_NAMED: Final = re.compile(r"(?P<day>\d{1,2})\.?[ -]*(?P<month>[a-z]{3,9})(?:\.|,| |-)+(?P<rest>\d.*)")


class DateReader:
    """Reads one file's dates: always ISO 8601; with ``numeric``, also 12/1/2010 8:26, 01-12-2010 08:26, and months by
    their names.

    One row cannot tell day from month in the numeric spelling; the file's other rows decide. Pass every date to
    ``notice`` before the first ``read``. If no row decides, a dot or a hyphen means day first and a slash month first.
    If rows contradict each other, only unambiguous dates are read. With an ``order``, "day first" or "month first",
    nothing is learned: that is how they are read.
    """

    def __init__(self, *, numeric: bool, zone: tzinfo = UTC, order: str = "") -> None:
        """Use the store's zone for times without one: their author meant the local clock."""
        self._numeric = numeric
        self._order = order
        self._zone = zone
        self._day_first_seen = False
        self._month_first_seen = False

    def notice(self, text: str) -> None:
        """Learn from a date which of its numbers is the day."""
        if self._numeric and (match := _NUMERIC.fullmatch(text)) and match[2] != ".":
            self._day_first_seen |= int(match[1]) > 12
            self._month_first_seen |= int(match[3]) > 12

    def read(self, text: str, *, end_of_day: bool = False) -> datetime:
        """Return the time in UTC; without a zone it is the store's. Raises ValueError with the reason.

        With ``end_of_day`` a date without a time means the last second of that day (a promise), else its first.
        """
        return self._in_utc(text, self._zone, end_of_day=end_of_day)

    def read_content(self, text: str, *, end_of_day: bool = False) -> datetime:
        """Return the time like ``read``, but with UTC for a missing zone, so that a file's content does not depend on
        the store's zone."""
        return self._in_utc(text, UTC, end_of_day=end_of_day)

    def _in_utc(self, text: str, zone: tzinfo, *, end_of_day: bool) -> datetime:
        when = self._numeric_date(text) or _iso_date(text)
        if when is None:
            raise ValueError(UNREADABLE)
        if when.year not in _YEARS:
            raise ValueError(say("the date is not between 1970 and 2199"))
        if end_of_day and ":" not in text and when.time() == time():
            when = when.replace(hour=23, minute=59, second=59)
        return (when if when.tzinfo else when.replace(tzinfo=zone)).astimezone(UTC)

    def _numeric_date(self, text: str) -> datetime | None:
        spelled = _with_month_as_number(text)
        match = _NUMERIC.fullmatch(spelled) if self._numeric else None
        if match is None:
            return None
        first, separator, second, year, hour, minute, seconds, half = match.groups()
        is_named = spelled != text
        day, month = (int(first), int(second)) if is_named else self._day_and_month(int(first), separator, int(second))
        hours = int(hour or 0)
        if half:
            if not 1 <= hours <= 12:
                return None
            hours = hours % 12 + (12 if half in "pP" else 0)
        try:
            return datetime(
                int(year) + (2000 if len(year) == 2 else 0),
                month,
                day,
                hours,
                int(minute or 0),
                int(seconds or 0),
                tzinfo=UTC,
            ).replace(tzinfo=None)
        except ValueError:
            return None

    def _day_and_month(self, first: int, separator: str, second: int) -> tuple[int, int]:
        if self._order:
            return (first, second) if self._order == DAY_FIRST else (second, first)
        if separator == "." or first > 12:
            return first, second
        if second > 12:
            return second, first
        if self._day_first_seen and self._month_first_seen and first != second:
            raise ValueError(
                say("the date can be read two ways, and this file writes dates both ways: write 2026-11-20")
            )
        if self._day_first_seen or (separator == "-" and not self._month_first_seen):
            return first, second
        return second, first


def _with_month_as_number(text: str) -> str:
    """Return "24.11.2026 9:31" for "Nov 24, 2026, 9:31" and "24. November 2026 um 9:31"; other texts as they are."""
    if not any(map(str.isalpha, text)):
        return text
    plain = "".join(one for one in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(one))
    named = _MONTH_FIRST_NAMED.fullmatch(plain) or _DAY_FIRST_NAMED.fullmatch(plain)
    if named is None or named["month"] not in MONTHS:
        return text
    rest = re.sub(r"^(\d+),? +(?:um |at |a )?", r"\1 ", named["rest"])
    return f"{named['day']}.{MONTHS[named['month']]}.{rest}"


def _iso_date(text: str) -> datetime | None:
    if not text.isascii():
        return None
    spelled = _ZONE.sub(lambda match: "+00:00" if match[0].strip() else "", text, count=1)
    try:
        return datetime.fromisoformat(spelled)
    except ValueError:
        return None
