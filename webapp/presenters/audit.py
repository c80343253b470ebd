"""An order's trail as a page and as a table: operations, each with its sentences and the numbers before and after."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from webapp.domain.events import EventKind
from webapp.domain.ledger import TransactionType
from webapp.domain.statuses import OrderStatus
from webapp.domain.trail import (
    MEANINGS,
    Movement,
    TrailEntry,
    TrailEvent,
    TrailFilter,
    TrailItem,
    TrailKind,
    TrailOrder,
)
from webapp.presenters.audit_sentences import Sentence, person, place, say_event, say_movement
from webapp.presenters.moments import Moment, moment

KIND_WORDS: Final = {
    TrailKind.SHIPPED: "Shipped",
    TrailKind.TAKEN_BACK: "Taken back",
    TrailKind.RESERVED: "Reserved",
    TrailKind.RELEASED: "Released",
    TrailKind.CANCELLED: "Cancelled",
    TrailKind.RETURNED: "Returned",
    TrailKind.STATUS: "Status",
    TrailKind.CORRECTED: "Stock corrected",
    TrailKind.EXCEPTION: "Exceptions",
    TrailKind.MATCHED: "Matched",
    TrailKind.IMPORTED: "Imported",
}
"""Each kind as a filter says it."""

_LOOKS: Final[dict[TrailKind, tuple[str, str]]] = {
    TrailKind.SHIPPED: ("truck", "success"),
    TrailKind.TAKEN_BACK: ("undo-2", "warning"),
    TrailKind.RESERVED: ("bookmark", "info"),
    TrailKind.RELEASED: ("lock-open", "neutral"),
    TrailKind.CANCELLED: ("ban", "danger"),
    TrailKind.RETURNED: ("package-open", "warning"),
    TrailKind.STATUS: ("arrow-right", "neutral"),
    TrailKind.CORRECTED: ("wrench", "warning"),
    TrailKind.EXCEPTION: ("triangle-alert", "warning"),
    TrailKind.MATCHED: ("link", "info"),
    TrailKind.IMPORTED: ("download", "neutral"),
}
"""Icon and tone of each kind."""

_KIND_OF_EVENT: Final = {event: kind for kind, meaning in MEANINGS.items() for event in meaning.events}
_KIND_OF_MOVEMENT: Final = {
    (movement, meaning.reversal): kind for kind, meaning in MEANINGS.items() for movement in meaning.movements
}

_TELLS: Final[dict[EventKind, frozenset[TransactionType]]] = {
    EventKind.RESERVED: frozenset({TransactionType.RESERVE}),
    EventKind.BACKORDER_FILLED: frozenset({TransactionType.RESERVE}),
    EventKind.RELEASED: frozenset({TransactionType.RELEASE}),
    EventKind.SHIPPED: frozenset({TransactionType.FULFILL, TransactionType.RESERVE}),
    EventKind.SHIPMENT_UNDONE: frozenset({TransactionType.FULFILL}),
    EventKind.RETURNED: frozenset({TransactionType.RETURN}),
    EventKind.FOUND_ON_SHELF: frozenset({TransactionType.ADJUST, TransactionType.RESERVE}),
    EventKind.SHORT_PICKED: frozenset({TransactionType.RELEASE, TransactionType.ADJUST, TransactionType.RESERVE}),
}
"""The movements that an event of the same operation and item tells about."""

_TOLD_LATE: Final = {EventKind.STOCK_SKIPPED: 1, EventKind.STATUS_CHANGED: 2}
"""What follows from the rest of its operation, and is told after it, in this order."""


@dataclass(frozen=True, slots=True)
class MovementView:
    """One ledger row: its place, and units on hand and reserved before and after."""

    anchor: str
    kind: str
    place: str
    on_hand: tuple[int, int]
    reserved: tuple[int, int]


@dataclass(frozen=True, slots=True)
class LineView:
    """One sentence of an operation, with the ledger rows behind it."""

    anchor: str
    sentence: Sentence
    icon: str
    tone: str
    reason: str
    movements: tuple[MovementView, ...]


@dataclass(frozen=True, slots=True)
class OperationView:
    """What one person did in one request."""

    operation_id: str
    who: str
    at: Moment
    icon: str
    tone: str
    reason: str
    """Why, where one reason holds for several lines."""

    lines: tuple[LineView, ...]


@dataclass(frozen=True, slots=True)
class TrailScreen:
    """The whole page. Options are (value, words) pairs."""

    order_id: int
    order_number: str
    customer_name: str
    status: OrderStatus
    figures: tuple[tuple[str, int], ...]
    """Units of the order, or of the one line that is looked at."""

    figures_of: str
    """Whose units: the order's, or the line's name."""

    kinds: tuple[tuple[str, str], ...]
    lines: tuple[tuple[str, str], ...]
    people: tuple[tuple[str, str], ...]
    operations: tuple[OperationView, ...]
    is_filtered: bool
    may_export: bool


def present_trail(
    order: TrailOrder,
    items: Mapping[int, TrailItem],
    people: Sequence[str],
    entries: Sequence[TrailEntry],
    wanted: TrailFilter,
    now: datetime,
    *,
    may_export: bool,
) -> TrailScreen:
    """Build the page of the wanted part of an order's trail."""
    line = items.get(wanted.item_id or 0)
    counted = [line] if line else list(items.values())
    return TrailScreen(
        order_id=order.order_id,
        order_number=order.order_number,
        customer_name=order.customer_name,
        status=order.status,
        figures=(
            ("Ordered", sum(item.quantity for item in counted)),
            ("Shipped", sum(item.shipped_quantity for item in counted)),
            ("Cancelled", sum(item.cancelled_quantity for item in counted)),
            ("Returned", sum(item.returned_quantity for item in counted)),
            ("Left to ship", sum(item.remaining_quantity for item in counted)),
        ),
        figures_of=line.label if line else "",
        kinds=(("", "Everything"), *((kind.value, KIND_WORDS[kind]) for kind in TrailKind)),
        lines=(("", "All items"), *((str(item.item_id), _line_words(item)) for item in items.values())),
        people=(("", "Everybody"), *((name, person(name)) for name in people)),
        operations=tuple(present_operations(entries, items, now)),
        is_filtered=bool(wanted),
        may_export=may_export,
    )


def _line_words(item: TrailItem) -> str:
    sku = f" ({item.sku})" if item.sku and item.sku != item.label else ""
    return f"{item.position}. {item.label}{sku}"


def present_operations(
    entries: Sequence[TrailEntry], items: Mapping[int, TrailItem], now: datetime
) -> list[OperationView]:
    """Build a page's operations, in the order of the entries."""
    operations: dict[str, list[TrailEntry]] = {}
    for entry in entries:
        operations.setdefault(entry.operation_id, []).append(entry)
    return [_operation(operation_id, group, items, now) for operation_id, group in operations.items()]


def movement_views(movements: Iterable[Movement]) -> tuple[MovementView, ...]:
    """Build the rows of before and after."""
    return tuple(
        MovementView(
            anchor=f"movement-{movement.transaction_id}",
            kind=movement.kind.value,
            place=place(movement.warehouse, movement.location),
            on_hand=(movement.quantity_before, movement.quantity_after),
            reserved=(movement.reserved_before, movement.reserved_after),
        )
        for movement in movements
    )


def _operation(
    operation_id: str, entries: Sequence[TrailEntry], items: Mapping[int, TrailItem], now: datetime
) -> OperationView:
    told = [line for entry in entries for line in _told(entry)]
    told.sort(key=lambda line: _TOLD_LATE.get(line[0].kind, 0) if line[0] else 0)
    reasons = {_reason(event, movements) for event, movements in told}
    shared = next(iter(reasons)) if len(reasons) == 1 and len(told) > 1 else ""
    lines = tuple(_line(event, movements, items, shared) for event, movements in told)
    first: TrailEvent | Movement = told[0][0] or told[0][1][0]
    return OperationView(
        operation_id=operation_id,
        who=person(first.actor),
        at=moment(first.at, now),
        icon=lines[0].icon,
        tone=lines[0].tone,
        reason=shared,
        lines=lines,
    )


def _told(entry: TrailEntry) -> list[tuple[TrailEvent | None, list[Movement]]]:
    """Give each movement to the first event that tells about it; one that no event tells about stands alone."""
    told: list[tuple[TrailEvent | None, list[Movement]]] = [(event, []) for event in entry.events]
    alone: list[tuple[TrailEvent | None, list[Movement]]] = []
    for movement in entry.movements:
        telling = (mine for event, mine in told if event and movement.kind in _TELLS.get(event.kind, frozenset()))
        mine = next(telling, None)
        if mine is None:
            alone.append((None, [movement]))
        else:
            mine.append(movement)
    return told + alone


def _reason(event: TrailEvent | None, movements: Sequence[Movement]) -> str:
    return event.reason if event else movements[0].reason


def _line(
    event: TrailEvent | None, movements: Sequence[Movement], items: Mapping[int, TrailItem], shared_reason: str
) -> LineView:
    reason = _reason(event, movements)
    if event:
        anchor, item_id, kind = f"event-{event.event_id}", event.item_id, _KIND_OF_EVENT[event.kind]
    else:
        alone = movements[0]
        anchor, item_id = f"entry-{alone.transaction_id}", alone.item_id
        kind = _KIND_OF_MOVEMENT.get((alone.kind, alone.is_reversal), TrailKind.CORRECTED)
    item = items.get(item_id) if item_id else None
    icon, tone = _LOOKS[kind]
    return LineView(
        anchor=anchor,
        sentence=say_event(event, item, movements) if event else say_movement(movements[0], item),
        icon=icon,
        tone=tone,
        reason="" if shared_reason else reason,
        movements=movement_views(movements),
    )
