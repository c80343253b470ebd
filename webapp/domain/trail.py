"""An order's audit trail: what happened, unit by unit, with the numbers before and after.

One entry joins the events (order history) and movements (ledger rows) that one request wrote about one item. The
entries of one request share its operation id.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from webapp.domain.events import EventKind
from webapp.domain.ledger import TransactionType
from webapp.domain.statuses import OrderStatus
from webapp.domain.trail_kinds import TrailKind


@dataclass(frozen=True, slots=True)
class TrailFilter:
    """Which part of a trail to list; None means everything."""

    person: str | None = None
    kind: TrailKind | None = None
    item_id: int | None = None
    operation_id: str | None = None
    search: str = ""
    """Words that an entry must contain, in its product, SKU, place, person or reason."""

    def __bool__(self) -> bool:
        return bool(self.search) or any(
            part is not None for part in (self.person, self.kind, self.item_id, self.operation_id)
        )


@dataclass(frozen=True, slots=True)
class TrailOrder:
    """The trail's order."""

    order_id: int
    order_number: str
    customer_name: str
    status: OrderStatus


@dataclass(frozen=True, slots=True)
class TrailItem:
    """One item of the order, as ordered and as it is now; units."""

    item_id: int
    position: int
    name: str
    sku: str
    quantity: int
    shipped_quantity: int
    cancelled_quantity: int
    returned_quantity: int

    @property
    def label(self) -> str:
        """The item's name, else its SKU, else its position in the order."""
        return self.name or self.sku or f"line {self.position}"

    @property
    def remaining_quantity(self) -> int:
        """Units still to ship."""
        return self.quantity - self.shipped_quantity - self.cancelled_quantity


@dataclass(frozen=True, slots=True)
class TrailEvent:
    """One entry of the order's history."""

    event_id: int
    kind: EventKind
    item_id: int | None
    actor: str
    reason: str
    details: dict[str, Any]
    operation_id: str
    at: datetime
    order_id: int | None = None
    """The event's order, if the query asked for it."""


@dataclass(frozen=True, slots=True)
class Movement:
    """One ledger row: units on hand and reserved at one place, the change and the result."""

    transaction_id: int
    kind: TransactionType
    quantity_change: int
    reserved_change: int
    quantity_after: int
    reserved_after: int
    warehouse: str
    location: str
    item_id: int | None
    order_id: int | None
    order_number: str | None
    reverses_id: int | None
    operation_id: str
    reason: str
    actor: str
    at: datetime
    shipped_after: int | None = None
    """Units of the item shipped up to and including this row, if the query asked for it."""

    @property
    def is_reversal(self) -> bool:
        """Return whether it reverses another movement."""
        return self.reverses_id is not None

    @property
    def quantity_before(self) -> int:
        """Units on hand before the movement."""
        return self.quantity_after - self.quantity_change

    @property
    def reserved_before(self) -> int:
        """Units reserved before the movement."""
        return self.reserved_after - self.reserved_change


@dataclass(slots=True)
class TrailEntry:
    """What one request did to one item, or to the order as a whole (``item_id`` None)."""

    operation_id: str
    item_id: int | None
    events: list[TrailEvent] = field(default_factory=list)
    movements: list[Movement] = field(default_factory=list)
