"""What an order does to stock, and its shipment status. Source: docs/contract.md, "Service calls".

Everything locks the order, then its items, then inventory rows by id; flushes and never commits. ``skip_missing=True``
passes by what stock cannot serve: it is returned in ``skipped_items``, logged as a warning, and opens a stock
exception. ``skip_missing=False`` raises instead, and then nothing of the call remains.
"""

from __future__ import annotations

import logging
from contextlib import AbstractContextManager, nullcontext

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.domain.events import EventKind
from webapp.domain.statuses import CLOSED_STATUSES, OPEN_STATUSES, OrderStatus, may_change
from webapp.domain.system_reasons import SystemReason
from webapp.services.engine import backorders, locks, parcels, shipping, stock_exceptions
from webapp.services.engine.derived_status import update_status
from webapp.services.engine.operation import Operation, bump_version
from webapp.services.engine.releases import ReleaseScope, lock_for_release, release
from webapp.services.engine.results import (
    FulfillResult,
    ReleaseResult,
    ReserveResult,
    ShipItemResult,
    StockResult,
)
from webapp.services.engine.whole_order import WholeOrder
from webapp.services.reads.shipment_status import get_shipment_status as get_shipment_status

log = logging.getLogger("packbench.stock")


def reserve_for_order(
    db: Session, store_id: int, order_id: int, skip_missing: bool = True, actor: str = "system"
) -> ReserveResult:
    """Reserve what each item still needs; doing it again reserves nothing more.

    One place that covers the need wins, otherwise the need is split; what no place covers is a backorder. Raises
    OrderNotFound; with ``skip_missing=False`` PlaceholderProduct, InventoryNotFound or InsufficientInventory.
    """
    with _all_or_nothing(db, skip_missing):
        order = locks.lock_order(db, store_id, order_id)
        whole = WholeOrder.lock(db, order, actor, skip_missing)
        for item in whole.items if order.status in OPEN_STATUSES else ():
            units = whole.serve(item, whole.stock.needed_by(item), whole.stock.reserve)
            if units:
                whole.operation.record(order, EventKind.RESERVED, item=item, quantity=units)
                log.info("Reserved %s units of product %s for order %s", units, item.product_id, order.order_number)
        needs = {item: whole.stock.needed_by(item) for item in whole.units}
        stock_exceptions.update_from_needs(whole.operation, needs, SystemReason.ALL_RESERVED())
        whole.finish()
    log.info("Order %s: reserved %s items, skipped %s", order.order_number, len(whole.units), len(whole.shortages))
    return ReserveResult(
        order_id=order.id,
        order_number=order.order_number,
        reserved_count=len(whole.units),
        reserved_units=sum(whole.units.values()),
        skipped_items=whole.skipped_items(),
    )


def fulfill_order(
    db: Session,
    store_id: int,
    order_id: int,
    skip_missing: bool = True,
    actor: str = "system",
    asked: OrderStatus | None = None,
    reason: str = "",
) -> FulfillResult:
    """Ship every remaining unit of the order, each from where it is reserved, in one parcel; the status follows.

    Units without an allocation are first reserved. ``asked`` is the status that somebody set (with a
    ``reason``): the order gets it whatever stays behind. Raises like ``reserve_for_order``, and InvalidTransition for
    a closed order.
    """
    with _all_or_nothing(db, skip_missing):
        order = locks.lock_order(db, store_id, order_id)
        shipping.refuse_if_closed(order)
        whole = WholeOrder.lock(db, order, actor, skip_missing)
        operation = whole.operation
        for item in whole.items:
            units = whole.serve(item, item.remaining_quantity, whole.stock.fulfill)
            if units:
                item.shipped_quantity += units
                operation.record(
                    order, EventKind.SHIPPED, item=item, quantity=units, remaining_quantity=item.remaining_quantity
                )
                log.info("Fulfilled %s units of product %s for order %s", units, item.product_id, order.order_number)
        parcel_id = db.scalar(select(parcels.open_parcel_id(store_id, order_id, actor)))
        parcels.pack(operation, order, list(whole.units.items()), parcel_id, close=not whole.shortages)
        settled = [item for item in whole.units if not item.remaining_quantity]
        stock_exceptions.settle(operation, settled, SystemReason.ALL_SHIPPED())
        if asked and may_change(order.status, asked):
            before, order.status = order.status, asked
            operation.record_status(order, before, reason)
        elif whole.units:
            update_status(operation, order, whole.items)
        whole.finish()
    log.info("Order %s: fulfilled %s items, skipped %s", order.order_number, len(whole.units), len(whole.shortages))
    return FulfillResult(
        order_id=order.id,
        order_number=order.order_number,
        fulfilled_count=len(whole.units),
        fulfilled_units=sum(whole.units.values()),
        skipped_items=whole.skipped_items(),
    )


def fulfill_item(
    db: Session,
    store_id: int,
    order_id: int,
    item_id: int,
    quantity: int | None = None,
    skip_missing: bool = True,
    actor: str = "system",
    seen_shipped: int | None = None,
) -> ShipItemResult:
    """Ship ``quantity`` units of one item, all that remain when left out; the order's status follows.

    ``seen_shipped`` is what the caller saw as shipped: a difference raises StaleView. Raises InvalidQuantity ("Cannot
    ship 5 units - only 3 remaining"), OrderNotFound, ItemNotFound, InvalidTransition for a cancelled or refunded
    order; with ``skip_missing=False`` PlaceholderProduct, InventoryNotFound or InsufficientInventory, with what may
    be done in ``data["options"]``. With ``skip_missing=True`` what is missing opens a stock exception instead.
    """
    return shipping.ship_item(
        db, store_id, order_id, item_id, quantity, skip_missing=skip_missing, actor=actor, seen_shipped=seen_shipped
    )


def release_order_reservation(
    db: Session,
    store_id: int,
    order_id: int,
    skip_missing: bool = True,
    actor: str = "system",
    reason: str = "",
    locked: ReleaseScope | None = None,
) -> ReleaseResult:
    """Release what the order's items still hold, never more; stock that comes free fills other orders' backorders.

    ``locked`` is what the caller has locked for it already. Raises OrderNotFound; with ``skip_missing=False``
    PlaceholderProduct for a line that cannot hold stock.
    """
    with _all_or_nothing(db, skip_missing):
        scope = locked or lock_for_release(db, store_id, order_id)
        order, operation = scope.order, Operation(db, store_id, actor)
        whole = WholeOrder(operation, order, scope.items, scope.stock, skip_missing)
        for item in scope.items:
            if item.is_placeholder:
                whole.add_shortage(item, item.remaining_quantity, 0)
                continue
            units = release(operation, scope, item, scope.stock.reserved_for(item), reason)
            if units:
                whole.units[item] = units
        if whole.units:
            bump_version(order, *whole.units)
        backorders.fill(operation, scope.arrival)
        operation.write()
    log.info("Order %s: released %s items, skipped %s", order.order_number, len(whole.units), len(whole.shortages))
    return ReleaseResult(
        order_id=order.id,
        order_number=order.order_number,
        released_count=len(whole.units),
        released_units=sum(whole.units.values()),
        skipped_items=whole.skipped_items(),
    )


def handle_status_change(
    db: Session,
    store_id: int,
    order_id: int,
    old_status: str,
    new_status: str,
    actor: str = "system",
    reason: str = "",
    locked: ReleaseScope | None = None,
) -> StockResult | None:
    """Do what a status change asks of stock: processing reserves, shipped fulfills, cancelled releases.

    Returns the stock action's result; None where the status did not change, asks nothing of stock, or a cancelled or
    refunded order is cancelled again. The caller sets the status, except that units which left make it shipped at
    once. ``locked`` is what the caller has locked for a release. Source: docs/contract.md, "Service calls".
    """
    old, new = OrderStatus(old_status), OrderStatus(new_status)
    if old is new:
        return None
    match new:
        case OrderStatus.PROCESSING:
            return reserve_for_order(db, store_id, order_id, actor=actor)
        case OrderStatus.SHIPPED:
            return fulfill_order(db, store_id, order_id, actor=actor, asked=new, reason=reason)
        case OrderStatus.CANCELLED if old not in CLOSED_STATUSES:
            return release_order_reservation(db, store_id, order_id, actor=actor, reason=reason, locked=locked)
        case _:
            return None


def _all_or_nothing(db: Session, skip_missing: bool) -> AbstractContextManager[object]:
    """A savepoint where the call may raise half-way, so that a caller who goes on keeps nothing of it."""
    return nullcontext() if skip_missing else db.begin_nested()
