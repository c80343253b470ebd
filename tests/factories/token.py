"""Tokens of programs."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy.orm import Session

from tests.factories.numbers import serial
from webapp.auth.tokens import new_token
from webapp.domain.clock import utc_now
from webapp.domain.roles import Role
from webapp.models import ApiToken, Store


def make_token(db: Session, store: Store, role: Role = Role.MANAGER, name: str | None = None) -> str:
    """Make a token of the store and return its plain text; without a name it gets one of its own."""
    plain, token_hash = new_token(store.id)
    end = utc_now() + timedelta(days=1)
    name = name or f"program-{next(serial)}"
    db.add(ApiToken(store_id=store.id, name=name, role=role, token_hash=token_hash, expires_at=end))
    db.commit()
    return plain
