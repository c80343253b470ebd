"""Stock exceptions that wait for a person, as the person reads them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from webapp.domain.skips import SkipReason
from webapp.domain.statuses import OPEN_STATUSES, OrderStatus


@dataclass(frozen=True, slots=True)
class OpenException:
    """Units of an order item that a stock action could not serve."""

    exception_id: int
    cause: SkipReason
    quantity: int
    """Units missing when it was last seen."""

    opened_by: str
    opened_at: datetime
    order_id: int
    order_number: str
    order_status: OrderStatus
    item_id: int
    product_id: int
    product_name: str
    sku: str
    gtin: str | None
    remaining_quantity: int
    """Units of the item still to ship."""

    customer_name: str
    ship_by: datetime
    picture: str | None
    """Name of the product's picture, where it has one."""

    short_at: tuple[str, str] | None = None
    """Warehouse and location where a packer last found too few, of a short pick."""

    @property
    def label(self) -> str:
        """What people call the line; blank where it came without any name."""
        return self.product_name or self.sku or self.gtin or ""

    @property
    def is_due(self) -> bool:
        """The order still waits to be shipped, so that its promised time counts."""
        return self.order_status in OPEN_STATUSES
