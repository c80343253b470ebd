"""Previews what cancelling an order would do. It locks nothing, so the cancellation checks again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from webapp.domain.cancellation import CancellationPreview, WaitingOrder
from webapp.models import Allocation, Inventory, OrderItem
from webapp.models.base import constant
from webapp.services.engine import backorders
from webapp.services.reads.picking_queries import read_progress


def preview_cancellation(
    db: Session, store_id: int, order_id: int, seen_version: int | None = None
) -> CancellationPreview:
    """Return what cancelling the order would do now, in three statements.

    ``seen_version`` is the version that the reader saw: the preview marks items changed since. Raises OrderNotFound.
    """
    order = read_progress(db, store_id, order_id, packed_within=timedelta(0))
    return CancellationPreview(
        order=order,
        waiting=_waiting(db, store_id, order_id),
        seen_version=seen_version if seen_version is not None and seen_version != order.version else None,
    )


def _waiting(db: Session, store_id: int, order_id: int) -> Sequence[WaitingOrder]:
    """Return the other orders that lack what this one holds, apart from places where nothing is reserved again."""
    held = db.execute(
        select(OrderItem.product_id, func.sum(Allocation.quantity))
        .join(Allocation, (Allocation.store_id == OrderItem.store_id) & (Allocation.order_item_id == OrderItem.id))
        .join(Inventory, (Inventory.store_id == Allocation.store_id) & (Inventory.id == Allocation.inventory_id))
        .where(
            OrderItem.store_id == store_id,
            OrderItem.order_id == order_id,
            Allocation.quantity > constant(0),
            Inventory.is_short.is_(False),
        )
        .group_by(OrderItem.product_id)
    )
    units = {product_id: int(quantity) for product_id, quantity in held}
    return backorders.waiting_orders(db, store_id, units, apart_from=order_id) if units else ()
