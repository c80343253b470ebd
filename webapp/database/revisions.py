"""The revision that the database is at, and those that this program knows."""

from __future__ import annotations

from functools import cache

from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection


def present_revisions(connection: Connection) -> frozenset[str]:
    """Return the database's revision; nothing without tables, several after two branches of migrations."""
    return frozenset(MigrationContext.configure(connection).get_current_heads())


@cache
def newest_revisions(migrations_folder: str) -> frozenset[str]:
    """Return the revision that the program's migrations lead to."""
    return frozenset(ScriptDirectory(migrations_folder).get_heads())


def known_revisions(migrations_folder: str) -> frozenset[str]:
    """Return every revision that the program's migrations can start from."""
    return frozenset(script.revision for script in ScriptDirectory(migrations_folder).walk_revisions())
