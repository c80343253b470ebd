"""Order statuses, the transitions between them, and the status that follows from shipped units."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from webapp.domain.wording import Wording, say


class OrderStatus(StrEnum):
    """Where an order stands. The values are stored and appear in the JSON API."""

    PENDING = "pending"
    PROCESSING = "processing"
    PARTIALLY_SHIPPED = "partially_shipped"
    SHIPPED = "shipped"
    DELIVERED = "delivered"
    CANCELLED = "cancelled"
    REFUNDED = "refunded"


STATUS_WORDS: Final[dict[OrderStatus, Wording]] = {
    OrderStatus.PENDING: say("Pending"),
    OrderStatus.PROCESSING: say("Processing"),
    OrderStatus.PARTIALLY_SHIPPED: say("Partially shipped"),
    OrderStatus.SHIPPED: say("Shipped"),
    OrderStatus.DELIVERED: say("Delivered"),
    OrderStatus.CANCELLED: say("Cancelled"),
    OrderStatus.REFUNDED: say("Refunded"),
}
"""Each status as people read it."""

OPEN_STATUSES: Final = (OrderStatus.PENDING, OrderStatus.PROCESSING, OrderStatus.PARTIALLY_SHIPPED)
"""Something is still to be shipped."""

RESERVING_STATUSES: Final = (OrderStatus.PROCESSING, OrderStatus.PARTIALLY_SHIPPED)
"""The order holds stock, and waits for what it could not get."""

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
"""What a person or a program may ask for. ``partially_shipped`` follows from units and is never asked for."""


@dataclass(frozen=True, slots=True)
class StatusChanged:
    """How an order came to its status; the reason is empty where none was given."""

    status: OrderStatus
    actor: str
    reason: str
    at: datetime


def may_change(old: OrderStatus, new: OrderStatus) -> bool:
    """Tell whether ``new`` may be asked for while the order is ``old``."""
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
