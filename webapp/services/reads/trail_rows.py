"""Rows of trails: columns, conditions, and reading them into plain records.

The statements of a short, whole trail are built once, on tables instead of models: building and mapping cost more than
running them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
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

Rows = Select[*tuple[Any, ...]]

WHOLE_ORDER: Final = 0
"""Stands for "no item" when rows are grouped; no item has this id."""

events, ledger = table_of(OrderEvent), table_of(InventoryTransaction)
_orders, _items = table_of(Order), table_of(OrderItem)

event_item: Final = func.coalesce(events.c.order_item_id, WHOLE_ORDER)
ledger_item: Final = func.coalesce(ledger.c.order_item_id, WHOLE_ORDER)

EVENT_COLUMNS: Final = (
    events.c.id,
    events.c.kind,
    events.c.order_item_id,
    events.c.actor,
    events.c.reason,
    events.c.details,
    events.c.operation_id,
    events.c.created_at,
    events.c.order_id,
)
"""In the order of ``TrailEvent``'s fields."""

MOVEMENT_COLUMNS: Final = (
    ledger.c.id,
    ledger.c.transaction_type,
    ledger.c.quantity_change,
    ledger.c.reserved_change,
    ledger.c.quantity_after,
    ledger.c.reserved_after,
    ledger.c.warehouse,
    ledger.c.location,
    ledger.c.order_item_id,
    ledger.c.order_id,
    ledger.c.order_number,
    ledger.c.reverses_id,
    ledger.c.operation_id,
    ledger.c.reason,
    ledger.c.created_by,
    ledger.c.created_at,
)
"""In the order of ``Movement``'s fields."""
_WIDTH: Final = len(MOVEMENT_COLUMNS)

_MOST_WORDS: Final = 6
"""Words of a search that are used."""

_store_id = bindparam("store_id", type_=BigInteger)
_order_id = bindparam("order_id", type_=BigInteger)

_HEAD: Final = (
    select(
        _orders.c.id,
        _orders.c.order_number,
        _orders.c.customer_name,
        _orders.c.status,
        _items.c.id,
        _items.c.position,
        _items.c.product_name,
        _items.c.sku,
        _items.c.quantity,
        _items.c.shipped_quantity,
        _items.c.cancelled_quantity,
        _items.c.returned_quantity,
    )
    .outerjoin_from(_orders, _items, and_(_items.c.store_id == _orders.c.store_id, _items.c.order_id == _orders.c.id))
    .where(_orders.c.store_id == _store_id, _orders.c.id == _order_id)
    .order_by(_items.c.position, _items.c.id)
)
_HEAD_WIDTH: Final = 4

_EVENTS: Final = (
    select(*EVENT_COLUMNS)
    .where(events.c.store_id == _store_id, events.c.order_id == _order_id)
    .order_by(events.c.id)
    .limit(bindparam("limit"))
)


def _with_shipped_units(conditions: Iterable[ColumnElement[bool]]) -> Rows:
    """Select movements, each with its item's shipped units up to that row."""
    shipped = case((ledger.c.transaction_type == TransactionType.FULFILL, -ledger.c.quantity_change), else_=0)
    so_far = func.sum(shipped).over(partition_by=ledger.c.order_item_id, order_by=ledger.c.id)
    return select(*MOVEMENT_COLUMNS, so_far.label("shipped_after")).where(*conditions)


_MOVEMENTS: Final = (
    _with_shipped_units([ledger.c.store_id == _store_id, ledger.c.order_id == _order_id])
    .order_by(ledger.c.id)
    .limit(bindparam("limit"))
)


def read_head(db: Session, store_id: int, order_id: int) -> tuple[TrailOrder, dict[int, TrailItem]]:
    """Return the order and its items by id, sorted by position, in one statement. Raises OrderNotFound."""
    rows: Sequence[Sequence[Any]] = db.connection().execute(_HEAD, {"store_id": store_id, "order_id": order_id}).all()
    if not rows:
        raise OrderNotFound
    items = (TrailItem(*row[_HEAD_WIDTH:]) for row in rows if row[_HEAD_WIDTH] is not None)
    return TrailOrder(*rows[0][:_HEAD_WIDTH]), {item.item_id: item for item in items}


def read_first_events(db: Session, store_id: int, order_id: int, limit: int) -> list[TrailEvent]:
    """Return the order's oldest events, at most ``limit``."""
    rows = db.connection().execute(_EVENTS, {"store_id": store_id, "order_id": order_id, "limit": limit})
    return [TrailEvent(*row) for row in rows]


def read_first_movements(db: Session, store_id: int, order_id: int, limit: int) -> list[Movement]:
    """Return the order's oldest movements, at most ``limit``, each with its item's shipped units up to that row."""
    rows = db.connection().execute(_MOVEMENTS, {"store_id": store_id, "order_id": order_id, "limit": limit})
    return [movement_from(row) for row in rows]


def read_events(db: Session, conditions: Iterable[ColumnElement[bool]]) -> list[TrailEvent]:
    """Return the events that meet the conditions, oldest first."""
    return [TrailEvent(*row) for row in db.execute(select(*EVENT_COLUMNS).where(*conditions).order_by(events.c.id))]


def read_movements(db: Session, conditions: Iterable[ColumnElement[bool]]) -> list[Movement]:
    """Return the movements that meet the conditions, oldest first."""
    rows = db.execute(select_movements().where(*conditions).order_by(ledger.c.id))
    return [movement_from(row) for row in rows]


def read_counted_movements(
    db: Session, of_order: Iterable[ColumnElement[bool]], items: Collection[int], operations: Collection[str]
) -> list[Movement]:
    """Return the movements of these items in these operations, each with its item's shipped units up to that row."""
    counted = _with_shipped_units([*of_order, ledger_item.in_(items)]).subquery()
    rows = db.execute(select(counted).where(counted.c.operation_id.in_(operations)).order_by(counted.c.id))
    return [movement_from(row) for row in rows]


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


def select_movements() -> Rows:
    """Select the columns of a movement."""
    return select(*MOVEMENT_COLUMNS)


def movement_from(row: Sequence[Any]) -> Movement:
    """Build a movement from a row, with its item's shipped units if the query asked for them."""
    numbers = [int(shipped) for shipped in row[_WIDTH:]]  # PostgreSQL sums to Decimal.
    return Movement(*row[:_WIDTH], *numbers)


def wanted_events(
    store_id: int, order_id: int, criteria: TrailFilter, items: Mapping[int, TrailItem]
) -> list[ColumnElement[bool]]:
    """Return the conditions of an order's matching events; ``items`` are the order's, since the search covers their
    names."""
    conditions = _conditions(events, events.c.actor, events.c.operation_id, store_id, order_id, criteria)
    if criteria.kind is not None:
        conditions.append(events.c.kind.in_(events_under(criteria.kind)))
    texts = (events.c.actor, events.c.reason, cast(events.c.kind, String))
    return [*conditions, *_holding(criteria.search, texts, events.c.order_item_id, items)]


def wanted_movements(
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
