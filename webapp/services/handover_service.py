"""Changes whose an order is: taken over, packed together, handed over, or given back to nobody."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import Select, delete, select
from sqlalchemy.orm import Session

from webapp.database.insertion import insert_into
from webapp.domain.assignments import OrderHolder, Way, mark_of, standing
from webapp.domain.clock import utc_now
from webapp.domain.errors import ConflictError, InvalidInput, InvalidTransition, StaleView, UserNotFound
from webapp.domain.events import EventKind
from webapp.domain.roles import SHIPPERS
from webapp.domain.statuses import OPEN_STATUSES
from webapp.domain.wording import say
from webapp.models import Assignment, Membership, User
from webapp.models.base import table_of
from webapp.models.rows import columns_of, rows_of
from webapp.services.engine import locks
from webapp.services.engine.locked_rows import LockedOrder
from webapp.services.engine.operation import Operation

_assignments, _users, _members = table_of(Assignment), table_of(User), table_of(Membership)


class Colleague(NamedTuple):
    """A person of the store who may pack."""

    user_id: int
    username: str


def list_colleagues(db: Session, store_id: int) -> list[Colleague]:
    """Return the people to whom an order may be handed over, by name."""
    return rows_of(Colleague, db.execute(_packers(store_id).order_by(_users.c.username)))


def take_over(
    db: Session, store_id: int, order_id: int, user_id: int, seen: str, idle: timedelta, actor: str = "system"
) -> bool:
    """Give the order to the person alone; return False if it is theirs alone already.

    ``seen`` is the mark of those whose it was on the screen: StaleView is raised if it is others' now. Raises
    OrderNotFound; InvalidTransition if nothing is left to ship; UserNotFound if the person has just left the store.
    """
    order, before = _lock(db, store_id, order_id, idle)
    if [one.person for one in before] == [actor]:
        return False
    _refuse_if_stale(before, seen)
    _require_packer(db, store_id, user_id)
    _free(db, store_id, order_id)
    _assign(db, store_id, order_id, user_id)
    _record(Operation(db, store_id, actor), order, Way.TAKE_OVER, before, [actor])
    return True


def join(
    db: Session, store_id: int, order_id: int, user_id: int, seen: str, idle: timedelta, actor: str = "system"
) -> bool:
    """Let the person pack together with those who have the order; return False if they do so already. Raises as
    ``take_over`` does."""
    order, before = _lock(db, store_id, order_id, idle)
    if any(one.person == actor for one in before):
        return False
    _refuse_if_stale(before, seen)
    _require_packer(db, store_id, user_id)
    _free(db, store_id, order_id, ended_at=utc_now() - idle)
    _assign(db, store_id, order_id, user_id, is_joint=bool(before))
    _record(Operation(db, store_id, actor), order, Way.JOIN, before, [*(one.person for one in before), actor])
    return True


def hand_over(
    db: Session,
    store_id: int,
    order_id: int,
    to_user_id: int | None,
    seen: str,
    idle: timedelta,
    actor: str = "system",
    *,
    own_only: bool = False,
) -> str:
    """Give the order to another person of the store, or with None to nobody; return their name.

    ``own_only``: packers hand over only what is theirs (ConflictError). Raises as ``take_over`` does, and InvalidInput
    for somebody who does not pack here.
    """
    order, before = _lock(db, store_id, order_id, idle)
    after = [] if to_user_id is None else [one.username for one in _lock_packer(db, store_id, to_user_id)]
    if to_user_id is not None and not after:
        raise InvalidInput(say("Choose a person of this store who packs."))
    if [one.person for one in before] != after:
        _refuse_if_stale(before, seen)
        if own_only and all(one.person != actor for one in before):
            raise ConflictError(say("This order is not yours. Take it over first."))
        _free(db, store_id, order_id)
        if to_user_id is not None:
            _assign(db, store_id, order_id, to_user_id)
        _record(Operation(db, store_id, actor), order, Way.HAND_OVER, before, after)
    return "".join(after)


def _packers(store_id: int) -> Select[Any]:
    return (
        select(*columns_of(Colleague, _members, username=_users.c.username))
        .join(_users, _users.c.id == _members.c.user_id)
        .where(_members.c.store_id == store_id, _members.c.role.in_(SHIPPERS), _users.c.is_active)
    )


def _lock_packer(db: Session, store_id: int, user_id: int) -> Sequence[Colleague]:
    """Return the person, or nobody if they do not pack here. Until the commit nobody ends their work here; who does so
    afterwards frees the order too."""
    person = _packers(store_id).where(_members.c.user_id == user_id).with_for_update(read=True)
    return rows_of(Colleague, db.execute(person))


def _require_packer(db: Session, store_id: int, user_id: int) -> None:
    """Refuse a person whose work here ended since they asked, and with it their session."""
    if not _lock_packer(db, store_id, user_id):
        raise UserNotFound


def _lock(db: Session, store_id: int, order_id: int, idle: timedelta) -> tuple[LockedOrder, Sequence[OrderHolder]]:
    """Lock the order; return it, and whose it is."""
    order = locks.lock_order(db, store_id, order_id)
    if order.status not in OPEN_STATUSES:
        sentence = say("Nothing is left to pack of order %(order)s.", order=order.order_number)
        raise InvalidTransition(sentence, status=str(order.status))
    rows = (
        select(*columns_of(OrderHolder, _assignments, person=_users.c.username))
        .join(_users, _users.c.id == _assignments.c.user_id)
        .where(_assignments.c.store_id == store_id, _assignments.c.order_id == order_id)
    )
    return order, standing(rows_of(OrderHolder, db.execute(rows)), utc_now(), idle)


def _refuse_if_stale(before: Sequence[OrderHolder], seen: str) -> None:
    if mark_of(before) != seen:
        raise _stale(seen)


def _stale(seen: str) -> StaleView:
    return StaleView(say("Somebody else has taken or left the order since. Look whose it is now."), seen=seen)


def _free(db: Session, store_id: int, order_id: int, ended_at: datetime | None = None) -> None:
    """Take all rows of the order away, or those that had ended."""
    freeing = delete(_assignments).where(_assignments.c.store_id == store_id, _assignments.c.order_id == order_id)
    db.execute(freeing if ended_at is None else freeing.where(_assignments.c.last_active <= ended_at))


def _assign(db: Session, store_id: int, order_id: int, user_id: int, *, is_joint: bool = False) -> None:
    now = utc_now()
    row = {"store_id": store_id, "order_id": order_id, "user_id": user_id, "is_joint": is_joint}
    new = insert_into(db, _assignments).values(row | {"since": now, "last_active": now})
    if db.execute(new.on_conflict_do_nothing().returning(_assignments.c.id)).first() is None:
        raise _stale("")  # Somebody opened it in this very moment.


def _record(
    operation: Operation, order: LockedOrder, how: Way, before: Sequence[OrderHolder], after: Sequence[str]
) -> None:
    """Record it in the order's history, and raise its version, so that open screens notice."""
    operation.bump_version(order)
    people: dict[str, Any] = {"before": [one.person for one in before], "after": list(after)}
    operation.record(order, EventKind.ORDER_ASSIGNED, how=how.value, **people)
    operation.write()
