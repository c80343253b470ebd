"""What a pick screen says of an order that was cancelled, refunded or put on hold while it was in hand."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from webapp.domain.progress import OrderProgress
from webapp.domain.statuses import StatusChanged
from webapp.languages import _, ngettext
from webapp.presenters.links import Links
from webapp.presenters.orders.closed import ClosedBanner, present_closed
from webapp.presenters.phrases import words
from webapp.presenters.picking import status_sentences as sentences
from webapp.presenters.trail.words import place
from webapp.presenters.viewer import Viewer


class Released(Protocol):
    """Units of an item that lay reserved at a place."""

    @property
    def item_id(self) -> int: ...

    @property
    def warehouse(self) -> str: ...

    @property
    def location(self) -> str: ...

    @property
    def quantity(self) -> int: ...


@dataclass(frozen=True, slots=True)
class PutBackLine:
    """Units to put back, at most, and where."""

    what: str
    """2 × Widget A."""
    where: str


@dataclass(frozen=True, slots=True)
class Stopped:
    """Why nothing ships any more, who did it, and what to put back where."""

    title: str
    words: str
    closed: ClosedBanner | None
    """Who closed it, why and when."""
    put_back: tuple[PutBackLine, ...]
    in_parcel: str
    """What has shipped stays where it is; empty if nothing has."""
    next_href: str
    """Where the button leads that acknowledges it."""


def present_stopped(
    order: OrderProgress,
    closed: StatusChanged | None,
    released: Iterable[Released],
    viewer: Viewer,
    links: Links,
    now: datetime,
) -> Stopped | None:
    """Build the panel; None while the order may be picked, or for people who do not pick. ``closed`` says how a closed
    order got its status, and ``released`` what that released."""
    is_held = order.hold is not None and order.may_ship
    if not viewer.picks or not (closed or is_held):
        return None
    banner = present_closed(closed, now) if closed else None
    reserved = [
        PutBackLine(_what(order, item.id, allocation.quantity), place(allocation.warehouse, allocation.location))
        for item in order.items
        for allocation in item.allocations
    ]
    freed = [
        PutBackLine(_what(order, one.item_id, one.quantity), place(one.warehouse, one.location)) for one in released
    ]
    left = order.shipped - sum(item.returned for item in order.items)
    return Stopped(
        title=banner.title if banner else _("Do not go on: this order is on hold"),
        words=sentences.closed_words(order) if closed else sentences.pending_words(order, viewer),
        closed=banner,
        put_back=tuple(freed if closed else reserved),
        in_parcel=ngettext(
            "%(num)s unit has shipped. Leave it in its parcel and ask a manager.",
            "%(num)s units have shipped. Leave them in their parcels and ask a manager.",
            left,
        )
        if closed and left
        else "",
        next_href=links.next_after(order.id),
    )


def _what(order: OrderProgress, item_id: int, units: int) -> str:
    item = order.item(item_id)
    return f"{units} × {words.item_name(item) if item else ''}"
