"""Erases a person's data from an order; what happened to its units stays as it was."""

from __future__ import annotations

from typing import Final

from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from webapp.domain.errors import StillToShip
from webapp.domain.events import EventKind
from webapp.domain.parcel_data import OF_THE_PERSON
from webapp.domain.statuses import CLOSED_STATUSES
from webapp.models import Order, OrderSearchWord
from webapp.models.base import table_of
from webapp.services import upstream_service
from webapp.services.engine import locks
from webapp.services.engine.operation import Operation
from webapp.services.imports import jobs
from webapp.services.reads.word_index import index_words

_orders: Final = table_of(Order)
_words: Final = table_of(OrderSearchWord)


def erase_person(db: Session, store_id: int, order_id: int, actor: str = "system") -> bool:
    """Erase the customer's name and all parcel data, search words, states of the shop and what rows of imports said
    included; return False if they were erased before. Files of imports are the caller's (``JobFiles.forget_order``).

    The event says who did it and when, never what was there. Units, ledger and numbers stay. Raises OrderNotFound, and
    StillToShip while units are left that need an address.
    """
    order = locks.lock_order(db, store_id, order_id)
    of_order = (_orders.c.store_id == store_id) & (_orders.c.id == order_id)
    if db.scalar(select(_orders.c.person_erased_at).where(of_order)) is not None:
        return False
    items = locks.lock_items(db, store_id, [order_id])
    if order.status not in CLOSED_STATUSES and any(item.remaining_quantity for item in items):
        raise StillToShip
    upstream_service.forget_person(db, store_id, order_id)
    jobs.forget_order(db, store_id, order.order_number)
    operation = Operation(db, store_id, actor)
    erased = {"person_erased_by": operation.actor, "person_erased_at": operation.at}
    db.execute(update(_orders).where(of_order).values(dict.fromkeys(OF_THE_PERSON, "") | erased))
    db.execute(delete(_words).where(_words.c.store_id == store_id, _words.c.order_id == order_id))
    words = sorted(index_words(order.order_number))
    db.execute(insert(_words), [{"store_id": store_id, "word": word, "order_id": order_id} for word in words])
    operation.bump_version(order)
    operation.record(order, EventKind.PERSON_ERASED)
    operation.write()
    return True
