"""Returned units of an order: put back at a place, or written off; and the way back, if fewer came."""

from __future__ import annotations

import logging
from functools import partial
from typing import TypedDict

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.domain.errors import InvalidQuantity, ItemNotFound, PlaceholderProduct, StaleView, UndoRefused
from webapp.domain.events import EventKind
from webapp.domain.ledger import TransactionType
from webapp.domain.placement import MAIN_WAREHOUSE
from webapp.domain.quantities import check_count, check_quantity
from webapp.domain.reasons import require_reason
from webapp.domain.returns import BookedReturn
from webapp.domain.system_reasons import SystemReason
from webapp.domain.wording import Wording, say, say_number
from webapp.models import OrderItem, Product
from webapp.services.engine import backorders, count_tasks, locks
from webapp.services.engine.locked_rows import LockedItem
from webapp.services.engine.locked_stock import LockedStock
from webapp.services.engine.merged_products import MergedLine, follow_merges, present_products
from webapp.services.engine.operation import Operation
from webapp.services.engine.stock_rows import ItemRow, OrderRow, PlaceRow
from webapp.services.inventory_service import clean_place
from webapp.services.reads import returns

log = logging.getLogger("packbench.stock")


class CorrectedReturn(TypedDict):
    """The units that did not come back after all, and those that did."""

    quantity: int
    left_quantity: int


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
    where = None if write_off else (warehouse, location)
    arrival, product_id = _lock(db, store_id, order_id, item_id, 0 if write_off else quantity, where)
    order, item = arrival.orders[order_id], arrival.waiting[item_id]
    _refuse_more_than_shipped(item, quantity)
    operation = Operation(db, store_id, actor)
    item.returned_quantity += quantity
    operation.bump_version(order, item)
    if write_off:
        operation.record(order, EventKind.WRITTEN_OFF, item=item, reason=reason, quantity=quantity)
    else:
        if product_id != item.product_id:
            follow_merges(operation, [MergedLine(order, item)], {item.product_id: product_id})
        place = arrival.stock.place_at(product_id, warehouse, location)
        operation.move(place, TransactionType.RETURN, quantity, 0, order=order, item=item, reason=reason)
        count_tasks.arrived(operation, place)
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


def _lock(
    db: Session, store_id: int, order_id: int, item_id: int, arriving: int, where: tuple[str, str] | None
) -> tuple[backorders.Arrival, int]:
    """Lock the item's order, the orders that wait for what arrives ``where``, and the place; return them with the
    product that the item's is now. Raises like ``_returnable_product``, and StaleView if a merge came between."""
    former_id = _returnable_product(db, store_id, order_id, item_id)
    product_id = present_products(db, store_id, [former_id], holds=False).get(former_id, former_id)
    arrival = backorders.lock_for_arrival(
        db,
        store_id,
        {former_id: 0, product_id: arriving},
        places=[(product_id, *where)] if where else (),
        also_order_id=order_id,
    )
    is_present = present_products(db, store_id, [former_id]).get(former_id, former_id) == product_id
    if item_id not in arrival.waiting or not is_present:
        raise StaleView(say("Somebody has merged this product with another one. Book the return again."))
    return arrival, product_id


def _refuse_more_than_shipped(item: LockedItem, quantity: int) -> None:
    """Raise InvalidQuantity for more units than were shipped and not yet returned."""
    returnable = item.shipped_quantity - item.returned_quantity
    if quantity > returnable:
        sentence = say_number(
            "Cannot return %(num)s unit - only %(returnable)s shipped and not yet returned",
            "Cannot return %(num)s units - only %(returnable)s shipped and not yet returned",
            quantity,
            returnable=returnable,
        )
        raise InvalidQuantity(sentence, quantity=quantity)


def correct_return(
    db: Session,
    store_id: int,
    order_id: int,
    event_id: int,
    quantity: int,
    seen_quantity: int,
    actor: str = "system",
) -> CorrectedReturn:
    """Correct a return: of the ``seen_quantity`` units that it booked, only ``quantity`` (0 for none) came back.

    The ledger reverses the return at its place, and books again what did come back; a written-off return changes only
    the order. If the place was counted since, its number is true, and stays. There is no time limit, but without a
    count the other units must still be free at the place. Raises OrderNotFound, ReturnNotFound, InvalidQuantity for no
    fewer units, StaleView if the return has other units now, and UndoRefused if units are reserved or gone.
    """
    check_count(quantity)
    order = locks.lock_order(db, store_id, order_id)
    booked = returns.read_return(db, store_id, order_id, event_id)
    item = locks.lock_item(db, store_id, order_id, booked.item_id)
    _refuse_other_units(booked, quantity, seen_quantity)
    surplus = booked.quantity - quantity
    stock = LockedStock.lock(db, store_id, [item])
    operation = Operation(db, store_id, actor)
    reason = SystemReason.RETURN_CORRECTED(found=quantity, expected=booked.quantity)
    if booked.location:
        _correct_place(operation, stock, booked, quantity, order=order, item=item, reason=reason)
    item.returned_quantity -= surplus
    operation.bump_version(order, item)
    operation.record(
        order,
        EventKind.RETURN_CORRECTED,
        item=item,
        reason=reason,
        event_id=event_id,
        quantity=surplus,
        left_quantity=quantity,
        warehouse=booked.warehouse,
        location=booked.location,
    )
    operation.write()
    log.info("Corrected a return of item %s for order %s by %s units", item.id, order.order_number, surplus)
    return CorrectedReturn(quantity=surplus, left_quantity=quantity)


def _refuse_other_units(booked: BookedReturn, quantity: int, seen_quantity: int) -> None:
    """Raise StaleView if the return has other units than the person saw, InvalidQuantity for as many or more."""
    if booked.quantity != seen_quantity:
        sentence = say(
            "This return has %(current)s now, not %(seen)s: somebody corrected it. Check, then correct it again.",
            current=booked.quantity,
            seen=seen_quantity,
        )
        raise StaleView(sentence, seen=seen_quantity, current=booked.quantity)
    if quantity >= booked.quantity:
        sentence = say("Enter fewer than %(booked)s. If more came back, book another return.", booked=booked.quantity)
        raise InvalidQuantity(sentence, quantity=quantity)


def _correct_place(
    operation: Operation,
    stock: LockedStock,
    booked: BookedReturn,
    quantity: int,
    *,
    order: OrderRow,
    item: ItemRow,
    reason: str,
) -> None:
    """Reverse the return at its place, and book again the ``quantity`` that did come back. Raises UndoRefused."""
    db, store_id, surplus = operation.db, operation.store_id, booked.quantity - quantity
    undone = returns.ledger_row(db, store_id, booked)
    if undone.product_id != item.product_id or present_products(db, store_id, [item.product_id]):
        raise UndoRefused(say("The product was merged with another one since: change the units at its place."))
    place = stock.place_at(item.product_id, booked.warehouse, booked.location)
    move = partial(operation.move, place, order=order, item=item, reason=reason)
    if returns.was_counted_since(db, store_id, booked, place.id):  # The count took the other units off already.
        move(TransactionType.ADJUST, surplus, 0)
    elif place.available_quantity < surplus:
        raise UndoRefused(_no_longer_free(place, surplus), available=place.available_quantity)
    if quantity:  # First, since the place must never hold fewer units than are reserved there.
        move(TransactionType.RETURN, quantity, 0)
    move(TransactionType.RETURN, -booked.quantity, 0, reverses_id=undone.id)


def _no_longer_free(place: PlaceRow, surplus: int) -> Wording:
    return say_number(
        "Only %(num)s unit at %(place)s is not reserved, so %(surplus)s cannot be taken off again. "
        "Count the place instead.",
        "Only %(num)s units at %(place)s are not reserved, so %(surplus)s cannot be taken off again. "
        "Count the place instead.",
        place.available_quantity,
        place=place.location,
        surplus=surplus,
    )


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
