"""What each kind of event and of movement is to a trail: one entry a kind, here and nowhere else.

How a kind looks and what it says is in ``presenters/trail``. A test names the kind that either of the two lacks.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final, NamedTuple

from webapp.domain.events import EventKind
from webapp.domain.ledger import TransactionType


class TrailKind(StrEnum):
    """What a reader looks for in a trail. The values appear in addresses."""

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
    IMPORTED = "imported"


@dataclass(frozen=True, slots=True, kw_only=True)
class EventSpec:
    """What a kind of event is to a trail."""

    filter: TrailKind
    """Under which it is listed."""

    tells: frozenset[TransactionType]
    """The movements of its operation and item that its sentence speaks of; they get no sentence of their own."""

    follows: int
    """0 for an act; an effect of one is listed after it, the lower numbers first."""

    leads: bool
    """Read first where an operation is too large to be read whole: there is one in it, and it says what was done."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MovementSpec:
    """What a type of movement is to a trail."""

    filter: TrailKind
    """Under which it is listed."""

    undone: TrailKind
    """Under which a movement is listed that takes one of this type back."""


_NOTHING: Final[frozenset[TransactionType]] = frozenset()

EVENTS: Final[dict[EventKind, EventSpec]] = {
    EventKind.IMPORTED: EventSpec(filter=TrailKind.IMPORTED, tells=_NOTHING, follows=0, leads=True),
    EventKind.STATUS_CHANGED: EventSpec(filter=TrailKind.STATUS, tells=_NOTHING, follows=6, leads=True),
    EventKind.RESERVED: EventSpec(
        filter=TrailKind.RESERVED, tells=frozenset({TransactionType.RESERVE}), follows=2, leads=False
    ),
    EventKind.RELEASED: EventSpec(
        filter=TrailKind.RELEASED, tells=frozenset({TransactionType.RELEASE}), follows=2, leads=False
    ),
    EventKind.SHIPPED: EventSpec(
        filter=TrailKind.SHIPPED,
        tells=frozenset({TransactionType.FULFILL, TransactionType.RESERVE}),
        follows=0,
        leads=False,
    ),
    EventKind.SHIPMENT_UNDONE: EventSpec(
        filter=TrailKind.UNDONE, tells=frozenset({TransactionType.FULFILL}), follows=0, leads=False
    ),
    EventKind.ITEM_CANCELLED: EventSpec(filter=TrailKind.CANCELLED, tells=_NOTHING, follows=0, leads=False),
    EventKind.CANCELLED: EventSpec(filter=TrailKind.CANCELLED, tells=_NOTHING, follows=0, leads=True),
    EventKind.RETURNED: EventSpec(
        filter=TrailKind.RETURNED, tells=frozenset({TransactionType.RETURN}), follows=0, leads=False
    ),
    EventKind.WRITTEN_OFF: EventSpec(filter=TrailKind.RETURNED, tells=_NOTHING, follows=0, leads=False),
    EventKind.FOUND_ON_SHELF: EventSpec(
        filter=TrailKind.CORRECTED,
        tells=frozenset({TransactionType.ADJUST, TransactionType.RESERVE}),
        follows=1,
        leads=False,
    ),
    EventKind.SHORT_PICKED: EventSpec(
        filter=TrailKind.CORRECTED,
        tells=frozenset({TransactionType.RELEASE, TransactionType.ADJUST, TransactionType.RESERVE}),
        follows=0,
        leads=False,
    ),
    EventKind.BACKORDER_FILLED: EventSpec(
        filter=TrailKind.RESERVED, tells=frozenset({TransactionType.RESERVE}), follows=3, leads=False
    ),
    EventKind.ITEM_MATCHED: EventSpec(filter=TrailKind.MATCHED, tells=_NOTHING, follows=0, leads=False),
    EventKind.STOCK_SKIPPED: EventSpec(filter=TrailKind.EXCEPTION, tells=_NOTHING, follows=4, leads=False),
    EventKind.EXCEPTION_CLOSED: EventSpec(filter=TrailKind.EXCEPTION, tells=_NOTHING, follows=5, leads=False),
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
"""Where everything in an operation follows by at least so much, its change of status is the act."""

LEADING: Final = tuple(kind for kind, spec in EVENTS.items() if spec.leads)
"""Events that are read first of a large operation."""


class Movements(NamedTuple):
    """The movements of a filter: types, and types of which it lists what took one back."""

    types: tuple[TransactionType, ...]
    undone: tuple[TransactionType, ...]


def events_under(kind: TrailKind) -> tuple[EventKind, ...]:
    """Return the kinds of events that a filter lists."""
    return tuple(event for event, spec in EVENTS.items() if spec.filter is kind)


def movements_under(kind: TrailKind) -> Movements:
    """Return the movements that a filter lists."""
    return Movements(
        tuple(movement for movement, spec in MOVEMENTS.items() if spec.filter is kind),
        tuple(movement for movement, spec in MOVEMENTS.items() if spec.undone is kind),
    )
