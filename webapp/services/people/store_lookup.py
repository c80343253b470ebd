"""Finds a store by its code."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.models import Store


def store_with_code(db: Session, code: str) -> Store | None:
    """Return the store with this code; None if there is none."""
    return db.scalar(select(Store).where(Store.code == code))
