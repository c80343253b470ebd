"""The installation that is backed up or restored: its database and its pictures."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Engine, create_engine, inspect
from sqlalchemy.engine import make_url

from webapp.backups import postgresql_database, sqlite_database
from webapp.database.engine import engine_options
from webapp.database.revisions import present_revisions


@dataclass(frozen=True, slots=True)
class Tools:
    """How one engine's database is copied, loaded, and made for a check."""

    copy_database: Callable[[str, Path], None]
    load_database: Callable[[Path, str], None]
    scratch_database: Callable[[Path, str], AbstractContextManager[str]]


_TOOLS: Final = {
    "sqlite": Tools(sqlite_database.copy_database, sqlite_database.load_database, sqlite_database.scratch_database),
    "postgresql": Tools(
        postgresql_database.copy_database, postgresql_database.load_database, postgresql_database.scratch_database
    ),
}


@dataclass(frozen=True, slots=True)
class Installation:
    """``url`` is the database's; ``check_url`` names a server and a role that may create databases for checks."""

    url: str
    pictures: Path
    check_url: str = ""

    @classmethod
    def of(cls, settings: Mapping[str, Any]) -> Installation:
        """Return the installation of these settings."""
        return cls(
            settings["SQLALCHEMY_DATABASE_URI"], Path(settings["PICTURE_FOLDER"]), settings["BACKUP_CHECK_DATABASE_URL"]
        )

    @property
    def engine_name(self) -> str:
        return make_url(self.url).get_backend_name()

    @property
    def tools(self) -> Tools:
        return _TOOLS[self.engine_name]

    def revision(self) -> str:
        """Return the database's revision; empty if it has no tables."""
        with connecting(self.url) as engine, engine.connect() as connection:
            return " ".join(sorted(present_revisions(connection)))

    def has_tables(self) -> bool:
        """Return whether the database holds anything. One that does not exist on SQLite is not created."""
        url = make_url(self.url)
        if self.engine_name == "sqlite" and not Path(url.database or "").exists():
            return False
        with connecting(self.url) as engine:
            return bool(inspect(engine).get_table_names())


@contextmanager
def connecting(url: str) -> Iterator[Engine]:
    """Open an engine to read with, and close it afterwards."""
    engine = create_engine(url, **engine_options(url, pool_size=1))
    try:
        yield engine
    finally:
        engine.dispose()
