"""Rows of exported lists. The first columns are those of our own imports, so that a file can come back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Final, Protocol

from webapp.domain.holds import Hold
from webapp.domain.listed_orders import ListedOrder
from webapp.domain.money import price_text
from webapp.domain.open_exceptions import OpenException
from webapp.domain.packs import whole_packs
from webapp.domain.parcel_data import FIELDS, MOST_LINES, ParcelData
from webapp.domain.products import ParcelFacts
from webapp.domain.stock import StockedProduct
from webapp.languages import time_zone

Cell = str | int
Row = Sequence[Cell]

_LINES: Final = tuple(f"ship_to_line{number}" for number in range(1, MOST_LINES + 1))
_PARCEL: Final = tuple(name for field in FIELDS for name in (_LINES if field == "ship_to_lines" else (field,)))

ORDERS: Final = (
    *("order_number", "ordered_at", "customer_name", "channel", "ship_by", "sku", "gtin", "product_name", "quantity"),
    *_PARCEL,
    *("external_id", "updated_at", "payment_status", "fulfillment_status", "line_id", "line_fulfillment_status"),
    *("unit_price", "currency", "pack_units"),
    *("status", "ordered_quantity", "shipped_quantity", "cancelled_quantity", "returned_quantity"),
)
"""``quantity`` is what the shop said last, since an import compares with that, and counts packs where it sells packs:
``ordered_quantity`` and the others are units, ``pack_units`` in one pack."""

_HOLDS: Final = {None: ("", ""), Hold.UNPAID: ("unpaid", ""), Hold.ON_HOLD: ("", "on_hold")}
"""Payment and fulfillment status by which an import knows the hold."""

_TAKEN_OUT: Final = "restocked"
"""Fulfillment status of a line that the shop took out of the order."""

STOCK: Final = (
    "sku",
    "gtin",
    "product_name",
    "warehouse",
    "location",
    "quantity",
    "reserved_quantity",
    *ParcelFacts._fields,
    "exported_from",
)

EXCEPTIONS: Final = (
    *("cause", "units", "order_number", "order_status", "customer_name", "ship_by", "sku", "gtin", "product_name"),
    *("units_to_ship", "warehouse", "location", "opened_at", "opened_by"),
)


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
    @property
    def line_id(self) -> str: ...
    @property
    def upstream_quantity(self) -> int: ...
    @property
    def unit_price(self) -> Decimal | None: ...
    @property
    def pack_units(self) -> int: ...


class ExportedOrder(Protocol):
    """What the rows of an order have in common, beside what the list shows."""

    @property
    def parcel_data(self) -> ParcelData: ...
    @property
    def upstream_at(self) -> datetime | None: ...
    @property
    def upstream_hold(self) -> Hold | None: ...
    @property
    def currency(self) -> str: ...


def order_rows(
    orders: Sequence[ListedOrder], lines: Mapping[int, Sequence[OrderedLine]], heads: Mapping[int, ExportedOrder]
) -> Iterator[Row]:
    """Yield a row for each line of the orders. Times are in the store's zone, with its offset."""
    for order in orders:
        head = heads[order.id]
        of_order = (order.order_number, _time(order.ordered_at), order.customer_name, order.channel)
        state = (
            order.external_id if order.external_id != order.order_number else "",
            _time(head.upstream_at) if head.upstream_at else "",
            *_HOLDS[head.upstream_hold],
        )
        for line in lines.get(order.id, ()):
            yield (
                *(*of_order, _time(order.ship_by)),
                *(line.sku, line.gtin or "", line.product_name, _counted_by_the_shop(line)),
                *_parcel_cells(head.parcel_data),
                *(*state, line.line_id, "" if line.upstream_quantity else _TAKEN_OUT),
                *("" if line.unit_price is None else price_text(line.unit_price), head.currency),
                *(line.pack_units, order.status.value, line.quantity),
                *(line.shipped_quantity, line.cancelled_quantity, line.returned_quantity),
            )


def _counted_by_the_shop(line: OrderedLine) -> int:
    return whole_packs(line.upstream_quantity or line.quantity, line.pack_units)


def stock_rows(products: Sequence[StockedProduct], store_code: str) -> Iterator[Row]:
    """Yield a row for each place of the products; a product without a place has one with no units."""
    for product in products:
        name = (product.sku, product.gtin or "", product.name)
        facts = (product.weight_grams or "", product.hs_code or "", product.origin_country or "")
        for place in product.places:
            units = (place.warehouse, place.location, place.quantity, place.reserved_quantity)
            yield *name, *units, *facts, store_code
        if not product.places:
            yield *name, "", "", 0, 0, *facts, store_code


def exception_rows(exceptions: Sequence[OpenException]) -> Iterator[Row]:
    """Yield a row for each open exception."""
    for one in exceptions:
        warehouse, location = one.short_at or ("", "")
        yield (
            *(one.cause.value, one.quantity, one.order_number, one.order_status.value, one.customer_name),
            *(_time(one.ship_by), one.sku, one.gtin or "", one.product_name, one.remaining_quantity),
            *(warehouse, location, _time(one.opened_at), one.opened_by),
        )


def _time(at: datetime) -> str:
    return at.astimezone(time_zone()).isoformat(sep=" ")


def _parcel_cells(parcel_data: ParcelData) -> Iterator[str]:
    for name in FIELDS:
        text = getattr(parcel_data, name)
        if name == "ship_to_lines":
            lines = text.split("\n")
            yield from (*lines, *("",) * (MOST_LINES - len(lines)))
        else:
            yield text
