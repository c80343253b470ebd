"""Releasing an order's allocations, and locking the orders that wait for that stock."""

from __future__ import annotations

import logging
from collections import Counter

from sqlalchemy.orm import Session

from webapp.domain.errors import OrderNotFound
from webapp.domain.events import EventKind
from webapp.services.engine import backorders, locks
from webapp.services.engine.locked_rows import LockedItem
from webapp.services.engine.locked_stock import LockedStock
from webapp.services.engine.operation import Operation
from webapp.services.engine.whole_order import WholeOrder

log = logging.getLogger("packbench.stock")


def lock_for_release(db: Session, store_id: int, order_id: int, actor: str, skip_missing: bool = True) -> WholeOrder:
    """Lock an order and the orders that wait for what it holds, by id; then their items; then the places.

    Raises OrderNotFound.
    """
    if order_id > locks.MAX_KEY:
        raise OrderNotFound
    locks.take_turn_to_write(db)

    def lock(waiting_ids: set[int]) -> WholeOrder:
        orders = locks.lock_orders(db, store_id, {order_id, *waiting_ids})
        order = orders.pop(order_id, None)
        if order is None:
            raise OrderNotFound
        items = locks.lock_items(db, store_id, [order_id])
        held_products = {item.product_id for item in items}
        waiting = locks.lock_items(db, store_id, orders, held_products) if orders else []
        stock = LockedStock.lock(db, store_id, [*items, *waiting])
        others = backorders.Arrival(orders, {item.id: item for item in waiting}, stock)
        return WholeOrder(Operation(db, store_id, actor), order, items, stock, others, skip_missing)

    def waiting_for(whole: WholeOrder) -> set[int]:
        held = _held(whole)
        return backorders.waiting_order_ids(db, store_id, held, apart_from=order_id) if held else set()

    return backorders.lock_until_none_is_missed(db, set(), lock, waiting_for)


def release(whole: WholeOrder, item: LockedItem, units: int, reason: str = "") -> int:
    """Release up to ``units`` of an item's allocations and record it; return the units released."""
    order = whole.order
    released = whole.stock.release(whole.operation, order, item, units, reason)
    if released:
        whole.operation.record(order, EventKind.RELEASED, item=item, reason=reason, quantity=released)
        log.info("Released %s units of product %s for order %s", released, item.product_id, order.order_number)
    return released


def fill_others(whole: WholeOrder) -> None:
    """Reserve the released units for the waiting orders."""
    backorders.fill(whole.operation, whole.others)


def fill_all(whole: WholeOrder) -> None:
    """Reserve the released units for the waiting orders and this one: another of its lines may need them."""
    arrival = backorders.Arrival(
        {**whole.others.orders, whole.order.id: whole.order},
        {**whole.others.waiting, **{item.id: item for item in whole.items}},
        whole.stock,
    )
    backorders.fill(whole.operation, arrival)


def _held(whole: WholeOrder) -> Counter[int]:
    """Return the units of each product that the order's allocations hold."""
    held = Counter[int]()
    for item in whole.items:
        held[item.product_id] += whole.stock.reserved_for(item)
    return +held
