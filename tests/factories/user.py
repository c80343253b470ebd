"""People and their roles."""

from __future__ import annotations

from functools import cache

from argon2 import PasswordHasher
from sqlalchemy.orm import Session

from tests.factories.numbers import serial
from webapp.domain.clock import utc_now
from webapp.domain.roles import Role
from webapp.models import Membership, Store, User

PASSWORD = "correct horse battery staple"
"""Everyone's password in tests."""


@cache
def password_hash() -> str:
    """Hash ``PASSWORD`` once per run, so that it is checked quickly: a real one is slow on purpose."""
    return PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)


def make_user(
    db: Session,
    store: Store | None,
    role: Role = Role.PACKER,
    username: str | None = None,
    *,
    tour_ended: bool = True,
) -> User:
    """Make a person with ``PASSWORD`` and a role in ``store`` (None: no store), whose tour has ended by default."""
    user = User(username=username or f"person-{next(serial)}", password_hash=password_hash())
    db.add(user)
    db.flush()
    if store is not None:
        ended_at = utc_now() if tour_ended else None
        db.add(Membership(store_id=store.id, user_id=user.id, role=role, tour_ended_at=ended_at))
    db.commit()
    return user
