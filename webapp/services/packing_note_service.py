"""Packing notes: what the shop tells the packer, read and confirmed by a person before anything ships from a screen."""

from __future__ import annotations

from typing import Final

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from webapp.domain.errors import StaleView
from webapp.domain.events import EventKind
from webapp.domain.parcel_data import mark_of
from webapp.domain.wording import say
from webapp.models import Order
from webapp.models.base import table_of
from webapp.services.engine import locks
from webapp.services.engine.operation import Operation

_orders: Final = table_of(Order)


def confirm_reading(db: Session, store_id: int, order_id: int, seen_note: str, actor: str = "system") -> bool:
    """Record that ``actor`` read the packing note; return whether it was unread. The first who confirms counts.

    ``seen_note`` is the mark of the note that the person saw (``mark_of``); StaleView is raised if the order has
    another one now. The event does not repeat the note: it may name a person. Raises OrderNotFound.
    """
    order = locks.lock_order(db, store_id, order_id)
    of_order = (_orders.c.store_id == store_id) & (_orders.c.id == order_id)
    note = db.scalar(select(_orders.c.packing_note).where(of_order)) or ""
    if mark_of(note) != seen_note:
        raise StaleView(say("The packing note was changed a moment ago. Read it as it is now."), seen=seen_note)
    if not order.note_is_unread:
        return False
    operation = Operation(db, store_id, actor)
    read = {"packing_note_read_by": operation.actor, "packing_note_read_at": operation.at}
    db.execute(update(_orders).where(of_order).values(read))
    operation.bump_version(order)
    operation.record(order, EventKind.PACKING_NOTE_READ)
    operation.write()
    return True
