"""What an export of orders has beside the list: the lines, and the parcel data."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from typing import Final, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

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


_LINE: Final = columns_of(ExportedLine, _items)


def read_lines(db: Session, store_id: int, order_ids: Collection[int]) -> dict[int, list[ExportedLine]]:
    """Return the lines of these orders, by order, in the order in which they were ordered."""
    lines: dict[int, list[ExportedLine]] = defaultdict(list)
    statement = select(*_LINE).where(_items.c.store_id == store_id, _items.c.order_id.in_(order_ids))
    for line in rows_of(ExportedLine, db.execute(statement.order_by(_items.c.order_id, _items.c.position))):
        lines[line.order_id].append(line)
    return lines


def read_parcel_data(db: Session, store_id: int, order_ids: Collection[int]) -> dict[int, ParcelData]:
    """Return the parcel data of these orders."""
    statement = select(_orders.c.id, *(_orders.c[name] for name in FIELDS))
    rows = db.execute(statement.where(_orders.c.store_id == store_id, _orders.c.id.in_(order_ids))).mappings()
    return {row["id"]: ParcelData(**{name: row[name] for name in FIELDS}) for row in rows}
