"""What an order does to stock, and its shipment status. Source: docs/contract.md, "Service calls".

Every function locks the order, then its items, then inventory rows by id; flushes and never commits.
``skip_missing=True`` skips what stock cannot cover: the result lists it in ``skipped_items``, the log warns, and a
stock exception opens. ``skip_missing=False`` raises instead, and the whole call is undone.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from typing import TypedDict

from sqlalchemy.orm import Session

from webapp.domain.statuses import CLOSED_STATUSES, OPEN_STATUSES, OrderStatus, may_change
from webapp.services.engine import shipping
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
from webapp.services.engine.shipping_together import ship_together
from webapp.services.engine.starting import reserve_all
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
    """Reserve what each item still needs. A second call reserves nothing more.

    A place that covers the whole need is taken; otherwise the need is split over places, and the rest is a backorder.
    ``whole`` is an order that the caller has already locked and will write. Raises OrderNotFound; with
    ``skip_missing=False`` also PlaceholderProduct, InventoryNotFound or InsufficientInventory.
    """

    def lock() -> WholeOrder:
        return WholeOrder.lock(db, store_id, order_id, actor, skip_missing)

    with _act_on(db, whole, lock, skip_missing) as whole:
        if whole.order.status in OPEN_STATUSES:
            reserve_all(whole)
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
    """Ship every remaining unit of the order from where it is reserved, in one parcel, and update the status.

    Units without an allocation are reserved first. ``requested_status`` (with ``reason``) is the status a person chose:
    the order gets it even if some units cannot ship. ``whole`` is an order that the caller has already locked and will
    write. Raises like ``reserve_for_order``, InvalidTransition for a closed order, and OnHold.
    """

    def lock() -> WholeOrder:
        return WholeOrder.lock(db, store_id, order_id, actor, skip_missing)

    with _act_on(db, whole, lock, skip_missing) as whole:
        order, operation = whole.order, whole.operation
        shipping.refuse_if_closed(order)
        shipping.refuse_if_held(order)
        ship_together(whole, {item: item.remaining_quantity for item in whole.items})
        if requested_status and may_change(order.status, requested_status):
            before, order.status = order.status, requested_status
            operation.record_status(order, before, reason)
        elif whole.units:
            update_status(operation, order, whole.items)
        whole.report_skipped()
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
    """Ship ``quantity`` units of one item (all that remain when left out), and update the order's status.

    ``seen_shipped`` is the shipped quantity that the caller saw; StaleView is raised if it differs. Raises
    InvalidQuantity ("Cannot ship 5 units - only 3 remaining"), OrderNotFound, ItemNotFound, OnHold, InvalidTransition
    for a cancelled or refunded order; with ``skip_missing=False`` also PlaceholderProduct, InventoryNotFound or
    InsufficientInventory, whose ``data["options"]`` names the alternatives. With ``skip_missing=True`` missing units
    open a stock exception instead.
    """
    return shipping.ship_item(
        db, store_id, order_id, item_id, quantity, skip_missing=skip_missing, actor=actor, seen_shipped=seen_shipped
    )


def ship_units(
    db: Session,
    store_id: int,
    order_id: int,
    item_id: int,
    quantity: int,
    seen_shipped: int | None,
    actor: str,
    seen_changes: int | None = None,
) -> ShipItemResult:
    """Ship units of one item for a person, who must be told if none shipped.

    Like ``fulfill_item``, but missing stock, a pending order and an unread packing note are refused, and so is an order
    that the shop has changed more often than the person saw, ``seen_changes`` times (ChangedUpstream). An item without
    units left raises NothingLeft.
    """
    result = shipping.ship_item(
        db,
        store_id,
        order_id,
        item_id,
        quantity,
        skip_missing=False,
        actor=actor,
        seen_shipped=seen_shipped,
        only_ready=True,
        seen_changes=seen_changes,
    )
    if not result["fulfilled_quantity"]:
        raise shipping.nothing_left(item_id)
    return result


def release_order_reservation(
    db: Session,
    store_id: int,
    order_id: int,
    skip_missing: bool = True,
    actor: str = "system",
    reason: str = "",
    whole: WholeOrder | None = None,
) -> ReleaseResult:
    """Release what the order's items still hold, never more. Released stock fills other orders' backorders.

    ``whole`` is an order that the caller has already locked, with the orders that wait, and will write. Raises
    OrderNotFound; with ``skip_missing=False`` PlaceholderProduct for an item that cannot hold stock.
    """

    def lock() -> WholeOrder:
        return lock_for_release(db, store_id, order_id, actor, skip_missing)

    with _act_on(db, whole, lock, skip_missing) as whole:
        for item in whole.items:
            if item.is_placeholder:
                whole.skip_rest(item, item.remaining_quantity, 0)
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
    """Do what a status change means for stock: processing reserves, shipped fulfills, cancelled releases.

    Returns the stock action's result; None when the status did not change, means nothing for stock, or a cancelled or
    refunded order is cancelled again. The caller sets the status, except that shipping units sets it to shipped here.
    ``whole`` is an order that the caller has already locked and will write. Source: docs/contract.md, "Service calls".
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
    """Yield the caller's locked order; without one, lock the order and write the changes at the end.

    A call that may raise half-way runs in a savepoint, so that a caller who goes on keeps none of its changes.
    """
    if whole is not None:
        yield whole
        return
    with nullcontext() if skip_missing else db.begin_nested():
        own = lock()
        yield own
        own.operation.write()


class _Outcome(TypedDict):
    """The fields that the results of all three stock actions share."""

    order_id: int
    order_number: str
    skipped_items: list[SkippedItem]


def _outcome(whole: WholeOrder) -> _Outcome:
    return _Outcome(order_id=whole.order.id, order_number=whole.order.order_number, skipped_items=whole.skipped_items())


def _counts(whole: WholeOrder, what: str) -> tuple[int, int]:
    """Log what was done; return how many items changed, and how many units."""
    number = whole.order.order_number
    log.info("Order %s: %s %s items, skipped %s", number, what, len(whole.units), len(whole.skipped))
    return len(whole.units), sum(whole.units.values())
