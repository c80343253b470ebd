"""Releases orders from their hold by hand; the shop's next file may do it, too."""

from __future__ import annotations

from typing import Final

from sqlalchemy import update
from sqlalchemy.orm import Session

from webapp.domain.events import EventKind
from webapp.domain.statuses import OrderStatus
from webapp.domain.system_reasons import SystemReason
from webapp.models import Order
from webapp.models.base import table_of
from webapp.services.engine import locks
from webapp.services.engine.operation import Operation
from webapp.services.engine.starting import start_orders

_orders: Final = table_of(Order)


def release_hold(db: Session, store_id: int, order_id: int, actor: str = "system", *, starts: bool = False) -> bool:
    """Release the order, and set it processing if it ``starts``; return False if it was not on hold.

    It stays released until the shop says something else about its hold. Raises OrderNotFound.
    """
    order = locks.lock_order(db, store_id, order_id)
    if order.hold is None:
        return False
    operation = Operation(db, store_id, actor)
    operation.bump_version(order)
    operation.record(order, EventKind.HOLD_RELEASED, hold=order.hold)
    db.execute(update(_orders).where(_orders.c.store_id == store_id, _orders.c.id == order_id).values(hold=None))
    operation.write()
    if starts and order.status is OrderStatus.PENDING:
        start_orders(db, store_id, [order_id], actor, SystemReason.STARTED_BY_IMPORT())
    return True
