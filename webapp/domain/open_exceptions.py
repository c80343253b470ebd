"""Open stock exceptions, with what a person needs to decide."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from webapp.domain.causes import Cause
from webapp.domain.statuses import OPEN_STATUSES, OrderStatus


@dataclass(frozen=True, slots=True)
class OpenException:
    """Units of an order item that a stock action could not cover."""

    exception_id: int
    cause: Cause
    quantity: int
    """Units missing when it was last updated."""

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
    listed_at: datetime
    """The order's ``ship_by`` when it was opened, by which the list is sorted."""

    picture: str | None
    """File name of the product's picture; None without one."""

    name_code: str | None = None
    """The line's name in its channel, if it has neither GTIN nor SKU."""

    short_at: tuple[str, str] | None = None
    """Warehouse and location of the last short pick, if it is one."""

    @property
    def label(self) -> str:
        """The line's name, else its SKU, else its GTIN; blank if it came without any."""
        return self.product_name or self.sku or self.gtin or ""

    @property
    def is_due(self) -> bool:
        """Return whether the order still waits to be shipped, so that its promised time matters."""
        return self.order_status in OPEN_STATUSES
