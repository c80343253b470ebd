"""Mappings of columns that a store has saved under names, for files that no format knows."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final, NamedTuple

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from webapp.database.insertion import insert_into
from webapp.domain.clock import utc_now
from webapp.domain.control_characters import has_invisible
from webapp.domain.errors import ConflictError, InvalidInput
from webapp.models import ImportMapping
from webapp.models.base import table_of
from webapp.services.imports.column_mappings import ColumnMapping, mapping_of_json
from webapp.services.people.store_lookup import lock_stores

MAX_MAPPING_NAME: Final = 60
MAX_MAPPINGS: Final = 50
"""Mappings of a store; more would be hard to search."""


class SavedMapping(NamedTuple):
    """A mapping, its name, and who changed it last."""

    name: str
    mapping: ColumnMapping
    changed_by: str
    changed_at: datetime


def list_mappings(db: Session, store_id: int) -> list[SavedMapping]:
    """Return the store's mappings by name."""
    rows = db.execute(_rows(store_id).order_by(ImportMapping.name))
    return [SavedMapping(row.name, mapping_of_json(row.mapping), row.changed_by, row.changed_at) for row in rows]


def find_mapping(db: Session, store_id: int, name: str) -> ColumnMapping:
    """Return the mapping with this name. Raises InvalidInput, with the names that there are."""
    row = db.execute(_rows(store_id).where(ImportMapping.name == name)).first()
    if row is not None:
        return mapping_of_json(row.mapping)
    names = ", ".join(one.name for one in list_mappings(db, store_id))
    raise InvalidInput(f"There is no mapping called “{name}”. Mappings: {names or 'none yet'}.")


def save_mapping(db: Session, store_id: int, name: str, mapping: ColumnMapping, actor: str) -> str:
    """Save the mapping, in place of one with the same name; return the name as it is kept. Locks the store; flushes.

    Raises InvalidInput for a name that is blank or too long, or a mapping that makes no sense; ConflictError if the
    store has ``MAX_MAPPINGS`` already.
    """
    name = " ".join(name.split())
    if not 0 < len(name) <= MAX_MAPPING_NAME or has_invisible(name):
        raise InvalidInput(
            f"Give the mapping a name of 1 to {MAX_MAPPING_NAME} characters, for example: Our eBay export."
        )
    stored: dict[str, Any] = mapping.as_json()
    mapping_of_json(stored)
    lock_stores(db, [store_id])
    names = set(db.scalars(select(ImportMapping.name).where(ImportMapping.store_id == store_id)))
    if len(names | {name}) > MAX_MAPPINGS:
        raise ConflictError(f"The store has {MAX_MAPPINGS} mappings, which is the most. Remove one first.")
    changed = {"mapping": stored, "changed_by": actor, "changed_at": utc_now()}
    row = insert_into(db, table_of(ImportMapping)).values(store_id=store_id, name=name, **changed)
    db.execute(row.on_conflict_do_update(index_elements=["store_id", "name"], set_=changed))
    return name


def remove_mapping(db: Session, store_id: int, name: str) -> bool:
    """Remove the mapping; return False if the store has none with this name."""
    mappings = table_of(ImportMapping)
    of_name = (mappings.c.store_id == store_id) & (mappings.c.name == name)
    return db.execute(delete(mappings).where(of_name).returning(mappings.c.id)).first() is not None


def _rows(store_id: int) -> Any:
    return select(ImportMapping.name, ImportMapping.mapping, ImportMapping.changed_by, ImportMapping.changed_at).where(
        ImportMapping.store_id == store_id
    )
