"""Cancelling on screen: what it would do, as a receipt, and afterwards what it did."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import uuid4

from webapp.domain.cancellation import CancellationPreview, released_by_cancelling
from webapp.domain.progress import ItemProgress, OrderProgress
from webapp.domain.statuses import CLOSED_STATUSES, OrderStatus
from webapp.presenters import words
from webapp.presenters.audit_sentences import place
from webapp.presenters.refusals import Refusal
from webapp.presenters.viewer import Viewer

_NO_REFUSAL: Final = Refusal("")

SHOWN: Final = 12
"""Lines of the receipt that are open to see; the rest unfold, so that an order of hundreds keeps its form in reach."""


@dataclass(frozen=True, slots=True)
class CancelledLine:
    """One line of the receipt; units."""

    name: str
    sku: str
    cancelled: int
    shipped: int
    places: tuple[tuple[str, int], ...]
    """Where units become available again, and how many."""

    missing: int
    """Units that no stock was reserved for."""

    has_changed: bool


@dataclass(frozen=True, slots=True)
class ShippedLine:
    """A line of which units have left: what comes back is a return."""

    name: str
    shipped: int
    return_path: str
    """Empty where nothing can come back any more, and for those who may not book it."""


@dataclass(frozen=True, slots=True)
class CancellationScreen:
    """The whole screen."""

    order_number: str
    customer_name: str
    status: OrderStatus
    path: str
    """The order's own."""

    is_possible: bool
    why_not: str
    may_cancel: bool
    lines: tuple[CancelledLine, ...]
    more_lines: tuple[CancelledLine, ...]
    shipped_lines: tuple[ShippedLine, ...]
    figures: tuple[tuple[str, int], ...]
    effects: tuple[str, ...]
    version: int
    key: str
    has_changed: bool
    message: str
    reasons: tuple[tuple[str, str], ...]
    """What is often the reason, as (value, words) pairs."""

    typed: Mapping[str, str]
    reason_error: str


@dataclass(frozen=True, slots=True)
class ItemCancellationScreen:
    """Cancelling units of one item."""

    order_number: str
    path: str
    item_id: int
    name: str
    sku: str
    remaining: int
    figures: tuple[tuple[str, int], ...]
    places: tuple[tuple[str, int], ...]
    effect: str
    why_not: str
    may_cancel: bool
    key: str
    quantity: str
    quantity_error: str
    reason: str
    reason_error: str
    message: str


def present_cancellation(
    preview: CancellationPreview,
    viewer: Viewer,
    path: str,
    reasons: Sequence[str],
    refusal: Refusal = _NO_REFUSAL,
) -> CancellationScreen:
    """Build the screen; ``path`` is the order's own, ``reasons`` are offered to choose from."""
    order = preview.order
    changed_first = sorted(order.items, key=lambda item: (not preview.has_changed(item), item.position))
    lines = tuple(_line(preview, item) for item in changed_first if item.remaining or preview.has_changed(item))
    return CancellationScreen(
        order_number=order.order_number,
        customer_name=order.customer_name,
        status=order.status,
        path=path,
        is_possible=preview.is_possible,
        why_not="" if preview.is_possible else _why_not(order.status),
        may_cancel=viewer.may_manage and preview.is_possible,
        lines=lines[:SHOWN],
        more_lines=lines[SHOWN:],
        shipped_lines=tuple(_shipped_line(item, viewer, path) for item in order.items if item.shipped),
        figures=(
            ("Will not ship", order.remaining),
            ("Available again", preview.released),
            ("Left already", order.shipped),
        ),
        effects=tuple(_effects(preview)),
        version=order.version,
        key=str(uuid4()),
        has_changed=preview.seen_version is not None,
        message=refusal.message,
        reasons=tuple((reason, reason) for reason in reasons),
        typed=refusal.typed,
        reason_error=refusal.errors.get("reason", ""),
    )


def present_item_cancellation(
    order: OrderProgress, item: ItemProgress, viewer: Viewer, path: str, refusal: Refusal = _NO_REFUSAL
) -> ItemCancellationScreen:
    """Build the screen for one item; ``path`` is the order's own."""
    why_not = _why_no_units(order, item)
    return ItemCancellationScreen(
        order_number=order.order_number,
        path=path,
        item_id=item.id,
        name=item.product_name or item.sku or f"Line {item.position}",
        sku=item.sku,
        remaining=item.remaining,
        figures=(
            ("Ordered", item.ordered),
            ("Shipped", item.shipped),
            ("Cancelled", item.cancelled),
            ("Left to ship", item.remaining),
        ),
        places=_places(item),
        effect=_item_effect(item),
        why_not=why_not,
        may_cancel=viewer.may_manage and not why_not,
        key=str(uuid4()),
        quantity=refusal.typed.get("quantity", str(item.remaining)),
        quantity_error=refusal.errors.get("quantity", ""),
        reason=refusal.typed.get("reason", ""),
        reason_error=refusal.errors.get("reason", ""),
        message=refusal.message,
    )


def cancelled_words(order_number: str, result: Mapping[str, Any] | None) -> tuple[str, str]:
    """Return (sentence, kind of notice) for what cancelling an order released; None: it was cancelled before."""
    if result is None:
        return f"Order {order_number} was cancelled already. Nothing changed.", "info"
    released = result["released_units"]
    if not released:
        return f"Order {order_number} is cancelled. It held no stock, so nothing was released.", "success"
    items = words.count(result["released_count"], "item")
    return f"Order {order_number} is cancelled. {words.units(released)} of {items} released.", "success"


def item_cancelled_words(name: str, quantity: int) -> tuple[str, str]:
    """Return (sentence, kind of notice) for units of an item that were cancelled."""
    return f"{words.units(quantity)} of {name} cancelled.", "success"


def _why_not(status: OrderStatus) -> str:
    if status in CLOSED_STATUSES:
        return f"The order is {words.status_words(status).lower()} already. Nothing ships from it any more."
    return "Everything has left the building. What comes back is booked as a return, item by item."


def _why_no_units(order: OrderProgress, item: ItemProgress) -> str:
    if order.status in CLOSED_STATUSES:
        return _why_not(order.status)
    if not item.remaining:
        return "Nothing of this item is left to ship, so nothing can be cancelled."
    return ""


def _line(preview: CancellationPreview, item: ItemProgress) -> CancelledLine:
    return CancelledLine(
        name=item.product_name or item.sku or f"Line {item.position}",
        sku=item.sku,
        cancelled=item.remaining,
        shipped=item.shipped,
        places=_places(item),
        missing=item.unreserved,
        has_changed=preview.has_changed(item),
    )


def _shipped_line(item: ItemProgress, viewer: Viewer, path: str) -> ShippedLine:
    may_return = viewer.may_manage and item.returned < item.shipped and not item.is_placeholder
    return ShippedLine(
        name=item.product_name or item.sku or f"Line {item.position}",
        shipped=item.shipped,
        return_path=f"{path}/items/{item.id}/returns" if may_return else "",
    )


def _places(item: ItemProgress) -> tuple[tuple[str, int], ...]:
    claims = sorted(item.claims, key=lambda claim: claim.walking_key)
    return tuple((place(claim.warehouse, claim.location), claim.quantity) for claim in claims)


def _effects(preview: CancellationPreview) -> Iterable[str]:
    """Say what cancelling means beyond the figures."""
    order = preview.order
    if preview.released and preview.waiting_orders:
        waiting = words.count(preview.waiting_orders, "order")
        verb = "waits" if preview.waiting_orders == 1 else "wait"
        yield f"{waiting} {verb} for what is released and will have it reserved at once."
    elif preview.released:
        yield "What is released stays where it lies and can be sold again."
    if preview.unreserved:
        yield f"{words.units(preview.unreserved)} had no stock reserved: nothing goes back for them."
    if order.shipped:
        stay = "has left and stays" if order.shipped == 1 else "have left and stay"
        yield f"{words.units(order.shipped)} {stay} shipped. What comes back is booked as a return."
    if preview.open_exceptions:
        closes = "closes" if preview.open_exceptions == 1 else "close"
        yield f"{words.count(preview.open_exceptions, 'open stock exception')} {closes}."
    yield "A cancelled order cannot be opened again."


def _item_effect(item: ItemProgress) -> str:
    """Say which units are given back first."""
    if not item.reserved:
        return "No stock is reserved for this item, so nothing goes back."
    if item.unreserved:
        least = item.unreserved + 1
        return (
            f"{words.units(item.unreserved)} had no stock and go first. From {least} on, reserved units are released."
        )
    whole = released_by_cancelling(item, item.remaining)
    return f"Each cancelled unit is released: up to {words.units(whole)}."
