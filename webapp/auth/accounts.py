"""Checks names and passwords at sign-in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.auth.passwords import verify_password
from webapp.domain.names import same_name
from webapp.domain.roles import Role
from webapp.models import Membership, Store, User
from webapp.models.base import table_of
from webapp.models.rows import columns_of, rows_of


@dataclass(frozen=True, slots=True)
class Workplace:
    """A store in which a person has a role."""

    store_id: int
    code: str
    name: str
    role: Role


_stores = table_of(Store)
_WORKPLACE: Final = columns_of(Workplace, _stores, store_id=_stores.c.id, role=table_of(Membership).c.role)


@dataclass(frozen=True, slots=True)
class Account:
    """A person who gave the right password, and the stores to choose from, by name.

    ``session_epoch`` proves to ``session_service.begin_session`` that the password was still right a moment later.
    """

    user_id: int
    username: str
    session_epoch: int
    workplaces: tuple[Workplace, ...]


class Person(NamedTuple):
    """Somebody with an account, before their password is checked."""

    id: int
    username: str
    session_epoch: int
    password_hash: str
    is_active: bool


_PERSON: Final = columns_of(Person, table_of(User))


def find_person(db: Session, username: str) -> Person | None:
    """Return who has this name, open account or not; None if nobody has.

    Names made before there was a rule are searched as they were typed, too.
    """
    if not username.isprintable():
        return None
    spellings = (username, same_name(username))
    people = rows_of(Person, db.execute(select(*_PERSON).where(User.username.in_(spellings))))
    return min(people, key=lambda person: spellings.index(person.username), default=None)


def check_password(db: Session, person: Person | None, password: str) -> Account | None:
    """Return the person's account if it is open and this is its password; else None, after the same time.

    Ends the transaction before the slow hash, so that the database connection is free meanwhile.
    """
    db.rollback()
    matches = verify_password(person.password_hash if person else None, password)
    if person is None or not matches or not person.is_active:
        return None
    return Account(person.id, person.username, person.session_epoch, workplaces_of(db, person.id))


def authenticate(db: Session, username: str, password: str) -> Account | None:
    """Return the open account with this name and password; else None, after the same time."""
    return check_password(db, find_person(db, username), password)


def workplaces_of(db: Session, user_id: int) -> tuple[Workplace, ...]:
    """Return the stores of a person, by name."""
    result = db.execute(
        select(*_WORKPLACE)
        .join(Membership, Membership.store_id == Store.id)
        .where(Membership.user_id == user_id)
        .order_by(Store.name, Store.id)
    )
    return tuple(rows_of(Workplace, result))
