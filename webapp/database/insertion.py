"""INSERT statements that accept ON CONFLICT, which both engines understand but SQLAlchemy's plain insert() does not."""

from __future__ import annotations

from typing import Any

from sqlalchemy import TableClause
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session


def insert_into(db: Session, table: TableClause | type[Any]) -> postgresql.Insert | sqlite.Insert:
    """Return the session's engine's own INSERT into a table or a model."""
    return postgresql.insert(table) if db.get_bind().dialect.name == "postgresql" else sqlite.insert(table)
