"""Reports by a packer at the shelf that differ from the records: found units, and short picks."""

from __future__ import annotations

import logging

from sqlalchemy.orm import Session

from webapp.domain.causes import Cause
from webapp.domain.errors import InvalidQuantity, PlaceholderProduct, StaleView
from webapp.domain.events import EventKind
from webapp.domain.ledger import TransactionType
from webapp.domain.placement import MAIN_WAREHOUSE
from webapp.domain.quantities import check_count, check_quantity
from webapp.domain.system_reasons import SystemReason
from webapp.domain.wording import say, say_number
from webapp.services.engine import locks, shipping, stock_exceptions
from webapp.services.engine.item_under_lock import lock_one_item
from webapp.services.engine.operation import Operation
from webapp.services.engine.results import ShipItemResult
from webapp.services.engine.stock_rows import ItemRow
from webapp.services.inventory_service import clean_place

log = logging.getLogger("packbench.stock")


def ship_found_on_shelf(
    db: Session,
    store_id: int,
    order_id: int,
    item_id: int,
    quantity: int,
    location: str,
    warehouse: str = MAIN_WAREHOUSE,
    actor: str = "system",
    seen_shipped: int | None = None,
    only_started: bool = False,
) -> ShipItemResult:
    """Ship units that the packer holds but the records lack: adjust the place, reserve and ship, in one operation.

    Only the units that stock lacks are added, at ``warehouse``/``location``; the ledger has both steps. Raises like
    ``order_inventory_service.ship_units``, and InvalidInput for a blank place. With ``only_started`` a pending order is
    refused.
    """
    check_quantity(quantity)
    warehouse, location = clean_place(warehouse, location)
    locked = lock_one_item(db, store_id, order_id, item_id, actor)
    item = locked.item
    shipping.refuse_if_closed(locked.order)
    if only_started:
        shipping.refuse_if_not_started(locked.order)
    shipping.refuse_if_stale(item, seen_shipped)
    if not item.remaining_quantity:
        raise shipping.nothing_left(item.id)
    shipping.requested_units(item, quantity)
    if item.is_placeholder:
        raise PlaceholderProduct(say("This line's product is unknown. A manager must match it first."), item_id=item_id)
    if locked.stock.find_place(item.product_id, warehouse, location) is None:
        locks.ensure_place(db, store_id, item.product_id, warehouse, location)
        locked = lock_one_item(db, store_id, order_id, item_id, actor)
    item, stock = locked.item, locked.stock
    place = stock.place_at(item.product_id, warehouse, location)
    operation = Operation(db, store_id, actor)
    surplus = quantity - stock.reserved_for(item) - stock.available_for(item)
    if surplus > 0:
        reason = SystemReason.FOUND_ON_SHELF()
        operation.move(place, TransactionType.ADJUST, surplus, 0, order=locked.order, item=item, reason=reason)
        operation.record(
            locked.order, EventKind.FOUND_ON_SHELF, item=item, quantity=surplus, warehouse=warehouse, location=location
        )
        stock.reserve(operation, locked.order, item, surplus, among=[place])
    shipped = stock.fulfill(operation, locked.order, item, quantity)
    shipping.complete_shipment(operation, locked, shipped)
    log.info("Found %s units of product %s for order %s", max(surplus, 0), item.product_id, locked.order.order_number)
    return shipping.ship_result(item, shipped)


def report_short_pick(
    db: Session,
    store_id: int,
    order_id: int,
    item_id: int,
    inventory_id: int,
    found_quantity: int,
    seen_reserved: int,
    actor: str = "system",
) -> ItemRow:
    """Report that only ``found_quantity`` of the units reserved for an item at a place are there.

    The missing units are released, taken off hand there and reserved elsewhere if possible; a stock exception asks for
    a recount of the place. Raises InvalidQuantity if nothing is missing, StaleView if the units reserved there are not
    ``seen_reserved``, OrderNotFound, ItemNotFound.
    """
    check_count(found_quantity)
    locked = lock_one_item(db, store_id, order_id, item_id, actor)
    order, item, stock = locked.order, locked.item, locked.stock
    at_place = stock.allocation_at(item, inventory_id)
    held = at_place[0].quantity if at_place else 0
    if at_place is None or held != seen_reserved:
        raise StaleView(
            say_number(
                "%(num)s unit is reserved there now, not %(seen)s. Check, then report again.",
                "%(num)s units are reserved there now, not %(seen)s. Check, then report again.",
                held,
                seen=seen_reserved,
            ),
            seen=seen_reserved,
            current=held,
        )
    missing = held - found_quantity
    if missing <= 0:
        raise InvalidQuantity(
            say_number(
                "The %(num)s reserved unit is there: nothing is short.",
                "All %(num)s reserved units are there: nothing is short.",
                held,
            ),
            quantity=found_quantity,
        )
    allocation, place = at_place
    operation = Operation(db, store_id, actor)
    reason = SystemReason.SHORT_PICK(found=found_quantity, expected=held)
    operation.release(order, item, allocation, place, missing, reason)
    operation.move(place, TransactionType.ADJUST, -missing, 0, order=order, item=item, reason=reason)
    others = [other for other in stock.places_of(item.product_id) if other.id != place.id]
    elsewhere = stock.reserve(operation, order, item, missing, among=others)
    stock_exceptions.report(operation, order, [(item, Cause.SHORT_PICK, missing)])
    operation.record(
        order,
        EventKind.SHORT_PICKED,
        item=item,
        reason=reason,
        quantity=missing,
        warehouse=place.warehouse,
        location=place.location,
        reserved_elsewhere=elsewhere,
    )
    operation.bump_version(order, item)
    operation.write()
    log.warning("Order %s: %s at %s for product %s", order.order_number, reason, place.location, item.product_id)
    return item
