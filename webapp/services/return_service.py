"""Units of an order that come back from the customer: onto a place, or written off."""

from __future__ import annotations

import logging

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.domain.errors import InvalidQuantity, ItemNotFound, PlaceholderProduct, ReasonRequired
from webapp.domain.events import EventKind
from webapp.domain.ledger import TransactionType
from webapp.domain.quantities import check_quantity
from webapp.models import OrderItem
from webapp.services import backorders
from webapp.services.inventory_service import clean_place
from webapp.services.operation import Operation, touch

log = logging.getLogger("packbench.stock")


def return_units(
    db: Session,
    store_id: int,
    order_id: int,
    item_id: int,
    quantity: int,
    reason: str,
    warehouse: str = "main",
    location: str = "",
    write_off: bool = False,
    actor: str = "system",
) -> OrderItem:
    """Book ``quantity`` shipped units of an item as returned.

    They go on hand at ``warehouse``/``location`` and fill waiting orders, or with ``write_off`` nowhere: then only
    the order's history has them. Raises InvalidQuantity for more than was shipped and not yet returned,
    ReasonRequired, InvalidInput for a blank place, OrderNotFound, ItemNotFound, PlaceholderProduct.
    """
    check_quantity(quantity)
    if not reason.strip():
        raise ReasonRequired("Give a reason for the return.")
    if not write_off:
        warehouse, location = clean_place(warehouse, location)
    product_id = db.scalar(
        select(OrderItem.product_id).where(
            OrderItem.store_id == store_id, OrderItem.order_id == order_id, OrderItem.id == item_id
        )
    )
    arrival = backorders.lock_for_arrival(
        db,
        store_id,
        {product_id: 0 if write_off else quantity} if product_id else {},
        places=() if write_off or not product_id else [(product_id, warehouse, location)],
        also_order_id=order_id,
    )
    if not product_id:
        raise ItemNotFound
    order, item = arrival.orders[order_id], arrival.waiting[item_id]
    if item.product.is_placeholder:
        raise PlaceholderProduct("This line's product is unknown. Match it before booking a return.", item_id=item_id)
    returnable = item.shipped_quantity - item.returned_quantity
    if quantity > returnable:
        raise InvalidQuantity(
            f"Cannot return {quantity} units - only {returnable} shipped and not yet returned", quantity=quantity
        )
    operation = Operation(db, store_id, actor)
    item.returned_quantity += quantity
    touch(order, item)
    if write_off:
        operation.record(order, EventKind.WRITTEN_OFF, item=item, reason=reason.strip(), quantity=quantity)
    else:
        place = arrival.shelves.place_at(product_id, warehouse, location)
        operation.move(place, TransactionType.RETURN, quantity, 0, order=order, item=item, reason=reason.strip())
        operation.record(
            order,
            EventKind.RETURNED,
            item=item,
            reason=reason.strip(),
            quantity=quantity,
            warehouse=warehouse,
            location=location,
        )
        backorders.fill(operation, arrival)
    operation.write()
    log.info("Returned %s units of product %s for order %s", quantity, item.product_id, order.order_number)
    return item
