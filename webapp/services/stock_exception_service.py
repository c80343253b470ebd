"""Stock exceptions: opened by soft failure, closed by a person or by the stock that made them moot."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.domain.errors import ConflictError, ExceptionNotFound, ReasonRequired
from webapp.domain.events import EventKind
from webapp.domain.skips import ExceptionState, SkipReason
from webapp.domain.statuses import OrderStatus
from webapp.models import Order, OrderItem, StockException
from webapp.services import locks
from webapp.services.operation import Operation, touch

SHORTAGES = (SkipReason.NO_INVENTORY, SkipReason.INSUFFICIENT_INVENTORY)
"""Causes that end when the item's units are all reserved."""


def open_exceptions(db: Session, store_id: int, item_ids: Collection[int]) -> Sequence[StockException]:
    """Return the open exceptions of items whose orders are locked."""
    if not item_ids:
        return []
    return db.scalars(
        select(StockException).where(
            StockException.store_id == store_id,
            StockException.order_item_id.in_(item_ids),
            StockException.state == ExceptionState.OPEN,
        )
    ).all()


def report(operation: Operation, order: Order, shortages: Sequence[tuple[OrderItem, SkipReason, int]]) -> None:
    """Open an exception for each (item, cause, units missing), or bring the open one up to date; log each."""
    known = {
        (found.order_item_id, found.cause): found
        for found in open_exceptions(operation.db, operation.store_id, [item.id for item, _, _ in shortages])
    }
    for item, cause, units in shortages:
        found = known.get((item.id, cause))
        if found:
            found.quantity = units
            continue
        operation.db.add(
            StockException(
                store_id=operation.store_id,
                order_id=order.id,
                order_item_id=item.id,
                cause=cause,
                quantity=units,
                opened_by=operation.actor,
                opened_at=operation.at,
            )
        )
        operation.record(order, EventKind.STOCK_SKIPPED, item=item, cause=cause, quantity=units)


def settle(
    operation: Operation,
    items: Collection[OrderItem],
    resolution: str,
    causes: Collection[SkipReason] | None = None,
) -> None:
    """Close the open exceptions of ``items`` (only of ``causes``, where given), since they are moot now."""
    for found in open_exceptions(operation.db, operation.store_id, [item.id for item in items]):
        if causes is None or found.cause in causes:
            _close(operation, found, resolution)


def close_exception(
    db: Session, store_id: int, exception_id: int, resolution: str, actor: str = "system"
) -> StockException:
    """Close one exception by hand, with words on how it was settled. Closing it again changes nothing.

    Raises ExceptionNotFound, ReasonRequired for blank words, and ConflictError while it is the only record of units
    that a shipped order left behind.
    """
    if not resolution.strip():
        raise ReasonRequired("Say in a few words how it was settled.")
    order_id = db.scalar(
        select(StockException.order_id).where(StockException.store_id == store_id, StockException.id == exception_id)
    )
    if order_id is None:
        raise ExceptionNotFound
    order = locks.lock_order(db, store_id, order_id)
    found = db.get_one(StockException, (store_id, exception_id), populate_existing=True)
    if found.state is ExceptionState.OPEN:
        operation = Operation(db, store_id, actor)
        item = locks.lock_item(db, store_id, order_id, found.order_item_id)
        if item.remaining_quantity and order.status in (OrderStatus.SHIPPED, OrderStatus.DELIVERED):
            raise ConflictError(
                f"{item.remaining_quantity} units of this item never left. Ship or cancel them, then it closes itself.",
                remaining_quantity=item.remaining_quantity,
            )
        _close(operation, found, resolution.strip())
        touch(order, item)
        operation.record(order, EventKind.EXCEPTION_CLOSED, item=item, reason=resolution.strip(), cause=found.cause)
        operation.write()
    return found


def _close(operation: Operation, found: StockException, resolution: str) -> None:
    found.state = ExceptionState.CLOSED
    found.closed_by = operation.actor
    found.closed_at = operation.at
    found.resolution = resolution
