"""An order's audit trail as a reader meets it: what happened, unit by unit, with the numbers before and after.

Events (the order's own history) and movements (its rows of the stock ledger) that one request wrote about one item
belong together: they are one entry. The entries of one request share its operation id.
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
    """Which part of a trail is wanted; None is everything."""

    person: str | None = None
    kind: TrailKind | None = None
    item_id: int | None = None
    operation_id: str | None = None
    search: str = ""
    """Words that an entry must hold, each in its product, SKU, place, person or reason."""

    def __bool__(self) -> bool:
        return bool(self.search) or any(
            part is not None for part in (self.person, self.kind, self.item_id, self.operation_id)
        )


@dataclass(frozen=True, slots=True)
class TrailOrder:
    """The order that a trail is of."""

    order_id: int
    order_number: str
    customer_name: str
    status: OrderStatus


@dataclass(frozen=True, slots=True)
class TrailItem:
    """One line of the order, as it was ordered and as it stands; units throughout."""

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
        """What people call the line: its name, else its SKU, else its number on the order."""
        return self.name or self.sku or f"line {self.position}"

    @property
    def remaining_quantity(self) -> int:
        """Units still to ship."""
        return self.quantity - self.shipped_quantity - self.cancelled_quantity


@dataclass(frozen=True, slots=True)
class TrailEvent:
    """One entry of the order's own history."""

    event_id: int
    kind: EventKind
    item_id: int | None
    actor: str
    reason: str
    details: dict[str, Any]
    operation_id: str
    at: datetime
    order_id: int | None = None
    """Whose history it stands in, where the reader asked for it."""


@dataclass(frozen=True, slots=True)
class Movement:
    """One row of the stock ledger: units on hand and reserved at one place, their change and what they became."""

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
    """Units of the item shipped up to and with this row, where the reader asked for it."""

    @property
    def is_reversal(self) -> bool:
        """It takes another movement back."""
        return self.reverses_id is not None

    @property
    def quantity_before(self) -> int:
        """Units on hand before."""
        return self.quantity_after - self.quantity_change

    @property
    def reserved_before(self) -> int:
        """Units reserved before."""
        return self.reserved_after - self.reserved_change


@dataclass(slots=True)
class TrailEntry:
    """What one request did to one item, or (``item_id`` None) to the order as a whole."""

    operation_id: str
    item_id: int | None
    events: list[TrailEvent] = field(default_factory=list)
    movements: list[Movement] = field(default_factory=list)
