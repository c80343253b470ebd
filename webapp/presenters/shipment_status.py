"""The shipment-status panel: how much has left, how each item stands, who packed last, and what can be taken back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final
from uuid import uuid4

from webapp.domain.progress import ItemProgress, OrderProgress, PackedLine
from webapp.domain.statuses import CLOSED_STATUSES, OrderStatus
from webapp.presenters import words
from webapp.presenters.viewer import Viewer

MAX_LINES: Final = 30
"""Items named in the panel; an order of hundreds is summed up instead."""


class ItemState(StrEnum):
    """How an item stands: each has its word and its icon."""

    DONE = "done"
    STARTED = "started"
    BLOCKED = "blocked"
    WAITING = "waiting"
    GONE = "gone"


_STATE_WORDS: Final = {
    ItemState.DONE: "complete",
    ItemState.STARTED: "started",
    ItemState.BLOCKED: "waiting for stock or a person",
    ItemState.WAITING: "to pick",
    ItemState.GONE: "cancelled",
}

_PENDING: Final = "Nothing is reserved for this order yet. What ships comes from stock that is free."

_TELLING: Final = (ItemState.BLOCKED, ItemState.STARTED, ItemState.WAITING, ItemState.DONE, ItemState.GONE)
"""What is named first where not everything is."""


@dataclass(frozen=True, slots=True)
class StatusLine:
    """One item in the panel."""

    item_id: int
    name: str
    state: ItemState
    shipped: int
    ordered: int
    note: str
    """What stands in the way, or what else is worth a word; empty mostly."""


@dataclass(frozen=True, slots=True)
class UndoLine:
    """A packed line that the viewer may take back."""

    path: str
    label: str
    """What the button says: of which line, where that is not the one named above it."""
    what: str
    """2 × Widget A."""
    others: str
    """Further lines that can be taken back, in words; they are on the order's page."""


@dataclass(frozen=True, slots=True)
class ShipAll:
    """Everything that is left, in one go; asked for twice, since it is much at once."""

    path: str
    units_words: str
    items_words: str
    version: int
    key: str
    misses: str
    """What will stay behind, in words; empty when nothing will."""


@dataclass(frozen=True, slots=True)
class ShipmentStatusPanel:
    """What the panel shows."""

    path: str
    version: int
    status: OrderStatus
    shipped: int
    ordered: int
    units_words: str
    items_words: str
    closed_words: str
    """The order is cancelled or refunded: said loudly."""
    pending_words: str
    """The order is pending: nothing of it is reserved."""
    is_complete: bool
    may_ship: bool
    lines: tuple[StatusLine, ...]
    unlisted: str
    """The items that are not named, in words; empty when all are."""
    last_what: str
    """What was packed last; empty when nothing was: 2 × Widget A."""
    last_by: str
    """By whom and when: Packed by paula, 2 minutes ago."""
    undo: UndoLine | None
    ship_all: ShipAll | None
    next_path: str
    """Where the next order is; empty for those who do not pick."""
    message: str
    """A refusal that concerns the order as a whole."""


def present_shipment_status(
    order: OrderProgress, viewer: Viewer, path: str, now: datetime, message: str = ""
) -> ShipmentStatusPanel:
    """Build the panel; ``path`` is the order's own."""
    last, is_closed = order.packed_last, order.status in CLOSED_STATUSES
    states = {item.id: _state(order, item) for item in order.items}
    lines = [_line(order, item, states[item.id]) for item in _named(order.items, states)]
    return ShipmentStatusPanel(
        path=path,
        version=order.version,
        status=order.status,
        shipped=order.shipped,
        ordered=order.ordered if is_closed else order.ordered - order.cancelled,
        units_words=_units_words(order),
        items_words=_items_words(states.values()),
        closed_words=_closed_words(order),
        pending_words=_PENDING if order.status is OrderStatus.PENDING else "",
        is_complete=order.shipped > 0 and not order.remaining and not is_closed,
        may_ship=viewer.may_ship and order.may_ship,
        lines=tuple(lines),
        unlisted=_unlisted(states, {line.item_id for line in lines}),
        last_what=_packed_words(order, last) if last else "",
        last_by=f"Packed by {last.shipped_by}, {words.ago(last.shipped_at, now)}" if last else "",
        undo=_undo_line(order, viewer, path),
        ship_all=_ship_all(order, path) if viewer.may_ship and order.may_ship else None,
        next_path=f"{path}/next" if viewer.may_ship else "",
        message=message,
    )


def _state(order: OrderProgress, item: ItemProgress) -> ItemState:
    if item.is_done:
        return ItemState.DONE if item.shipped else ItemState.GONE
    if item.gaps or item.is_placeholder or (order.holds_stock and not item.reserved):
        return ItemState.BLOCKED
    return ItemState.STARTED if item.shipped else ItemState.WAITING


def _named(items: list[ItemProgress], states: dict[int, ItemState]) -> list[ItemProgress]:
    """Return the items to name, by position: all, or where that is too many the most telling ones."""
    if len(items) <= MAX_LINES:
        return items
    telling = sorted(items, key=lambda item: _TELLING.index(states[item.id]))[:MAX_LINES]
    return sorted(telling, key=lambda item: item.position)


def _line(order: OrderProgress, item: ItemProgress, state: ItemState) -> StatusLine:
    notes = []
    if not item.is_done and order.may_ship:
        notes += [words.gap(gap) for gap in item.gaps]
        if not notes and order.holds_stock and item.unreserved:
            notes.append(f"On backorder ({words.units(item.unreserved)})")
    if item.cancelled:
        notes.append(f"{item.cancelled} cancelled")
    if item.returned:
        notes.append(f"{item.returned} returned")
    return StatusLine(item.id, item.product_name, state, item.shipped, item.ordered, "; ".join(notes))


def _units_words(order: OrderProgress) -> str:
    said = f"{order.shipped} of {words.units(order.ordered)} shipped"
    return f"{said}, {order.cancelled} cancelled" if order.cancelled else said


def _items_words(states: Iterable[ItemState]) -> str:
    counted = Counter(states)
    return f"{counted[ItemState.DONE]} of {words.count(counted.total(), 'item')}"


def _closed_words(order: OrderProgress) -> str:
    if order.status not in CLOSED_STATUSES:
        return ""
    said = f"This order is {order.status.value}. Nothing ships from it any more."
    return f"{said} Put back what you have picked." if order.status is OrderStatus.CANCELLED else said


def _unlisted(states: dict[int, ItemState], named: set[int]) -> str:
    counted = Counter(state for item_id, state in states.items() if item_id not in named)
    if not counted:
        return ""
    parts = ", ".join(f"{counted[state]} {_STATE_WORDS[state]}" for state in _TELLING if counted[state])
    return f"and {words.count(counted.total(), 'more item')}: {parts}"


def _packed_words(order: OrderProgress, line: PackedLine) -> str:
    item = order.item(line.item_id)
    return f"{line.quantity} × {item.product_name if item else ''}"


def _undo_line(order: OrderProgress, viewer: Viewer, path: str) -> UndoLine | None:
    """Offer the newest line that the viewer may take back."""
    if not order.may_undo:
        return None
    lines = [line for line in order.packed_lately if viewer.may_undo(line.shipped_by) and _is_still_out(order, line)]
    if not lines:
        return None
    newest, what = lines[0], _packed_words(order, lines[0])
    others = f"{words.count(len(lines) - 1, 'more line')} to take back" if len(lines) > 1 else ""
    is_last = order.packed_last is not None and order.packed_last.id == newest.id
    label = "Take back" if is_last else f"Take back {what}"
    return UndoLine(f"{path}/shipment-lines/{newest.id}/reversal", label, what, others)


def _is_still_out(order: OrderProgress, line: PackedLine) -> bool:
    item = order.item(line.item_id)
    return item is not None and item.shipped - line.quantity >= item.returned


def _ship_all(order: OrderProgress, path: str) -> ShipAll | None:
    """Offer to ship the rest; not for a single item, whose own button says the same."""
    left = [item for item in order.items if not item.is_done]
    if len(left) < 2:
        return None
    short = sum(item.unreserved for item in left) if order.holds_stock else 0
    return ShipAll(
        path=f"{path}/shipments",
        units_words=words.units(order.remaining),
        items_words=words.count(len(left), "item"),
        version=order.version,
        key=str(uuid4()),
        misses=f"{words.units(short)} are not reserved: what stock lacks stays behind and is listed." if short else "",
    )
