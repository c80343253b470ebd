"""Until when a token is valid, as a person writes it: a number of days, or the last day."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from webapp.domain.errors import InvalidInput
from webapp.domain.wording import say

MOST_DAYS: Final = 3650

_DAY: Final = timedelta(days=1)
_DAYS: Final = re.compile(r"[1-9][0-9]{0,3}", re.ASCII)


def read_term(text: str, now: datetime, zone: str) -> datetime:
    """Return the end of a term: so many days from now, or the end of a day (YYYY-MM-DD) in a zone.

    Raises InvalidInput for anything else, for a day that is over, and for more than ten years.
    """
    end = now + timedelta(days=int(text)) if _DAYS.fullmatch(text) else _end_of(text, zone)
    if not now < end <= now + timedelta(days=MOST_DAYS):
        raise InvalidInput(say("The end must be in the next %(days)s days.", days=MOST_DAYS), expires=text)
    return end


def _end_of(text: str, zone: str) -> datetime:
    try:
        last = date.fromisoformat(text)
    except ValueError:
        raise InvalidInput(
            say("“%(term)s” is neither a number of days nor a day such as 2027-03-31.", term=text[:32]), expires=text
        ) from None
    day = min(last, date.max - _DAY) + _DAY  # No day follows the last one, 9999-12-31.
    return datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(zone)).astimezone(UTC)
