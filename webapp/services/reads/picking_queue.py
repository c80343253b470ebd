"""Finds the order to pick next."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final

from sqlalchemy import BigInteger, Connection, Select, bindparam, select, tuple_
from sqlalchemy.orm import Session

from webapp.domain.clock import utc_now
from webapp.domain.errors import OrderNotFound
from webapp.domain.settings import DEFAULTS
from webapp.domain.statuses import OPEN_STATUSES, RESERVING_STATUSES
from webapp.models import Allocation, Assignment, Order, OrderItem
from webapp.models.base import UtcDateTime, constant, table_of
from webapp.models.prepared import Prepared, Values
from webapp.services.reads.order_listing import is_open

_orders, _items, _allocations = table_of(Order), table_of(OrderItem), table_of(Allocation)
_assignments = table_of(Assignment)
_store_id = bindparam("store_id", type_=BigInteger)
_after_id = bindparam("after_id", type_=BigInteger)

NOBODY: Final = 0
"""No person's id."""

_lies_ready = (
    select(_allocations.c.id)
    .join(_items, (_items.c.store_id == _allocations.c.store_id) & (_items.c.id == _allocations.c.order_item_id))
    .where(
        _items.c.store_id == _orders.c.store_id,
        _items.c.order_id == _orders.c.id,
        _allocations.c.quantity > constant(0),
    )
    .correlate(_orders)
    .exists()
)

_reserves = _orders.c.status.not_in([constant(status) for status in OPEN_STATUSES if status not in RESERVING_STATUSES])
"""Open orders that hold stock, written as an exclusion: for two lists of statuses PostgreSQL expects some hundred
orders where there are ten thousand, and sorts them all to find the first."""

_is_anothers = (
    select(_assignments.c.id)
    .where(
        _assignments.c.store_id == _orders.c.store_id,
        _assignments.c.order_id == _orders.c.id,
        _assignments.c.user_id != bindparam("user_id", type_=BigInteger),
        _assignments.c.last_active > bindparam("ended", type_=UtcDateTime),
    )
    .correlate(_orders)
    .exists()
)

_free: Select[tuple[Any]] = (
    select(_orders.c.id)
    .where(_orders.c.store_id == _store_id, is_open(), _reserves, _orders.c.hold.is_(None), _lies_ready, ~_is_anothers)
    .order_by(_orders.c.ship_by, _orders.c.id)
    .limit(constant(1))
)

_behind = tuple_(_orders.c.ship_by, _orders.c.id) > tuple_(bindparam("ship_by", type_=UtcDateTime), _after_id)

_FIRST: Final = Prepared(_free)
_BEHIND: Final = Prepared(_free.where(_behind))
_SHIP_BY: Final = Prepared(select(_orders.c.ship_by).where(_orders.c.store_id == _store_id, _orders.c.id == _after_id))


def next_order_id(
    db: Session,
    store_id: int,
    after_order_id: int | None = None,
    *,
    user_id: int = NOBODY,
    idle: timedelta = DEFAULTS.idle_time,
) -> int | None:
    """Return the order to pick next: the soonest to ship that has units reserved and that nobody but ``user_id`` has;
    None if there is none. A hold ends after ``idle`` without an act.

    With ``after_order_id`` return the next one in the queue, and at its end the first again. Raises OrderNotFound if
    the store has no such order.
    """
    connection = db.connection()
    free = {"store_id": store_id, "user_id": user_id, "ended": utc_now() - idle}
    if after_order_id is not None:
        ship_by = _only(_SHIP_BY, connection, {"store_id": store_id, "after_id": after_order_id})
        if ship_by is None:
            raise OrderNotFound
        behind = _only(_BEHIND, connection, {**free, "after_id": after_order_id, "ship_by": ship_by})
        if behind is not None:
            return int(behind)
    first = _only(_FIRST, connection, free)
    return int(first) if first is not None else None


def _only(statement: Prepared, connection: Connection, values: Values) -> Any:
    """Return the only column of the only row; None without a row."""
    rows = statement.run(connection, values).rows
    return rows[0][0] if rows else None
