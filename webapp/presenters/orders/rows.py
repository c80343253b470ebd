"""The rows of the order list.

A row is built once per order state, language, zone and time left, and reused: most rows of a list are unchanged since
the list before. ``mark`` is computed with it, since polls compare whole lists.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from hashlib import sha256
from typing import Final

from webapp.domain.assignments import standing
from webapp.domain.holds import HOLDS, Hold
from webapp.domain.listed_orders import ListedOrder
from webapp.domain.statuses import CLOSED_STATUSES, OPEN_STATUSES, OrderStatus
from webapp.languages import Reader, _, ngettext, reader, translate
from webapp.presenters.links import Links
from webapp.presenters.orders.next_order import due_words
from webapp.presenters.phrases import words
from webapp.presenters.phrases.moments import Moment
from webapp.presenters.phrases.whose import say_since, say_whose, since_words
from webapp.presenters.viewer import Viewer

_MOST: Final = 4096
"""Rows kept, about two kilobytes each."""


@dataclass(frozen=True, slots=True)
class OrderListRow:
    """One order in the list."""

    mark: str
    """Hash of everything the row shows."""

    id: int
    href: str
    leads_to_pick: bool
    """The row itself links to the pick screen."""
    pick_href: str
    """The pick screen, if the viewer may ship and the row links elsewhere; else empty."""
    number: str
    customer: str
    due: Moment
    is_late: bool
    status: OrderStatus
    status_words: str
    shipped: int
    ordered: int
    units: str
    items: str
    exceptions: str
    """Open stock exceptions in words; empty when there are none."""
    packer: str
    """Why it is on hold, with whom it is, or who began it; empty if nobody has."""
    since: str
    """Since when it is with them."""

    def __hash__(self) -> int:
        return hash(self.mark)


@dataclass(frozen=True, slots=True, eq=False)  # Compared by identity; ``_look`` makes one of each kind.
class _Look:
    """What every row of a list depends on besides the orders."""

    may_ship: bool
    may_manage: bool
    links: Links
    reader: Reader


_look: Final = lru_cache(128)(_Look)


def present_rows(
    orders: Sequence[ListedOrder], viewer: Viewer, now: datetime, links: Links
) -> tuple[OrderListRow, ...]:
    """Build the rows for ``viewer``."""
    look = _look(viewer.may_ship, viewer.may_manage, links, reader())
    return tuple(
        _row(
            order,
            due_words(order.ship_by, now, is_open=order.status in OPEN_STATUSES),
            order.status in OPEN_STATUSES and order.ship_by < now,
            *_packer(order, viewer, now),
            look,
        )
        for order in orders
    )


@lru_cache(_MOST)
def _row(order: ListedOrder, due: str, is_late: bool, packer: str, since: str, look: _Look) -> OrderListRow:
    is_open = order.status in OPEN_STATUSES
    is_started = is_open and order.status is not OrderStatus.PENDING and order.hold is None
    pick_href = look.links.pick(order.id) if is_started and look.may_ship else ""
    leads_to_pick = bool(pick_href) and not look.may_manage
    row = OrderListRow(
        mark="",
        id=order.id,
        href=pick_href if leads_to_pick else look.links.order(order.id),
        leads_to_pick=leads_to_pick,
        pick_href="" if leads_to_pick else pick_href,
        number=order.shown_number,
        customer=order.customer_name,
        due=Moment(order.ship_by.isoformat(timespec="minutes"), due, words.exact_moment(order.ship_by)),
        is_late=is_late,
        status=order.status,
        status_words=words.status_words(order.status),
        shipped=order.shipped_units,
        ordered=order.ordered_units - (0 if order.status in CLOSED_STATUSES else order.cancelled_units),
        units=words.shipped_of(order.shipped_units, order.ordered_units, order.cancelled_units),
        items=words.items(order.item_count),
        exceptions=_exceptions(order.open_exceptions),
        packer=(_held(order.hold) or packer) if is_open else "",
        since=since if is_open and order.hold is None else "",
    )
    return replace(row, mark=sha256(repr(row).encode()).hexdigest()[:16])


def _exceptions(count: int) -> str:
    return ngettext("%(num)s exception", "%(num)s exceptions", count) if count else ""


def _held(hold: Hold | None) -> str:
    return _("On hold: %(why)s", why=translate(HOLDS[hold])) if hold else ""


def _packer(order: ListedOrder, viewer: Viewer, now: datetime) -> tuple[str, str]:
    if order.assignments and (whose := standing(order.assignments, now, viewer.settings.idle_time)):
        return say_whose(whose, viewer.actor), say_since(whose, now)
    if order.packed_by is None or order.packed_since is None:
        return "", ""
    since = since_words(order.packed_since, now)
    if order.packed_by == viewer.actor:
        return _("Begun by you"), since
    return _("Begun by %(person)s", person=order.packed_by), since
