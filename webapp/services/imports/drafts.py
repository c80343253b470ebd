"""What a file says about an order, ready to write."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from webapp.domain.parcel_data import NOTHING_KNOWN, ParcelData
from webapp.services.imports.report import LeftOutRow, rejected, skipped


@dataclass(frozen=True, slots=True)
class DraftLine:
    """One line of an order, as its source has it; ``quantity`` in units."""

    row: int
    sku: str
    gtin: str
    product_name: str
    quantity: int
    gtin_fault: str = ""
    """Why its GTIN column holds no GTIN, and what it holds."""
    gtin_text: str = ""
    line_id: str = ""
    """The shop's own id of the line; blank if the file has none."""
    fulfillment_status: str = ""
    """What has become of the line in the shop, in the shop's word."""
    unit_price: Decimal | None = None
    price_currency: str = ""
    """What stands beside the price: an ISO code, or blank."""


@dataclass(frozen=True, slots=True)
class ShopState:
    """Which order of the shop it is, and what has become of it there; blank and None for what the file does not say.
    The statuses are the shop's own words."""

    external_id: str = ""
    updated_at: datetime | None = None
    payment_status: str = ""
    fulfillment_status: str = ""
    on_hold: str = ""
    """Why it is not to be shipped yet."""
    closed: str = ""
    """Why nothing of the order is to be shipped any more; its draft has no lines then."""


@dataclass(frozen=True, slots=True)
class DraftOrder:
    """An order ready to write.

    ``content`` (hex) is equal for the same goods and dates in another file. It says nothing about the person: histories
    keep it for ever.
    """

    number: str
    ordered_at: datetime
    ship_by: datetime | None
    customer_name: str
    channel: str
    lines: tuple[DraftLine, ...]
    content: str
    parcel_data: ParcelData = NOTHING_KNOWN
    currency: str = ""
    passed_over: tuple[LeftOutRow, ...] = ()
    state: ShopState = ShopState()
    closed_lines: tuple[DraftLine, ...] = ()
    """Lines that are passed over because the shop has fulfilled them or does not ship them."""
    remarks: tuple[LeftOutRow, ...] = ()
    """What a person may want to check about rows that come in."""
    shortened: tuple[str, ...] = ()

    @property
    def rows(self) -> list[int]:
        """Return the numbers of the rows that its lines are from; a row may have several lines."""
        return list(dict.fromkeys(line.row for line in self.lines))

    def leave_out(self, reason: str, *, reject: bool) -> list[LeftOutRow]:
        """Return the outcome of all its rows if the order is not written for ``reason``."""
        make = rejected if reject else skipped
        return [*self.passed_over, *(make(row, self.number, reason) for row in self.rows)]
