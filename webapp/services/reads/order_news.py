"""Reads whether an open screen is out of date: an order's version and whose it is, or who has which order."""

from __future__ import annotations

from datetime import datetime, timedelta
from hashlib import sha256
from typing import Final, NamedTuple

from sqlalchemy import BigInteger, bindparam, select
from sqlalchemy.orm import Session

from webapp.domain.assignments import OrderHolder
from webapp.domain.clock import utc_now
from webapp.domain.errors import OrderNotFound
from webapp.models import Assignment, Order, User
from webapp.models.base import UtcDateTime, table_of
from webapp.models.prepared import Prepared
from webapp.models.rows import columns_of, rows_of

_orders, _assignments, _users = table_of(Order), table_of(Assignment), table_of(User)
_store_id, _order_id = bindparam("store_id", type_=BigInteger), bindparam("order_id", type_=BigInteger)


class _VersionOf(NamedTuple):
    """An order's version, once for each person who has the order, or with nobody."""

    version: int
    person: str | None
    since: datetime | None
    last_active: datetime | None


_ASSIGNED_ORDERS: Final = Prepared(
    select(_assignments.c.order_id, _assignments.c.user_id, _assignments.c.since)
    .where(_assignments.c.store_id == _store_id, _assignments.c.last_active > bindparam("ended", type_=UtcDateTime))
    .order_by(_assignments.c.order_id, _assignments.c.user_id)
)
_VERSION: Final = Prepared(
    select(
        *columns_of(
            _VersionOf,
            _orders,
            person=_users.c.username,
            since=_assignments.c.since,
            last_active=_assignments.c.last_active,
        )
    )
    .outerjoin(
        _assignments, (_assignments.c.store_id == _orders.c.store_id) & (_assignments.c.order_id == _orders.c.id)
    )
    .outerjoin(_users, _users.c.id == _assignments.c.user_id)
    .where(_orders.c.store_id == _store_id, _orders.c.id == _order_id)
)


def mark_of_people(db: Session, store_id: int, idle: timedelta) -> str:
    """Return a mark of who has which order of the store: the whole cost of a list's poll without news."""
    rows = _ASSIGNED_ORDERS.run(db.connection(), {"store_id": store_id, "ended": utc_now() - idle}).rows
    return sha256(repr([tuple(row) for row in rows]).encode()).hexdigest()[:12] if rows else "-"


def version_of(db: Session, store_id: int, order_id: int) -> tuple[int, list[OrderHolder]]:
    """Return an order's version, and whose it is: the whole cost of a poll without news. Raises OrderNotFound."""
    rows = rows_of(_VersionOf, _VERSION.run(db.connection(), {"store_id": store_id, "order_id": order_id}))
    if not rows:
        raise OrderNotFound
    return rows[0].version, [
        OrderHolder(row.person, row.since, row.last_active)
        for row in rows
        if row.person is not None and row.since and row.last_active
    ]
