"""Order statuses, allowed transitions, and the status that follows from shipped units."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final


class OrderStatus(StrEnum):
    """An order's status. The values are stored and appear in the JSON API."""

    PENDING = "pending"
    PROCESSING = "processing"
    PARTIALLY_SHIPPED = "partially_shipped"
    SHIPPED = "shipped"
    DELIVERED = "delivered"
    CANCELLED = "cancelled"
    REFUNDED = "refunded"


OPEN_STATUSES: Final = (OrderStatus.PENDING, OrderStatus.PROCESSING, OrderStatus.PARTIALLY_SHIPPED)
"""Units are still to ship."""

RESERVING_STATUSES: Final = (OrderStatus.PROCESSING, OrderStatus.PARTIALLY_SHIPPED)
"""The order holds stock and waits for units it could not get."""

CLOSED_STATUSES: Final = (OrderStatus.CANCELLED, OrderStatus.REFUNDED)
"""Nothing ships from such an order, and nothing is left to release."""

UNDOABLE_STATUSES: Final = (OrderStatus.PARTIALLY_SHIPPED, OrderStatus.SHIPPED)
"""A shipped line can still be undone."""

TRANSITIONS: Final[dict[OrderStatus, frozenset[OrderStatus]]] = {
    OrderStatus.PENDING: frozenset({OrderStatus.PROCESSING, OrderStatus.SHIPPED, OrderStatus.CANCELLED}),
    OrderStatus.PROCESSING: frozenset({OrderStatus.SHIPPED, OrderStatus.CANCELLED}),
    OrderStatus.PARTIALLY_SHIPPED: frozenset({OrderStatus.SHIPPED, OrderStatus.CANCELLED}),
    OrderStatus.SHIPPED: frozenset({OrderStatus.DELIVERED, OrderStatus.REFUNDED}),
    OrderStatus.DELIVERED: frozenset({OrderStatus.REFUNDED}),
    OrderStatus.CANCELLED: frozenset({OrderStatus.REFUNDED}),
    OrderStatus.REFUNDED: frozenset(),
}
"""The changes that a person or program may request. ``partially_shipped`` follows from units and is never requested."""


@dataclass(frozen=True, slots=True)
class StatusChanged:
    """An order's status, and the reason it was set; empty if none was given."""

    status: OrderStatus
    actor: str
    reason: str
    at: datetime


def may_change(old: OrderStatus, new: OrderStatus) -> bool:
    """Return whether ``new`` may be requested while the order is ``old``."""
    return new in TRANSITIONS[old]


def status_from_units(*, before: OrderStatus, unshipped: OrderStatus, shipped: int, remaining: int) -> OrderStatus:
    """Derive the status after units were shipped, cancelled or undone.

    ``before`` is the status now, ``unshipped`` the status the order had before anything shipped, ``shipped`` and
    ``remaining`` are units over all items (remaining = ordered - shipped - cancelled).

    Source: docs/contract.md, "Statuses".
    """
    if before in CLOSED_STATUSES or before is OrderStatus.DELIVERED:
        return before
    if shipped and not remaining:
        return OrderStatus.SHIPPED
    if shipped:
        return OrderStatus.PARTIALLY_SHIPPED
    if not remaining:
        return OrderStatus.CANCELLED
    return unshipped
