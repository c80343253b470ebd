"""The page of one order: its items, its parcels, and what may be done with it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from webapp.domain.progress import ItemProgress, OrderProgress, Parcel, ParcelLine
from webapp.domain.statuses import OrderStatus, may_change
from webapp.presenters import words
from webapp.presenters.shipment_status import ShipmentStatusPanel, present_shipment_status
from webapp.presenters.viewer import Viewer


@dataclass(frozen=True, slots=True)
class ItemRow:
    """One item in the table; units."""

    name: str
    codes: str
    ordered: int
    shipped: int
    remaining: int
    reserved: int
    notes: tuple[str, ...]
    actions: tuple[tuple[str, str], ...]
    """What may be done with its units, for a manager: words and path."""


@dataclass(frozen=True, slots=True)
class ParcelLineRow:
    """Units of an item in a parcel."""

    words: str
    by: str
    taken_back: str
    """By whom and when it was taken back; empty where it was not."""
    undo_path: str
    """Where to take it back; empty for those who may not, or when it is too late."""


@dataclass(frozen=True, slots=True)
class ParcelCard:
    """One parcel."""

    title: str
    state: str
    lines: tuple[ParcelLineRow, ...]


@dataclass(frozen=True, slots=True)
class StatusAction:
    """A status that a manager may set, with what it does."""

    status: OrderStatus
    label: str
    effect: str
    is_main: bool
    is_grave: bool
    """Much happens at once: it is asked for twice."""


@dataclass(frozen=True, slots=True)
class OrderPage:
    """The whole page."""

    order_number: str
    customer_name: str
    path: str
    due: str
    """How far off the promised time is; empty once everything has left."""
    is_late: bool
    facts: tuple[tuple[str, str], ...]
    items: tuple[ItemRow, ...]
    parcels: tuple[ParcelCard, ...]
    actions: tuple[StatusAction, ...]
    may_pick: bool
    may_cancel: bool
    status: ShipmentStatusPanel


def present_order_page(
    order: OrderProgress,
    parcels: Sequence[Parcel],
    viewer: Viewer,
    path: str,
    now: datetime,
    undo_window: timedelta,
    message: str = "",
) -> OrderPage:
    """Build the page; ``path`` is the order's own, ``message`` a refusal."""
    return OrderPage(
        order_number=order.order_number,
        customer_name=order.customer_name,
        path=path,
        due=words.due(order.ship_by, now) if order.may_ship else "",
        is_late=order.ship_by < now and order.may_ship,
        facts=_facts(order),
        items=tuple(_item_row(order, item, path if viewer.may_manage else "") for item in order.items),
        parcels=tuple(
            _parcel_card(order, number, parcel, viewer, path, now, undo_window)
            for number, parcel in enumerate(parcels, start=1)
        ),
        actions=tuple(_actions(order)) if viewer.may_manage else (),
        may_pick=viewer.may_ship and order.may_ship,
        may_cancel=viewer.may_manage and may_change(order.status, OrderStatus.CANCELLED),
        status=present_shipment_status(order, viewer, path, now, message),
    )


def _facts(order: OrderProgress) -> tuple[tuple[str, str], ...]:
    facts = (
        ("Customer", order.customer_name),
        ("Ship by", words.moment(order.ship_by)),
        ("Ordered", words.moment(order.ordered_at)),
        ("Channel", order.channel),
    )
    return tuple((word, value) for word, value in facts if value)


def _item_row(order: OrderProgress, item: ItemProgress, path: str) -> ItemRow:
    notes = [words.gap(gap) for gap in item.gaps]
    if not notes and order.may_ship and order.holds_stock and item.unreserved:
        notes.append(f"On backorder ({words.units(item.unreserved)})")
    if item.cancelled:
        notes.append(f"{words.units(item.cancelled)} cancelled")
    if item.returned:
        notes.append(f"{words.units(item.returned)} returned")
    return ItemRow(
        item.product_name,
        item.codes,
        item.ordered,
        item.shipped,
        item.remaining,
        item.reserved,
        tuple(notes),
        tuple(_item_actions(order, item, path)) if path else (),
    )


def _item_actions(order: OrderProgress, item: ItemProgress, path: str) -> Iterable[tuple[str, str]]:
    if order.may_ship and item.remaining:
        yield "Cancel units", f"{path}/items/{item.id}/cancellation"
    if item.shipped > item.returned:
        yield "Book a return", f"{path}/items/{item.id}/returns"


def _parcel_card(
    order: OrderProgress,
    number: int,
    parcel: Parcel,
    viewer: Viewer,
    path: str,
    now: datetime,
    undo_window: timedelta,
) -> ParcelCard:
    if parcel.closed_at:
        state = f"Packed by {parcel.packed_by}, closed {words.ago(parcel.closed_at, now)}"
    else:
        state = f"Open: {parcel.packed_by} packs it"
    carrier = " ".join(part for part in (parcel.carrier, parcel.tracking_number) if part)
    return ParcelCard(
        title=f"Parcel {number}",
        state=f"{state}. {carrier}" if carrier else state,
        lines=tuple(
            _line_row(order, line, path if _may_undo(order, line, viewer, now, undo_window) else "", now)
            for line in parcel.lines
        ),
    )


def _line_row(order: OrderProgress, line: ParcelLine, undo_below: str, now: datetime) -> ParcelLineRow:
    packed = line.packed
    item = order.item(packed.item_id)
    return ParcelLineRow(
        words=f"{packed.quantity} × {item.product_name if item else ''}",
        by=f"{packed.shipped_by}, {words.ago(packed.shipped_at, now)}",
        taken_back=f"taken back by {line.undone_by}, {words.ago(line.undone_at, now)}" if line.undone_at else "",
        undo_path=f"{undo_below}/shipment-lines/{packed.id}/reversal" if undo_below else "",
    )


def _may_undo(order: OrderProgress, line: ParcelLine, viewer: Viewer, now: datetime, window: timedelta) -> bool:
    item = order.item(line.packed.item_id)
    return (
        order.may_undo
        and line.undone_at is None
        and viewer.may_undo(line.packed.shipped_by)
        and now - line.packed.shipped_at <= window
        and item is not None
        and item.shipped - line.packed.quantity >= item.returned
    )


def _actions(order: OrderProgress) -> Iterable[StatusAction]:
    left = words.units(order.remaining)
    known = (
        StatusAction(
            OrderStatus.PROCESSING,
            "Start processing",
            f"Reserves {left}. What stock lacks waits as a backorder.",
            is_main=True,
            is_grave=False,
        ),
        StatusAction(
            OrderStatus.SHIPPED,
            "Mark as shipped",
            f"Ships the {left} that are left, as far as stock goes, and closes the order. "
            "What stock lacks is listed as an exception for somebody to settle.",
            is_main=False,
            is_grave=True,
        ),
        StatusAction(
            OrderStatus.DELIVERED, "Mark as delivered", "The customer has it. Stock stays as it is.", True, False
        ),
        StatusAction(
            OrderStatus.REFUNDED,
            "Mark as refunded",
            "The customer got the money back. Stock stays as it is: book units that come back as a return.",
            is_main=False,
            is_grave=True,
        ),
    )
    return (action for action in known if may_change(order.status, action.status))
