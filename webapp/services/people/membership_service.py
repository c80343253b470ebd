"""Creates, changes and ends stores and memberships. Two commands at once end as one after the other would."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from webapp.database.insertion import insert_into
from webapp.domain.errors import ConflictError, NameTaken, StoreNotFound, UserNotFound
from webapp.domain.names import fold_name, read_username, same_name
from webapp.domain.roles import ROLE_WORDS, Role
from webapp.domain.stores import read_store_code, read_store_name, read_time_zone
from webapp.domain.wording import say
from webapp.models import Assignment, Membership, OneTimeLink, PersonSession, Store, User
from webapp.models.base import table_of
from webapp.models.database_clock import ago
from webapp.models.rows import columns_of, rows_of
from webapp.services.people.store_lookup import store_with_code

_users = table_of(User)


class Member(NamedTuple):
    """A person in one store, or in none."""

    id: int
    username: str
    store_code: str | None
    role: Role | None
    is_active: bool
    created_at: datetime
    last_sign_in_at: datetime | None


def create_store(db: Session, code: str, name: str, time_zone: str = "UTC") -> bool:
    """Add a store; return False if it exists under the same name. Raises InvalidInput, NameTaken.

    ``time_zone`` is the IANA name of the store's time zone.
    """
    read_store_code(code)
    name = read_store_name(name)
    read_time_zone(time_zone)
    row = insert_into(db, Store).values(code=code, name=name, time_zone=time_zone)
    if db.scalar(row.on_conflict_do_nothing().returning(Store.id)) is not None:
        return True
    present = store_with_code(db, code)
    if present is None or present.name != name:
        raise NameTaken(say("The code %(code)s belongs to another store.", code=code), code=code)
    return False


def create_user(db: Session, store_code: str, username: str, password_hash: str, role: Role) -> int:
    """Add a person who works in a store; return their id. Raises InvalidInput, NameTaken, StoreNotFound."""
    store_id = _store_id(db, store_code)
    username = read_username(username)
    _lock_names(db)
    if fold_name(username) in map(fold_name, db.scalars(select(User.username))):
        raise NameTaken(
            say("The name %(name)s is taken, perhaps in another spelling.", name=username), username=username
        )
    user = User(username=username, password_hash=password_hash)
    db.add(user)
    db.flush()
    _join(db, store_id, user.id, role)
    return user.id


def add_to_store(db: Session, store_code: str, username: str, role: Role) -> bool:
    """Give an existing person a role in a store; return False if they have it. Raises NameTaken for another role."""
    store_id, user = _store_id(db, store_code), _user(db, username)
    present = _membership(db, store_id, user.id)
    if present is None:
        _join(db, store_id, user.id, role)
        return True
    if present.role is not role:
        raise NameTaken(
            say(
                "%(name)s is in the store %(store)s already, as %(role)s.",
                name=username,
                store=store_code,
                role=ROLE_WORDS[present.role],
            ),
            role=present.role.value,
        )
    return False


def remove_from_store(db: Session, store_code: str, username: str) -> None:
    """End a person's membership, and every session of theirs in the store. Raises StoreNotFound, UserNotFound."""
    membership = _membership(db, _store_id(db, store_code), _user(db, username).id)
    if membership is None:
        raise UserNotFound
    db.delete(membership)
    db.flush()


def change_role(db: Session, store_code: str, username: str, role: Role) -> bool:
    """Give a person another role in a store, end their sessions and free their orders; return False if they have it.

    Raises StoreNotFound, UserNotFound.
    """
    store_id, user = _store_id(db, store_code), _user(db, username)
    membership = _membership(db, store_id, user.id)
    if membership is None:
        raise UserNotFound
    if membership.role is role:
        return False
    membership.role, membership.tour_ended_at = role, None
    db.execute(delete(PersonSession).where(PersonSession.store_id == store_id, PersonSession.user_id == user.id))
    db.execute(delete(Assignment).where(Assignment.store_id == store_id, Assignment.user_id == user.id))
    db.flush()
    return True


def disable(db: Session, username: str) -> bool:
    """Close a person's account in every store, end their sessions and free their orders; return False if it is closed.

    Raises UserNotFound.
    """
    user = _user(db, username)
    was_active, user.is_active = user.is_active, False
    _end_sessions(db, user)
    _end_links(db, user.id)
    _free_orders(db, user.id)
    db.flush()
    return was_active


def enable(db: Session, username: str) -> bool:
    """Open a closed account again; return False if it is open. Raises UserNotFound."""
    user = _user(db, username)
    was_active, user.is_active = user.is_active, True
    db.flush()
    return not was_active


def sign_out(db: Session, username: str) -> None:
    """End every session of a person. Raises UserNotFound."""
    _end_sessions(db, _user(db, username))
    db.flush()


def list_people(db: Session, store_id: int | None = None, user_id: int | None = None) -> list[Member]:
    """Return the people of a store, or of all stores with those who belong to none, by name and store.

    With ``user_id`` only that person.
    """
    of_store = Membership.store_id == store_id
    rows = (
        select(*columns_of(Member, _users, store_code=table_of(Store).c.code, role=table_of(Membership).c.role))
        .outerjoin(Membership, Membership.user_id == User.id)
        .outerjoin(Store, Store.id == Membership.store_id)
        .order_by(User.username, Store.code)
    )
    rows = rows if store_id is None else rows.where(of_store)
    return rows_of(Member, db.execute(rows if user_id is None else rows.where(User.id == user_id)))


def note_sign_in(db: Session, user_id: int) -> None:
    """Store that a person has signed in now, and keep the time before."""
    times = {"earlier_sign_in_at": _users.c.last_sign_in_at, "last_sign_in_at": ago(0)}
    db.execute(update(_users).where(_users.c.id == user_id).values(times))


def works_in(db: Session, store_id: int, username: str) -> bool:
    """Return whether a person of this name works in the store."""
    members = select(Membership.id).join(User, User.id == Membership.user_id)
    return db.scalar(members.where(Membership.store_id == store_id, User.username == username)) is not None


def set_password(db: Session, username: str, password_hash: str) -> None:
    """Replace a password and end every session of the person. Raises UserNotFound."""
    user = _user(db, username)
    user.password_hash = password_hash
    _end_sessions(db, user)
    _end_links(db, user.id)
    db.flush()


def change_own_password(db: Session, user_id: int, session_epoch: int, password_hash: str) -> int:
    """Replace a person's password and end every session of theirs; return the number that new sessions need.

    ``session_epoch`` is from when the present password was checked. Raises ConflictError if it was changed meanwhile.
    """
    user = db.scalar(select(User).where(User.id == user_id).with_for_update())
    if user is None or user.session_epoch != session_epoch:
        raise ConflictError(say("Your password was changed a moment ago. Sign in with the new one."))
    user.password_hash = password_hash
    _end_sessions(db, user)
    _end_links(db, user.id)
    db.flush()
    return user.session_epoch


def _end_sessions(db: Session, user: User) -> None:
    """End a person's sessions, and those that begin meanwhile with what was valid before."""
    user.session_epoch += 1
    db.execute(delete(PersonSession).where(PersonSession.user_id == user.id))


def _free_orders(db: Session, user_id: int) -> None:
    """Free the orders that the person has, in every store."""
    for store_id in db.scalars(select(Membership.store_id).where(Membership.user_id == user_id)).all():
        db.execute(delete(Assignment).where(Assignment.store_id == store_id, Assignment.user_id == user_id))


def _end_links(db: Session, user_id: int) -> None:
    """End the links with which the person could choose a new password."""
    db.execute(delete(OneTimeLink).where(OneTimeLink.user_id == user_id))


def _lock_names(db: Session) -> None:
    """Wait until nobody else adds a person: no unique key refuses a name in another spelling.

    The oldest store's row is the lock. Rows may refer to it meanwhile.
    """
    db.execute(select(Store.id).order_by(Store.id).limit(1).with_for_update(key_share=True))


def _join(db: Session, store_id: int, user_id: int, role: Role) -> None:
    """Let a person work in the store. Who made them a link for a password may not administer this store, so it ends."""
    _end_links(db, user_id)
    db.add(Membership(store_id=store_id, user_id=user_id, role=role))
    db.flush()


def _store_id(db: Session, code: str) -> int:
    store = store_with_code(db, code)
    if store is None:
        raise StoreNotFound
    return store.id


def _user(db: Session, username: str) -> User:
    named = select(User).where(User.username.in_((username, same_name(username)))).with_for_update()
    users = {user.username: user for user in db.scalars(named)}
    if not users:
        raise UserNotFound
    return users.get(username) or users[same_name(username)]


def _membership(db: Session, store_id: int, user_id: int) -> Membership | None:
    return db.scalar(select(Membership).where(Membership.store_id == store_id, Membership.user_id == user_id))
