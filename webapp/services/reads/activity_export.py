"""Reads every row of a store's operations, for an export of the activity: pages show only their first rows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from webapp.domain.activity import ActivityFilter, ActivityOrder
from webapp.domain.trail import Movement, TrailEvent, TrailItem
from webapp.models import Product
from webapp.models.base import table_of
from webapp.models.rows import columns_of, pairs_of, rows_of
from webapp.services.reads.activity_queries import newest_operations, next_page, read_after
from webapp.services.reads.activity_rows import Key, happened_with, read_orders
from webapp.services.reads.trail_rows import AMONG_ORDERS, EVENT_COLUMNS, Rows, events, grouped, ledger

_products: Final = table_of(Product)


class MovedProduct(NamedTuple):
    """The product of a movement."""

    sku: str
    product_name: str


class ActivityRows(NamedTuple):
    """Some operations with all their rows, the newest operation first."""

    operations: list[Key]
    events: list[TrailEvent]
    movements: list[tuple[Movement, MovedProduct]]
    orders: dict[int, ActivityOrder]
    items: dict[int, TrailItem]
    next_cursor: str | None


def read_rows(db: Session, store_id: int, criteria: ActivityFilter, cursor: str | None, limit: int) -> ActivityRows:
    """Return the rows of the next operations that match. Raises InvalidInput for a cursor of another list."""
    rows = newest_operations(db, store_id, criteria, read_after(cursor), limit + 1)
    keys, next_cursor = next_page(rows, limit)
    if not keys:
        return ActivityRows([], [], [], {}, {}, None)
    event_rows = rows_of(
        TrailEvent,
        db.execute(
            select(*EVENT_COLUMNS).where(or_(*(happened_with(store_id, key) for key in keys))).order_by(events.c.id)
        ),
    )
    movements = pairs_of(Movement, MovedProduct, db.execute(_movements(store_id, [key.operation_id for key in keys])))
    entries = grouped(event_rows, (movement for movement, _ in movements)).values()
    orders, items = read_orders(db, store_id, list(entries))
    return ActivityRows(keys, event_rows, movements, orders, items, next_cursor)


def _movements(store_id: int, operation_ids: Sequence[str]) -> Rows:
    return (
        select(*AMONG_ORDERS, *columns_of(MovedProduct, _products, product_name=_products.c.name))
        .join(_products, and_(_products.c.store_id == ledger.c.store_id, _products.c.id == ledger.c.product_id))
        .where(ledger.c.store_id == store_id, ledger.c.operation_id.in_(operation_ids))
        .order_by(ledger.c.id)
    )
