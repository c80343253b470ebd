"""Reports by a packer at the shelf that differ from the records: found units, and short picks."""

from __future__ import annotations

import logging

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.domain.count_tasks import CountCause
from webapp.domain.errors import InvalidQuantity, ItemNotFound, PlaceholderProduct, StaleView, UnknownPlace
from webapp.domain.events import EventKind
from webapp.domain.ledger import TransactionType
from webapp.domain.placement import MAIN_WAREHOUSE
from webapp.domain.quantities import check_count, check_quantity
from webapp.domain.system_reasons import SystemReason
from webapp.domain.wording import say, say_number
from webapp.models import Inventory, OrderItem
from webapp.services.engine import count_tasks, locks, shipping, true_counts
from webapp.services.engine.item_under_lock import lock_one_item
from webapp.services.engine.operation import Operation
from webapp.services.engine.results import ShipItemResult, StockLevel
from webapp.services.inventory_service import clean_place, stock_level

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
    only_ready: bool = False,
    make_place: bool = True,
    seen_changes: int | None = None,
) -> ShipItemResult:
    """Ship units that the packer holds but the records lack: adjust the place, reserve and ship, in one operation.

    Only the units that stock lacks are added, at ``warehouse``/``location``, and a manager is asked to count there; the
    ledger has both steps. ``only_ready`` refuses a pending order, and one whose packing note nobody has read. Raises
    like ``order_inventory_service.ship_units``, InvalidInput for a blank place, and without ``make_place`` UnknownPlace
    for one where the product has never been.
    """
    check_quantity(quantity)
    warehouse, location = clean_place(warehouse, location)
    locked = lock_one_item(db, store_id, order_id, item_id, actor)
    item = locked.item
    shipping.refuse_if_closed(locked.order)
    shipping.refuse_if_held(locked.order)
    shipping.refuse_if_changed(db, store_id, locked.order, seen_changes)
    if only_ready:
        shipping.refuse_if_not_ready(locked.order)
    shipping.refuse_if_stale(item, seen_shipped)
    if not item.remaining_quantity:
        raise shipping.nothing_left(item.id)
    shipping.requested_units(item, quantity)
    if item.is_placeholder:
        raise PlaceholderProduct(say("This line's product is unknown. A manager must match it first."), item_id=item_id)
    if locked.stock.find_place(item.product_id, warehouse, location) is None:
        if not make_place:
            name = location if warehouse == MAIN_WAREHOUSE else f"{warehouse} / {location}"
            raise UnknownPlace(
                say("This product has never been at %(place)s. Correct the place, or add it.", place=name),
                location=location,
            )
        locks.ensure_place(db, store_id, item.product_id, warehouse, location)
        locked = lock_one_item(db, store_id, order_id, item_id, actor)
    item, stock = locked.item, locked.stock
    place = stock.place_at(item.product_id, warehouse, location)
    operation = Operation(db, store_id, actor)
    needed = max(quantity - stock.reserved_for(item), 0)
    known_here = min(needed, place.available_quantity) if place.is_short else 0
    surplus = needed - known_here - stock.available_for(item)
    if surplus > 0:
        reason = SystemReason.FOUND_ON_SHELF()
        operation.move(place, TransactionType.ADJUST, surplus, 0, order=locked.order, item=item, reason=reason)
        operation.record(
            locked.order, EventKind.FOUND_ON_SHELF, item=item, quantity=surplus, warehouse=warehouse, location=location
        )
        count_tasks.ask(operation, place, CountCause.FOUND_UNITS)
    stock.reserve_at(operation, locked.order, item, known_here + max(surplus, 0), place)
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
    counted_quantity: int,
    seen_quantity: int,
    actor: str = "system",
) -> StockLevel:
    """Report that only ``counted_quantity`` units of an item's product are at a place where some are reserved for it.

    The place is set to that number, and nothing is reserved there until more arrives or somebody counts; a manager is
    asked to. Orders lose what is not there, the latest to ship first, get others elsewhere or wait. Raises
    InvalidQuantity if nothing is missing, StaleView if not ``seen_quantity`` units are on hand or none is reserved
    there for the item, OrderNotFound, ItemNotFound.
    """
    check_count(counted_quantity)
    where = _place_of_item(db, store_id, order_id, item_id, inventory_id, seen_quantity)
    arrival = true_counts.lock_for_count(db, store_id, where, lambda _: counted_quantity, also_order_id=order_id)
    if item_id not in arrival.waiting:  # Its product was merged with another one meanwhile.
        raise _changed_since(0, seen_quantity)
    order, item, place = arrival.orders[order_id], arrival.waiting[item_id], arrival.stock.place_at(*where)
    held = arrival.stock.allocation_at(item, inventory_id)
    if not held or not held[0].quantity or place.quantity != seen_quantity:
        raise _changed_since(place.quantity if held and held[0].quantity else 0, seen_quantity)
    if counted_quantity >= seen_quantity:
        raise InvalidQuantity(
            say_number(
                "The records have %(num)s unit here too: nothing is short.",
                "The records have no more than %(num)s units here: nothing is short.",
                seen_quantity,
            ),
            quantity=counted_quantity,
        )
    short_count = true_counts.short_count_at(db, store_id, arrival, place, counted_quantity)
    losses = short_count.latest_lose() if short_count else {}
    operation = Operation(db, store_id, actor)
    reason = SystemReason.SHORT_PICK(found=counted_quantity, expected=seen_quantity)
    true_counts.release_lost(operation, arrival, place, losses, reason)
    change = counted_quantity - seen_quantity
    operation.move(place, TransactionType.SET, change, 0, order=order, item=item, reason=reason)
    count_tasks.ask(operation, place, CountCause.SHORT_PICK)
    true_counts.serve_losers(operation, arrival, place, losses, reason)
    if not losses.get(item_id):  # The order keeps its units, and its trail says who counted.
        true_counts.record_loss(operation, order, item, place, 0, 0, reason)
    operation.write()
    log.warning("Order %s: %s at %s for product %s", order.order_number, reason, place.location, item.product_id)
    return stock_level(place)


def _place_of_item(
    db: Session, store_id: int, order_id: int, item_id: int, inventory_id: int, seen_quantity: int
) -> tuple[int, str, str]:
    """Return product, warehouse and location of a place of an item's product. Raises StaleView for another place,
    OrderNotFound, ItemNotFound."""
    locks.take_turn_to_write(db)
    of_place = (Inventory.store_id == OrderItem.store_id) & (Inventory.product_id == OrderItem.product_id)
    row = db.execute(
        select(OrderItem.product_id, Inventory.warehouse, Inventory.location)
        .outerjoin(Inventory, of_place & (Inventory.id == inventory_id))
        .where(OrderItem.store_id == store_id, OrderItem.order_id == order_id, OrderItem.id == item_id)
    ).one_or_none()
    if row is None:
        locks.lock_order(db, store_id, order_id)
        raise ItemNotFound
    if row.location is None:
        raise _changed_since(0, seen_quantity)
    return row.product_id, row.warehouse, row.location


def _changed_since(quantity: int, seen_quantity: int) -> StaleView:
    return StaleView(
        say_number(
            "%(num)s unit is there for this item now by the records, not %(seen)s. Check, then report again.",
            "%(num)s units are there for this item now by the records, not %(seen)s. Check, then report again.",
            quantity,
            seen=seen_quantity,
        ),
        seen=seen_quantity,
        current=quantity,
    )
