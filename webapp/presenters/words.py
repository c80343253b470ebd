"""Numbers, statuses and times as people say them."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Final

from webapp.domain.progress import Gap
from webapp.domain.skips import SKIP_WORDS
from webapp.domain.statuses import OrderStatus

MAIN_WAREHOUSE: Final = "main"
"""The warehouse that needs no naming."""

_SAYABLE: Final = re.compile(r"[1-9][0-9]{0,5}", re.ASCII)
"""More digits are a barcode, and wider than a button."""

_STEPS: Final = ((timedelta(days=1), "day"), (timedelta(hours=1), "hour"), (timedelta(minutes=1), "minute"))


def count(number: int, noun: str, plural: str | None = None) -> str:
    """Say how many of what: 1 unit, 2 units, 0 units."""
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"


def units(number: int) -> str:
    """Say a number of units."""
    return count(number, "unit")


def gap(missing: Gap) -> str:
    """Say why units are missing, and how many: Not enough stock (2 units missing)."""
    return f"{SKIP_WORDS[missing.cause]} ({units(missing.quantity)} missing)"


def with_number(verb: str, typed: str) -> str:
    """Say the number on a button, where what was typed is one that may be meant."""
    typed = typed.strip()
    return f"{verb} {typed}" if _SAYABLE.fullmatch(typed) else verb


def status_words(status: OrderStatus) -> str:
    """Say a status as people read it: Partially shipped."""
    return status.value.replace("_", " ").capitalize()


def span(time: timedelta) -> str:
    """Say a span of time by its largest part, rounded down: 2 hours, 1 day, less than a minute."""
    for step, noun in _STEPS:
        if time >= step:
            return count(time // step, noun)
    return "less than a minute"


def due(ship_by: datetime, now: datetime) -> str:
    """Say how far off a promised time is: Ship in 2 hours, Late by 1 day."""
    return f"Late by {span(now - ship_by)}" if ship_by < now else f"Ship in {span(ship_by - now)}"


def day(at: datetime) -> str:
    """Say the day of a time in UTC: 3 Nov 2026."""
    return f"{at.day} {at:%b %Y}"


def moment(at: datetime) -> str:
    """Say a time in UTC: 3 Nov 2026, 14:05 UTC."""
    return f"{day(at)}, {at:%H:%M} UTC"


def ago(at: datetime, now: datetime) -> str:
    """Say how long ago something happened: just now, 4 minutes ago."""
    passed = now - at
    return f"{span(passed)} ago" if passed >= timedelta(minutes=1) else "just now"
