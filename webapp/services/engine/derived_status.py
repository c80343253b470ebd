"""Derives an order's status from its units, after shipping, cancelling items, undo and matching."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from webapp.domain.events import EventKind
from webapp.domain.statuses import OrderStatus, status_from_units
from webapp.domain.units import UnitTotals
from webapp.models import OrderEvent
from webapp.services.engine.operation import Operation
from webapp.services.engine.stock_rows import ItemRow, OrderRow


def update_status(operation: Operation, order: OrderRow, items: Sequence[ItemRow]) -> None:
    """Derive a locked order's status from the units of all its items; record it if it changed."""
    before = order.status
    units = UnitTotals.sum_of(item.units for item in items)
    order.status = status_from_units(
        before=before,
        unshipped=before if units.shipped else _status_before_shipping(operation, order),
        shipped=units.shipped,
        remaining=units.remaining,
    )
    if order.status is not before:
        operation.record_status(order, before)


def _status_before_shipping(operation: Operation, order: OrderRow) -> OrderStatus:
    """Return the order's status before anything shipped: the present one, or the last one in its history."""
    if order.status in (OrderStatus.PENDING, OrderStatus.PROCESSING):
        return order.status
    changes = operation.db.scalars(
        select(OrderEvent.details)
        .where(
            OrderEvent.store_id == operation.store_id,
            OrderEvent.order_id == order.id,
            OrderEvent.kind == EventKind.STATUS_CHANGED,
        )
        .order_by(OrderEvent.id.desc())
    )
    unshipped = (OrderStatus.PENDING, OrderStatus.PROCESSING)
    return next((OrderStatus(d["from"]) for d in changes if d["from"] in unshipped), OrderStatus.PROCESSING)
