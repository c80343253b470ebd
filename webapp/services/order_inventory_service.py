"""What an order does to stock, and its shipment status. Source: docs/contract.md, "Service calls".

Everything locks the order, then its items, then inventory rows by id; flushes and never commits. ``skip_missing=True``
passes by what stock cannot serve: it is returned in ``skipped_items``, logged as a warning, and opens a stock
exception. ``skip_missing=False`` raises instead, and then nothing of the call remains.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from typing import TypedDict

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.domain.events import EventKind
from webapp.domain.statuses import CLOSED_STATUSES, OPEN_STATUSES, OrderStatus, may_change
from webapp.domain.system_reasons import SystemReason
from webapp.services.engine import parcels, shipping, stock_exceptions
from webapp.services.engine.derived_status import update_status
from webapp.services.engine.releases import fill_others, lock_for_release, release
from webapp.services.engine.results import (
    FulfillResult,
    ReleaseResult,
    ReserveResult,
    ShipItemResult,
    SkippedItem,
    StockResult,
)
from webapp.services.engine.whole_order import WholeOrder
from webapp.services.reads.shipment_status import get_shipment_status as get_shipment_status

log = logging.getLogger("packbench.stock")


def reserve_for_order(
    db: Session,
    store_id: int,
    order_id: int,
    skip_missing: bool = True,
    actor: str = "system",
    whole: WholeOrder | None = None,
) -> ReserveResult:
    """Reserve what each item still needs; doing it again reserves nothing more.

    One place that covers the need wins, otherwise the need is split; what no place covers is a backorder. ``whole`` is
    the order that the caller has under lock, and writes. Raises OrderNotFound; with ``skip_missing=False``
    PlaceholderProduct, InventoryNotFound or InsufficientInventory.
    """

    def lock() -> WholeOrder:
        return WholeOrder.lock(db, store_id, order_id, actor, skip_missing)

    with _act_on(db, whole, lock, skip_missing) as whole:
        order = whole.order
        for item in whole.items if order.status in OPEN_STATUSES else ():
            units = whole.serve(item, whole.stock.needed_by(item), whole.stock.reserve)
            if units:
                whole.operation.record(order, EventKind.RESERVED, item=item, quantity=units)
                log.info("Reserved %s units of product %s for order %s", units, item.product_id, order.order_number)
        needs = {item: whole.stock.needed_by(item) for item in whole.units}
        stock_exceptions.update_from_needs(whole.operation, needs, SystemReason.ALL_RESERVED())
        whole.report_shortages()
    items, units = _counts(whole, "reserved")
    return ReserveResult(**_outcome(whole), reserved_count=items, reserved_units=units)


def fulfill_order(
    db: Session,
    store_id: int,
    order_id: int,
    skip_missing: bool = True,
    actor: str = "system",
    requested_status: OrderStatus | None = None,
    reason: str = "",
    whole: WholeOrder | None = None,
) -> FulfillResult:
    """Ship every remaining unit of the order, each from where it is reserved, in one parcel; the status follows.

    Units without an allocation are first reserved. A ``requested_status`` (with a ``reason``) is one that somebody set:
    the order gets it whatever stays behind. ``whole`` is the order that the caller has under lock, and writes. Raises
    like ``reserve_for_order``, and InvalidTransition for a closed order.
    """

    def lock() -> WholeOrder:
        return WholeOrder.lock(db, store_id, order_id, actor, skip_missing)

    with _act_on(db, whole, lock, skip_missing) as whole:
        order, operation = whole.order, whole.operation
        shipping.refuse_if_closed(order)
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
        if requested_status and may_change(order.status, requested_status):
            before, order.status = order.status, requested_status
            operation.record_status(order, before, reason)
        elif whole.units:
            update_status(operation, order, whole.items)
        whole.report_shortages()
    items, units = _counts(whole, "fulfilled")
    return FulfillResult(**_outcome(whole), fulfilled_count=items, fulfilled_units=units)


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
    whole: WholeOrder | None = None,
) -> ReleaseResult:
    """Release what the order's items still hold, never more; stock that comes free fills other orders' backorders.

    ``whole`` is the order that the caller has under lock with those that wait, and writes. Raises OrderNotFound; with
    ``skip_missing=False`` PlaceholderProduct for a line that cannot hold stock.
    """

    def lock() -> WholeOrder:
        return lock_for_release(db, store_id, order_id, actor, skip_missing)

    with _act_on(db, whole, lock, skip_missing) as whole:
        for item in whole.items:
            if item.is_placeholder:
                whole.add_shortage(item, item.remaining_quantity, 0)
                continue
            units = release(whole, item, whole.stock.reserved_for(item), reason)
            if units:
                whole.units[item] = units
        if whole.units:
            whole.operation.bump_version(whole.order, *whole.units)
        fill_others(whole)
    items, units = _counts(whole, "released")
    return ReleaseResult(**_outcome(whole), released_count=items, released_units=units)


def handle_status_change(
    db: Session,
    store_id: int,
    order_id: int,
    old_status: str,
    new_status: str,
    actor: str = "system",
    reason: str = "",
    whole: WholeOrder | None = None,
) -> StockResult | None:
    """Do what a status change asks of stock: processing reserves, shipped fulfills, cancelled releases.

    Returns the stock action's result; None where the status did not change, asks nothing of stock, or a cancelled or
    refunded order is cancelled again. The caller sets the status, except that units which left make it shipped at
    once. ``whole`` is the order that the caller has under lock, and writes. Source: docs/contract.md, "Service calls".
    """
    old, new = OrderStatus(old_status), OrderStatus(new_status)
    if old is new:
        return None
    match new:
        case OrderStatus.PROCESSING:
            return reserve_for_order(db, store_id, order_id, actor=actor, whole=whole)
        case OrderStatus.SHIPPED:
            return fulfill_order(db, store_id, order_id, actor=actor, requested_status=new, reason=reason, whole=whole)
        case OrderStatus.CANCELLED if old not in CLOSED_STATUSES:
            return release_order_reservation(db, store_id, order_id, actor=actor, reason=reason, whole=whole)
        case _:
            return None


@contextmanager
def _act_on(
    db: Session, whole: WholeOrder | None, lock: Callable[[], WholeOrder], skip_missing: bool
) -> Iterator[WholeOrder]:
    """Hand over the caller's order under lock; without one lock it, and write what is done with it.

    A call that may raise half-way has a savepoint, so that a caller who goes on keeps nothing of it.
    """
    if whole is not None:
        yield whole
        return
    with nullcontext() if skip_missing else db.begin_nested():
        own = lock()
        yield own
        own.operation.write()


class _Outcome(TypedDict):
    """What the results of all three stock actions have in common."""

    order_id: int
    order_number: str
    skipped_items: list[SkippedItem]


def _outcome(whole: WholeOrder) -> _Outcome:
    return _Outcome(order_id=whole.order.id, order_number=whole.order.order_number, skipped_items=whole.skipped_items())


def _counts(whole: WholeOrder, what: str) -> tuple[int, int]:
    """Return how many items got something, and the units, after a line in the log about what was done."""
    number = whole.order.order_number
    log.info("Order %s: %s %s items, skipped %s", number, what, len(whole.units), len(whole.shortages))
    return len(whole.units), sum(whole.units.values())
