"""Which pending orders of a store can be started."""

from __future__ import annotations

from typing import NamedTuple

from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.orm import Session

from webapp.domain.statuses import OrderStatus
from webapp.models import Order
from webapp.services.reads.order_counts import MAX_COUNTED


class WaitingOrders(NamedTuple):
    """How many orders can be started, at most ``MAX_COUNTED``, and the id of the newest of them."""

    orders: int
    newest: int


def orders_to_start(db: Session, store_id: int) -> WaitingOrders:
    """Count the pending orders that are not on hold, the oldest ids first."""
    ids = db.scalars(select(Order.id).where(_can_start(store_id)).order_by(Order.id).limit(MAX_COUNTED)).all()
    return WaitingOrders(len(ids), ids[-1] if ids else 0)


def oldest_to_start(db: Session, store_id: int, newest: int, limit: int) -> list[int]:
    """Return the ids of the oldest orders that can be started, up to the id ``newest``."""
    oldest = select(Order.id).where(_can_start(store_id), Order.id <= newest).order_by(Order.ordered_at, Order.id)
    return list(db.scalars(oldest.limit(limit)))


def _can_start(store_id: int) -> ColumnElement[bool]:
    return and_(Order.store_id == store_id, Order.status == OrderStatus.PENDING, Order.hold.is_(None))
