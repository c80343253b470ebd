"""Changes an order as a whole: its status, cancelling it or one of its items, shipping all of it."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

from sqlalchemy.orm import Session

from webapp.domain.errors import (
    InvalidInput,
    InvalidQuantity,
    InvalidTransition,
    ItemNotFound,
    NothingLeft,
    StaleView,
    UnreadPackingNote,
)
from webapp.domain.events import EventKind
from webapp.domain.quantities import check_quantity
from webapp.domain.reasons import clean_reason, require_reason
from webapp.domain.status_words import STATUS_WORDS
from webapp.domain.statuses import OPEN_STATUSES, OrderStatus, may_change
from webapp.domain.system_reasons import SystemReason
from webapp.domain.wording import Wording, say, say_number
from webapp.models import Order
from webapp.schemas.order import OrderUpdate
from webapp.services import order_inventory_service
from webapp.services.engine import locks, parcels, shipping, stock_exceptions
from webapp.services.engine.derived_status import update_status
from webapp.services.engine.locked_rows import LockedItem, LockedOrder
from webapp.services.engine.operation import Operation
from webapp.services.engine.releases import fill_all, lock_for_release, release
from webapp.services.engine.results import FulfillResult, StockResult
from webapp.services.engine.whole_order import WholeOrder

log = logging.getLogger("packbench.orders")

_MOVES_STOCK = (OrderStatus.PROCESSING, OrderStatus.SHIPPED)
"""Setting one of these locks everything the order touches. Cancelling locks more, other statuses less."""


@dataclass(frozen=True)
class StatusChange:
    """An order after a status change, and its stock action's result (None: there was none)."""

    order: LockedOrder
    stock: StockResult | None


def update_order_status(
    db: Session, store_id: int, order_id: int, order_update: OrderUpdate, actor: str = "system"
) -> Order:
    """Set an order's status, do what it means for stock, and return the order; see ``change_status``."""
    change_status(db, store_id, order_id, order_update, actor=actor)
    return db.get_one(Order, (store_id, order_id), populate_existing=True)


def change_status(
    db: Session,
    store_id: int,
    order_id: int,
    order_update: OrderUpdate,
    actor: str = "system",
    only_read: bool = False,
) -> StatusChange:
    """Set an order's status and do what it means for stock. Setting the same status again does nothing.

    Missing stock never stops the change (soft failure): the result lists what was skipped. Raises OrderNotFound,
    InvalidInput for an unknown status, InvalidTransition for a change that is not in ``domain.statuses.TRANSITIONS``.
    ``only_read`` ships nothing while nobody has read the packing note (UnreadPackingNote).
    """
    try:
        new = OrderStatus(order_update.status)
    except ValueError:
        word = str(order_update.status)[:40]
        raise InvalidInput(say("There is no status “%(status)s”.", status=word), status=word) from None
    if new is OrderStatus.CANCELLED:
        cancelling = order_update.reason or SystemReason.STATUS_SET(status=new)
        return cancel_order(db, store_id, order_id, cancelling, actor=actor)
    reason = clean_reason(order_update.reason)
    order = locks.lock_order(db, store_id, order_id)
    old = order.status
    if old is new:
        return StatusChange(order, None)
    _check_transition(order, new)
    if only_read and new is OrderStatus.SHIPPED and order.note_is_unread:
        raise UnreadPackingNote
    whole = WholeOrder.lock_rest(db, store_id, order, actor) if new in _MOVES_STOCK else None
    operation = whole.operation if whole else Operation(db, store_id, actor)
    stock = order_inventory_service.handle_status_change(
        db, store_id, order_id, old, new, actor=actor, reason=reason, whole=whole
    )
    if new is OrderStatus.REFUNDED:
        _refund(operation, order)
    if order.status is not new:
        order.status = new
        operation.record_status(order, old, reason)
    operation.write()
    log.info("Order %s: %s to %s by %s", order.order_number, old, new, actor)
    return StatusChange(order, stock)


def ship_order(
    db: Session,
    store_id: int,
    order_id: int,
    actor: str = "system",
    seen_version: int | None = None,
    only_ready: bool = False,
    closes: bool = False,
    seen_changes: int | None = None,
) -> StatusChange:
    """Ship every remaining unit that stock can cover; the status follows from the shipped units.

    ``seen_version`` is the order's version that the packer saw; StaleView is raised if it differs. ``seen_changes`` is
    how many changes of the shop the packer saw; ChangedUpstream is raised if there are more. ``only_ready``
    refuses a pending order, and one whose packing note nobody has read. Units left behind keep the order open, unless
    it ``closes``. Raises like ``fulfill_order``.
    """
    order = locks.lock_order(db, store_id, order_id)
    if seen_changes is not None:
        shipping.refuse_if_closed(order)
        shipping.refuse_if_changed(db, store_id, order, seen_changes)
    _refuse_if_changed(
        order,
        seen_version,
        say("Somebody changed this order a moment ago. Check what is left, then ship again."),
    )
    if only_ready:
        shipping.refuse_if_not_ready(order)
    whole = WholeOrder.lock_rest(db, store_id, order, actor)
    status = OrderStatus.SHIPPED if closes else None
    stock = order_inventory_service.fulfill_order(
        db, store_id, order_id, actor=actor, requested_status=status, whole=whole
    )
    whole.operation.write()
    return StatusChange(order, stock)


def ship_rest(
    db: Session,
    store_id: int,
    order_id: int,
    seen_version: int | None,
    actor: str,
    *,
    closes: bool = False,
    seen_changes: int = 0,
) -> FulfillResult:
    """Ship every remaining unit for a person, who must be told if the order has none.

    Like ``ship_order``, but a pending order and an unread packing note are refused, and an order without units left
    raises NothingLeft. Units that stock cannot cover are skipped; the order stays open for them unless it ``closes``,
    which sets it to shipped.
    """
    shipped = ship_order(
        db, store_id, order_id, actor, seen_version, only_ready=True, closes=closes, seen_changes=seen_changes
    )
    result = cast(FulfillResult, shipped.stock)
    if not result["fulfilled_units"] and not result["skipped_items"]:
        raise NothingLeft(say("No unit of this order is left to ship, so nothing was shipped."))
    return result


def cancel_order(
    db: Session,
    store_id: int,
    order_id: int,
    reason: str,
    actor: str = "system",
    seen_version: int | None = None,
) -> StatusChange:
    """Cancel what has not shipped: release what is still reserved, never more. Shipped units stay shipped.

    Cancelling a cancelled order again does nothing. ``seen_version`` is the order's version in the preview; StaleView
    is raised if it differs. Raises OrderNotFound, ReasonRequired for a blank reason, InvalidTransition if everything
    has shipped.
    """
    reason = require_reason(reason, say("Give a reason for cancelling the order."))
    whole = lock_for_release(db, store_id, order_id, actor)
    order, old = whole.order, whole.order.status
    if old is OrderStatus.CANCELLED:
        return StatusChange(order, None)
    _check_transition(order, OrderStatus.CANCELLED)
    _refuse_if_changed(
        order,
        seen_version,
        say("Somebody changed this order a moment ago. Look at what cancelling does now, then decide again."),
    )
    stock = order_inventory_service.handle_status_change(
        db, store_id, order_id, old, OrderStatus.CANCELLED, actor=actor, reason=reason, whole=whole
    )
    operation = whole.operation
    units = _give_up(operation, order, whole.items, SystemReason.ORDER_CANCELLED())
    order.status = OrderStatus.CANCELLED
    operation.bump_version(order, *whole.items)
    operation.record(
        order,
        EventKind.CANCELLED,
        reason=reason,
        cancelled_quantity=units,
        shipped_quantity=sum(item.shipped_quantity for item in whole.items),
    )
    operation.record_status(order, old, reason)
    operation.write()
    log.info("Order %s: %s to %s by %s", order.order_number, old, order.status, actor)
    return StatusChange(order, stock)


def cancel_item(
    db: Session, store_id: int, order_id: int, item_id: int, quantity: int, reason: str, actor: str = "system"
) -> LockedOrder:
    """Cancel ``quantity`` units of one item that have not shipped; the order's status follows from the rest.

    Releases only allocations that the rest of the item does not need. Raises OrderNotFound, ItemNotFound,
    InvalidQuantity for more than remains, ReasonRequired, InvalidTransition for a closed order.
    """
    check_quantity(quantity)
    reason = require_reason(reason, say("Give a reason for cancelling the item."))
    whole = lock_for_release(db, store_id, order_id, actor, of_item=item_id, at_most=quantity)
    order, stock, operation = whole.order, whole.stock, whole.operation
    shipping.refuse_if_closed(order)
    item = next((item for item in whole.items if item.id == item_id), None)
    if item is None:
        raise ItemNotFound
    if quantity > item.remaining_quantity:
        sentence = say_number(
            "Cannot cancel %(num)s unit - only %(remaining)s remaining",
            "Cannot cancel %(num)s units - only %(remaining)s remaining",
            quantity,
            remaining=item.remaining_quantity,
        )
        raise InvalidQuantity(sentence, quantity=quantity)
    item.cancelled_quantity += quantity
    surplus = -stock.needed_by(item)
    if surplus > 0:
        release(whole, item, surplus, reason)
    operation.record(order, EventKind.ITEM_CANCELLED, item=item, reason=reason, quantity=quantity)
    if not item.remaining_quantity:
        stock_exceptions.settle(operation, [item], SystemReason.ITEM_CANCELLED())
    else:
        needs = {item: stock.needed_by(item)}
        stock_exceptions.update_from_needs(operation, needs, SystemReason.ITEM_CANCELLED_IN_PART())
    operation.bump_version(order, item)
    update_status(operation, order, whole.items)
    if order.status not in OPEN_STATUSES:
        parcels.close_all(operation, order)
    fill_all(whole)
    operation.write()
    return order


def _refuse_if_changed(order: LockedOrder, seen_version: int | None, sentence: str) -> None:
    """Raise StaleView with ``sentence`` if the order's version is not ``seen_version``."""
    if seen_version is not None and seen_version != order.version:
        raise StaleView(sentence, seen=seen_version, current=order.version)


def _refund(operation: Operation, order: LockedOrder) -> None:
    """Cancel the units that a refunded order shipped without: nothing more ships from it."""
    items = locks.lock_items(operation.db, operation.store_id, [order.id])
    left = [item for item in items if item.remaining_quantity]
    for item in left:
        reason, units = SystemReason.ORDER_REFUNDED(), item.remaining_quantity
        operation.record(order, EventKind.ITEM_CANCELLED, item=item, reason=reason, quantity=units)
    _give_up(operation, order, items, SystemReason.ORDER_REFUNDED())
    operation.bump_version(order, *left)


def _give_up(operation: Operation, order: LockedOrder, items: Sequence[LockedItem], resolution: str) -> int:
    """Cancel what has not shipped of an order that ends here, close its exceptions and parcels; return the units."""
    given_up = [item for item in items if item.remaining_quantity]
    units = sum(item.remaining_quantity for item in given_up)
    for item in given_up:
        item.cancelled_quantity += item.remaining_quantity
    stock_exceptions.settle(operation, items, resolution)
    parcels.close_all(operation, order)
    return units


def _check_transition(order: LockedOrder, new: OrderStatus) -> None:
    """Raise InvalidTransition, with the reason, if the table of transitions does not allow the change."""
    old = order.status
    if may_change(old, new):
        return
    raise InvalidTransition(_why_not(order.order_number, old, new), **{"from": str(old), "to": str(new)})


def _why_not(number: str, old: OrderStatus, new: OrderStatus) -> Wording:
    if new is OrderStatus.PARTIALLY_SHIPPED:
        return say(
            "Order %(number)s cannot become %(status)s: it follows from the units that ship and is not set by hand.",
            number=number,
            status=STATUS_WORDS[new].in_sentence,
        )
    if new is OrderStatus.CANCELLED and old in (OrderStatus.SHIPPED, OrderStatus.DELIVERED):
        return say(
            "Order %(number)s cannot become cancelled: everything has left the building. "
            "Take the units back as a return instead.",
            number=number,
        )
    return say(
        "Order %(number)s cannot become %(status)s: the order is %(old)s.",
        number=number,
        status=STATUS_WORDS[new].in_sentence,
        old=STATUS_WORDS[old].in_sentence,
    )
