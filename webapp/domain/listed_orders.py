"""Orders as a list has them."""

from __future__ import annotations

from datetime import datetime
from typing import Final, NamedTuple

from webapp.domain.assignments import OrderHolder
from webapp.domain.holds import Hold
from webapp.domain.statuses import OrderStatus

EVERY_STATUS: Final = "all"
OPEN_ONLY: Final = "open"
"""Values of ``status`` in an address, besides the statuses."""


class ListedOrder(NamedTuple):
    """One order in a list; units are sums over its items."""

    id: int
    order_number: str
    shown_number: str
    """With its channel where another order of the store has the number."""
    channel: str
    external_id: str
    customer_name: str
    ordered_at: datetime
    ship_by: datetime
    status: OrderStatus
    hold: Hold | None
    version: int
    item_count: int
    ordered_units: int
    shipped_units: int
    cancelled_units: int
    open_exceptions: int
    packed_by: str | None
    packed_since: datetime | None
    """Whose open parcel of it is the last one, and since when; None where no parcel is open."""
    assignments: tuple[OrderHolder, ...]
    """Whose it is, with those that have ended by the clock; see ``assignments.standing``."""
