"""Counts open orders: exact while they are few, and reading at most ``MAX_COUNTED`` index entries per number."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, NamedTuple

from sqlalchemy import BigInteger, ColumnElement, Select, bindparam, func, literal_column, select, union_all
from sqlalchemy.orm import Session

from webapp.domain.statuses import OPEN_STATUSES, OrderStatus
from webapp.models import Order
from webapp.models.base import UtcDateTime, constant
from webapp.models.prepared import Prepared
from webapp.models.rows import rows_of

MAX_COUNTED: Final = 1000
"""Counting stops here: this number means as many or more."""

_LATE, _HELD = "late ", "held "
"""Begin the name of a status's late orders, and of those on hold."""


class _Count(NamedTuple):
    """How many orders a status has, or how many of them are late."""

    name: str
    orders: int


@dataclass(frozen=True, slots=True)
class OpenOrders:
    """Counts of a store's orders with units still to ship; each is at most ``MAX_COUNTED``."""

    by_status: Mapping[OrderStatus, int]
    late_by_status: Mapping[OrderStatus, int]
    """Their promised time has passed."""
    held: int = 0
    """Orders on hold, which none of the other numbers counts."""

    def total(self, statuses: Collection[OrderStatus] = OPEN_STATUSES) -> int:
        """Return the sum over ``statuses``; ``MAX_COUNTED`` or more means as many or more."""
        return sum(self.by_status[status] for status in statuses)

    def late(self, statuses: Collection[OrderStatus] = OPEN_STATUSES) -> int:
        """Return how many of these are late; ``MAX_COUNTED`` or more means as many or more."""
        return sum(self.late_by_status[status] for status in statuses)


def count_open_orders(db: Session, store_id: int, now: datetime) -> OpenOrders:
    """Count a store's open orders by status, and those late at ``now``, in one statement.

    Each number scans one index range and stops at ``MAX_COUNTED``, so a million orders cost no more than thousands.
    """
    result = _COUNTS.run(db.connection(), {"store_id": store_id, "now": now})
    counted = {row.name: row.orders for row in rows_of(_Count, result)}
    return OpenOrders(
        {status: _without(counted[status], counted[_HELD + status]) for status in OPEN_STATUSES},
        {status: _without(counted[_LATE + status], counted[_HELD + _LATE + status]) for status in OPEN_STATUSES},
        sum(counted[_HELD + status] for status in OPEN_STATUSES),
    )


def _without(orders: int, held: int) -> int:
    """Return how many are not on hold: many stay many, since nobody counted them to the end."""
    return orders if orders >= MAX_COUNTED else orders - held


def _counted(name: str, *which: ColumnElement[bool]) -> Select[*tuple[Any, ...]]:
    """Count a store's orders that meet a condition, up to ``MAX_COUNTED``."""
    first = (
        select(literal_column("1"))
        .select_from(Order)
        .where(Order.store_id == bindparam("store_id", type_=BigInteger), *which)
        .limit(constant(MAX_COUNTED))
        .subquery()
    )
    return select(literal_column(f"'{name}'").label("name"), func.count().label("orders")).select_from(first)


def _held(status: OrderStatus) -> tuple[ColumnElement[bool], ...]:
    """Return the conditions of orders on hold with a status, as the partial index has them."""
    is_open = Order.status.in_([constant(one) for one in OPEN_STATUSES])
    return is_open, Order.hold.is_not(None), Order.status == constant(status)


_NOW: Final = bindparam("now", type_=UtcDateTime)
_COUNTS: Final = Prepared(
    union_all(
        *(_counted(status, Order.status == constant(status)) for status in OPEN_STATUSES),
        *(_counted(_LATE + status, Order.status == constant(status), Order.ship_by < _NOW) for status in OPEN_STATUSES),
        *(_counted(_HELD + status, *_held(status)) for status in OPEN_STATUSES),
        *(_counted(_HELD + _LATE + status, *_held(status), Order.ship_by < _NOW) for status in OPEN_STATUSES),
    )
)
