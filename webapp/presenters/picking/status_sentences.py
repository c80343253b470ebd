"""Sentences of the shipment-status panel about an order's units and items."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from enum import StrEnum

from webapp.domain.holds import HOLDS, Hold
from webapp.domain.progress import OrderProgress
from webapp.domain.statuses import OrderStatus
from webapp.languages import _, ngettext, translate
from webapp.presenters.phrases import words
from webapp.presenters.viewer import Viewer


class ItemState(StrEnum):
    """An item's state; each has its word and its shape."""

    DONE = "done"
    STARTED = "started"
    BLOCKED = "blocked"
    WAITING = "waiting"
    CANCELLED = "cancelled"


def state_words(state: ItemState) -> str:
    """Return a state in words."""
    match state:
        case ItemState.DONE:
            return _("Complete")
        case ItemState.STARTED:
            return _("Started")
        case ItemState.BLOCKED:
            return _("Waiting")
        case ItemState.WAITING:
            return _("To pick")
        case ItemState.CANCELLED:
            return _("Cancelled")


def counted_words(state: ItemState, items: int) -> str:
    """Return how many items are in a state."""
    match state:
        case ItemState.DONE:
            return ngettext("%(num)s complete", "%(num)s complete", items)
        case ItemState.STARTED:
            return ngettext("%(num)s started", "%(num)s started", items)
        case ItemState.BLOCKED:
            return ngettext("%(num)s waits for stock or a person", "%(num)s wait for stock or a person", items)
        case ItemState.WAITING:
            return ngettext("%(num)s to pick", "%(num)s to pick", items)
        case ItemState.CANCELLED:
            return ngettext("%(num)s item cancelled", "%(num)s items cancelled", items)


def units_words(order: OrderProgress) -> str:
    """Return how many units have shipped: 2 of 5 units shipped, 1 unit cancelled."""
    return words.shipped_of(order.shipped, order.ordered, order.cancelled)


def items_words(states: Iterable[ItemState]) -> str:
    """Return how many items are complete: 1 of 3 items."""
    counted = Counter(states)
    return ngettext(
        "%(done)s of %(num)s item", "%(done)s of %(num)s items", counted.total(), done=counted[ItemState.DONE]
    )


def closed_words(order: OrderProgress) -> str:
    """Return that the order is closed, and what that means; empty while it is open."""
    if order.status is OrderStatus.CANCELLED and any(item.returned for item in order.items):
        return _("This order is cancelled. Nothing ships from it any more.")  # It came back: nobody holds any of it.
    if order.status is OrderStatus.CANCELLED:
        return _("This order is cancelled. Nothing ships from it any more. Put back what you have picked.")
    if order.status is OrderStatus.REFUNDED:
        return _("This order is refunded. Nothing ships from it any more.")
    return ""


def hold_words(hold: Hold) -> str:
    """Return why nobody ships the order yet."""
    why = translate(HOLDS[hold])
    return _("On hold: %(why)s. It ships once the shop or a manager releases it.", why=why)


def pending_words(order: OrderProgress, viewer: Viewer) -> str:
    """Return who must release or start the order before anything is picked; empty once it is picked."""
    if order.hold is not None and order.may_ship:
        return hold_words(order.hold)
    if order.is_started:
        return ""
    if viewer.may_manage:
        return _("Not started: nothing is reserved or picked yet. Start it with “Start processing”.")
    return _("Not started: nothing is reserved or picked yet. A manager must start this order first.")


def rest_words(order: OrderProgress) -> str:
    """Return that only waiting units are left; empty before anything has shipped."""
    if not order.shipped or not order.may_ship or not order.holds_stock:
        return ""
    left = [item for item in order.items if not item.is_done]
    if any(item.reserved for item in left):
        return ""
    return ngettext(
        "Everything that is ready has shipped. %(num)s item is waiting.",
        "Everything that is ready has shipped. %(num)s items are waiting.",
        len(left),
    )
