"""Creates, changes and ends stores, memberships and programs' tokens."""

from __future__ import annotations

import re
from typing import Final
from zoneinfo import available_timezones

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from webapp.domain.errors import InvalidInput, NameTaken, StoreNotFound, UserNotFound
from webapp.domain.roles import Role
from webapp.models import ApiToken, Membership, Store, User
from webapp.services.people.store_lookup import store_with_code

_STORE_CODE: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,31}", re.ASCII)
_NAME: Final = re.compile(r"[\w.@+-]+")
"""Usernames and names of tokens; no colon, since the trail writes ``token:<name>``."""

SYSTEM: Final = "system"
"""Actor of work that no person started; no person may have this name."""


def create_store(db: Session, code: str, name: str, time_zone: str = "UTC") -> bool:
    """Add a store; return False if it exists under the same name. Raises InvalidInput, NameTaken.

    ``time_zone`` is the IANA name of the store's time zone.
    """
    name = name.strip()
    if not _STORE_CODE.fullmatch(code):
        raise InvalidInput("A store's code is 1 to 32 letters, digits, dots, dashes or underscores.", code=code)
    if not name or len(name) > 200 or not name.isprintable():
        raise InvalidInput("A store's name is 1 to 200 characters.", name=name)
    if time_zone not in available_timezones():
        raise InvalidInput(
            f"There is no time zone “{time_zone[:64]}”. An example is Europe/Luxembourg.", zone=time_zone
        )
    present = store_with_code(db, code)
    if present is not None and present.name != name:
        raise NameTaken(f"The code {code} belongs to the store “{present.name}”.", code=code)
    if present is not None:
        return False
    db.add(Store(code=code, name=name, time_zone=time_zone))
    db.flush()
    return True


def create_user(db: Session, store_code: str, username: str, password_hash: str, role: Role) -> None:
    """Add a person who works in a store. Raises InvalidInput, NameTaken, StoreNotFound."""
    store_id = _store_id(db, store_code)
    if len(username) > 64 or not _NAME.fullmatch(username) or username.lower() == SYSTEM:
        raise InvalidInput(
            "A username is 1 to 64 letters, digits and . _ - @ +, without spaces, and not “system”.", username=username
        )
    if db.scalar(select(User.id).where(func.lower(User.username) == username.lower())) is not None:
        raise NameTaken(
            f"The name {username} is taken, perhaps in another spelling. To add the same person to one more store, "
            "give the password they have.",
            username=username,
        )
    user = User(username=username, password_hash=password_hash)
    db.add(user)
    db.flush()
    _join(db, store_id, user.id, role)


def add_to_store(db: Session, store_code: str, username: str, role: Role) -> bool:
    """Give an existing person a role in a store; return False if they have it. Raises NameTaken for another role."""
    store_id, user = _store_id(db, store_code), _user(db, username)
    present = _membership(db, store_id, user.id)
    if present is None:
        _join(db, store_id, user.id, role)
        return True
    if present.role is not role:
        raise NameTaken(f"{username} is a {present.role.value} in {store_code} already.", role=present.role.value)
    return False


def remove_from_store(db: Session, store_code: str, username: str) -> None:
    """End a person's membership, and every session of theirs in the store. Raises StoreNotFound, UserNotFound."""
    membership = _membership(db, _store_id(db, store_code), _user(db, username).id)
    if membership is None:
        raise UserNotFound
    db.delete(membership)
    db.flush()


def set_password(db: Session, username: str, password_hash: str) -> None:
    """Replace a password and end every session of the person. Raises UserNotFound."""
    user = _user(db, username)
    user.password_hash = password_hash
    user.session_epoch += 1
    db.flush()


def add_token(db: Session, store_id: int, name: str, role: Role, token_hash: str) -> None:
    """Store a program's token as its hash. Raises InvalidInput."""
    if len(name) > 58 or not _NAME.fullmatch(name):  # With "token:" it must fit into the trail's 64.
        raise InvalidInput("A token's name is 1 to 58 letters, digits and . _ - @ +, without spaces.", name=name)
    db.add(ApiToken(store_id=store_id, name=name, role=role, token_hash=token_hash))
    db.flush()


def _join(db: Session, store_id: int, user_id: int, role: Role) -> None:
    db.add(Membership(store_id=store_id, user_id=user_id, role=role))
    db.flush()


def _store_id(db: Session, code: str) -> int:
    store = store_with_code(db, code)
    if store is None:
        raise StoreNotFound
    return store.id


def _user(db: Session, username: str) -> User:
    user = db.scalar(select(User).where(User.username == username).with_for_update())
    if user is None:
        raise UserNotFound
    return user


def _membership(db: Session, store_id: int, user_id: int) -> Membership | None:
    return db.scalar(select(Membership).where(Membership.store_id == store_id, Membership.user_id == user_id))
