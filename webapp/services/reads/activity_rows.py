"""Reads what an activity page shows of each operation, and how large the operation is in total."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from sqlalchemy import ColumnElement, and_, case, func, or_, select
from sqlalchemy.orm import Session

from webapp.domain.activity import ActivityOrder, OperationSize
from webapp.domain.sequences import newest_first
from webapp.domain.trail import Movement, TrailEntry, TrailEvent, TrailItem
from webapp.domain.trail_kinds import LEADING
from webapp.models import Product
from webapp.models.base import table_of
from webapp.models.channel import shown_number
from webapp.models.rows import columns_of, outer_pairs_of, pairs_of, whole
from webapp.services.reads.trail_rows import (
    AMONG_ORDERS,
    EVENT_COLUMNS,
    ITEM_COLUMNS,
    Rows,
    events,
    grouped,
    ledger,
    ledger_item,
    order_items,
    orders,
)

MOST_LINES: Final = 12
"""Events per operation, and ledger rows per item, that are read; the totals count all."""

_ONE_REQUEST: Final = timedelta(seconds=5)
"""Rows of one request are written within this time."""

_products = table_of(Product)

_ORDER_COLUMNS: Final = columns_of(ActivityOrder, orders, order_id=orders.c.id, order_number=shown_number(orders))


class Key(NamedTuple):
    """An operation's time and id."""

    at: datetime
    operation_id: str


@dataclass(slots=True)
class Lines:
    """What is shown of some operations, newest first."""

    entries: list[TrailEntry] = field(default_factory=list)
    products: dict[int, tuple[int, str]] = field(default_factory=dict)
    sizes: dict[str, OperationSize] = field(default_factory=dict)


class _AlikeEvents(NamedTuple):
    """An event's number within its operation, of how many lines, and the lines and units of its kind there."""

    number: int
    all_lines: int
    lines: int
    units: int | None


class _AlikeMovements(NamedTuple):
    """A movement's product and place, its number among those of its operation and item, and their lines and units."""

    product_id: int
    inventory_id: int
    product_name: str
    number: int
    lines: int
    units: int


def read_lines(db: Session, store_id: int, keys: Sequence[Key]) -> Lines:
    """Read the operations' first rows, in two statements (none for no operations).

    What changed the same order or place stands as it happened, newest first; for the rest the clock decides.
    """
    if not keys:
        return Lines()
    lines, event_rows, movement_rows = Lines(), list[TrailEvent](), list[Movement]()
    chains: defaultdict[tuple[str, int | None], list[str]] = defaultdict(list)
    for event, alike in pairs_of(TrailEvent, _AlikeEvents, db.execute(_events(store_id, keys))):
        event_rows.append(event)
        chains["order", event.order_id].append(event.operation_id)
        size = lines.sizes.setdefault(event.operation_id, OperationSize())
        size.event_count, size.events[event.kind] = alike.all_lines, (alike.lines, alike.units or 0)
    item_ids = {event.item_id for event in event_rows if event.item_id is not None}
    operation_ids = [key.operation_id for key in keys]
    movements = db.execute(_movements(store_id, operation_ids, item_ids))
    for movement, alike_movements in pairs_of(Movement, _AlikeMovements, movements):
        movement_rows.append(movement)
        chains["place", alike_movements.inventory_id].append(movement.operation_id)
        if movement.order_id is None:
            lines.products[movement.transaction_id] = (alike_movements.product_id, alike_movements.product_name)
            lines.sizes.setdefault(movement.operation_id, OperationSize()).stock = (
                alike_movements.lines,
                alike_movements.units,
            )
    in_order = newest_first({key.operation_id: key.at for key in keys}, chains.values())
    position = {operation_id: number for number, operation_id in enumerate(in_order)}
    lines.entries = sorted(grouped(event_rows, movement_rows).values(), key=lambda entry: position[entry.operation_id])
    return lines


def happened_with(store_id: int, key: Key) -> ColumnElement[bool]:
    """Return the condition that an event is of the operation."""
    return and_(
        events.c.store_id == store_id,
        events.c.created_at.between(key.at - _ONE_REQUEST, key.at),
        events.c.operation_id == key.operation_id,
    )


def _events(store_id: int, keys: Sequence[Key]) -> Rows:
    """Select the operations' first events, each with the operation's total and its kind's total and units."""
    alike = (events.c.operation_id, events.c.kind)
    leading_first = (case((events.c.kind.in_(LEADING), 0), else_=1), events.c.id)
    numbered = (
        select(
            *EVENT_COLUMNS,
            func.row_number().over(partition_by=events.c.operation_id, order_by=leading_first).label("number"),
            func.count().over(partition_by=events.c.operation_id).label("all_lines"),
            func.count().over(partition_by=alike).label("lines"),
            func.sum(events.c.details["quantity"].as_integer()).over(partition_by=alike).label("units"),
        )
        .where(or_(*(happened_with(store_id, key) for key in keys)))
        .subquery()
    )
    return select(numbered).where(numbered.c.number <= MOST_LINES).order_by(numbered.c.event_id)


def _movements(store_id: int, operation_ids: Sequence[str], item_ids: Collection[int]) -> Rows:
    """Select the first movements of these items, and of no item, with number and units of all similar ones."""
    alike = (ledger.c.operation_id, ledger_item)
    numbered = (
        select(
            *AMONG_ORDERS,
            ledger.c.product_id,
            ledger.c.inventory_id,
            _products.c.name.label("product_name"),
            func.row_number().over(partition_by=alike, order_by=ledger.c.id).label("number"),
            func.count().over(partition_by=alike).label("lines"),
            whole(func.sum(ledger.c.quantity_change).over(partition_by=alike)).label("units"),
        )
        .join(_products, and_(_products.c.store_id == ledger.c.store_id, _products.c.id == ledger.c.product_id))
        .where(
            ledger.c.store_id == store_id,
            ledger.c.operation_id.in_(operation_ids),
            or_(ledger.c.order_item_id.is_(None), ledger.c.order_item_id.in_(item_ids)),
        )
        .subquery()
    )
    return select(numbered).where(numbered.c.number <= MOST_LINES).order_by(numbered.c.transaction_id)


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
    result = db.execute(
        select(*_ORDER_COLUMNS, *ITEM_COLUMNS)
        .outerjoin_from(
            orders,
            order_items,
            and_(
                order_items.c.store_id == orders.c.store_id,
                order_items.c.order_id == orders.c.id,
                order_items.c.id.in_(item_ids),
            ),
        )
        .where(orders.c.store_id == store_id, orders.c.id.in_(order_ids))
    )
    rows = outer_pairs_of(ActivityOrder, TrailItem, result)
    return {order.order_id: order for order, _ in rows}, {item.item_id: item for _, item in rows if item}
