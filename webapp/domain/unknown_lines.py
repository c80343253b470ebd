"""Order lines on the placeholder product: the marketplace sent a GTIN, or none, that the store does not know."""

from __future__ import annotations

from dataclasses import dataclass

from webapp.domain.products import PLACEHOLDER_GTIN
from webapp.domain.statuses import OPEN_STATUSES, OrderStatus

MATCHABLE_STATUSES = (*OPEN_STATUSES, OrderStatus.SHIPPED)
"""Where a line on the placeholder may still ship once it is matched; a shipped order went out without it."""

NO_GTIN = ("", PLACEHOLDER_GTIN)
"""What stands for "no GTIN" on a line; a line may also have none."""


@dataclass(frozen=True, slots=True)
class UnknownGtin:
    """A GTIN that no product has, and what waits for it."""

    gtin: str
    name: str
    """What the marketplace called it, on one of the lines."""

    sku: str
    lines: int
    orders: int
    units: int


@dataclass(frozen=True, slots=True)
class UnknownLine:
    """One order line on the placeholder; ``units`` still to ship."""

    item_id: int
    order_id: int
    order_number: str
    order_status: OrderStatus
    name: str
    sku: str
    units: int
