"""Checks that the database has the tables this program needs."""

from __future__ import annotations

from functools import cache

from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy.orm import Session


def why_not_ready(db: Session, migrations_folder: str) -> str | None:
    """Return why the database cannot be used yet, or None. Raises SQLAlchemyError if it cannot be reached."""
    present = set(MigrationContext.configure(db.connection()).get_current_heads())
    if not present:
        return "database not migrated: run flask db upgrade"
    if present != _expected_heads(migrations_folder):
        return "database at another revision than the program: run flask db upgrade"
    return None


@cache
def _expected_heads(migrations_folder: str) -> frozenset[str]:
    return frozenset(ScriptDirectory(migrations_folder).get_heads())
