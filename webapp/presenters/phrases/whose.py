"""Says whose an order is, and since when."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from webapp.domain.assignments import OrderHolder
from webapp.languages import _, clock, day, ngettext, weekday_and_time
from webapp.presenters.phrases.days import days_between
from webapp.presenters.phrases.sentences import listed
from webapp.presenters.phrases.words import DAYS_IN_WORDS


def say_whose(holders: Sequence[OrderHolder], actor: str) -> str:
    """Return with whom the order is, the reader first; empty for nobody."""
    people = [one.person for one in holders if one.person != actor]
    if len(people) == len(holders):
        return _("With %(people)s", people=listed(people)) if people else ""
    return _("With you and %(people)s", people=listed(people)) if people else _("With you")


def say_since(holders: Sequence[OrderHolder], now: datetime) -> str:
    """Return since when it is with the first of them; empty for nobody."""
    return _("since %(when)s", when=since_words(holders[0].since, now)) if holders else ""


def say_who_packs(holders: Sequence[OrderHolder], now: datetime) -> str:
    """Return who packs the order and since when, as a sentence for others."""
    people = listed([one.person for one in holders])
    return ngettext(
        "%(people)s is packing this order, since %(since)s",
        "%(people)s are packing this order, since %(since)s",
        len(holders),
        people=people,
        since=since_words(holders[0].since, now),
    )


def since_words(at: datetime, now: datetime) -> str:
    """Return the time of day; if not today its weekday too, and after a week the date."""
    days = days_between(at, now)
    if days >= DAYS_IN_WORDS:
        return day(at)
    return weekday_and_time(at) if days else clock(at)
