"""Gives orders to the people who work on them: the database decides who comes first (ADR 0052)."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from sqlalchemy import BigInteger, Connection, bindparam, delete, exists, false, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from webapp.domain.clock import utc_now
from webapp.models import Assignment
from webapp.models.base import UtcDateTime, table_of
from webapp.models.prepared import Prepared, Values
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
_END: Final = Prepared(
    delete(_assignments).where(_OF_ORDER, _assignments.c.last_active <= bindparam("ended", type_=UtcDateTime))
)
# Built once: every opening of an order runs one of them, or more.


def open_order(db: Session, store_id: int, order_id: int, user_id: int, idle: timedelta) -> bool:
    """Give the order to the person, unless it is another's; return whether it is theirs now.

    Theirs already: their time begins again. Other holds that have ended by the clock go.
    """
    now = utc_now()
    who = {"of_store": store_id, "of_order": order_id, "of_user": user_id, "at": now, "ended": now - idle}
    connection = db.connection()
    if _take(connection, who) or _RENEW.run(connection, who).rows:
        return True
    _END.run(connection, who)
    return _take(connection, who)


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


def _take(connection: Connection, who: Values) -> bool:
    """Give the order to the person if nobody has it; return whether it is theirs now."""
    return bool(_TAKE[connection.dialect.name].run(connection, who).rows)
