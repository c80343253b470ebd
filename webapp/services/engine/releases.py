"""Releasing an order's allocations: whom that concerns, locked in the fixed order, and the giving back itself."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.domain.errors import OrderNotFound
from webapp.domain.events import EventKind
from webapp.models import Order, OrderItem
from webapp.services.engine import backorders, locks
from webapp.services.engine.locked_stock import LockedStock
from webapp.services.engine.operation import Operation

log = logging.getLogger("packbench.stock")


@dataclass
class ReleaseScope:
    """What releasing an order's allocations has locked: the order, its items, and who else waits for the units."""

    order: Order
    items: Sequence[OrderItem]
    arrival: backorders.Arrival

    @property
    def stock(self) -> LockedStock:
        """The places of the order's products, with its allocations and those of the orders that wait."""
        return self.arrival.stock

    def with_own_needs(self) -> backorders.Arrival:
        """Return the arrival for which the order itself waits, too: another of its lines may use the units."""
        return backorders.Arrival(
            {**self.arrival.orders, self.order.id: self.order},
            {**self.arrival.waiting, **{item.id: item for item in self.items}},
            self.stock,
        )


def lock_for_release(db: Session, store_id: int, order_id: int) -> ReleaseScope:
    """Lock an order and the others that wait for what it holds, by id; then their items; then the places.

    Raises OrderNotFound.
    """
    locks.take_turn_to_write(db)
    held: dict[int, int] = {}

    def waiting() -> set[int]:
        held.clear()
        held.update(_held_by(db, store_id, order_id))
        return backorders.waiting_order_ids(db, store_id, held, apart_from=order_id) if held else set()

    def lock(waiting_ids: set[int]) -> ReleaseScope:
        orders = locks.lock_orders(db, store_id, {order_id, *waiting_ids})
        order = orders.pop(order_id, None)
        if order is None:
            raise OrderNotFound
        items = locks.lock_items(db, store_id, [order_id])
        others = locks.lock_items(db, store_id, orders, held) if orders else []
        stock = LockedStock.lock(db, store_id, [*items, *others])
        return ReleaseScope(order, items, backorders.Arrival(orders, {item.id: item for item in others}, stock))

    return backorders.lock_until_none_is_missed(db, waiting, lock)


def release(operation: Operation, scope: ReleaseScope, item: OrderItem, units: int, reason: str = "") -> int:
    """Give back up to ``units`` of an item's allocations, with an entry in the order's history; return the units."""
    order = scope.order
    released = scope.stock.release(operation, order, item, units, reason)
    if released:
        operation.record(order, EventKind.RELEASED, item=item, reason=reason, quantity=released)
        log.info("Released %s units of product %s for order %s", released, item.product_id, order.order_number)
    return released


def _held_by(db: Session, store_id: int, order_id: int) -> dict[int, int]:
    """Units of each product that the order's allocations hold."""
    rows = db.execute(
        select(OrderItem.product_id, backorders.reserved_units()).where(
            OrderItem.store_id == store_id, OrderItem.order_id == order_id
        )
    )
    held: dict[int, int] = {}
    for product_id, units in rows:
        if units:
            held[product_id] = held.get(product_id, 0) + int(units)
    return held
