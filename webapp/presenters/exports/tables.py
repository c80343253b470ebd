"""Rows of exported lists. The first columns are those of our own imports, so that a file can come back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Final, Protocol

from webapp.domain.listed_orders import ListedOrder
from webapp.domain.parcel_data import FIELDS, ParcelData
from webapp.domain.spreadsheets import harmless
from webapp.domain.stock import StockedProduct
from webapp.languages import time_zone

Cell = str | int
Row = Sequence[Cell]

ORDERS: Final = (
    *("order_number", "ordered_at", "customer_name", "channel", "ship_by", "sku", "gtin", "product_name", "quantity"),
    *FIELDS,
    *("status", "shipped_quantity", "cancelled_quantity", "returned_quantity"),
)
STOCK: Final = ("sku", "gtin", "product_name", "warehouse", "location", "quantity", "reserved_quantity")


class OrderedLine(Protocol):
    """One line of an order; units."""

    @property
    def sku(self) -> str: ...
    @property
    def gtin(self) -> str | None: ...
    @property
    def product_name(self) -> str: ...
    @property
    def quantity(self) -> int: ...
    @property
    def shipped_quantity(self) -> int: ...
    @property
    def cancelled_quantity(self) -> int: ...
    @property
    def returned_quantity(self) -> int: ...


def order_rows(
    orders: Sequence[ListedOrder], lines: Mapping[int, Sequence[OrderedLine]], parcel_data: Mapping[int, ParcelData]
) -> Iterator[Row]:
    """Yield a row for each line of the orders. Times are in the store's zone, with its offset."""
    for order in orders:
        parcel_cells = [getattr(parcel_data[order.id], name) or "" for name in FIELDS]
        for line in lines.get(order.id, ()):
            yield (
                *(
                    order.order_number,
                    _time(order.ordered_at),
                    order.customer_name,
                    order.channel,
                    _time(order.ship_by),
                ),
                *(line.sku, line.gtin or "", line.product_name, line.quantity),
                *parcel_cells,
                *(order.status.value, line.shipped_quantity, line.cancelled_quantity, line.returned_quantity),
            )


def stock_rows(products: Sequence[StockedProduct]) -> Iterator[Row]:
    """Yield a row for each place of the products; a product without a place has one with no units."""
    for product in products:
        name = (product.sku, product.gtin or "", product.name)
        for place in product.places:
            yield *name, place.warehouse, place.location, place.quantity, place.reserved_quantity
        if not product.places:
            yield *name, "", "", 0, 0


def safe(row: Row) -> list[Cell]:
    """Return the row with each text harmless in a spreadsheet; numbers stay numbers."""
    return [harmless(cell) if isinstance(cell, str) else cell for cell in row]


def _time(at: datetime) -> str:
    return at.astimezone(time_zone()).isoformat(sep=" ", timespec="seconds")
