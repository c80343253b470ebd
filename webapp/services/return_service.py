"""Returned units of an order: put back at a place, or written off."""

from __future__ import annotations

import logging

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.domain.errors import InvalidQuantity, ItemNotFound, PlaceholderProduct
from webapp.domain.events import EventKind
from webapp.domain.ledger import TransactionType
from webapp.domain.placement import MAIN_WAREHOUSE
from webapp.domain.quantities import check_quantity
from webapp.domain.reasons import require_reason
from webapp.domain.wording import say, say_number
from webapp.models import OrderItem, Product
from webapp.services.engine import backorders, locks
from webapp.services.engine.operation import Operation
from webapp.services.inventory_service import clean_place

log = logging.getLogger("packbench.stock")


def return_units(
    db: Session,
    store_id: int,
    order_id: int,
    item_id: int,
    quantity: int,
    reason: str,
    warehouse: str = MAIN_WAREHOUSE,
    location: str = "",
    write_off: bool = False,
    actor: str = "system",
) -> OrderItem:
    """Book ``quantity`` shipped units of an item as returned.

    They go on hand at ``warehouse``/``location`` and fill waiting orders. With ``write_off`` they go nowhere, and only
    the order's history records them. Raises InvalidQuantity for more than was shipped and not yet returned,
    ReasonRequired, InvalidInput for a blank place, OrderNotFound, ItemNotFound, PlaceholderProduct.
    """
    check_quantity(quantity)
    reason = require_reason(reason, say("Give a reason for the return."))
    if not write_off:
        warehouse, location = clean_place(warehouse, location)
    product_id = _returnable_product(db, store_id, order_id, item_id)
    arrival = backorders.lock_for_arrival(
        db,
        store_id,
        {product_id: 0 if write_off else quantity},
        places=() if write_off else [(product_id, warehouse, location)],
        also_order_id=order_id,
    )
    order, item = arrival.orders[order_id], arrival.waiting[item_id]
    returnable = item.shipped_quantity - item.returned_quantity
    if quantity > returnable:
        sentence = say_number(
            "Cannot return %(num)s unit - only %(returnable)s shipped and not yet returned",
            "Cannot return %(num)s units - only %(returnable)s shipped and not yet returned",
            quantity,
            returnable=returnable,
        )
        raise InvalidQuantity(sentence, quantity=quantity)
    operation = Operation(db, store_id, actor)
    item.returned_quantity += quantity
    operation.bump_version(order, item)
    if write_off:
        operation.record(order, EventKind.WRITTEN_OFF, item=item, reason=reason, quantity=quantity)
    else:
        place = arrival.stock.place_at(product_id, warehouse, location)
        operation.move(place, TransactionType.RETURN, quantity, 0, order=order, item=item, reason=reason)
        operation.record(
            order,
            EventKind.RETURNED,
            item=item,
            reason=reason,
            quantity=quantity,
            warehouse=warehouse,
            location=location,
        )
        backorders.fill(operation, arrival)
    operation.write()
    log.info("Returned %s units of product %s for order %s", quantity, item.product_id, order.order_number)
    return db.get_one(OrderItem, (store_id, item_id), populate_existing=True)


def _returnable_product(db: Session, store_id: int, order_id: int, item_id: int) -> int:
    """Return the item's product id. Raises PlaceholderProduct: only a placeholder's line could still change its
    product."""
    locks.take_turn_to_write(db)
    rows = db.execute(
        select(OrderItem.product_id, Product.is_placeholder)
        .join(Product, (Product.store_id == OrderItem.store_id) & (Product.id == OrderItem.product_id))
        .where(OrderItem.store_id == store_id, OrderItem.order_id == order_id, OrderItem.id == item_id)
    ).one_or_none()
    if rows is None:
        locks.lock_order(db, store_id, order_id)
        raise ItemNotFound
    product_id, is_placeholder = rows
    if is_placeholder:
        sentence = say("This line's product is unknown. Match it before booking a return.")
        raise PlaceholderProduct(sentence, item_id=item_id)
    return int(product_id)
