"""Finds a store by its code."""

from __future__ import annotations

from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.models import Store

_MOST: Final = 20
"""Codes in a sentence."""


def store_with_code(db: Session, code: str) -> Store | None:
    """Return the store with this code; None if there is none."""
    return db.scalar(select(Store).where(Store.code == code))


def store_codes(db: Session) -> list[str]:
    """Return the codes of the first stores, for a person who typed another."""
    return list(db.scalars(select(Store.code).order_by(Store.code).limit(_MOST)))
