"""The channels of a store's orders: found by their codes in any spelling, made where a file names a new one."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.database.insertion import insert_into
from webapp.domain.codes import code_key
from webapp.models import Channel
from webapp.models.base import table_of


def channel_ids(db: Session, store_id: int, codes: Iterable[str]) -> dict[str, int]:
    """Return the ids of the channels with these codes, by code; new ones are made. Two that run at once agree."""
    keys = {code: code_key(code) for code in codes}
    ids = _stored(db, store_id, keys.values())
    new = {key: code for code, key in reversed(keys.items()) if key not in ids}
    if new:
        rows = [{"store_id": store_id, "code": code, "code_key": key, "name": code} for key, code in new.items()]
        db.execute(insert_into(db, table_of(Channel)).values(rows).on_conflict_do_nothing())
        ids = _stored(db, store_id, keys.values())
    return {code: ids[key] for code, key in keys.items()}


def _stored(db: Session, store_id: int, keys: Iterable[str]) -> dict[str, int]:
    rows = db.execute(
        select(Channel.code_key, Channel.id).where(Channel.store_id == store_id, Channel.code_key.in_(set(keys)))
    )
    return {row.code_key: row.id for row in rows}
