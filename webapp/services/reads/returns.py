"""Reads an order's booked returns, each as its last correction left it."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from webapp.domain.errors import ReturnNotFound
from webapp.domain.events import EventKind
from webapp.domain.ledger import TransactionType
from webapp.domain.returns import BookedReturn
from webapp.models import InventoryTransaction, OrderEvent

_BOOKED = (EventKind.RETURNED, EventKind.WRITTEN_OFF)


def list_returns(db: Session, store_id: int, order_id: int) -> list[BookedReturn]:
    """Return an order's returns, oldest first, in one statement; one that was corrected to nothing has 0 units."""
    events = db.execute(
        select(
            OrderEvent.id,
            OrderEvent.order_item_id,
            OrderEvent.kind,
            OrderEvent.created_at,
            OrderEvent.actor,
            OrderEvent.reason,
            OrderEvent.details,
            OrderEvent.operation_id,
        )
        .where(
            OrderEvent.store_id == store_id,
            OrderEvent.order_id == order_id,
            OrderEvent.kind.in_((*_BOOKED, EventKind.RETURN_CORRECTED)),
        )
        .order_by(OrderEvent.id)
    )
    returns: dict[int, BookedReturn] = {}
    for event in events:
        details = event.details
        if event.kind in _BOOKED:
            returns[event.id] = BookedReturn(
                event_id=event.id,
                item_id=event.order_item_id,
                at=event.created_at,
                actor=event.actor,
                reason=event.reason,
                quantity=details["quantity"],
                warehouse=details.get("warehouse", ""),
                location=details.get("location", ""),
                operation_id=event.operation_id,
                first_operation_id=event.operation_id,
            )
        else:
            booked = returns[details["event_id"]]
            returns[booked.event_id] = replace(
                booked, quantity=details["left_quantity"], operation_id=event.operation_id
            )
    return list(returns.values())


def read_return(db: Session, store_id: int, order_id: int, event_id: int) -> BookedReturn:
    """Return one of an order's returns. Raises ReturnNotFound."""
    for booked in list_returns(db, store_id, order_id):
        if booked.event_id == event_id:
            return booked
    raise ReturnNotFound


def ledger_row(db: Session, store_id: int, booked: BookedReturn) -> InventoryTransaction:
    """Return the ledger row that put a return's units at their place."""
    return db.scalars(
        select(InventoryTransaction).where(
            InventoryTransaction.store_id == store_id,
            InventoryTransaction.operation_id == booked.operation_id,
            InventoryTransaction.order_item_id == booked.item_id,
            InventoryTransaction.quantity_change == booked.quantity,
            InventoryTransaction.transaction_type == TransactionType.RETURN,
            InventoryTransaction.reverses_id.is_(None),
        )
    ).one()


def was_counted_since(db: Session, store_id: int, booked: BookedReturn, inventory_id: int) -> bool:
    """Return whether somebody has counted the return's place since it was booked, so that its number is true again."""
    at_place = (InventoryTransaction.store_id == store_id, InventoryTransaction.inventory_id == inventory_id)
    booked_at = (
        select(func.min(InventoryTransaction.seq))
        .where(*at_place, InventoryTransaction.operation_id == booked.first_operation_id)
        .scalar_subquery()
    )
    counted = select(InventoryTransaction.id).where(
        *at_place, InventoryTransaction.transaction_type == TransactionType.SET, InventoryTransaction.seq > booked_at
    )
    return db.scalar(counted.limit(1)) is not None
