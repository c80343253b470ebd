"""Starts pending orders together: sets them processing and reserves their stock, in one transaction."""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Collection, Sequence
from typing import Final, NamedTuple

from sqlalchemy.orm import Session

from webapp.domain.events import EventKind
from webapp.domain.statuses import OrderStatus
from webapp.domain.system_reasons import SystemReason
from webapp.services.engine import locks, stock_exceptions
from webapp.services.engine.backorders import Arrival
from webapp.services.engine.locked_rows import LockedItem
from webapp.services.engine.locked_stock import LockedStock
from webapp.services.engine.operation import Operation
from webapp.services.engine.whole_order import WholeOrder

log = logging.getLogger("packbench.orders")
stock_log = logging.getLogger("packbench.stock")


class Started(NamedTuple):
    """What starting did: orders started, units reserved, and units that wait for stock or a match."""

    orders: int
    reserved_units: int
    waiting_units: int

    def plus(self, other: Started) -> Started:
        """Return what both did."""
        return Started(
            self.orders + other.orders,
            self.reserved_units + other.reserved_units,
            self.waiting_units + other.waiting_units,
        )


NOTHING_STARTED: Final = Started(0, 0, 0)


def start_orders(db: Session, store_id: int, order_ids: Collection[int], actor: str, reason: str = "") -> Started:
    """Set the pending ones among these orders processing, the oldest first, and reserve what each needs.

    All orders are locked first, then all items, then all places, each by id, so that two such calls never wait for each
    other in a circle. Missing stock opens exceptions, as when a person starts an order. Calling it again does nothing.
    """
    orders = [
        order for order in locks.lock_orders(db, store_id, order_ids).values() if order.status is OrderStatus.PENDING
    ]
    if not orders:
        return NOTHING_STARTED
    items = locks.lock_items(db, store_id, [order.id for order in orders])
    stock = LockedStock.lock(db, store_id, items)
    stock.reload_new_places(db, {item: item.remaining_quantity for item in items})
    operation = Operation(db, store_id, actor)
    items_of: dict[int, list[LockedItem]] = defaultdict(list)
    for item in items:
        items_of[item.order_id].append(item)
    reserved = waiting = 0
    for order in sorted(orders, key=lambda order: (order.ordered_at, order.id)):
        whole = WholeOrder(operation, order, items_of[order.id], stock, Arrival({}, {}, stock))
        reserve_all(whole)
        order.status = OrderStatus.PROCESSING
        operation.record_status(order, OrderStatus.PENDING, reason)
        reserved += sum(whole.units.values())
        waiting += sum(units for _, _, units in whole.skipped)
        log.info("Order %s: %s to %s by %s", order.order_number, OrderStatus.PENDING, order.status, operation.actor)
    operation.write()
    return Started(len(orders), reserved, waiting)


def reserve_all(whole: WholeOrder, items: Sequence[LockedItem] | None = None) -> None:
    """Reserve what each item of a locked order (or each of ``items``) still needs, and report what stock cannot
    cover."""
    for item in whole.items if items is None else items:
        units = whole.serve(item, whole.stock.needed_by(item), whole.stock.reserve)
        if units:
            whole.operation.record(whole.order, EventKind.RESERVED, item=item, quantity=units)
            stock_log.info(
                "Reserved %s units of product %s for order %s", units, item.product_id, whole.order.order_number
            )
    needs = {item: whole.stock.needed_by(item) for item in whole.units}
    stock_exceptions.update_from_needs(whole.operation, needs, SystemReason.ALL_RESERVED())
    whole.report_skipped()
