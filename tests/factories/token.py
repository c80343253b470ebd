"""Tokens of programs."""

from __future__ import annotations

from sqlalchemy.orm import Session

from webapp.auth.tokens import new_token
from webapp.domain.roles import Role
from webapp.models import ApiToken, Store


def make_token(db: Session, store: Store, role: Role = Role.MANAGER, name: str = "test program") -> str:
    """Make a token of the store and return its plain text."""
    plain, token_hash = new_token(store.id)
    db.add(ApiToken(store_id=store.id, name=name, role=role, token_hash=token_hash))
    db.commit()
    return plain
