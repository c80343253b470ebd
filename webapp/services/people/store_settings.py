"""A store's settings, read by commands and services, and set by a command or on the page of settings.

Pages and API calls get them with the sign-in query (``webapp.auth``).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from webapp.database.insertion import insert_into
from webapp.domain.clock import utc_now
from webapp.domain.settings import RULES, StoreSettings, load_settings, read_setting, write_setting
from webapp.models import StoreSetting
from webapp.models.base import table_of
from webapp.models.rows import columns_of, rows_of
from webapp.models.setting import settings_of
from webapp.services.people.store_lookup import lock_stores

_LOAD = select(settings_of(bindparam("store_id")))


class SettingChange(NamedTuple):
    """Who set a setting last, and when."""

    name: str
    changed_by: str
    changed_at: datetime


class SettingEntry(NamedTuple):
    """What a person wrote for a setting, and the value that they saw before, as ``write_setting`` writes it."""

    text: str
    seen: str | None


def read_settings(db: Session, store_id: int) -> StoreSettings:
    """Return the store's settings, with defaults for those it never set. One statement."""
    return load_settings(db.execute(_LOAD, {"store_id": store_id}).scalar())


def change_setting(db: Session, store_id: int, name: str, text: str, actor: str = "system") -> None:
    """Set ``name`` to the value that ``text`` writes. Raises InvalidInput for an unknown name or an invalid value."""
    value = read_setting(name, text)
    changed = {"value": value, "changed_by": actor, "changed_at": utc_now()}
    row = insert_into(db, StoreSetting).values(store_id=store_id, name=name, **changed)
    db.execute(row.on_conflict_do_update(index_elements=["store_id", "name"], set_=changed))


def last_changes(db: Session, store_id: int) -> dict[str, SettingChange]:
    """Return by name who set each setting last; those that nobody set are left out."""
    rows = select(*columns_of(SettingChange, table_of(StoreSetting))).where(StoreSetting.store_id == store_id)
    return {change.name: change for change in rows_of(SettingChange, db.execute(rows)) if change.name in RULES}


def change_settings(
    db: Session, store_id: int, entries: Mapping[str, SettingEntry], actor: str
) -> dict[str, dict[str, Any]]:
    """Set what the person changed, all or nothing; return ``changed`` and ``stale``, the new or present texts by name.

    A setting is stale if somebody else set it since the person saw it; then nothing is changed. Locks the store. Raises
    InvalidInput for an invalid value.
    """
    lock_stores(db, [store_id])
    settings = read_settings(db, store_id)
    changed: dict[str, str] = {}
    stale: dict[str, str] = {}
    for name, (text, seen) in entries.items():
        new, present = RULES[name].write(read_setting(name, text)), write_setting(settings, name)
        if new in (seen, present):
            continue
        (changed if seen == present else stale)[name] = new if seen == present else present
    for name, new in changed.items() if not stale else ():
        change_setting(db, store_id, name, new, actor)
    return {"changed": {} if stale else changed, "stale": stale}
