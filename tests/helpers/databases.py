"""Migrated databases for tests, on both engines: made once, then copied or emptied for each test."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import Dialect, Engine, event
from sqlalchemy.engine import URL, make_url

from webapp import create_app, extensions
from webapp.database.engine import engine_options, normalise_url, sqlite_execute
from webapp.database.sqlite_connection import GatedConnection
from webapp.database.write_gate import close_gate_of, gate_for
from webapp.models import Base


def settings(url: str) -> dict[str, object]:
    """Return the application's configuration for a test on the database at ``url``."""
    return {
        "TESTING": True,
        "SECRET_KEY": "for tests only, and long enough",
        "SQLALCHEMY_DATABASE_URI": url,
        "SQLALCHEMY_ENGINE_OPTIONS": engine_options(url, pool_size=20),
        "WTF_CSRF_ENABLED": False,  # Tests of CSRF switch it on: @pytest.mark.app_config(WTF_CSRF_ENABLED=True).
        "BACKUP_FOLDER": "/dev/null/backups",  # Tests of backups have a folder of their own.
        "LOGIN_RATE_LIMIT": "10000 per minute",
    }


_compiled: dict[str, tuple[Dialect, dict[Any, Any]]] = {}
"""By engine name: a dialect that has connected once, and the statements compiled for it."""


def share_compiled_statements(engine: Engine) -> None:
    """Reuse statements that earlier tests' engines compiled: compiling takes longer than most tests."""
    if engine.dialect.name in _compiled:
        engine.dialect, statements = _compiled[engine.dialect.name]
        engine.update_execution_options(compiled_cache=statements)


def _keep_compiled_statements(engine: Engine) -> None:
    if hasattr(engine.dialect, "default_isolation_level"):  # Set by the first connection.
        _compiled.setdefault(engine.dialect.name, (engine.dialect, {}))


def spare_the_disk(engine: Engine) -> None:
    """Let commits on SQLite not wait for the disk, as on the tests' PostgreSQL: no data outlives the run."""
    if engine.dialect.name != "sqlite":
        return

    @event.listens_for(engine, "connect")
    def no_waiting(dbapi: GatedConnection, _record: object) -> None:
        sqlite_execute(dbapi, "PRAGMA synchronous=OFF")


def migrate(url: str) -> None:
    """Migrate the empty database at ``url`` to the newest revision."""
    app = create_app(settings(url))
    with app.app_context():
        upgrade()
    close(app)


def close(app: Flask) -> None:
    """Close the application's connections and, on SQLite, its gate."""
    with app.app_context():
        engine = extensions.db.engine
    _keep_compiled_statements(engine)
    engine.dispose()
    if engine.dialect.name == "sqlite":
        close_gate_of(str(engine.url.database))


@dataclass(frozen=True)
class ServedDatabase:
    """A migrated database that a server keeps open; ``empty`` deletes all rows and restarts all ids at 1."""

    url: str
    empty: Callable[[], None]


class SqliteTemplate:
    """A migrated file to copy from."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / "template.db"
        migrate(sqlite_url(self._path))
        assert not Path(f"{self._path}-wal").exists(), "a connection stayed open after the migration"

    def copy(self, path: Path) -> str:
        """Copy the template to ``path``; return its URL."""
        shutil.copyfile(self._path, path)
        return sqlite_url(path)

    def served(self, path: Path) -> ServedDatabase:
        """Copy the template to ``path`` for a server."""
        return ServedDatabase(self.copy(path), lambda: copy_rows(self._path, path))


def copy_rows(source: Path, target: Path) -> None:
    """Copy the content of SQLite file ``source`` into ``target``, while others hold connections to it."""
    gate = gate_for(target)
    gate.enter(10)
    try:
        with closing(sqlite3.connect(source)) as read, closing(sqlite3.connect(target)) as written:
            written.execute("PRAGMA synchronous=OFF")
            read.backup(written)
    finally:
        gate.leave()
        close_gate_of(target)


class PostgresqlDatabases:
    """Databases on one server; ``close`` drops them all."""

    def __init__(self, server_url: str) -> None:
        self._server = make_url(normalise_url(server_url))
        self._made: list[str] = []
        self._migrated: str | None = None

    def empty(self) -> str:
        """Make a database without tables; return its URL."""
        name = f"packbench_test_{uuid4().hex[:12]}"
        with self._connect(None) as connection:
            connection.execute(f'CREATE DATABASE "{name}"')
        self._made.append(name)
        return self._url(name)

    def migrated(self) -> str:
        """Return the URL of a migrated database without rows: created by the first call, emptied by later ones."""
        if self._migrated is None:
            url = self.empty()
            migrate(url)
            self._migrated = self._made[-1]
        self._end_connections(self._migrated)
        self._empty_tables(self._migrated)
        return self._url(self._migrated)

    def copy(self, url: URL) -> str:
        """Copy a database to which nobody is connected; return the copy's URL."""
        name = f"packbench_test_{uuid4().hex[:12]}"
        with self._connect(None) as connection:
            connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{url.database}"')
        self._made.append(name)
        return self._url(name)

    def served(self) -> ServedDatabase:
        """Make a migrated database for a server that keeps its connections."""
        url = self.empty()
        name = self._made[-1]
        migrate(url)
        return ServedDatabase(url, lambda: self._empty_tables(name))

    def close(self) -> None:
        """Drop every database made here."""
        with self._connect(None) as connection:
            for name in self._made:
                connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')

    def _url(self, name: str) -> str:
        return self._server.set(database=name).render_as_string(hide_password=False)

    @contextmanager
    def _connect(self, name: str | None) -> Iterator[psycopg.Connection]:
        url = self._server.set(drivername="postgresql", database=name or self._server.database)
        with psycopg.connect(url.render_as_string(hide_password=False), autocommit=True) as connection:
            yield connection

    def _end_connections(self, name: str) -> None:
        """End connections that a test left open."""
        with self._connect(name) as connection:
            connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )

    def _empty_tables(self, name: str) -> None:
        """Delete all rows and restart all ids at 1, bypassing the append-only guards."""
        tables = [table.name for table in Base.metadata.sorted_tables]
        filled = " UNION ALL ".join(f"SELECT '{table}' WHERE EXISTS (SELECT 1 FROM {table})" for table in tables)
        with self._connect(name) as connection:
            connection.execute("SET lock_timeout = '10s'")
            names = ", ".join(row[0] for row in connection.execute(filled))
            if names:
                connection.execute("SET session_replication_role = replica")
                connection.execute(f"TRUNCATE {names} RESTART IDENTITY CASCADE")


def sqlite_url(path: Path) -> str:
    """Return the URL of a SQLite file."""
    return f"sqlite:///{path}"
