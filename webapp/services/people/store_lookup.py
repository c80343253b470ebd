"""Finds a store by its code, and locks it for changes of what only its administrators decide."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.models import Store

_MOST: Final = 20
"""Codes in a sentence."""


def store_with_code(db: Session, code: str) -> Store | None:
    """Return the store with this code; None if there is none."""
    return db.scalar(select(Store).where(Store.code == code))


def store_with_id(db: Session, store_id: int) -> Store | None:
    """Return the store with this id; None if there is none."""
    return db.get(Store, store_id)


def store_codes(db: Session) -> list[str]:
    """Return the codes of the first stores, for a person who typed another."""
    return list(db.scalars(select(Store.code).order_by(Store.code).limit(_MOST)))


def lock_stores(db: Session, store_ids: Iterable[int]) -> None:
    """Let one administrator after the other change settings and people of the stores. Orders go on meanwhile.

    Locks in order of ids. Rows may refer to the stores meanwhile.
    """
    locked = select(Store.id).where(Store.id.in_(set(store_ids))).order_by(Store.id)
    db.execute(locked.with_for_update(key_share=True)).all()
