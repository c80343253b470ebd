"""Whose order it is: people's holds on orders, which end by themselves while they do nothing.

Nothing runs when one ends: who reads it judges it by the time of the last act and the store's setting (ADR 0052).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from hashlib import sha256
from typing import Final, NamedTuple

RENEWED_AFTER: Final = timedelta(minutes=1)
"""How old the last act must be before the next one is written."""


class OrderHolder(NamedTuple):
    """A person who has an order."""

    person: str
    since: datetime
    last_active: datetime
    """When the person last opened the order or shipped from it, give or take a minute."""

    def is_due(self, now: datetime) -> bool:
        """Return whether an act of the person at ``now`` is to be written."""
        return now - self.last_active >= RENEWED_AFTER


class Way(StrEnum):
    """How people change whose an order is. The values are stored in events."""

    TAKE_OVER = "take_over"
    JOIN = "join"
    HAND_OVER = "hand_over"


def standing(assignments: Iterable[OrderHolder], now: datetime, idle: timedelta) -> tuple[OrderHolder, ...]:
    """Return those that have not ended, the longest first."""
    return tuple(sorted((one for one in assignments if one.last_active > now - idle), key=lambda one: one.since))


def find_own(assignments: Iterable[OrderHolder], person: str) -> OrderHolder | None:
    """Return the person's own; None without one."""
    return next((one for one in assignments if one.person == person), None)


def mark_of(assignments: Sequence[OrderHolder]) -> str:
    """Return a text that differs whenever somebody else has the order, or since another time; empty if nobody has."""
    if not assignments:
        return ""
    return sha256(repr([(one.person, one.since) for one in assignments]).encode()).hexdigest()[:12]
