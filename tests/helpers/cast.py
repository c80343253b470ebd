"""The fixed cast: the people of one store, and an outsider from another."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.factories.user import password_hash
from webapp.domain.clock import utc_now
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
    """Make both stores and their people, in few statements since most tests begin with them."""
    cast = Cast(*(Store(code=code, name=f"The shop {code}") for code in ("MAIN", "OTHER")))
    db.add_all((cast.store, cast.other_store))
    db.flush()
    places = [(NAMES[role], cast.store, role) for role in Role]
    places.append((NAMES["outsider"], cast.other_store, Role.MANAGER))
    people = [User(username=name, password_hash=password_hash()) for name, _, _ in places]
    db.add_all(people)
    db.flush()
    db.add_all(
        Membership(store_id=store.id, user_id=person.id, role=role, tour_ended_at=utc_now())
        for person, (_, store, role) in zip(people, places, strict=True)
    )
    db.commit()
    return cast


def also_in_other_store(db: Session, cast: Cast, part: Part, role: Role = Role.PACKER) -> User:
    """Let one of the cast work in the other store as well."""
    person = db.scalars(select(User).where(User.username == NAMES[part])).one()
    db.add(Membership(store_id=cast.other_store.id, user_id=person.id, role=role))
    db.commit()
    return person
