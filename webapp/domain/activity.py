"""What happened in a whole store, operation by operation, as a reader meets it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from webapp.domain.events import EventKind
from webapp.domain.trail import TrailEntry, TrailItem
from webapp.domain.trail_kinds import TrailKind


@dataclass(frozen=True, slots=True)
class ActivityFilter:
    """Which operations are wanted; None is all of them, ``until`` the first moment that is too late."""

    person: str | None = None
    kind: TrailKind | None = None
    since: datetime | None = None
    until: datetime | None = None
    operation_id: str | None = None

    def __bool__(self) -> bool:
        return any(part is not None for part in (self.person, self.kind, self.since, self.operation_id))


@dataclass(frozen=True, slots=True)
class ActivityOrder:
    """An order that something happened to."""

    order_id: int
    order_number: str
    customer_name: str


@dataclass(slots=True)
class OperationSize:
    """How much an operation did, also where only its first lines were read."""

    events: dict[EventKind, tuple[int, int]] = field(default_factory=dict)
    """(lines, units) of the kinds that were read."""

    event_count: int = 0
    """Events of any kind."""

    stock: tuple[int, int] = (0, 0)
    """(rows of the ledger that are about no order, units they changed on hand)."""

    @property
    def lines(self) -> int:
        """All that there is to tell."""
        return self.event_count + self.stock[0]


@dataclass(frozen=True, slots=True)
class Activity:
    """One page of what happened, newest operations first."""

    entries: list[TrailEntry]
    items: dict[int, TrailItem]
    orders: dict[int, ActivityOrder]
    products: dict[int, tuple[int, str]]
    """(id, name) of the product, by ledger row that is about no order."""

    sizes: dict[str, OperationSize]
    people: list[str]
    next_cursor: str | None
