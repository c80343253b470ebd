"""The tests' own migrations after the application's, and a database's content before and after."""

from __future__ import annotations

import shutil
from pathlib import Path

from alembic.script import ScriptDirectory
from sqlalchemy import Engine, inspect, text

from webapp.config import ROOT

MIGRATIONS = ROOT / "migrations"


def tables_of(engine: Engine) -> set[str]:
    return set(inspect(engine).get_table_names()) - {"alembic_version"}


Rows = dict[str, list[dict[str, str]]]


def rows_of(engine: Engine, names: set[str]) -> Rows:
    """Return every row of the tables, in their own order, as text by column."""
    with engine.connect() as connection:
        return {
            name: [
                {column: str(value) for column, value in row.items()}
                for row in connection.execute(text(f"SELECT * FROM {name} ORDER BY 1, 2")).mappings()
            ]
            for name in sorted(names)
        }


def with_further(folder: Path, *revisions: str) -> str:
    """Return a copy of the migrations, with further revisions after the newest one: "9001", "9002", …"""
    migrations = shutil.copytree(MIGRATIONS, folder / "migrations")
    before = ScriptDirectory(str(migrations)).get_current_head()
    for number, revision in enumerate(revisions, start=9001):
        (migrations / "versions" / f"{number}.py").write_text(revision.format(revision=number, before=before))
        before = str(number)
    return str(migrations)
