"""The order to pick next, on the order list: customer, deadline, size, and the first place."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from webapp.domain.progress import OrderProgress
from webapp.languages import _, day, ngettext, number
from webapp.presenters.links import Links
from webapp.presenters.phrases import words
from webapp.presenters.phrases.moments import Moment, due
from webapp.presenters.trail.words import place


@dataclass(frozen=True, slots=True)
class NextOrder:
    """An order, as the first thing a packer sees."""

    href: str
    head: str
    number: str
    customer: str
    due: Moment
    is_late: bool
    units: str
    """How much is left to ship, and how much of it is reserved."""
    place: str
    """The first place of the walk."""
    more_places: str
    """How many more places follow; empty if there is one."""


def present_next_order(order: OrderProgress, links: Links, now: datetime, *, is_first: bool) -> NextOrder:
    """Build the panel of an order with reserved units. ``is_first``: none in the list is more urgent."""
    places = sorted(
        {
            (allocation.walking_key, allocation.warehouse, allocation.location)
            for one in order.items
            for allocation in one.allocations
        }
    )
    ready = sum(item.reserved for item in order.items)
    return NextOrder(
        href=links.pick(order.id),
        head=_("Next order to pick") if is_first else _("Next order to pick: the first with units ready"),
        number=order.shown_number,
        customer=order.customer_name,
        due=due(order.ship_by, now),
        is_late=order.ship_by < now,
        units=_units(order.remaining, ready),
        place=place(*places[0][1:]) if places else "",
        more_places=_more_places(len(places) - 1),
    )


def due_words(ship_by: datetime, now: datetime, *, is_open: bool) -> str:
    """Return when an order is to ship: how far off while it is open, afterwards the date."""
    return words.due(ship_by, now) if is_open else _("Due %(day)s", day=day(ship_by))


def _units(remaining: int, ready: int) -> str:
    if ready >= remaining:
        return ngettext("%(num)s unit to pick", "%(num)s units to pick", remaining)
    left = number(remaining)
    return ngettext("%(num)s of %(left)s units is ready", "%(num)s of %(left)s units are ready", ready, left=left)


def _more_places(count: int) -> str:
    return ngettext("and %(num)s more place", "and %(num)s more places", count) if count > 0 else ""
