"""The fixed cast: the people of one store, and an outsider from another."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.factories import make_store, make_user
from webapp.domain.roles import Role
from webapp.models import Membership, Store, User

NAMES: Final = {
    "packer": "paula",
    "manager": "max",
    "supervisor": "sofia",
    "admin": "ada",
    "outsider": "otto",
}
"""Usernames by part. The outsider is the manager of another store."""

Part = str
"""One of the keys of ``NAMES``."""


@dataclass(frozen=True)
class Cast:
    """The two stores; their people are in the database, by ``NAMES``."""

    store: Store
    other_store: Store


def make_cast(db: Session) -> Cast:
    """Make both stores and their people."""
    cast = Cast(make_store(db, "MAIN"), make_store(db, "OTHER"))
    for role in Role:
        make_user(db, cast.store, role, NAMES[role])
    make_user(db, cast.other_store, Role.MANAGER, NAMES["outsider"])
    return cast


def also_in_other_store(db: Session, cast: Cast, part: Part, role: Role = Role.PACKER) -> User:
    """Let one of the cast work in the other store as well."""
    person = db.scalars(select(User).where(User.username == NAMES[part])).one()
    db.add(Membership(store_id=cast.other_store.id, user_id=person.id, role=role))
    db.commit()
    return person
