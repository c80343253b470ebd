"""Reads what an activity page shows of each operation, and how large the operation is in total."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from sqlalchemy import and_, case, func, or_, select
from sqlalchemy.orm import Session

from webapp.domain.activity import ActivityOrder, OperationSize
from webapp.domain.trail import Movement, TrailEntry, TrailEvent, TrailItem
from webapp.domain.trail_kinds import LEADING
from webapp.models import Order, OrderItem, Product
from webapp.models.base import table_of
from webapp.services.reads.trail_rows import (
    EVENT_COLUMNS,
    MOVEMENT_COLUMNS,
    Rows,
    events,
    grouped,
    ledger,
    ledger_item,
)

MOST_LINES: Final = 12
"""Events per operation, and ledger rows per item, that are read; the totals count all."""

_ONE_REQUEST: Final = timedelta(seconds=5)
"""Rows of one request are written within this time."""

_orders, _items, _products = table_of(Order), table_of(OrderItem), table_of(Product)


class Key(NamedTuple):
    """An operation's time and id."""

    at: datetime
    operation_id: str


@dataclass(slots=True)
class Lines:
    """What is shown of some operations, in their order."""

    entries: list[TrailEntry] = field(default_factory=list)
    products: dict[int, tuple[int, str]] = field(default_factory=dict)
    sizes: dict[str, OperationSize] = field(default_factory=dict)


def read_lines(db: Session, store_id: int, keys: Sequence[Key]) -> Lines:
    """Read the operations' first rows, in two statements (none for no operations)."""
    if not keys:
        return Lines()
    lines, event_rows, movement_rows = Lines(), list[TrailEvent](), list[Movement]()
    for *row, _, total, count, units in db.execute(_events(store_id, keys)):
        event = TrailEvent(*row)
        event_rows.append(event)
        size = lines.sizes.setdefault(event.operation_id, OperationSize())
        size.event_count, size.events[event.kind] = total, (count, int(units or 0))
    item_ids = {event.item_id for event in event_rows if event.item_id is not None}
    operation_ids = [key.operation_id for key in keys]
    for *row, product_id, name, _, count, units in db.execute(_movements(store_id, operation_ids, item_ids)):
        movement = Movement(*row)
        movement_rows.append(movement)
        if movement.order_id is None:
            lines.products[movement.transaction_id] = (product_id, name)
            lines.sizes.setdefault(movement.operation_id, OperationSize()).stock = (count, int(units))
    position = {operation_id: number for number, operation_id in enumerate(operation_ids)}
    lines.entries = sorted(grouped(event_rows, movement_rows).values(), key=lambda entry: position[entry.operation_id])
    return lines


def _events(store_id: int, keys: Sequence[Key]) -> Rows:
    """Select the operations' first events, each with the operation's total and its kind's total and units."""
    alike = (events.c.operation_id, events.c.kind)
    leading_first = (case((events.c.kind.in_(LEADING), 0), else_=1), events.c.id)
    numbered = (
        select(
            *EVENT_COLUMNS,
            func.row_number().over(partition_by=events.c.operation_id, order_by=leading_first).label("number"),
            func.count().over(partition_by=events.c.operation_id).label("total"),
            func.count().over(partition_by=alike).label("count"),
            func.sum(events.c.details["quantity"].as_integer()).over(partition_by=alike).label("units"),
        )
        .where(
            or_(
                *(
                    and_(
                        events.c.store_id == store_id,
                        events.c.created_at.between(key.at - _ONE_REQUEST, key.at),
                        events.c.operation_id == key.operation_id,
                    )
                    for key in keys
                )
            )
        )
        .subquery()
    )
    return select(numbered).where(numbered.c.number <= MOST_LINES).order_by(numbered.c.id)


def _movements(store_id: int, operation_ids: Sequence[str], item_ids: Collection[int]) -> Rows:
    """Select the first movements of these items, and of no item, with number and units of all similar ones."""
    alike = (ledger.c.operation_id, ledger_item)
    numbered = (
        select(
            *MOVEMENT_COLUMNS,
            ledger.c.product_id,
            _products.c.name.label("product_name"),
            func.row_number().over(partition_by=alike, order_by=ledger.c.id).label("number"),
            func.count().over(partition_by=alike).label("count"),
            func.sum(ledger.c.quantity_change).over(partition_by=alike).label("units"),
        )
        .join(_products, and_(_products.c.store_id == ledger.c.store_id, _products.c.id == ledger.c.product_id))
        .where(
            ledger.c.store_id == store_id,
            ledger.c.operation_id.in_(operation_ids),
            or_(ledger.c.order_item_id.is_(None), ledger.c.order_item_id.in_(item_ids)),
        )
        .subquery()
    )
    return select(numbered).where(numbered.c.number <= MOST_LINES).order_by(numbered.c.id)


def read_orders(
    db: Session, store_id: int, entries: Sequence[TrailEntry]
) -> tuple[dict[int, ActivityOrder], dict[int, TrailItem]]:
    """Return the entries' orders and items by id, in one statement."""
    order_ids, item_ids = set[int](), set[int]()
    for entry in entries:
        order_ids |= {row.order_id for row in entry.events if row.order_id is not None}
        order_ids |= {row.order_id for row in entry.movements if row.order_id is not None}
        if entry.item_id is not None:
            item_ids.add(entry.item_id)
    if not order_ids:
        return {}, {}
    rows = db.execute(
        select(
            _orders.c.id,
            _orders.c.order_number,
            _orders.c.customer_name,
            _items.c.id,
            _items.c.position,
            _items.c.product_name,
            _items.c.sku,
            _items.c.quantity,
            _items.c.shipped_quantity,
            _items.c.cancelled_quantity,
            _items.c.returned_quantity,
        )
        .outerjoin_from(
            _orders,
            _items,
            and_(
                _items.c.store_id == _orders.c.store_id,
                _items.c.order_id == _orders.c.id,
                _items.c.id.in_(item_ids),
            ),
        )
        .where(_orders.c.store_id == store_id, _orders.c.id.in_(order_ids))
    ).all()
    orders = {row[0]: ActivityOrder(*row[:3]) for row in rows}
    return orders, {row[3]: TrailItem(*row[3:]) for row in rows if row[3] is not None}
