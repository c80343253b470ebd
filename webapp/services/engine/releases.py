"""Releasing an order's allocations, and locking the orders that wait for that stock."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Collection, Mapping

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from webapp.domain.errors import OrderNotFound
from webapp.domain.events import EventKind
from webapp.domain.quantities import MAX_QUANTITY
from webapp.models import Allocation, OrderItem
from webapp.services.engine import backorders, locks
from webapp.services.engine.locked_rows import LockedItem
from webapp.services.engine.locked_stock import LockedStock, stocked_products
from webapp.services.engine.operation import Operation
from webapp.services.engine.whole_order import WholeOrder

log = logging.getLogger("packbench.stock")


def lock_for_release(
    db: Session,
    store_id: int,
    order_id: int,
    actor: str,
    skip_missing: bool = True,
    of_item: int | None = None,
    at_most: int = MAX_QUANTITY,
    also_products: Collection[int] = (),
) -> WholeOrder:
    """Lock an order and the orders that wait for what it releases, by id; then their items; then the places.

    Only one item's units are released, and ``at_most`` so many, if ``of_item`` is given: nobody else then waits for a
    lock on the places of the order's other products. The places of ``also_products`` are locked as well. Raises
    OrderNotFound.
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
        products = stocked_products(item for item in items if of_item in (None, item.id)) | {*also_products}
        waiting = locks.lock_items(db, store_id, orders, products) if orders else []
        stock = LockedStock.lock(db, store_id, [*items, *waiting], products)
        others = backorders.Arrival(orders, {item.id: item for item in waiting}, stock)
        return WholeOrder(Operation(db, store_id, actor), order, items, stock, others, skip_missing)

    def arriving(held: Mapping[int, int]) -> dict[int, int]:
        return {product_id: min(units, at_most) for product_id, units in held.items()}

    def waiting_for(units: Mapping[int, int]) -> set[int]:
        return backorders.waiting_order_ids(db, store_id, units, apart_from=order_id) if units else set()

    return backorders.lock_until_none_is_missed(
        db,
        store_id,
        set(),
        lock,
        lambda whole: waiting_for(arriving(_held(whole, of_item))),
        lambda: waiting_for(backorders.with_margin(arriving(_read_held(db, store_id, order_id, of_item)))),
    )


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


def _held(whole: WholeOrder, of_item: int | None) -> Counter[int]:
    """Return the units of each product that the order's allocations, or one item's, hold."""
    held = Counter[int]()
    for item in whole.items:
        if of_item in (None, item.id):
            held[item.product_id] += whole.stock.reserved_for(item)
    return +held


def _read_held(db: Session, store_id: int, order_id: int, of_item: int | None) -> dict[int, int]:
    """Read the same without locks."""
    held = (
        select(OrderItem.product_id, func.sum(Allocation.quantity).label("units"))
        .join(Allocation, (Allocation.store_id == OrderItem.store_id) & (Allocation.order_item_id == OrderItem.id))
        .where(OrderItem.store_id == store_id, OrderItem.order_id == order_id, Allocation.quantity > 0)
        .group_by(OrderItem.product_id)
    )
    if of_item is not None:
        held = held.where(OrderItem.id == of_item)
    return {row.product_id: int(row.units) for row in db.execute(held)}
