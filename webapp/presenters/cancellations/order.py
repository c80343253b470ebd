"""The screen that cancels an order: a receipt of what it would do; afterwards a notice of what it did."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final, NamedTuple
from uuid import uuid4

from webapp.domain.cancellation import CancellationPreview
from webapp.domain.progress import ItemProgress, OrderProgress
from webapp.domain.status_words import STATUS_WORDS
from webapp.domain.statuses import CLOSED_STATUSES, OrderStatus
from webapp.languages import _, ngettext, number, translate
from webapp.presenters.links import Links
from webapp.presenters.phrases import words
from webapp.presenters.phrases.reasons import reason_options
from webapp.presenters.phrases.sentences import Sentence, fill_in
from webapp.presenters.pieces import Fact, Notice, Option
from webapp.presenters.refusals import NO_REFUSAL, Refusal
from webapp.presenters.trail.words import place
from webapp.presenters.viewer import Viewer

SHOWN: Final = 12
"""Lines of the receipt shown at first; the others unfold, so that the form stays in reach."""

SHOWN_WAITING: Final = 3
"""Orders waiting for the stock that are named."""


@dataclass(frozen=True, slots=True)
class CancelledItem:
    name: str
    sku: str
    picture: str | None
    units: str
    """How many units will not ship; empty if nothing is left to cancel."""

    back: tuple[Sentence, ...]
    """Where units become available again, and how many."""

    stays: tuple[str, ...]
    """Units that release no stock, and units that have already shipped."""

    has_changed: bool


@dataclass(frozen=True, slots=True)
class ShippedItem:
    """A line with shipped units: taking those back is a return."""

    name: str
    shipped: str
    return_href: str
    """Where to book a return; empty if nothing can come back, or the viewer may not book it."""


@dataclass(frozen=True, slots=True)
class CancellationScreen:
    order_number: str
    customer_name: str
    status: OrderStatus
    order_href: str
    trail_href: str
    action: str
    """Where the form posts."""

    is_possible: bool
    why_not: str
    may_cancel: bool
    items: tuple[CancelledItem, ...]
    more_items: tuple[CancelledItem, ...]
    shipped_items: tuple[ShippedItem, ...]
    totals: tuple[Fact, ...]
    effects: tuple[str, ...]
    button_words: str
    """The button's label."""

    version: int
    key: str
    has_changed: bool
    message: str
    reasons: tuple[Option, ...]
    """Common reasons."""

    values: Mapping[str, str]
    reason_error: str


def present_cancellation(
    preview: CancellationPreview, viewer: Viewer, links: Links, refusal: Refusal = NO_REFUSAL
) -> CancellationScreen:
    """Build the screen."""
    order = preview.order
    changed_first = sorted(order.items, key=lambda item: (not preview.has_changed(item), item.position))
    items = tuple(_item(preview, item) for item in changed_first if item.remaining or preview.has_changed(item))
    return CancellationScreen(
        order_number=order.shown_number,
        customer_name=order.customer_name,
        status=order.status,
        order_href=links.order(order.id),
        trail_href=links.trail(order.id),
        action=links.cancel_order(order.id),
        is_possible=preview.is_possible,
        why_not="" if preview.is_possible else why_not(order.status),
        may_cancel=viewer.may_manage and preview.is_possible,
        items=items[:SHOWN],
        more_items=items[SHOWN:],
        shipped_items=tuple(_shipped_item(order, item, viewer, links) for item in order.items if item.shipped),
        totals=(
            Fact(_("Will not ship"), number(order.remaining)),
            Fact(_("Available again"), number(preview.released)),
            Fact(_("Already shipped"), number(order.shipped)),
        ),
        effects=tuple(_effects(preview)),
        button_words=ngettext(
            "Cancel %(num)s unit of %(order)s",
            "Cancel %(num)s units of %(order)s",
            order.remaining,
            order=order.shown_number,
        ),
        version=order.version,
        key=str(uuid4()),
        has_changed=preview.seen_version is not None,
        message=refusal.message,
        reasons=reason_options(viewer.settings.cancel_reasons),
        values=refusal.values,
        reason_error=refusal.errors.get("reason", ""),
    )


def cancelled_words(order_number: str, result: Mapping[str, Any] | None) -> Notice:
    """Return the notice of what cancelling an order released; with None, that it was cancelled before."""
    if result is None:
        return Notice(_("Order %(order)s was already cancelled. Nothing changed.", order=order_number), "info")
    if not result["released_units"]:
        sentence = _("Order %(order)s is cancelled. It held no stock, so nothing was released.", order=order_number)
        return Notice(sentence)
    sentence = _(
        "Order %(order)s is cancelled. %(units)s of %(items)s released.",
        order=order_number,
        units=words.units(result["released_units"]),
        items=words.items(result["released_count"]),
    )
    return Notice(sentence)


def why_not(status: OrderStatus) -> str:
    """Return why nothing of an order can be cancelled."""
    if status in CLOSED_STATUSES:
        name = translate(STATUS_WORDS[status].in_sentence)
        return _("The order is already %(status)s. Nothing more ships from it.", status=name)
    return _("Everything has shipped. What comes back is booked as a return, item by item.")


class HeldAt(NamedTuple):
    """A place where units of an item are reserved, and how many."""

    place: str
    units: int


def places_of(item: ItemProgress) -> tuple[HeldAt, ...]:
    """Return the places where the item's units are reserved, in walking order."""
    allocations = sorted(item.allocations, key=lambda allocation: allocation.walking_key)
    return tuple(HeldAt(place(one.warehouse, one.location), one.quantity) for one in allocations)


def _item(preview: CancellationPreview, item: ItemProgress) -> CancelledItem:
    return CancelledItem(
        name=words.item_name(item),
        sku=item.sku,
        picture=item.picture,
        units=words.units(item.remaining) if item.remaining else "",
        back=tuple(
            fill_in(_("%(units)s back to %(place)s"), ("units",), units=words.units(units), place=where)
            for where, units in places_of(item)
        ),
        stays=tuple(_stays(item)),
        has_changed=preview.has_changed(item),
    )


def _stays(item: ItemProgress) -> Iterable[str]:
    if item.unreserved:
        yield ngettext("%(num)s unit had no stock", "%(num)s units had no stock", item.unreserved)
    if item.shipped:
        yield ngettext("%(num)s unit already shipped", "%(num)s units already shipped", item.shipped)
    if not item.remaining:
        yield _("Nothing left to cancel")


def _shipped_item(order: OrderProgress, item: ItemProgress, viewer: Viewer, links: Links) -> ShippedItem:
    may_return = viewer.may_manage and item.returned < item.shipped and not item.is_placeholder
    return ShippedItem(
        name=words.item_name(item),
        shipped=ngettext("%(num)s unit shipped", "%(num)s units shipped", item.shipped),
        return_href=links.return_item(order.id, item.id) if may_return else "",
    )


def _effects(preview: CancellationPreview) -> Iterable[str]:
    """Return sentences about the effects that the figures do not show."""
    order = preview.order
    for waiting in preview.waiting[:SHOWN_WAITING]:
        yield ngettext(
            "%(num)s unit goes to %(order)s, which waits for it.",
            "%(num)s units go to %(order)s, which waits for them.",
            waiting.units,
            order=waiting.order_number,
        )
    further = preview.waiting[SHOWN_WAITING:]
    if further:
        yield ngettext(
            "%(num)s more order waits for what is released and gets %(units)s.",
            "%(num)s more orders wait for what is released and get %(units)s.",
            len(further),
            units=words.units(sum(waiting.units for waiting in further)),
        )
    if preview.released and not preview.waiting:
        yield _("Released units stay where they are and can be sold again.")
    if preview.unreserved:
        yield ngettext(
            "%(num)s unit had no stock reserved: nothing goes back for it.",
            "%(num)s units had no stock reserved: nothing goes back for them.",
            preview.unreserved,
        )
    if order.shipped:
        yield ngettext(
            "%(num)s unit has shipped and stays shipped. What comes back is booked as a return.",
            "%(num)s units have shipped and stay shipped. What comes back is booked as a return.",
            order.shipped,
        )
    if preview.open_exceptions:
        yield ngettext(
            "%(num)s open stock exception closes.", "%(num)s open stock exceptions close.", preview.open_exceptions
        )
    yield _("A cancelled order cannot be opened again.")
