"""Starting all orders that wait for it: the button, and what came of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from webapp.languages import _, ngettext, number
from webapp.presenters.links import Links
from webapp.presenters.pieces import Notice


class ToStart(Protocol):
    """How many orders can be started, and the newest of them."""

    @property
    def orders(self) -> int: ...
    @property
    def newest(self) -> int: ...


class StartedOrders(Protocol):
    """What starting did."""

    @property
    def orders(self) -> int: ...
    @property
    def reserved_units(self) -> int: ...
    @property
    def waiting_units(self) -> int: ...


@dataclass(frozen=True, slots=True)
class StartButton:
    """The button that starts them, with the newest order that the person saw counted."""

    path: str
    newest: int
    words: str


def present_start(to_start: ToStart, links: Links) -> StartButton | None:
    """Build the button; None if there is nothing to start."""
    if not to_start.orders:
        return None
    words = ngettext("Start %(num)s order", "Start %(num)s orders", to_start.orders)
    return StartButton(links.order_starts, to_start.newest, words)


def started_words(started: StartedOrders, left: int) -> Notice | None:
    """Return how many orders were started, what they wait for, and how many are left; None if none was started of those
    that are left."""
    if not started.orders:
        return None if left else Notice(_("There was nothing to start any more."), "info")
    words = [ngettext("%(num)s order is started.", "%(num)s orders are started.", started.orders)]
    if started.reserved_units:
        words.append(ngettext("%(num)s unit is reserved.", "%(num)s units are reserved.", started.reserved_units))
    if started.waiting_units:
        words.append(
            ngettext(
                "%(num)s unit waits for stock or a product.",
                "%(num)s units wait for stock or a product.",
                started.waiting_units,
            )
        )
    if left:
        words.append(_("%(num)s more can be started.", num=number(left)))
    return Notice(" ".join(words))
