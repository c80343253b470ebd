"""Stock at its places: reserve, fulfill and release for one order item; adjust, set, import and return.

Each call locks (orders that wait for arriving units, their items, the product's places), writes the ledger, flushes and
never commits. Arriving units fill backorders in the same transaction, oldest order first.
"""

from __future__ import annotations

from functools import partial

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.domain.control_characters import has_invisible
from webapp.domain.errors import (
    InsufficientInventory,
    InvalidInput,
    InvalidQuantity,
    InvalidTransition,
    ItemNotFound,
    ProductNotFound,
    StaleView,
)
from webapp.domain.events import EventKind
from webapp.domain.ledger import TransactionType
from webapp.domain.placement import MAIN_WAREHOUSE, NO_CONTROLS
from webapp.domain.quantities import check_count, check_quantity
from webapp.domain.reasons import clean_reason, is_storable, require_reason
from webapp.domain.status_words import STATUS_WORDS
from webapp.domain.statuses import OPEN_STATUSES
from webapp.domain.system_reasons import SystemReason
from webapp.domain.true_counts import ChosenLosses
from webapp.domain.wording import Wording, say, say_number
from webapp.models import OrderItem
from webapp.services.engine import backorders, count_tasks, locks, shipping, stock_exceptions, true_counts
from webapp.services.engine.item_under_lock import lock_one_item
from webapp.services.engine.merged_products import refuse_if_merged
from webapp.services.engine.operation import Operation
from webapp.services.engine.releases import fill_others, lock_for_release, release
from webapp.services.engine.results import ShipItemResult, StockLevel
from webapp.services.engine.stock_rows import PlaceRow

_WHY = say("Give a reason for the change.")


def reserve_inventory(
    db: Session, store_id: int, order_item_id: int, quantity: int | None = None, actor: str = "system"
) -> int:
    """Reserve ``quantity`` units (or all it still needs) for one order item; return the units reserved.

    Raises ItemNotFound, InvalidTransition if the order is not open, InvalidQuantity for more than the item needs,
    PlaceholderProduct, InventoryNotFound, or InsufficientInventory if fewer units are available.
    """
    locked = lock_one_item(db, store_id, _order_of(db, store_id, order_item_id, quantity), order_item_id, actor)
    order, item = locked.order, locked.item
    if order.status not in OPEN_STATUSES:
        raise InvalidTransition(
            say(
                "Order %(number)s is %(status)s: nothing is reserved for it.",
                number=order.order_number,
                status=STATUS_WORDS[order.status].in_sentence,
            ),
            status=str(order.status),
        )
    stock = locked.stock
    needed = stock.needed_by(item)
    units = _units_of(
        needed,
        quantity,
        say_number(
            "Cannot reserve %(num)s unit - only %(needed)s needed",
            "Cannot reserve %(num)s units - only %(needed)s needed",
            quantity or needed,
            needed=needed,
        ),
    )
    stock.reload_new_places(db, {item: stock.reserved_for(item) + units})
    available = stock.available_for(item)
    if units and (available < units or item.is_placeholder):
        raise shipping.missing_stock(item, stock, units, available)
    if units:
        operation = Operation(db, store_id, actor)
        stock.reserve(operation, order, item, units)
        operation.record(order, EventKind.RESERVED, item=item, quantity=units)
        stock_exceptions.update_from_needs(operation, {item: needed - units}, SystemReason.ALL_RESERVED())
        operation.bump_version(order, item)
        operation.write()
    return units


def fulfill_reservation(
    db: Session, store_id: int, order_item_id: int, quantity: int | None = None, actor: str = "system"
) -> ShipItemResult:
    """Ship units of one order item from where they are reserved; see ``order_inventory_service.fulfill_item``."""
    order_id = _order_of(db, store_id, order_item_id, quantity)
    return shipping.ship_item(db, store_id, order_id, order_item_id, quantity, skip_missing=False, actor=actor)


def release_reservation(
    db: Session,
    store_id: int,
    order_item_id: int,
    quantity: int | None = None,
    actor: str = "system",
    reason: str = "",
) -> int:
    """Release ``quantity`` units (or all) that one order item holds; return the units released.

    Released units fill other orders' backorders. Raises ItemNotFound, and InvalidQuantity for more than it holds.
    """
    reason = clean_reason(reason)
    order_id = _order_of(db, store_id, order_item_id, quantity)
    whole = lock_for_release(db, store_id, order_id, actor, of_item=order_item_id)
    item = next(item for item in whole.items if item.id == order_item_id)
    reserved = whole.stock.reserved_for(item)
    units = _units_of(
        reserved,
        quantity,
        say_number(
            "Cannot release %(num)s unit - only %(reserved)s reserved",
            "Cannot release %(num)s units - only %(reserved)s reserved",
            quantity or reserved,
            reserved=reserved,
        ),
    )
    if units:
        release(whole, item, units, reason)
        whole.operation.bump_version(whole.order, item)
        fill_others(whole)
        whole.operation.write()
    return units


def _change_inventory(
    db: Session,
    store_id: int,
    product_id: int,
    location: str,
    quantity: int,
    warehouse: str = MAIN_WAREHOUSE,
    reason: str = "",
    actor: str = "system",
    seen_quantity: int | None = None,
    chosen: ChosenLosses | None = None,
    *,
    kind: TransactionType,
) -> StockLevel:
    """Change the units on hand at a place by ``quantity``, or with SET to ``quantity``; fill backorders.

    A true count is accepted: if fewer units remain than are reserved, orders lose theirs as ``chosen`` says (without
    it, the latest to ship first), get others elsewhere or wait. ``seen_quantity`` is the number on hand that the caller
    saw; if it differs, StaleView is raised and nothing changes. Raises InvalidQuantity, ReasonRequired (an import needs
    none), ProductNotFound, ConflictError for a product that was merged with another one, InsufficientInventory for
    taking more than is on hand, and like ``ChosenLosses.of``.
    """
    _check_units(kind, quantity)
    reason = clean_reason(reason) if kind is TransactionType.IMPORT else require_reason(reason, _WHY)
    warehouse, location = clean_place(warehouse, location)
    locks.take_turn_to_write(db)
    if not backorders.stock_products(db, store_id, [product_id]):
        raise ProductNotFound

    def after(place: PlaceRow) -> int:
        return quantity if kind is TransactionType.SET else place.quantity + quantity

    where = (product_id, warehouse, location)
    arriving = 0 if kind is TransactionType.SET else max(quantity, 0)
    arrival = true_counts.lock_for_count(db, store_id, where, after, arriving, is_count=kind is TransactionType.SET)
    refuse_if_merged(db, store_id, product_id)  # After the orders, in the order in which a merge locks.
    place = arrival.stock.place_at(*where)
    _refuse_if_changed(place, seen_quantity)
    change = after(place) - place.quantity
    if after(place) < 0:
        raise _too_many_taken(place, -change)
    short_count = true_counts.short_count_at(db, store_id, arrival, place, after(place))
    losses = (chosen.of(short_count) if chosen else short_count.latest_lose()) if short_count else {}
    operation = Operation(db, store_id, actor)
    true_counts.release_lost(operation, arrival, place, losses, reason)
    operation.move(place, kind, change, 0, reason=reason)
    if kind is TransactionType.SET:
        count_tasks.counted(operation, place)
    elif change > 0:
        count_tasks.arrived(operation, place)
    true_counts.serve_losers(operation, arrival, place, losses, reason)
    backorders.fill(operation, arrival)
    operation.write()
    level = stock_level(place)
    if short_count:
        level["lost_quantity"] = short_count.lost
    return level


def _refuse_if_changed(place: PlaceRow, seen_quantity: int | None) -> None:
    """Raise StaleView if the units on hand are not those that the caller saw."""
    if seen_quantity is not None and seen_quantity != place.quantity:
        raise StaleView(
            say(
                "On hand is %(current)s now, not %(seen)s: somebody changed it. Check, then set it again.",
                current=place.quantity,
                seen=seen_quantity,
            ),
            seen=seen_quantity,
            current=place.quantity,
        )


def _too_many_taken(place: PlaceRow, units: int) -> InsufficientInventory:
    return InsufficientInventory(
        say_number(
            "Only %(num)s unit is here, so %(taken)s cannot be taken.",
            "Only %(num)s units are here, so %(taken)s cannot be taken.",
            place.quantity,
            taken=units,
        ),
        quantity=place.quantity,
        reserved_quantity=place.reserved_quantity,
        requested=place.quantity - units,
    )


def adjust_inventory(
    db: Session,
    store_id: int,
    product_id: int,
    location: str,
    quantity_change: int,
    warehouse: str = MAIN_WAREHOUSE,
    reason: str = "",
    actor: str = "system",
    chosen: ChosenLosses | None = None,
) -> StockLevel:
    """Add (plus) or remove (minus) units at a place by hand, with a reason."""
    kind = TransactionType.ADJUST
    return _change_inventory(
        db, store_id, product_id, location, quantity_change, warehouse, reason, actor, chosen=chosen, kind=kind
    )


set_inventory = partial(_change_inventory, kind=TransactionType.SET)
"""Set the units on hand at a place to what was counted (0 or more), with a reason."""

import_inventory = partial(_change_inventory, kind=TransactionType.IMPORT)
"""Add units from a first load or a sync."""

return_inventory = partial(_change_inventory, kind=TransactionType.RETURN)
"""Put returned units without an order at a place, with a reason. For an order's: ``return_service.return_units``."""


def stock_level(place: PlaceRow) -> StockLevel:
    """Return one place's numbers."""
    return StockLevel(
        inventory_id=place.id,
        product_id=place.product_id,
        warehouse=place.warehouse,
        location=place.location,
        quantity=place.quantity,
        reserved_quantity=place.reserved_quantity,
        available_quantity=place.available_quantity,
    )


def clean_place(warehouse: str, location: str) -> tuple[str, str]:
    """Return the place's names without outer blanks. Raises InvalidInput for a blank or overlong name, and for
    characters that nobody sees."""
    warehouse, location = warehouse.strip() or MAIN_WAREHOUSE, location.strip()
    if not location or len(location) > 64 or len(warehouse) > 64 or not is_storable(location + warehouse):
        raise InvalidInput(say("Name the place: a location of at most 64 characters."), location=location)
    if has_invisible(warehouse + location):
        raise InvalidInput(NO_CONTROLS, location=location)
    return warehouse, location


def _check_units(kind: TransactionType, quantity: int) -> None:
    """Raise InvalidQuantity for a number that this kind of change cannot have."""
    if kind is TransactionType.SET:
        check_count(quantity)
        return
    may_be_negative = kind is TransactionType.ADJUST
    if may_be_negative and quantity == 0:
        raise InvalidQuantity(say("Enter how many units to add or take, not 0."), quantity=quantity)
    check_quantity(-quantity if may_be_negative and type(quantity) is int and quantity < 0 else quantity)


def _order_of(db: Session, store_id: int, order_item_id: int, quantity: int | None) -> int:
    """Return the id of the item's order. Raises ItemNotFound, and InvalidQuantity for an invalid ``quantity``."""
    if quantity is not None:
        check_quantity(quantity)
    locks.take_turn_to_write(db)
    order_id = db.scalar(
        select(OrderItem.order_id).where(OrderItem.store_id == store_id, OrderItem.id == order_item_id)
    )
    if order_id is None:
        raise ItemNotFound
    return order_id


def _units_of(most: int, quantity: int | None, refused: Wording) -> int:
    """Return ``quantity``, or ``most`` if it is None. Raises InvalidQuantity with ``refused`` for more than
    ``most``."""
    units = most if quantity is None else quantity
    if units > most:
        raise InvalidQuantity(refused, quantity=units)
    return units
