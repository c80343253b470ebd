"""What happened in a whole store, operation by operation."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from webapp.domain.events import EventKind
from webapp.domain.trail import TrailEntry, TrailItem
from webapp.domain.trail_kinds import TrailKind


@dataclass(frozen=True, slots=True)
class ActivityFilter:
    """Which operations to list. None means all; ``until`` is exclusive."""

    person: str | None = None
    kind: TrailKind | None = None
    since: datetime | None = None
    until: datetime | None = None
    operation_id: str | None = None

    def __bool__(self) -> bool:
        return any(part is not None for part in (self.person, self.kind, self.since, self.operation_id))


@dataclass(frozen=True, slots=True)
class ActivityOrder:
    """An order that the operation changed."""

    order_id: int
    order_number: str
    customer_name: str


@dataclass(slots=True)
class OperationSize:
    """How much an operation did, even if only its first lines were read."""

    events: dict[EventKind, tuple[int, int]] = field(default_factory=dict)
    """(lines, units) of each kind that was read."""

    event_count: int = 0
    """Events of any kind."""

    stock: tuple[int, int] = (0, 0)
    """(ledger rows without an order, units they changed on hand)."""

    @property
    def lines(self) -> int:
        """Return the number of lines, events and movements together."""
        return self.event_count + self.stock[0]


@dataclass(frozen=True, slots=True)
class Activity:
    """One page of activity, newest operations first."""

    entries: list[TrailEntry]
    items: dict[int, TrailItem]
    orders: dict[int, ActivityOrder]
    products: dict[int, tuple[int, str]]
    """(id, name) of the product, by id of a ledger row without an order."""

    sizes: dict[str, OperationSize]
    people: list[str]
    next_cursor: str | None
