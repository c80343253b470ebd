"""How the trail treats each kind of event and movement: one entry per kind, only here.

Icons and sentences are in ``presenters/trail``. A test names any kind that lacks one.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final, NamedTuple

from webapp.domain.events import EventKind
from webapp.domain.ledger import TransactionType


class TrailKind(StrEnum):
    """The trail's filters. The values appear in addresses."""

    SHIPPED = "shipped"
    UNDONE = "undone"
    RESERVED = "reserved"
    RELEASED = "released"
    CANCELLED = "cancelled"
    RETURNED = "returned"
    STATUS = "status"
    CORRECTED = "corrected"
    EXCEPTION = "exception"
    MATCHED = "matched"
    NOTES = "notes"
    ERASED = "erased"
    IMPORTED = "imported"
    UPSTREAM = "upstream"


@dataclass(frozen=True, slots=True, kw_only=True)
class EventSpec:
    """How the trail treats a kind of event."""

    filter: TrailKind
    """The filter that lists it."""

    covers: frozenset[TransactionType]
    """Movements of the same operation and item that its sentence covers; they get no sentence of their own."""

    follows: int
    """0 for an act. An effect is listed after its act; lower numbers come first."""

    leads: bool
    """Read first when an operation is too large to read whole: there is one per operation, and it says what was
    done."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MovementSpec:
    """How the trail treats a type of movement."""

    filter: TrailKind
    """The filter that lists it."""

    undone: TrailKind
    """The filter that lists its reversal."""


_NOTHING: Final[frozenset[TransactionType]] = frozenset()

EVENTS: Final[dict[EventKind, EventSpec]] = {
    EventKind.IMPORTED: EventSpec(filter=TrailKind.IMPORTED, covers=_NOTHING, follows=0, leads=True),
    EventKind.STATUS_CHANGED: EventSpec(filter=TrailKind.STATUS, covers=_NOTHING, follows=6, leads=True),
    EventKind.RESERVED: EventSpec(
        filter=TrailKind.RESERVED, covers=frozenset({TransactionType.RESERVE}), follows=2, leads=False
    ),
    EventKind.RELEASED: EventSpec(
        filter=TrailKind.RELEASED, covers=frozenset({TransactionType.RELEASE}), follows=2, leads=False
    ),
    EventKind.SHIPPED: EventSpec(
        filter=TrailKind.SHIPPED,
        covers=frozenset({TransactionType.FULFILL, TransactionType.RESERVE}),
        follows=0,
        leads=False,
    ),
    EventKind.SHIPMENT_UNDONE: EventSpec(
        filter=TrailKind.UNDONE, covers=frozenset({TransactionType.FULFILL}), follows=0, leads=False
    ),
    EventKind.ITEM_CANCELLED: EventSpec(filter=TrailKind.CANCELLED, covers=_NOTHING, follows=0, leads=False),
    EventKind.CANCELLED: EventSpec(filter=TrailKind.CANCELLED, covers=_NOTHING, follows=0, leads=True),
    EventKind.RETURNED: EventSpec(
        filter=TrailKind.RETURNED, covers=frozenset({TransactionType.RETURN}), follows=0, leads=False
    ),
    EventKind.WRITTEN_OFF: EventSpec(filter=TrailKind.RETURNED, covers=_NOTHING, follows=0, leads=False),
    EventKind.RETURN_CORRECTED: EventSpec(
        filter=TrailKind.RETURNED, covers=frozenset({TransactionType.RETURN}), follows=0, leads=False
    ),
    EventKind.FOUND_ON_SHELF: EventSpec(
        filter=TrailKind.CORRECTED,
        covers=frozenset({TransactionType.ADJUST, TransactionType.RESERVE}),
        follows=1,
        leads=False,
    ),
    EventKind.SHORT_PICKED: EventSpec(
        filter=TrailKind.CORRECTED,
        covers=frozenset(
            {TransactionType.RELEASE, TransactionType.ADJUST, TransactionType.SET, TransactionType.RESERVE}
        ),
        follows=0,
        leads=False,
    ),
    EventKind.BACKORDER_FILLED: EventSpec(
        filter=TrailKind.RESERVED, covers=frozenset({TransactionType.RESERVE}), follows=3, leads=False
    ),
    EventKind.ITEM_MATCHED: EventSpec(filter=TrailKind.MATCHED, covers=_NOTHING, follows=0, leads=False),
    EventKind.MATCH_UNDONE: EventSpec(filter=TrailKind.MATCHED, covers=_NOTHING, follows=0, leads=False),
    EventKind.STOCK_SKIPPED: EventSpec(filter=TrailKind.EXCEPTION, covers=_NOTHING, follows=4, leads=False),
    EventKind.EXCEPTION_CLOSED: EventSpec(filter=TrailKind.EXCEPTION, covers=_NOTHING, follows=5, leads=False),
    EventKind.PACKING_NOTE_READ: EventSpec(filter=TrailKind.NOTES, covers=_NOTHING, follows=0, leads=True),
    EventKind.PERSON_ERASED: EventSpec(filter=TrailKind.ERASED, covers=_NOTHING, follows=0, leads=True),
    EventKind.CHANGED_UPSTREAM: EventSpec(filter=TrailKind.UPSTREAM, covers=_NOTHING, follows=0, leads=True),
    EventKind.UNITS_ADDED: EventSpec(filter=TrailKind.UPSTREAM, covers=_NOTHING, follows=0, leads=False),
    EventKind.ORDER_ASSIGNED: EventSpec(filter=TrailKind.STATUS, covers=_NOTHING, follows=0, leads=True),
    EventKind.HOLD_RELEASED: EventSpec(filter=TrailKind.STATUS, covers=_NOTHING, follows=0, leads=True),
    EventKind.PRODUCT_CHANGED: EventSpec(
        filter=TrailKind.MATCHED,
        covers=frozenset({TransactionType.RELEASE, TransactionType.RESERVE}),
        follows=0,
        leads=False,
    ),
    EventKind.CONTRADICTED: EventSpec(filter=TrailKind.UPSTREAM, covers=_NOTHING, follows=4, leads=False),
}

MOVEMENTS: Final[dict[TransactionType, MovementSpec]] = {
    TransactionType.RESERVE: MovementSpec(filter=TrailKind.RESERVED, undone=TrailKind.CORRECTED),
    TransactionType.FULFILL: MovementSpec(filter=TrailKind.SHIPPED, undone=TrailKind.UNDONE),
    TransactionType.RELEASE: MovementSpec(filter=TrailKind.RELEASED, undone=TrailKind.CORRECTED),
    TransactionType.ADJUST: MovementSpec(filter=TrailKind.CORRECTED, undone=TrailKind.CORRECTED),
    TransactionType.SET: MovementSpec(filter=TrailKind.CORRECTED, undone=TrailKind.CORRECTED),
    TransactionType.IMPORT: MovementSpec(filter=TrailKind.CORRECTED, undone=TrailKind.CORRECTED),
    TransactionType.RETURN: MovementSpec(filter=TrailKind.RETURNED, undone=TrailKind.CORRECTED),
}

FIRST_EFFECT: Final = 2
"""If every event of an operation has at least this number, the status change is the act."""

LEADING: Final = tuple(kind for kind, spec in EVENTS.items() if spec.leads)
"""Events to read first in a large operation."""


class Movements(NamedTuple):
    """The movements that a filter lists: types, and types whose reversals it lists."""

    types: tuple[TransactionType, ...]
    undone: tuple[TransactionType, ...]


def events_under(kind: TrailKind) -> tuple[EventKind, ...]:
    """Return the event kinds that a filter lists."""
    return tuple(event for event, spec in EVENTS.items() if spec.filter is kind)


def movements_under(kind: TrailKind) -> Movements:
    """Return the movements that a filter lists."""
    return Movements(
        tuple(movement for movement, spec in MOVEMENTS.items() if spec.filter is kind),
        tuple(movement for movement, spec in MOVEMENTS.items() if spec.undone is kind),
    )
