"""Undoes shipped lines for a limited time: units go back to the same places and allocations, and nothing is deleted."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from webapp.domain.clock import utc_now
from webapp.domain.errors import Forbidden, ShipmentLineNotFound, UndoRefused
from webapp.domain.events import EventKind
from webapp.domain.ledger import TransactionType
from webapp.domain.statuses import UNDOABLE_STATUSES, OrderStatus
from webapp.domain.system_reasons import SystemReason
from webapp.domain.wording import Wording, say, say_number
from webapp.models import InventoryTransaction, Match, Shipment, ShipmentLine
from webapp.services.engine import locks, parcels
from webapp.services.engine.derived_status import update_status
from webapp.services.engine.locked_rows import LockedItem
from webapp.services.engine.locked_stock import LockedStock
from webapp.services.engine.merged_products import present_products
from webapp.services.engine.operation import Operation
from webapp.services.engine.stock_rows import ItemRow, OrderRow
from webapp.services.match_undo_service import undo_match
from webapp.services.people.store_settings import read_settings

log = logging.getLogger("packbench.stock")


def undo_shipment_line(
    db: Session,
    store_id: int,
    order_id: int,
    line_id: int,
    actor: str = "system",
    own_only: bool = False,
    window: timedelta | None = None,
) -> ShipmentLine:
    """Undo a shipped line: its units are on hand again, and reserved for the item, where they were before.

    ``own_only`` limits it to lines that the actor shipped (a packer's right). ``window`` is how long after shipping an
    undo is allowed; by default the store's setting. Raises OrderNotFound, ShipmentLineNotFound, Forbidden, and
    UndoRefused if the line is already undone, it is too late, or the order's status or a return prevents it.
    """
    order = locks.lock_order(db, store_id, order_id)
    items = {item.id: item for item in locks.lock_items(db, store_id, [order_id])}
    line = _line(db, store_id, order, line_id)
    item = items[line.order_item_id]
    window = read_settings(db, store_id).undo_window if window is None else window
    _refuse(order, item, line, actor, own_only, window)
    stock = LockedStock.lock(db, store_id, [item])
    operation = Operation(db, store_id, actor)
    rows = _rows_to_undo(db, line)
    _refuse_if_merged(db, store_id, item, rows)
    for shipped in rows:
        at_place = stock.allocation_at(item, shipped.inventory_id)
        if at_place is None:  # pragma: no cover - every fulfill row names its allocation
            raise UndoRefused(say("The place these units left from is not known."), line_id=line_id)
        allocation, place = at_place
        units = -shipped.quantity_change
        allocation.quantity += units
        operation.move(
            place,
            TransactionType.FULFILL,
            units,
            units,
            allocation=allocation,
            order=order,
            item=item,
            reason=SystemReason.SHIPMENT_UNDONE(),
            reverses_id=shipped.id,
        )
    item.shipped_quantity -= line.quantity
    line.undone_by, line.undone_at = operation.actor, operation.at
    parcels.reopen(operation, line.shipment_id)
    operation.bump_version(order, item)
    operation.record(order, EventKind.SHIPMENT_UNDONE, item=item, quantity=line.quantity, shipped_by=line.shipped_by)
    update_status(operation, order, list(items.values()))
    operation.write()
    _let_wait_again(db, store_id, item, actor)
    log.info("Undid %s units of item %s for order %s", line.quantity, item.id, order.order_number)
    return line


def _line(db: Session, store_id: int, order: OrderRow, line_id: int) -> ShipmentLine:
    line = db.scalar(
        select(ShipmentLine)
        .join(Shipment, (Shipment.store_id == ShipmentLine.store_id) & (Shipment.id == ShipmentLine.shipment_id))
        .where(ShipmentLine.store_id == store_id, ShipmentLine.id == line_id, Shipment.order_id == order.id)
        .execution_options(**locks.FRESH)
    )
    if line is None:
        raise ShipmentLineNotFound
    return line


def _refuse(order: OrderRow, item: ItemRow, line: ShipmentLine, actor: str, own_only: bool, window: timedelta) -> None:
    """Raise the reason why the line cannot be undone, if there is one."""
    if own_only and line.shipped_by != actor:
        raise Forbidden(say("%(who)s shipped this. Ask a manager to undo it.", who=line.shipped_by))
    if line.undone_at is not None:
        raise UndoRefused(say("%(who)s already undid this.", who=line.undone_by), line_id=line.id)
    if order.status not in UNDOABLE_STATUSES:
        raise UndoRefused(_too_far(order), line_id=line.id)
    if utc_now() - line.shipped_at > window:
        raise UndoRefused(
            say_number(
                "It was shipped more than %(num)s minute ago: book the units as a return instead.",
                "It was shipped more than %(num)s minutes ago: book the units as a return instead.",
                int(window.total_seconds() // 60),
            ),
            line_id=line.id,
        )
    if item.shipped_quantity - line.quantity < item.returned_quantity:
        raise UndoRefused(say("Some of these units already came back as a return."), line_id=line.id)


def _refuse_if_merged(db: Session, store_id: int, item: ItemRow, rows: Sequence[InventoryTransaction]) -> None:
    """Raise UndoRefused if the units left from a place of a product that was merged with another one since."""
    present = present_products(db, store_id, {row.product_id for row in rows})
    if present or any(row.product_id != item.product_id for row in rows):
        raise UndoRefused(say("The product was merged with another one since: book the units as a return instead."))


def _let_wait_again(db: Session, store_id: int, item: LockedItem, actor: str) -> None:
    """Let the item wait to be matched if its match was undone while its units were away: they are back at the places
    of the product that they are of, and nobody ships that product again for it."""
    of_match = (Match.store_id == store_id, Match.id == item.match_id, Match.undone_at.is_not(None))
    if item.match_id and db.scalar(select(Match.id).where(*of_match)) is not None:
        undo_match(db, store_id, item.match_id, actor)


def _too_far(order: OrderRow) -> Wording:
    """Return why nothing of the order can be undone: it is delivered, cancelled or refunded."""
    if order.status is OrderStatus.DELIVERED:
        return say("Order %(order)s is delivered: book the units as a return instead.", order=order.order_number)
    if order.status is OrderStatus.CANCELLED:
        return say("Order %(order)s is cancelled: book the units as a return instead.", order=order.order_number)
    return say("Order %(order)s is refunded: book the units as a return instead.", order=order.order_number)


def _rows_to_undo(db: Session, line: ShipmentLine) -> list[InventoryTransaction]:
    """Return the ledger rows that shipped the line's units.

    One request may ship an item twice. Its lines and its ledger rows are in the same order, so the line's rows come
    after the units of the earlier lines.
    """
    before = db.scalar(
        select(func.coalesce(func.sum(ShipmentLine.quantity), 0)).where(
            ShipmentLine.store_id == line.store_id,
            ShipmentLine.operation_id == line.operation_id,
            ShipmentLine.order_item_id == line.order_item_id,
            ShipmentLine.id < line.id,
        )
    )
    rows = db.scalars(
        select(InventoryTransaction)
        .where(
            InventoryTransaction.store_id == line.store_id,
            InventoryTransaction.operation_id == line.operation_id,
            InventoryTransaction.order_item_id == line.order_item_id,
            InventoryTransaction.transaction_type == TransactionType.FULFILL,
            InventoryTransaction.reverses_id.is_(None),
        )
        .order_by(InventoryTransaction.id)
    )
    reversible, passed = [], 0
    for row in rows:
        if passed >= (before or 0) and passed < (before or 0) + line.quantity:
            reversible.append(row)
        passed -= row.quantity_change
    return reversible
