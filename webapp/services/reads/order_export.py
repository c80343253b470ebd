"""What an export of orders has beside the list: the lines, the parcel data, and what the shop said last."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime
from decimal import Decimal
from typing import Final, NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from webapp.domain.holds import Hold
from webapp.domain.parcel_data import FIELDS, ParcelData
from webapp.models import Order, OrderItem
from webapp.models.base import table_of
from webapp.models.rows import columns_of, rows_of

_items, _orders = table_of(OrderItem), table_of(Order)


class ExportedLine(NamedTuple):
    """One line of an order, as it was ordered; units."""

    order_id: int
    sku: str
    gtin: str | None
    product_name: str
    quantity: int
    shipped_quantity: int
    cancelled_quantity: int
    returned_quantity: int
    line_id: str
    upstream_quantity: int
    """Units that the shop said last; 0 if it took the line out."""
    unit_price: Decimal | None
    pack_units: int
    """Units in one that the shop counts."""


class ExportedHead(NamedTuple):
    """What an order's rows have in common, beside what the list shows."""

    parcel_data: ParcelData
    upstream_at: datetime | None
    upstream_hold: Hold | None
    currency: str


_LINE: Final = columns_of(
    ExportedLine, _items, upstream_quantity=func.coalesce(_items.c.upstream_quantity, _items.c.quantity)
)


def read_lines(db: Session, store_id: int, order_ids: Collection[int]) -> dict[int, list[ExportedLine]]:
    """Return the lines of these orders, by order, in the order in which they were ordered."""
    lines: dict[int, list[ExportedLine]] = defaultdict(list)
    statement = select(*_LINE).where(_items.c.store_id == store_id, _items.c.order_id.in_(order_ids))
    for line in rows_of(ExportedLine, db.execute(statement.order_by(_items.c.order_id, _items.c.position))):
        lines[line.order_id].append(line)
    return lines


def read_heads(db: Session, store_id: int, order_ids: Collection[int]) -> dict[int, ExportedHead]:
    """Return what the rows of each of these orders have in common."""
    names = (*FIELDS, "upstream_at", "upstream_hold", "currency")
    statement = select(_orders.c.id, *(_orders.c[name] for name in names))
    rows = db.execute(statement.where(_orders.c.store_id == store_id, _orders.c.id.in_(order_ids))).mappings()
    return {
        row["id"]: ExportedHead(
            ParcelData(**{name: row[name] for name in FIELDS}),
            row["upstream_at"],
            row["upstream_hold"],
            row["currency"],
        )
        for row in rows
    }
