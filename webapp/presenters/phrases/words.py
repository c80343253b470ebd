"""Numbers, statuses and times in words."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Final

from webapp.domain.causes import CAUSES
from webapp.domain.progress import ItemProgress, MissingUnits
from webapp.domain.status_words import STATUS_WORDS
from webapp.domain.statuses import OrderStatus
from webapp.languages import Reader, _, clock, day, ngettext, number, reader, time_of_day, translate, weekday_and_time
from webapp.presenters.phrases.days import day_of, days_between

MOST_COUNTED: Final = 999
"""Counts above this are shown as "999+"."""

DAYS_IN_WORDS: Final = 7
"""For so many days a past time reads "3 days ago"; an older one is a date."""

_HOUR: Final = timedelta(hours=1)
_MINUTE: Final = timedelta(minutes=1)


def units(number: int) -> str:
    """Return “1 unit”, “2 units”, “0 units”."""
    return ngettext("%(num)s unit", "%(num)s units", number)


def cancelled(number: int) -> str:
    """Return how many units are cancelled."""
    return ngettext("%(num)s unit cancelled", "%(num)s units cancelled", number)


def shipped_of(shipped: int, ordered: int, cancelled_units: int = 0) -> str:
    """Return how many units have shipped and how many never will: 2 of 5 units shipped, 1 unit cancelled."""
    text = ngettext(
        "%(shipped)s of %(num)s unit shipped", "%(shipped)s of %(num)s units shipped", ordered, shipped=number(shipped)
    )
    return (
        _("%(shipped)s, %(cancelled)s", shipped=text, cancelled=cancelled(cancelled_units)) if cancelled_units else text
    )


def item_name(item: ItemProgress) -> str:
    """Return an item's name; without name and code, its line's number."""
    return item.product_name or item.sku or _("Line %(position)s", position=item.position)


def items(number: int) -> str:
    """Return a number of an order's items."""
    return ngettext("%(num)s item", "%(num)s items", number)


def lines(number: int) -> str:
    """Return a number of lines."""
    return ngettext("%(num)s line", "%(num)s lines", number)


def orders(number: int) -> str:
    """Return a number of orders."""
    return ngettext("%(num)s order", "%(num)s orders", number)


def counted(count: int) -> str:
    """Return a number counted up to a limit: 14, or 999+."""
    return number(count) if count <= MOST_COUNTED else f"{number(MOST_COUNTED)}+"


def missing_units(missing: MissingUnits) -> str:
    """Return why units are missing, and how many: Not enough stock (2 units missing)."""
    return ngettext(
        "%(cause)s (%(num)s unit missing)",
        "%(cause)s (%(num)s units missing)",
        missing.quantity,
        cause=translate(CAUSES[missing.cause].words),
    )


def status_words(status: OrderStatus) -> str:
    """Return a status in words: Partially shipped."""
    return translate(STATUS_WORDS[status].label)


def due(ship_by: datetime, now: datetime) -> str:
    """Return how far off a promised time is: Ship in 2 hours, Ship by Tue 07:00, Late by 1 day.

    Days are those of the calendar, as in ``ago``.
    """
    minutes = abs(ship_by - now) // _MINUTE
    return _due(ship_by, ship_by < now, minutes if minutes < 60 else minutes - minutes % 60, day_of(now), reader())


@lru_cache(4096)  # A list says it of each row, and an hour later most rows still say the same.
def _due(ship_by: datetime, is_late: bool, minutes: int, today: date, _reader: Reader) -> str:
    days = (day_of(ship_by) - today).days
    return _late(minutes, -days) if is_late else _ship_in(ship_by, minutes, days)


def _late(minutes: int, days: int) -> str:
    if not minutes:
        return _("Late by less than a minute")
    if minutes < 60:
        return ngettext("Late by %(num)s minute", "Late by %(num)s minutes", minutes)
    if days:
        return ngettext("Late by %(num)s day", "Late by %(num)s days", days)
    return ngettext("Late by %(num)s hour", "Late by %(num)s hours", minutes // 60)


def _ship_in(ship_by: datetime, minutes: int, days: int) -> str:
    if not minutes:
        return _("Ship in less than a minute")
    if minutes < 60:
        return ngettext("Ship in %(num)s minute", "Ship in %(num)s minutes", minutes)
    if not days:
        return ngettext("Ship in %(num)s hour", "Ship in %(num)s hours", minutes // 60)
    return _("Ship by %(when)s", when=weekday_and_time(ship_by) if days < DAYS_IN_WORDS else day(ship_by))


def moment(at: datetime) -> str:
    """Return a time in the store's zone, for people who know the zone: 3 Nov 2026, 14:05."""
    return f"{day(at)}, {clock(at)}"


def exact_moment(at: datetime) -> str:
    """Return a time in the store's zone, with the zone, as on hover and paper: 3 Nov 2026, 14:05 CET."""
    return f"{day(at)}, {time_of_day(at)}"


def ago(at: datetime, now: datetime) -> str:
    """Return how long ago something happened: just now, 4 minutes ago, 1 day ago.

    Days are those of the calendar in the store's zone, not spans of 24 hours, so every screen counts the same.
    """
    passed = now - at
    if passed < _MINUTE:
        return _("just now")
    if passed < _HOUR:
        return ngettext("%(num)s minute ago", "%(num)s minutes ago", passed // _MINUTE)
    if days := days_between(at, now):
        return ngettext("%(num)s day ago", "%(num)s days ago", days)
    return ngettext("%(num)s hour ago", "%(num)s hours ago", passed // _HOUR)
