"""Reads units, open stock exceptions and packers of the orders on one list page, in one statement."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
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

from webapp.domain.causes import ExceptionState
from webapp.models import OrderItem, Shipment, StockException
from webapp.models.base import constant, table_of
from webapp.models.prepared import Prepared
from webapp.models.rows import columns_of, rows_of, whole

_items, _exceptions, _parcels = table_of(OrderItem), table_of(StockException), table_of(Shipment)

_ITEMS, _EXCEPTIONS, _PACKERS = range(3)

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
    """Who has an open parcel of it (the last by name, if several); None if nobody has."""


class _Sums(NamedTuple):
    """What one of the tables knows of an order."""

    kind: int
    order_id: int
    lines: int
    ordered: int
    shipped: int
    cancelled: int
    packed_by: str | None


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
        else:
            units[sums.order_id] = units[sums.order_id]._replace(packed_by=sums.packed_by)
    return units


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
    packers = _grouped(_PACKERS, _parcels, listed, packed_by=func.max(_parcels.c.packed_by)).where(
        _parcels.c.closed_at.is_(None)
    )
    return union_all(items, exceptions, packers)


_NO_SUM: Final = whole(null())
_NOBODY: Final = cast(null(), String)


def _grouped(
    kind: int,
    table: Table,
    listed: Listed,
    *,
    lines: ColumnElement[int] = _NO_SUM,
    ordered: ColumnElement[int] = _NO_SUM,
    shipped: ColumnElement[int] = _NO_SUM,
    cancelled: ColumnElement[int] = _NO_SUM,
    packed_by: ColumnElement[str] = _NOBODY,
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
        packed_by=packed_by,
    )
    return (
        select(*columns)
        .where(table.c.store_id == bindparam("store_id", type_=BigInteger), listed(table.c.order_id))
        .group_by(table.c.order_id)
    )


_STATEMENTS: Final = {
    "sqlite": Prepared(_statement(_listed_in_json)),
    "postgresql": Prepared(_statement(_listed_in_array)),
}
