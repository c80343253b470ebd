"""Stores."""

from __future__ import annotations

from sqlalchemy.orm import Session

from tests.factories.numbers import serial
from webapp.models import Store


def make_store(db: Session, code: str | None = None, **columns: object) -> Store:
    """Make a store, by default with a unique code."""
    code = code or f"STORE-{next(serial)}"
    store = Store(**{"code": code, "name": f"The shop {code}", **columns})
    db.add(store)
    db.commit()
    return store
