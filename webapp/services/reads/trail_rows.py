"""Rows of trails: columns, conditions, and reading them into plain records.

The statements of a short, whole trail are built once, on tables instead of models: building and mapping cost more than
running them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from sqlalchemy import (
    BigInteger,
    Column,
    ColumnElement,
    Select,
    String,
    Table,
    and_,
    bindparam,
    case,
    cast,
    func,
    or_,
    select,
)
from sqlalchemy.orm import Session

from webapp.domain.errors import OrderNotFound
from webapp.domain.ledger import TransactionType
from webapp.domain.trail import Movement, TrailEntry, TrailEvent, TrailFilter, TrailItem, TrailOrder
from webapp.domain.trail_kinds import TrailKind, events_under, movements_under
from webapp.models import InventoryTransaction, Order, OrderEvent, OrderItem
from webapp.models.base import table_of
from webapp.models.channel import shown_number
from webapp.models.prepared import Prepared
from webapp.models.rows import columns_of, outer_pairs_of, rows_of, whole

Rows = Select[*tuple[Any, ...]]

WHOLE_ORDER: Final = 0
"""Stands for "no item" when rows are grouped; no item has this id."""

events, ledger = table_of(OrderEvent), table_of(InventoryTransaction)
orders, order_items = table_of(Order), table_of(OrderItem)

event_item: Final = func.coalesce(events.c.order_item_id, WHOLE_ORDER)
ledger_item: Final = func.coalesce(ledger.c.order_item_id, WHOLE_ORDER)

EVENT_COLUMNS: Final = columns_of(
    TrailEvent, events, event_id=events.c.id, item_id=events.c.order_item_id, at=events.c.created_at
)


def _movement_columns(order_number: ColumnElement[Any]) -> list[ColumnElement[Any]]:
    return columns_of(
        Movement,
        ledger,
        transaction_id=ledger.c.id,
        kind=ledger.c.transaction_type,
        item_id=ledger.c.order_item_id,
        order_number=order_number,
        actor=ledger.c.created_by,
        at=ledger.c.created_at,
    )


MOVEMENT_COLUMNS: Final = _movement_columns(ledger.c.order_number)
AMONG_ORDERS: Final = _movement_columns(
    select(shown_number(orders))
    .where(orders.c.store_id == ledger.c.store_id, orders.c.id == ledger.c.order_id)
    .correlate(ledger)
    .scalar_subquery()
)
"""Columns of movements: in one order's trail, and among those of several orders."""

ITEM_COLUMNS: Final = columns_of(
    TrailItem,
    order_items,
    item_id=order_items.c.id,
    name=func.coalesce(func.nullif(order_items.c.product_name, ""), order_items.c.sku),
)

_MOST_WORDS: Final = 6
"""Words of a search that are used."""

_store_id = bindparam("store_id", type_=BigInteger)
_order_id = bindparam("order_id", type_=BigInteger)

_HEAD: Final = Prepared(
    select(*columns_of(TrailOrder, orders, order_id=orders.c.id, order_number=shown_number(orders)), *ITEM_COLUMNS)
    .outerjoin_from(
        orders, order_items, and_(order_items.c.store_id == orders.c.store_id, order_items.c.order_id == orders.c.id)
    )
    .where(orders.c.store_id == _store_id, orders.c.id == _order_id)
    .order_by(order_items.c.position, order_items.c.id)
)

_EVENTS: Final = Prepared(
    select(*EVENT_COLUMNS)
    .where(events.c.store_id == _store_id, events.c.order_id == _order_id)
    .order_by(events.c.id)
    .limit(bindparam("limit"))
)


def _with_shipped_units(conditions: Iterable[ColumnElement[bool]]) -> Rows:
    """Select movements, each with its item's shipped units up to that row."""
    shipped = case((ledger.c.transaction_type == TransactionType.FULFILL, -ledger.c.quantity_change), else_=0)
    so_far = func.sum(shipped).over(partition_by=ledger.c.order_item_id, order_by=ledger.c.id)
    return select(*MOVEMENT_COLUMNS, whole(so_far).label("shipped_after")).where(*conditions)


_MOVEMENTS: Final = Prepared(
    select(*MOVEMENT_COLUMNS)
    .where(ledger.c.store_id == _store_id, ledger.c.order_id == _order_id)
    .order_by(ledger.c.id)
    .limit(bindparam("limit"))
)


def read_head(db: Session, store_id: int, order_id: int) -> tuple[TrailOrder, dict[int, TrailItem]]:
    """Return the order and its items by id, sorted by position, in one statement. Raises OrderNotFound."""
    result = _HEAD.run(db.connection(), {"store_id": store_id, "order_id": order_id})
    rows = outer_pairs_of(TrailOrder, TrailItem, result)
    if not rows:
        raise OrderNotFound
    order, _ = rows[0]
    return order, {item.item_id: item for _, item in rows if item}


def read_first_events(db: Session, store_id: int, order_id: int, limit: int) -> list[TrailEvent]:
    """Return the order's oldest events, at most ``limit``."""
    values = {"store_id": store_id, "order_id": order_id, "limit": limit}
    return rows_of(TrailEvent, _EVENTS.run(db.connection(), values))


def read_first_movements(db: Session, store_id: int, order_id: int, limit: int) -> list[Movement]:
    """Return the order's oldest movements, at most ``limit``, each with its item's shipped units up to that row."""
    values = {"store_id": store_id, "order_id": order_id, "limit": limit}
    return _with_running_totals(rows_of(Movement, _MOVEMENTS.run(db.connection(), values)))


def _with_running_totals(movements: Iterable[Movement]) -> list[Movement]:
    """Add each item's shipped units up to a row, as ``_with_shipped_units`` does; ``movements`` begin with the first.

    Sorting them twice for a window function takes a database longer than to read them.
    """
    shipped: Counter[int | None] = Counter()
    counted = []
    for movement in movements:
        if movement.kind is TransactionType.FULFILL:
            shipped[movement.item_id] -= movement.quantity_change
            movement = replace(movement, shipped_after=shipped[movement.item_id])
        counted.append(movement)
    return counted


def read_events(db: Session, conditions: Iterable[ColumnElement[bool]]) -> list[TrailEvent]:
    """Return the events that meet the conditions, oldest first."""
    return rows_of(TrailEvent, db.execute(select(*EVENT_COLUMNS).where(*conditions).order_by(events.c.id)))


def read_movements(db: Session, conditions: Iterable[ColumnElement[bool]]) -> list[Movement]:
    """Return the movements that meet the conditions, oldest first."""
    return rows_of(Movement, db.execute(select(*MOVEMENT_COLUMNS).where(*conditions).order_by(ledger.c.id)))


def read_counted_movements(
    db: Session, of_order: Iterable[ColumnElement[bool]], items: Collection[int], operations: Collection[str]
) -> list[Movement]:
    """Return the movements of these items in these operations, each with its item's shipped units up to that row."""
    counted = _with_shipped_units([*of_order, ledger_item.in_(items)]).subquery()
    in_these = select(counted).where(counted.c.operation_id.in_(operations)).order_by(counted.c.transaction_id)
    return rows_of(Movement, db.execute(in_these))


def grouped(event_rows: Iterable[TrailEvent], movement_rows: Iterable[Movement]) -> dict[tuple[str, int], TrailEntry]:
    """Group rows by operation and item, in the order in which they come."""
    entries: dict[tuple[str, int], TrailEntry] = {}
    for event in event_rows:
        key = (event.operation_id, event.item_id or WHOLE_ORDER)
        entries.setdefault(key, TrailEntry(event.operation_id, event.item_id)).events.append(event)
    for movement in movement_rows:
        key = (movement.operation_id, movement.item_id or WHOLE_ORDER)
        entries.setdefault(key, TrailEntry(movement.operation_id, movement.item_id)).movements.append(movement)
    return entries


def matching_events(
    store_id: int, order_id: int, criteria: TrailFilter, items: Mapping[int, TrailItem]
) -> list[ColumnElement[bool]]:
    """Return the conditions of an order's matching events; ``items`` are the order's, since the search covers their
    names."""
    conditions = _conditions(events, events.c.actor, events.c.operation_id, store_id, order_id, criteria)
    if criteria.kind is not None:
        conditions.append(events.c.kind.in_(events_under(criteria.kind)))
    texts = (events.c.actor, events.c.reason, cast(events.c.kind, String))
    return [*conditions, *_holding(criteria.search, texts, events.c.order_item_id, items)]


def matching_movements(
    store_id: int, order_id: int, criteria: TrailFilter, items: Mapping[int, TrailItem]
) -> list[ColumnElement[bool]]:
    """Return the conditions of an order's matching movements; ``items`` as above."""
    conditions = _conditions(ledger, ledger.c.created_by, ledger.c.operation_id, store_id, order_id, criteria)
    if criteria.kind is not None:
        conditions.append(_is_under(criteria.kind))
    place = ledger.c.warehouse + " / " + ledger.c.location
    texts = (ledger.c.created_by, ledger.c.reason, place)
    return [*conditions, *_holding(criteria.search, texts, ledger.c.order_item_id, items)]


def _is_under(kind: TrailKind) -> ColumnElement[bool]:
    """Return the condition that the filter ``kind`` lists a movement."""
    types, undone = movements_under(kind)
    return or_(
        ledger.c.transaction_type.in_(types) & ledger.c.reverses_id.is_(None),
        ledger.c.transaction_type.in_(undone) & ledger.c.reverses_id.is_not(None),
    )


def _holding(
    search: str, texts: Sequence[ColumnElement[str]], item_id: Column[int], items: Mapping[int, TrailItem]
) -> list[ColumnElement[bool]]:
    """Return the conditions that a row's texts, or its item's name or SKU, contain each word."""
    return [
        or_(
            *(func.lower(text).contains(word, autoescape=True) for text in texts),
            item_id.in_([item.item_id for item in items.values() if word in f"{item.name} {item.sku}".casefold()]),
        )
        for word in search.casefold().split()[:_MOST_WORDS]
    ]


def _conditions(
    table: Table, person: Column[str], operation: Column[str], store_id: int, order_id: int, criteria: TrailFilter
) -> list[ColumnElement[bool]]:
    """Return the conditions that events and movements share; ``person`` and ``operation`` are the table's columns."""
    conditions = (
        (person, criteria.person),
        (table.c.order_item_id, criteria.item_id),
        (operation, criteria.operation_id),
    )
    return [
        table.c.store_id == store_id,
        table.c.order_id == order_id,
        *(column == value for column, value in conditions if value is not None),
    ]
