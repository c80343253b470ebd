"""Copies a PostgreSQL database with PostgreSQL's own ``pg_dump`` and ``pg_restore``."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Final
from uuid import uuid4

import psycopg
from psycopg import sql
from psycopg.conninfo import make_conninfo
from sqlalchemy.engine import URL, make_url

from webapp.backups.errors import NoBackup, NotPossible

_DEBIAN: Final = Path("/usr/lib/postgresql")
_MOST_WORDS: Final = 500


def copy_database(url: str, file: Path) -> None:
    """Write a copy of one moment. It is one read-only transaction, so writers go on meanwhile. Raises NotPossible."""
    done = _run("pg_dump", make_url(url), "--format=custom", "--compress=0", "--no-password", f"--file={file}")
    if done.returncode:
        raise NotPossible(_words_of(done))


def load_database(file: Path, url: str) -> None:
    """Restore a copy into an empty database, all of it or nothing. Raises NoBackup, NotPossible.

    Everything in it belongs to the role of ``url``.
    """
    whole = ("--single-transaction", "--exit-on-error", "--no-owner", "--no-privileges", "--no-password")
    done = _run("pg_restore", make_url(url), *whole, str(file))
    if done.returncode:
        raise NoBackup(f"PostgreSQL does not take the copy: {_words_of(done)}")
    with psycopg.connect(_conninfo(make_url(url)), autocommit=True) as connection:
        connection.execute("ANALYZE")


@contextmanager
def scratch_database(_folder: Path, url: str) -> Iterator[str]:
    """Make an empty database on the server of ``url``, yield its URL, and drop it. Raises NotPossible."""
    server = make_url(url)
    name = f"packbench_check_{uuid4().hex[:12]}"
    quoted = sql.Identifier(name)
    try:
        with psycopg.connect(_conninfo(server), autocommit=True) as connection:
            connection.execute(sql.SQL("CREATE DATABASE {} TEMPLATE template0").format(quoted))
    except psycopg.Error as error:
        raise NotPossible(str(error).strip()) from error
    try:
        yield server.set(database=name).render_as_string(hide_password=False)
    finally:
        with suppress(psycopg.Error), psycopg.connect(_conninfo(server), autocommit=True) as connection:
            connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(quoted))


def _run(program: str, url: URL, *arguments: str) -> subprocess.CompletedProcess[str]:
    path = _find(program)
    environment = {**os.environ, "LC_ALL": "C"}
    if url.password:  # Not as an argument: every user of the machine sees those.
        environment["PGPASSWORD"] = str(url.password)
    command = [path, f"--dbname={_conninfo(url.set(password=None))}", *arguments]
    return subprocess.run(command, env=environment, capture_output=True, text=True, errors="replace", check=False)  # noqa: S603 (our own command)


def _find(program: str) -> str:
    """Return the newest version on this machine: an older one refuses a newer server. Raises NotPossible."""
    debian = (file for file in _DEBIAN.glob(f"*/bin/{program}") if file.parent.parent.name.isdecimal())
    newest = max(debian, key=lambda file: int(file.parent.parent.name), default=None)
    path = str(newest) if newest else shutil.which(program)
    if not path:
        raise NotPossible(f"there is no {program} here: install PostgreSQL's client programs (postgresql-client)")
    return path


def _conninfo(url: URL) -> str:
    options: dict[str, Any] = {
        "host": url.host,
        "port": url.port,
        "user": url.username,
        "password": url.password,
        "dbname": url.database,
        **url.query,
    }
    return make_conninfo(**{name: value for name, value in options.items() if value is not None})


def _words_of(done: subprocess.CompletedProcess[str]) -> str:
    return done.stderr.strip()[:_MOST_WORDS] or f"exit code {done.returncode}"
