"""People and their roles."""

from __future__ import annotations

from functools import cache

from sqlalchemy.orm import Session

from tests.factories.numbers import serial
from webapp.auth.passwords import hash_password
from webapp.domain.clock import utc_now
from webapp.domain.roles import Role
from webapp.models import Membership, Store, User

PASSWORD = "correct horse battery staple"
"""Everyone's password in tests."""


@cache
def _password_hash() -> str:
    """Hash once per run, since hashing is slow on purpose."""
    return hash_password(PASSWORD)


def make_user(
    db: Session,
    store: Store | None,
    role: Role = Role.PACKER,
    username: str | None = None,
    *,
    tour_ended: bool = True,
) -> User:
    """Make a person with ``PASSWORD`` and a role in ``store`` (None: no store), whose tour has ended by default."""
    user = User(username=username or f"person-{next(serial)}", password_hash=_password_hash())
    db.add(user)
    db.flush()
    if store is not None:
        ended_at = utc_now() if tour_ended else None
        db.add(Membership(store_id=store.id, user_id=user.id, role=role, tour_ended_at=ended_at))
    db.commit()
    return user
