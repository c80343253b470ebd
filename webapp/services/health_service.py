"""Checks that the database has the tables this program needs, takes changes, and keeps them."""

from __future__ import annotations

import os
from pathlib import Path
from tempfile import TemporaryFile
from typing import Final

from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from webapp.database.durability import confirm
from webapp.database.outages import Outage, outage_of
from webapp.database.revisions import newest_revisions, present_revisions
from webapp.domain.errors import Unavailable

_IS_WRITABLE: Final = text("SELECT NOT pg_is_in_recovery() AND current_setting('transaction_read_only') = 'off'")


_LITTLE_MEMORY: Final = text("SET LOCAL work_mem = '64kB'")
_FILL_A_FILE: Final = text("SELECT count(*) FROM generate_series(1, 40000)")
"""Its rows are kept until all are there, so with little memory in a temporary file of nearly a megabyte, on the disk of
the tables. It needs no rights and leaves nothing. Rows, if written as a probe, might find room in half full pages."""
_ROOM_BYTES: Final = 1024 * 1024


def why_not_ready(db: Session, migrations_folder: str) -> str | None:
    """Return why the database cannot be used yet, or None. Raises SQLAlchemyError if it cannot be reached."""
    present = present_revisions(db.connection())
    if not present:
        return "database not migrated: run flask db upgrade"
    if present != newest_revisions(migrations_folder):
        return "database at another revision than the program: run flask db upgrade"
    if not _takes_changes(db):
        return "database takes no changes: it is read-only or a standby"
    if not _has_room(db.connection()):
        return "database takes no changes: its disk is full or failing"
    try:
        confirm(db)
    except Unavailable:
        return "database does not confirm changes: its standby is out of reach"
    return None


def _takes_changes(db: Session) -> bool:
    connection = db.connection()
    if connection.dialect.name == "postgresql":
        return bool(connection.scalar(_IS_WRITABLE))
    file = Path(connection.engine.url.database or "")
    return not file.is_file() or all(os.access(path, os.W_OK) for path in (file, file.parent))


def _has_room(connection: Connection) -> bool:
    """Return whether the database's disk has room for some changes, by filling a temporary file there."""
    if connection.dialect.name == "postgresql":
        try:
            connection.execute(_LITTLE_MEMORY)
            connection.execute(_FILL_A_FILE)
        except DBAPIError as error:
            if outage_of(error) is Outage.TAKES_NO_CHANGES:
                return False
            raise
        return True
    file = Path(connection.engine.url.database or "")
    if not file.is_file():
        return True
    try:
        with TemporaryFile(dir=file.parent, buffering=0) as probe:
            return probe.write(bytes(_ROOM_BYTES)) == _ROOM_BYTES
    except OSError:
        return False
