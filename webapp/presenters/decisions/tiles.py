"""The tiles that count what is to decide and link to it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from webapp.domain.causes import Cause
from webapp.domain.statuses import OrderStatus
from webapp.domain.stock import StockFilter
from webapp.languages import _
from webapp.presenters.links import Links
from webapp.presenters.phrases import words


@dataclass(frozen=True, slots=True)
class DecisionCounts:
    """Counts of what is to decide, each exact up to ``words.MOST_COUNTED``."""

    orders_to_start: int
    late_orders: int
    unknown_lines: int
    exceptions: Mapping[Cause, int]
    places_to_count: int

    @property
    def open_exceptions(self) -> int:
        """Exceptions of all causes."""
        return sum(self.exceptions.values())

    @property
    def is_none(self) -> bool:
        """Return whether nothing is to decide."""
        return not (
            self.orders_to_start
            or self.late_orders
            or self.unknown_lines
            or self.open_exceptions
            or self.places_to_count
        )


@dataclass(frozen=True, slots=True)
class Tile:
    """A number, and where it leads."""

    number: str
    words: str
    href: str
    icon: str
    tone: str
    """``calm`` if nothing waits, ``late`` if a promise was missed, else ``waiting``."""


def present_decisions(waiting: DecisionCounts, links: Links) -> tuple[Tile, ...]:
    """Build the tiles, in the order a manager works through them in the morning."""
    return (
        _tile(waiting.late_orders, _("Late orders"), links.orders(late=1), "clock", tone="late"),
        _tile(waiting.orders_to_start, _("Orders to start"), links.orders(status=OrderStatus.PENDING), "inbox"),
        _tile(waiting.unknown_lines, _("Lines to match"), links.matches(), "link"),
        _tile(waiting.open_exceptions, _("Open exceptions"), links.open_exceptions(), "triangle-alert"),
        _tile(waiting.places_to_count, _("Places to count"), links.stock(show=StockFilter.TO_COUNT), "warehouse"),
    )


def _tile(count: int, label: str, href: str, icon: str, tone: str = "waiting") -> Tile:
    return Tile(words.counted(count), label, href, icon if count else "circle-check", tone if count else "calm")
