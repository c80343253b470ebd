"""Checks that the database has the tables this program needs, and takes changes."""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path
from typing import Final

from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import text
from sqlalchemy.orm import Session

_IS_WRITABLE: Final = text("SELECT NOT pg_is_in_recovery() AND current_setting('transaction_read_only') = 'off'")


def why_not_ready(db: Session, migrations_folder: str) -> str | None:
    """Return why the database cannot be used yet, or None. Raises SQLAlchemyError if it cannot be reached."""
    present = set(MigrationContext.configure(db.connection()).get_current_heads())
    if not present:
        return "database not migrated: run flask db upgrade"
    if present != _expected_heads(migrations_folder):
        return "database at another revision than the program: run flask db upgrade"
    return None if _takes_changes(db) else "database takes no changes: it is read-only or a standby"


def _takes_changes(db: Session) -> bool:
    connection = db.connection()
    if connection.dialect.name == "postgresql":
        return bool(connection.scalar(_IS_WRITABLE))
    file = Path(connection.engine.url.database or "")
    return not file.is_file() or all(os.access(path, os.W_OK) for path in (file, file.parent))


@cache
def _expected_heads(migrations_folder: str) -> frozenset[str]:
    return frozenset(ScriptDirectory(migrations_folder).get_heads())
