"""Gives orders to the people who work on them: the database decides who comes first (ADR 0052)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final

from sqlalchemy import BigInteger, bindparam, delete, exists, false, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from webapp.domain.clock import utc_now
from webapp.models import Assignment
from webapp.models.base import UtcDateTime, table_of
from webapp.models.prepared import Prepared
from webapp.services.reads import picking_queue

_assignments: Final = table_of(Assignment)
_OF_ORDER: Final = (_assignments.c.store_id == bindparam("of_store")) & (
    _assignments.c.order_id == bindparam("of_order")
)
_NEW: Final = select(
    bindparam("of_store", type_=BigInteger()),
    bindparam("of_order", type_=BigInteger()),
    bindparam("of_user", type_=BigInteger()),
    false(),
    bindparam("at", type_=UtcDateTime),
    bindparam("at", type_=UtcDateTime),
).where(~exists().where(_OF_ORDER))
_COLUMNS: Final = ("store_id", "order_id", "user_id", "is_joint", "since", "last_active")
_TAKE: Final = {
    name: Prepared(
        dialect.insert(_assignments).from_select(_COLUMNS, _NEW).on_conflict_do_nothing().returning(_assignments.c.id)
    )
    for name, dialect in (("sqlite", sqlite), ("postgresql", postgresql))
}
_RENEW: Final = Prepared(
    update(_assignments)
    .where(
        _OF_ORDER,
        _assignments.c.user_id == bindparam("of_user"),
        _assignments.c.last_active > bindparam("ended", type_=UtcDateTime),
    )
    .values(last_active=bindparam("at", type_=UtcDateTime))
    .returning(_assignments.c.id)
)
# Built once: every opening of an order runs one of them, or both.


def open_order(db: Session, store_id: int, order_id: int, user_id: int, idle: timedelta) -> bool:
    """Give the order to the person, unless it is another's; return whether it is theirs now.

    Theirs already: their time begins again. Other holds that have ended by the clock go.
    """
    now = utc_now()
    who = {"of_store": store_id, "of_order": order_id, "of_user": user_id, "at": now}
    if _take(db, who) or _RENEW.run(db.connection(), who | {"ended": now - idle}).rows:
        return True
    of_order = (_assignments.c.store_id == store_id) & (_assignments.c.order_id == order_id)
    db.execute(delete(_assignments).where(of_order, _assignments.c.last_active <= now - idle))
    return _take(db, who)


def take_next(
    db: Session, store_id: int, user_id: int, idle: timedelta, after_order_id: int | None = None
) -> int | None:
    """Give the person the next order of the queue that is nobody else's, and return its id; None if there is none.

    Two who ask at once get different orders: the unique key refuses the second, who goes on to the one after. Raises
    OrderNotFound if the store has no order ``after_order_id``.
    """
    while True:
        order_id = picking_queue.next_order_id(db, store_id, after_order_id, user_id=user_id, idle=idle)
        if order_id is None or open_order(db, store_id, order_id, user_id, idle):
            return order_id


def _take(db: Session, who: Mapping[str, Any]) -> bool:
    """Give the order to the person if nobody has it; return whether it is theirs now."""
    connection = db.connection()
    return bool(_TAKE[connection.dialect.name].run(connection, who).rows)
