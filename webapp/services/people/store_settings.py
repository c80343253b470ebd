"""A store's settings, read by commands and services and set by a command.

Pages and API calls get them with the sign-in query (``webapp.auth``).
"""

from __future__ import annotations

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from webapp.database.insertion import insert_into
from webapp.domain.clock import utc_now
from webapp.domain.settings import StoreSettings, load_settings, read_setting
from webapp.models import StoreSetting
from webapp.models.setting import settings_of

_LOAD = select(settings_of(bindparam("store_id")))


def read_settings(db: Session, store_id: int) -> StoreSettings:
    """Return the store's settings, with defaults for those it never set. One statement."""
    return load_settings(db.execute(_LOAD, {"store_id": store_id}).scalar())


def change_setting(db: Session, store_id: int, name: str, text: str, actor: str = "system") -> None:
    """Set ``name`` to the value that ``text`` writes. Raises InvalidInput for an unknown name or an invalid value."""
    value = read_setting(name, text)
    changed = {"value": value, "changed_by": actor, "changed_at": utc_now()}
    row = insert_into(db, StoreSetting).values(store_id=store_id, name=name, **changed)
    db.execute(row.on_conflict_do_update(index_elements=["store_id", "name"], set_=changed))
