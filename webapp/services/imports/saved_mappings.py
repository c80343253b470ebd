"""Mappings of columns that a store has saved under names, for files that no format knows."""

from __future__ import annotations

from datetime import datetime
from hashlib import sha256
from typing import Any, Final, NamedTuple

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from webapp.database.insertion import insert_into
from webapp.domain.clock import utc_now
from webapp.domain.control_characters import has_invisible
from webapp.domain.errors import ConflictError, InvalidInput, MappingNotFound, NameTaken, StaleView
from webapp.domain.wording import say
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
    id: int = 0
    fault: str = ""
    """Why nothing can be read by it any more; its mapping is then an empty one."""

    @property
    def mark(self) -> str:
        """Return what tells this state of the mapping apart from others."""
        return sha256(f"{self.name}\n{self.changed_by}\n{self.changed_at.isoformat()}".encode()).hexdigest()[:32]

    def of_job(self) -> dict[str, Any]:
        """Return what a job keeps of it: the mapping as it is now, and its name."""
        return {**self.mapping.as_json(), "name": self.name}


class MappingTaken(ConflictError):
    """Somebody else has saved a mapping with this name. Data: ``mark`` of theirs."""


def list_mappings(db: Session, store_id: int) -> list[SavedMapping]:
    """Return the store's mappings by name, with those that no longer make sense and why."""
    return [_saved(row) for row in db.execute(_rows(store_id).order_by(ImportMapping.name))]


def usable_mappings(db: Session, store_id: int) -> list[SavedMapping]:
    """Return the store's mappings by which files can be read."""
    return [one for one in list_mappings(db, store_id) if not one.fault]


def _saved(row: Any) -> SavedMapping:
    mapping, fault = ColumnMapping(), ""
    try:
        mapping = mapping_of_json(row.mapping)
    except InvalidInput as error:
        fault = error.message
    return SavedMapping(row.name, mapping, row.changed_by, row.changed_at, row.id, fault)


def find_mapping(db: Session, store_id: int, name: str) -> ColumnMapping:
    """Return the mapping with this name. Raises InvalidInput, with the names that there are."""
    row = db.execute(_rows(store_id).where(ImportMapping.name == name)).first()
    if row is not None:
        return mapping_of_json(row.mapping)
    names = ", ".join(one.name for one in usable_mappings(db, store_id))
    raise InvalidInput(
        say("There is no mapping called “%(name)s”. Mappings: %(names)s.", name=name, names=names or say("none yet"))
    )


def save_mapping(
    db: Session, store_id: int, name: str, mapping: ColumnMapping, actor: str, seen: str | None = None
) -> str:
    """Save the mapping, in place of one with the same name; return the name as it is kept. Locks the store; flushes.

    ``seen`` is the mark of the mapping that the person saw under this name, blank for none; None replaces any.

    Raises InvalidInput for a name that is blank or too long, or a mapping that makes no sense; MappingTaken if the
    person saw another one under the name; ConflictError if the store has ``MAX_MAPPINGS`` already.
    """
    name = read_mapping_name(name)
    stored: dict[str, Any] = mapping.as_json()
    mapping_of_json(stored)
    lock_stores(db, [store_id])
    saved = {one.name: one for one in list_mappings(db, store_id)}
    if seen is not None and name in saved and saved[name].mark != seen:
        raise MappingTaken(
            say(
                "“%(name)s” is saved already, by %(person)s. Choose another name, or save once more to replace it.",
                name=name,
                person=saved[name].changed_by,
            ),
            mark=saved[name].mark,
        )
    if len(saved.keys() | {name}) > MAX_MAPPINGS:
        raise ConflictError(
            say(
                "The store has %(most)s mappings, which is the most. Save yours under the name of one that nobody "
                "needs, such as “%(name)s”.",
                most=MAX_MAPPINGS,
                name=min(saved.values(), key=lambda one: one.changed_at).name,
            )
        )
    changed = {"mapping": stored, "changed_by": actor, "changed_at": utc_now()}
    row = insert_into(db, table_of(ImportMapping)).values(store_id=store_id, name=name, **changed)
    db.execute(row.on_conflict_do_update(index_elements=["store_id", "name"], set_=changed))
    return name


def read_mapping_name(text: str) -> str:
    """Return a mapping's name. Raises InvalidInput."""
    name = " ".join(text.split())
    if not 0 < len(name) <= MAX_MAPPING_NAME or has_invisible(name):
        raise InvalidInput(
            say(
                "Give the mapping a name of 1 to %(most)s characters, for example: Our eBay export.",
                most=MAX_MAPPING_NAME,
            )
        )
    return name


def rename_mapping(db: Session, store_id: int, mapping_id: int, name: str, actor: str, seen: str) -> str:
    """Give the mapping another name; return it as it is kept. Locks the store; flushes.

    ``seen`` is the mark of what the person saw. Raises InvalidInput, MappingNotFound; StaleView if somebody else has
    changed the mapping since, NameTaken if another one has the name.
    """
    lock_stores(db, [store_id])
    names = {one.id: one.name for one in list_mappings(db, store_id)}
    if mapping_id not in names:
        raise MappingNotFound
    name = read_mapping_name(name)
    if names[mapping_id] != name:
        _seen(db, store_id, mapping_id, seen)
        if name in names.values():
            raise NameTaken(say("Another mapping is called “%(name)s”. Choose another name.", name=name), name=name)
        mappings = table_of(ImportMapping)
        of_id = (mappings.c.store_id == store_id) & (mappings.c.id == mapping_id)
        db.execute(update(mappings).where(of_id).values(name=name, changed_by=actor, changed_at=utc_now()))
    return name


def remove_seen_mapping(db: Session, store_id: int, mapping_id: int, seen: str) -> str:
    """Remove the mapping that a person saw; return its name. Locks the store. Raises MappingNotFound, and StaleView if
    somebody else has changed it since."""
    lock_stores(db, [store_id])
    name = _seen(db, store_id, mapping_id, seen).name
    remove_mapping(db, store_id, name)
    return name


def _seen(db: Session, store_id: int, mapping_id: int, seen: str) -> SavedMapping:
    own = next((one for one in list_mappings(db, store_id) if one.id == mapping_id), None)
    if own is None:
        raise MappingNotFound
    if own.mark != seen:
        raise StaleView(say("Somebody else has changed this mapping meanwhile. Look at it again."))
    return own


def remove_mapping(db: Session, store_id: int, name: str) -> bool:
    """Remove the mapping; return False if the store has none with this name."""
    mappings = table_of(ImportMapping)
    of_name = (mappings.c.store_id == store_id) & (mappings.c.name == name)
    return db.execute(delete(mappings).where(of_name).returning(mappings.c.id)).first() is not None


def _rows(store_id: int) -> Any:
    mappings = table_of(ImportMapping)
    columns = [mappings.c[name] for name in ("id", "name", "mapping", "changed_by", "changed_at")]
    return select(*columns).where(mappings.c.store_id == store_id)
