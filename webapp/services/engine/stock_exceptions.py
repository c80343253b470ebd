"""Stock exceptions: opened when stock is missing, closed by a person or by arriving stock."""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, Final

from sqlalchemy import bindparam, insert, select
from sqlalchemy.orm import Session

from webapp.domain.causes import CAUSES, UPSTREAM_CAUSES, Cause, ExceptionState
from webapp.domain.errors import ConflictError, ExceptionNotFound
from webapp.domain.events import EventKind
from webapp.domain.reasons import require_reason
from webapp.domain.statuses import OrderStatus
from webapp.domain.system_reasons import SystemReason
from webapp.domain.wording import say, say_number
from webapp.models import Order, StockException
from webapp.models.base import constant, table_of
from webapp.services.engine import locks
from webapp.services.engine.operation import Operation
from webapp.services.engine.stock_rows import Item, ItemRow, OrderRow

log = logging.getLogger("packbench.stock")


_orders: Final = table_of(Order)
_OPEN: Final = insert(table_of(StockException)).values(
    ship_by=select(_orders.c.ship_by)
    .where(_orders.c.store_id == bindparam("of_store"), _orders.c.id == bindparam("of_order"))
    .scalar_subquery()
)


STOCK_CAUSES: Final = tuple(cause for cause in Cause if cause not in UPSTREAM_CAUSES)
_MOOT: Final = (*STOCK_CAUSES, Cause.FULFILLED_UPSTREAM)


def open_exceptions(
    operation: Operation, items: Iterable[ItemRow], causes: Collection[Cause] = STOCK_CAUSES
) -> Sequence[StockException]:
    """Return the open exceptions of items whose orders are locked, without a query for items that have none.

    Those about what the shop changed are others' business: stock that arrives or ships does not settle them.
    """
    item_ids = [item.id for item in items if item.has_exceptions]
    if not item_ids:
        return []
    return operation.db.scalars(
        select(StockException).where(
            StockException.store_id == operation.store_id,
            StockException.order_item_id.in_(item_ids),
            StockException.state == constant(ExceptionState.OPEN),
            StockException.cause.in_([constant(cause) for cause in causes]),
        )
    ).all()


def report(operation: Operation, order: OrderRow, skipped: Sequence[tuple[ItemRow, Cause, int]]) -> None:
    """Open an exception for each (item, cause, units missing), and log a warning for each.

    An item's open exception is updated instead, whatever its cause: with two, the same units would stand twice.
    """
    open_of_item = defaultdict[int, list[StockException]](list)
    for exception in open_exceptions(operation, [item for item, _, _ in skipped]):
        open_of_item[exception.order_item_id].append(exception)
    opened: list[tuple[ItemRow, Cause, int]] = []
    for item, cause, units in skipped:
        log.warning(
            "Order %s inventory operation failed: %s for product %s, %s units of item %s",
            order.order_number,
            CAUSES[cause].log_words,
            item.product_id,
            units,
            item.id,
        )
        for exception in open_of_item[item.id]:
            exception.quantity = units
        if open_of_item[item.id]:
            continue
        opened.append((item, cause, units))
        operation.record(order, EventKind.STOCK_SKIPPED, item=item, cause=cause, quantity=units)
    _open(operation, order, opened)


def contradict(operation: Operation, order: OrderRow, contradictions: Sequence[tuple[ItemRow, Cause, int]]) -> None:
    """Open an exception, or update the open one, for each (item, cause, units that the shop changed too late)."""
    causes = {cause for _, cause, _ in contradictions}
    present = {
        (exception.order_item_id, exception.cause): exception
        for exception in open_exceptions(operation, [item for item, _, _ in contradictions], causes)
    }
    opened: list[tuple[ItemRow, Cause, int]] = []
    for item, cause, units in contradictions:
        log.warning("Order %s: %s for %s units of item %s", order.order_number, CAUSES[cause].log_words, units, item.id)
        if (item.id, cause) in present:
            present[item.id, cause].quantity = units
            continue
        opened.append((item, cause, units))
        operation.record(order, EventKind.CONTRADICTED, item=item, cause=cause, quantity=units)
    _open(operation, order, opened)


def _open(operation: Operation, order: OrderRow, opened: Sequence[tuple[ItemRow, Cause, int]]) -> None:
    """Insert an open exception for each (item, cause, units)."""
    rows: list[dict[str, Any]] = []
    for item, cause, units in opened:
        item.has_exceptions = True
        row = {"store_id": operation.store_id, "order_id": order.id, "order_item_id": item.id, "cause": cause}
        by = {"opened_by": operation.actor, "opened_at": operation.at}
        rows.append({"of_store": operation.store_id, "of_order": order.id, "quantity": units, **row, **by})
    if rows:
        operation.db.execute(_OPEN, rows)


def report_lost(operation: Operation, order: OrderRow, item: ItemRow, missing: int) -> None:
    """Report what an item that lost reserved units lacks; if other places cover it, close its open exception."""
    if missing:
        report(operation, order, [(item, Cause.SHORT_PICK, missing)])
    else:
        update_from_needs(operation, {item: missing}, SystemReason.REST_RESERVED())


def settle(
    operation: Operation,
    items: Collection[ItemRow],
    resolution: str,
    causes: Collection[Cause] | None = None,
) -> None:
    """Close the open exceptions of ``items`` with these ``causes`` (by default those of an item with nothing left to
    ship) with this resolution."""
    for exception in open_exceptions(operation, items, _MOOT if causes is None else causes):
        _close(operation, exception, resolution)


def update_from_needs(operation: Operation, needs: Mapping[Item, int], resolution: str) -> None:
    """Update open exceptions to the units each item lacks, and close those at 0."""
    by_id = {item.id: units for item, units in needs.items()}
    for exception in open_exceptions(operation, needs):
        units = by_id[exception.order_item_id]
        if units:
            exception.quantity = units
        else:
            _close(operation, exception, resolution)


def close_exception(
    db: Session, store_id: int, exception_id: int, resolution: str, actor: str = "system"
) -> StockException:
    """Close one exception by hand, with a resolution in words. Closing it again changes nothing.

    Raises ExceptionNotFound, ReasonRequired for a blank resolution, and ConflictError while it is the only record of
    units that a shipped order left behind.
    """
    resolution = require_reason(resolution, say("Say in a few words how it was settled."))
    locks.take_turn_to_write(db)
    order_id = db.scalar(
        select(StockException.order_id).where(StockException.store_id == store_id, StockException.id == exception_id)
    )
    if order_id is None:
        raise ExceptionNotFound
    order = locks.lock_order(db, store_id, order_id)
    exception = db.get_one(StockException, (store_id, exception_id), populate_existing=True)
    if exception.state is ExceptionState.OPEN:
        operation = Operation(db, store_id, actor)
        item = locks.lock_item(db, store_id, order_id, exception.order_item_id)
        is_of_stock = exception.cause not in UPSTREAM_CAUSES
        if is_of_stock and item.remaining_quantity and order.status in (OrderStatus.SHIPPED, OrderStatus.DELIVERED):
            raise ConflictError(
                say_number(
                    "%(num)s unit of this item has not shipped. Ship or cancel it, then the exception closes.",
                    "%(num)s units of this item have not shipped. Ship or cancel them, then the exception closes.",
                    item.remaining_quantity,
                ),
                remaining_quantity=item.remaining_quantity,
            )
        _close(operation, exception, resolution)
        operation.bump_version(order, item)
        operation.record(order, EventKind.EXCEPTION_CLOSED, item=item, reason=resolution, cause=exception.cause)
        operation.write()
    return exception


def _close(operation: Operation, exception: StockException, resolution: str) -> None:
    exception.state = ExceptionState.CLOSED
    exception.closed_by = operation.actor
    exception.closed_at = operation.at
    exception.resolution = resolution
