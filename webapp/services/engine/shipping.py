"""Ships one item: a packer's tap, in as few statements as possible.

Lock the order (with the packer's open parcel), then the item with its places, allocations and totals of the other
items; move; write. docs/contract.md, "Cost", allows 14 statements, including key and audit.
"""

from __future__ import annotations

import logging
from typing import Any

from sqlalchemy.orm import Session

from webapp.domain.causes import CAUSES, Cause
from webapp.domain.errors import (
    ChangedUpstream,
    InsufficientInventory,
    InvalidQuantity,
    InvalidTransition,
    InventoryNotFound,
    NothingLeft,
    OnHold,
    PackbenchError,
    PlaceholderProduct,
    StaleView,
    UnreadPackingNote,
)
from webapp.domain.events import EventKind
from webapp.domain.quantities import check_quantity
from webapp.domain.statuses import CLOSED_STATUSES, OrderStatus, status_from_units
from webapp.domain.system_reasons import SystemReason
from webapp.domain.wording import Wording, say, say_number
from webapp.services.engine import parcels, stock_exceptions
from webapp.services.engine.item_under_lock import ItemUnderLock, lock_one_item
from webapp.services.engine.locked_rows import LockedOrder
from webapp.services.engine.locked_stock import LockedStock
from webapp.services.engine.operation import Operation
from webapp.services.engine.results import ShipItemResult
from webapp.services.engine.shop_news import newest_changes
from webapp.services.engine.stock_rows import ItemRow, OrderRow

log = logging.getLogger("packbench.stock")


def refuse_if_closed(order: OrderRow) -> None:
    """Raise InvalidTransition if nothing may ship from the order any more."""
    if order.status in CLOSED_STATUSES:
        raise InvalidTransition(_closed(order.status, order.order_number), status=str(order.status))


def refuse_if_held(order: LockedOrder) -> None:
    """Raise OnHold if the shop has put the order on hold, and nobody has released it."""
    if order.hold is not None:
        raise OnHold(order.hold)


def refuse_if_changed(db: Session, store_id: int, order: LockedOrder, seen_changes: int | None) -> None:
    """Raise ChangedUpstream if the shop has changed the order more often than the person saw; None: nobody looked."""
    if seen_changes is not None and seen_changes < order.upstream_changes:
        raise ChangedUpstream(newest_changes(db, store_id, order.id, order.upstream_changes - seen_changes))


def refuse_if_not_started(order: OrderRow) -> None:
    """Raise InvalidTransition for a pending order: it becomes packers' work once somebody starts it."""
    if order.status is OrderStatus.PENDING:
        sentence = say("Order %(order)s has not been started. A manager must start it first.", order=order.order_number)
        raise InvalidTransition(sentence, status=str(order.status))


def refuse_if_not_ready(order: LockedOrder) -> None:
    """Refuse what a person ships from a pending order (InvalidTransition), or while nobody has read the packing note
    (UnreadPackingNote)."""
    refuse_if_not_started(order)
    if order.note_is_unread:
        raise UnreadPackingNote


def _closed(status: OrderStatus, order_number: str) -> Wording:
    if status is OrderStatus.CANCELLED:
        return say("Order %(order)s is cancelled: nothing ships from it.", order=order_number)
    return say("Order %(order)s is refunded: nothing ships from it.", order=order_number)


def refuse_if_stale(item: ItemRow, seen_shipped: int | None) -> None:
    """Raise StaleView if units were shipped or undone since the packer looked."""
    if seen_shipped is None or seen_shipped == item.shipped_quantity:
        return
    difference = item.shipped_quantity - seen_shipped
    sentence_of = _shipped_meanwhile if difference > 0 else _undone_meanwhile
    raise StaleView(
        sentence_of(abs(difference), item.remaining_quantity),
        item_id=item.id,
        seen=seen_shipped,
        shipped_quantity=item.shipped_quantity,
        remaining_quantity=item.remaining_quantity,
    )


def _shipped_meanwhile(units: int, left: int) -> Wording:
    if not left:
        return say_number(
            "%(num)s was shipped a moment ago by somebody else; nothing is left to ship.",
            "%(num)s were shipped a moment ago by somebody else; nothing is left to ship.",
            units,
        )
    return say_number(
        "%(num)s was shipped a moment ago by somebody else; %(left)s left to ship. Check, then ship again.",
        "%(num)s were shipped a moment ago by somebody else; %(left)s left to ship. Check, then ship again.",
        units,
        left=left,
    )


def _undone_meanwhile(units: int, left: int) -> Wording:
    if not left:
        return say_number(
            "%(num)s was undone a moment ago by somebody else; nothing is left to ship.",
            "%(num)s were undone a moment ago by somebody else; nothing is left to ship.",
            units,
        )
    return say_number(
        "%(num)s was undone a moment ago by somebody else; %(left)s left to ship. Check, then ship again.",
        "%(num)s were undone a moment ago by somebody else; %(left)s left to ship. Check, then ship again.",
        units,
        left=left,
    )


def ship_item(
    db: Session,
    store_id: int,
    order_id: int,
    item_id: int,
    quantity: int | None = None,
    skip_missing: bool = True,
    actor: str = "system",
    seen_shipped: int | None = None,
    only_ready: bool = False,
    seen_changes: int | None = None,
) -> ShipItemResult:
    """Ship ``quantity`` units of an item (all that remain when left out); see ``order_inventory_service``.

    ``only_ready`` refuses a pending order, and one whose packing note nobody has read; ``seen_changes`` one that the
    shop has changed since the person looked (ChangedUpstream).
    """
    if quantity is not None:
        check_quantity(quantity)
    locked = lock_one_item(db, store_id, order_id, item_id, actor)
    item = locked.item
    refuse_if_closed(locked.order)
    refuse_if_held(locked.order)
    refuse_if_changed(db, store_id, locked.order, seen_changes)
    if only_ready:
        refuse_if_not_ready(locked.order)
    refuse_if_stale(item, seen_shipped)
    if item.remaining_quantity == 0:
        outcome = "fully shipped" if item.shipped_quantity else "cancelled"
        return ship_result(item, 0, f"Nothing is left to ship: this item is {outcome} already.")
    requested = requested_units(item, quantity)
    operation = Operation(db, store_id, actor)
    stock = locked.stock
    stock.reload_new_places(db, {item: requested})
    within_reach = stock.reserved_for(item) + stock.available_for(item)
    if within_reach < requested and not skip_missing:
        raise missing_stock(item, stock, requested, within_reach)
    message = None
    shipped = stock.fulfill(operation, locked.order, item, min(requested, within_reach))
    if shipped < requested:
        cause = stock.cause_of(item)
        message = f"{CAUSES[cause].words}: {requested - shipped} not shipped."
        stock_exceptions.report(operation, locked.order, [(item, cause, item.remaining_quantity - shipped)])
    complete_shipment(operation, locked, shipped)
    return ship_result(item, shipped, message)


def complete_shipment(operation: Operation, locked: ItemUnderLock, shipped: int) -> None:
    """Record ``shipped`` units that left stock: item, parcel, status, history, exceptions; then write everything."""
    order, item = locked.order, locked.item
    item.shipped_quantity += shipped
    before = order.status
    operation.bump_version(order, item)
    if shipped:
        order.status = status_from_units(
            before=before,
            unshipped=before,
            shipped=locked.others_shipped + item.shipped_quantity,
            remaining=locked.others_remaining + item.remaining_quantity,
        )
        operation.record(
            order, EventKind.SHIPPED, item=item, quantity=shipped, remaining_quantity=item.remaining_quantity
        )
        done = order.status is OrderStatus.SHIPPED
        parcels.pack(operation, order, [(item, shipped)], locked.parcel_id, close=done)
        log.info("Fulfilled %s units of product %s for order %s", shipped, item.product_id, order.order_number)
    if order.status is not before:
        operation.record_status(order, before)
    if item.has_exceptions and item.remaining_quantity == 0:
        stock_exceptions.settle(operation, [item], SystemReason.ALL_SHIPPED())
    elif item.has_exceptions:
        stock_exceptions.update_from_needs(
            operation, {item: locked.stock.needed_by(item)}, SystemReason.REST_RESERVED()
        )
    operation.write()


def requested_units(item: ItemRow, quantity: int | None) -> int:
    """Return the units to ship: ``quantity``, or all that remain. Raises InvalidQuantity for more than remains."""
    requested = item.remaining_quantity if quantity is None else quantity
    if requested > item.remaining_quantity:
        raise InvalidQuantity(
            say_number(
                "Cannot ship %(num)s unit - only %(remaining)s remaining",
                "Cannot ship %(num)s units - only %(remaining)s remaining",
                requested,
                remaining=item.remaining_quantity,
            ),
            quantity=requested,
            shipped_quantity=item.shipped_quantity,
            remaining_quantity=item.remaining_quantity,
        )
    return requested


def nothing_left(item_id: int) -> NothingLeft:
    """Return the refusal for a person who ships an item without units left."""
    return NothingLeft(say("No unit of this item is left to ship, so nothing was shipped."), item_id=item_id)


def missing_stock(item: ItemRow, stock: LockedStock, requested: int, within_reach: int) -> PackbenchError:
    """Return the refusal for an item that stock cannot cover, with the alternatives."""
    data: dict[str, Any] = {
        "item_id": item.id,
        "product_id": item.product_id,
        "requested": requested,
        "available": within_reach,
        "shipped_quantity": item.shipped_quantity,
        "remaining_quantity": item.remaining_quantity,
    }
    cause = stock.cause_of(item)
    if cause is Cause.PLACEHOLDER_PRODUCT:
        return PlaceholderProduct(
            say("This line's product is unknown. A manager must match it before it can ship."), **data
        )
    data["options"] = ["found_on_shelf", *(["ship_available"] if within_reach else [])]
    data |= _where_to_look(item, stock)
    if cause is Cause.NO_INVENTORY:
        return InventoryNotFound(say("There is no stock record for this product."), **data)
    return InsufficientInventory(
        say(
            "Only %(units)s of %(requested)s can be shipped from stock: the rest is reserved for other orders "
            "or not there.",
            units=within_reach,
            requested=requested,
        ),
        **data,
    )


def _where_to_look(item: ItemRow, stock: LockedStock) -> dict[str, str]:
    """Return the place that may hold more than recorded: where the item is reserved, else the fullest."""
    places = [place for _, place in stock.allocations_of(item)] or stock.places_of(item.product_id)
    if not places:
        return {}
    fullest = max(places, key=lambda place: (place.quantity, -place.id))
    return {"warehouse": fullest.warehouse, "location": fullest.location}


def ship_result(item: ItemRow, fulfilled: int, message: str | None = None) -> ShipItemResult:
    """Return the item's numbers after shipping."""
    result = ShipItemResult(
        order_id=item.order_id,
        item_id=item.id,
        fulfilled_quantity=fulfilled,
        shipped_quantity=item.shipped_quantity,
        remaining_quantity=item.remaining_quantity,
        is_fully_shipped=item.is_fully_shipped,
    )
    if message:
        result["message"] = message
    return result
