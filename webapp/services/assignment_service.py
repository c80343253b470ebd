"""Gives orders to the people who work on them: the database decides who comes first (ADR 0052)."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from sqlalchemy import Connection, bindparam, delete, exists, false, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from webapp.domain.clock import utc_now
from webapp.domain.errors import UserNotFound
from webapp.domain.roles import SHIPPERS
from webapp.domain.statuses import OPEN_STATUSES
from webapp.models import Assignment, Membership, Order, User
from webapp.models.base import UtcDateTime, constant, table_of
from webapp.models.prepared import Prepared, Values
from webapp.services.reads import picking_queue

_assignments, _members, _users = table_of(Assignment), table_of(Membership), table_of(User)
_orders: Final = table_of(Order)
_OF_ORDER: Final = (_assignments.c.store_id == bindparam("of_store")) & (
    _assignments.c.order_id == bindparam("of_order")
)
_PACKS: Final = (
    (_members.c.store_id == bindparam("of_store"))
    & (_members.c.user_id == bindparam("of_user"))
    & _members.c.role.in_([constant(role) for role in sorted(SHIPPERS)])
    & (_users.c.id == _members.c.user_id)
    & _users.c.is_active
)
_IS_OPEN: Final = (
    (_orders.c.store_id == bindparam("of_store"))
    & (_orders.c.id == bindparam("of_order"))
    & _orders.c.status.in_([constant(status) for status in OPEN_STATUSES])
)
_NEW: Final = (
    select(
        _members.c.store_id,
        _orders.c.id,
        _members.c.user_id,
        false(),
        bindparam("at", type_=UtcDateTime),
        bindparam("at", type_=UtcDateTime),
    )
    .where(_PACKS, _IS_OPEN, ~exists().where(_OF_ORDER))
    .with_for_update(read=True, of=[_members, _users, _orders])
)
"""Until the commit nobody ends the person's work here or the order; who does so afterwards takes the row away."""

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
_STILL_PACKS: Final = Prepared(select(_members.c.user_id).where(_PACKS))
# Built once: every opening of an order runs one of them, or more.


def open_order(db: Session, store_id: int, order_id: int, user_id: int, idle: timedelta) -> bool:
    """Give the order to the person, unless it is another's, or done; return whether it is theirs now.

    Nothing is theirs once they no longer pack in the store. Theirs already: their time begins again. Other holds that
    have ended by the clock go.
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
    OrderNotFound if the store has no order ``after_order_id``; UserNotFound if the person has just left the store.
    """
    while True:
        order_id = picking_queue.next_order_id(db, store_id, after_order_id, user_id=user_id, idle=idle)
        if order_id is None or open_order(db, store_id, order_id, user_id, idle):
            return order_id
        if not _STILL_PACKS.run(db.connection(), {"of_store": store_id, "of_user": user_id}).rows:
            raise UserNotFound


def _take(connection: Connection, who: Values) -> bool:
    """Give the order to the person if nobody has it; return whether it is theirs now."""
    return bool(_TAKE[connection.dialect.name].run(connection, who).rows)
