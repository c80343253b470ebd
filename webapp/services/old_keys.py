"""Deletes the idempotency keys of requests that nobody will send again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple

from sqlalchemy import delete, select, tuple_
from sqlalchemy.orm import Session

from webapp.domain.clock import utc_now
from webapp.domain.operation_ids import LASTING_KEYS
from webapp.models import IdempotencyKey
from webapp.models.base import table_of
from webapp.models.rows import columns_of, rows_of

KEY_DAYS: Final = 30
"""How long a key is kept. People repeat a request within minutes, programs within days."""

AT_ONCE: Final = 500
_keys = table_of(IdempotencyKey)


class _Key(NamedTuple):
    """A key, and when it was used first."""

    store_id: int
    key: str
    created_at: datetime


_KEY: Final = columns_of(_Key, _keys)


@dataclass(frozen=True)
class Pruned:
    """What one step did: keys that it looked at, those it deleted, and where the next step begins."""

    seen: int
    deleted: int
    next_after: tuple[int, str] | None


def prune_keys(db: Session, before: datetime, after: tuple[int, str] | None, at_once: int = AT_ONCE) -> Pruned:
    """Look at the next keys of all stores, and delete those older than ``before``.

    It walks along the primary key, so that no index of ages has to be written with every request.
    """
    walk = select(*_KEY).order_by(_keys.c.store_id, _keys.c.key).limit(at_once)
    if after is not None:
        walk = walk.where(tuple_(_keys.c.store_id, _keys.c.key) > after)
    rows = rows_of(_Key, db.execute(walk))
    old: list[Any] = [
        (row.store_id, row.key) for row in rows if row.created_at < before and not row.key.startswith(LASTING_KEYS)
    ]
    if old:
        db.execute(delete(_keys).where(tuple_(_keys.c.store_id, _keys.c.key).in_(old)))
    last = (rows[-1].store_id, rows[-1].key) if len(rows) == at_once else None
    return Pruned(len(rows), len(old), last)


_walked: tuple[int, str] | None = None


def prune_next(db: Session) -> None:
    """Go on where this process stopped; after the last key begin again."""
    global _walked
    _walked = prune_keys(db, utc_now() - timedelta(days=KEY_DAYS), _walked).next_after
