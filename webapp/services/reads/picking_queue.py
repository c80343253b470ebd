"""Finds the order to pick next."""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy import BigInteger, Select, bindparam, select, tuple_
from sqlalchemy.orm import Session

from webapp.domain.errors import OrderNotFound
from webapp.domain.statuses import OPEN_STATUSES, RESERVING_STATUSES
from webapp.models import Allocation, Order, OrderItem
from webapp.models.base import UtcDateTime, constant, table_of
from webapp.services.reads.order_listing import is_open

_orders, _items, _allocations = table_of(Order), table_of(OrderItem), table_of(Allocation)
_store_id = bindparam("store_id", type_=BigInteger)
_after_id = bindparam("after_id", type_=BigInteger)

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

_FIRST: Final[Select[tuple[Any]]] = (
    select(_orders.c.id)
    .where(_orders.c.store_id == _store_id, is_open(), _reserves, _orders.c.hold.is_(None), _lies_ready)
    .order_by(_orders.c.ship_by, _orders.c.id)
    .limit(constant(1))
)

_BEHIND: Final = _FIRST.where(
    tuple_(_orders.c.ship_by, _orders.c.id) > tuple_(bindparam("ship_by", type_=UtcDateTime), _after_id)
)

_SHIP_BY: Final = select(_orders.c.ship_by).where(_orders.c.store_id == _store_id, _orders.c.id == _after_id)


def next_order_id(db: Session, store_id: int, after_order_id: int | None = None) -> int | None:
    """Return the order to pick next: the soonest to ship that has units reserved; None if there is none.

    With ``after_order_id`` return the next one in the queue, and at its end the first again. Raises OrderNotFound if
    the store has no such order.
    """
    connection, parameters = db.connection(), {"store_id": store_id, "after_id": after_order_id}
    if after_order_id is not None:
        ship_by = connection.scalar(_SHIP_BY, parameters)
        if ship_by is None:
            raise OrderNotFound
        behind = connection.scalar(_BEHIND, {**parameters, "ship_by": ship_by})
        if behind is not None:
            return int(behind)
    first = connection.scalar(_FIRST, {"store_id": store_id})
    return int(first) if first is not None else None
