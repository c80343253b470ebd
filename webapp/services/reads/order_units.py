"""Reads units, open stock exceptions, packers and assignments of the orders on one list page, in one statement."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, Final, NamedTuple

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Column,
    ColumnElement,
    CompoundSelect,
    Select,
    String,
    Table,
    any_,
    bindparam,
    cast,
    func,
    literal_column,
    null,
    select,
    union_all,
)
from sqlalchemy.orm import Session

from webapp.domain.assignments import OrderHolder
from webapp.domain.causes import ExceptionState
from webapp.models import Assignment, OrderItem, Shipment, StockException, User
from webapp.models.base import UtcDateTime, constant, table_of
from webapp.models.prepared import Prepared
from webapp.models.rows import columns_of, rows_of, whole

_items, _exceptions, _parcels = table_of(OrderItem), table_of(StockException), table_of(Shipment)
_assignments, _users = table_of(Assignment), table_of(User)

_ITEMS, _EXCEPTIONS, _PACKERS, _ASSIGNED = range(4)

Rows = Select[*tuple[Any, ...]]
Listed = Callable[[Column[int]], ColumnElement[bool]]


class OrderUnits(NamedTuple):
    """Sums over an order's items."""

    item_count: int = 0
    ordered_units: int = 0
    shipped_units: int = 0
    cancelled_units: int = 0
    open_exceptions: int = 0
    packed_by: str | None = None
    packed_since: datetime | None = None
    """Whose open parcel of it is the last one, and since when; None if no parcel is open."""
    assignments: tuple[OrderHolder, ...] = ()


class _Sums(NamedTuple):
    """What one of the tables knows of an order."""

    kind: int
    order_id: int
    lines: int
    ordered: int
    shipped: int
    cancelled: int
    person: str | None
    since: datetime | None
    last_active: datetime | None


NONE: Final = OrderUnits()


def read_units(db: Session, store_id: int, order_ids: Sequence[int]) -> dict[int, OrderUnits]:
    """Return the units of these orders by order id, in one statement; orders without items are left out."""
    connection = db.connection()
    is_sqlite = connection.dialect.name == "sqlite"
    parameters = {"store_id": store_id, "order_ids": json.dumps(order_ids) if is_sqlite else list(order_ids)}
    units: dict[int, OrderUnits] = {}
    for sums in rows_of(_Sums, _STATEMENTS[connection.dialect.name].run(connection, parameters)):
        if sums.kind == _ITEMS:
            units[sums.order_id] = OrderUnits(sums.lines, sums.ordered, sums.shipped, sums.cancelled)
        elif sums.kind == _EXCEPTIONS:
            units[sums.order_id] = units[sums.order_id]._replace(open_exceptions=sums.lines)
        elif sums.person and sums.since:
            units[sums.order_id] = _with_person(units[sums.order_id], sums, sums.person, sums.since)
    return units


def _with_person(units: OrderUnits, sums: _Sums, person: str, since: datetime) -> OrderUnits:
    if sums.last_active:
        return units._replace(assignments=(*units.assignments, OrderHolder(person, since, sums.last_active)))
    if units.packed_since and units.packed_since > since:
        return units
    return units._replace(packed_by=person, packed_since=since)


def _listed_in_json(order_id: Column[int]) -> ColumnElement[bool]:
    ids = func.json_each(bindparam("order_ids", type_=String)).table_valued("value")
    return order_id.in_(select(ids.c.value))


def _listed_in_array(order_id: Column[int]) -> ColumnElement[bool]:
    """Compare with one array: with a parameter per id PostgreSQL would plan the statement again each time."""
    return order_id == any_(bindparam("order_ids", type_=ARRAY(BigInteger)))


def _statement(listed: Listed) -> CompoundSelect[*tuple[Any, ...]]:
    """Read each table once for all orders, items first: asking once per order costs twice as much."""
    items = _grouped(
        _ITEMS,
        _items,
        listed,
        lines=func.count(),
        ordered=whole(func.sum(_items.c.quantity)),
        shipped=whole(func.sum(_items.c.shipped_quantity)),
        cancelled=whole(func.sum(_items.c.cancelled_quantity)),
    )
    exceptions = _grouped(_EXCEPTIONS, _exceptions, listed, lines=func.count()).where(
        _exceptions.c.state == constant(ExceptionState.OPEN)
    )
    packers = _of_person(_PACKERS, _parcels, listed, _parcels.c.packed_by, _parcels.c.created_at, _NEVER).where(
        _parcels.c.closed_at.is_(None)
    )
    active = _assignments.c.last_active
    assigned = _of_person(_ASSIGNED, _assignments, listed, _users.c.username, _assignments.c.since, active)
    assigned = assigned.join(_users, _users.c.id == _assignments.c.user_id)
    return union_all(items, exceptions, packers, assigned)


_NO_SUM: Final = whole(null())
_NOBODY: Final = cast(null(), String)
_NEVER: Final = cast(null(), UtcDateTime)


def _grouped(
    kind: int,
    table: Table,
    listed: Listed,
    *,
    lines: ColumnElement[int] = _NO_SUM,
    ordered: ColumnElement[int] = _NO_SUM,
    shipped: ColumnElement[int] = _NO_SUM,
    cancelled: ColumnElement[int] = _NO_SUM,
) -> Rows:
    """Select one row an order."""
    columns = columns_of(
        _Sums,
        table,
        kind=literal_column(str(kind)),
        lines=lines,
        ordered=ordered,
        shipped=shipped,
        cancelled=cancelled,
        person=_NOBODY,
        since=_NEVER,
        last_active=_NEVER,
    )
    return select(*columns).where(*_among(table, listed)).group_by(table.c.order_id)


def _of_person(
    kind: int,
    table: Table,
    listed: Listed,
    person: ColumnElement[str],
    since: ColumnElement[datetime],
    last_active: ColumnElement[datetime],
) -> Rows:
    """Select one row for each person of an order."""
    columns = columns_of(
        _Sums,
        table,
        kind=literal_column(str(kind)),
        lines=_NO_SUM,
        ordered=_NO_SUM,
        shipped=_NO_SUM,
        cancelled=_NO_SUM,
        person=person,
        since=since,
        last_active=last_active,
    )
    return select(*columns).select_from(table).where(*_among(table, listed))


def _among(table: Table, listed: Listed) -> tuple[ColumnElement[bool], ...]:
    return table.c.store_id == bindparam("store_id", type_=BigInteger), listed(table.c.order_id)


_STATEMENTS: Final = {
    "sqlite": Prepared(_statement(_listed_in_json)),
    "postgresql": Prepared(_statement(_listed_in_array)),
}
