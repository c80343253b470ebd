"""Copies a SQLite database while others write to it, and puts a copy in its place."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from sqlalchemy.engine import make_url

from webapp.backups.errors import NoBackup, NotPossible
from webapp.backups.private_files import replacing


def copy_database(url: str, file: Path) -> None:
    """Write a copy of one moment. Writers go on meanwhile: in WAL mode reading stops nobody. Raises NotPossible."""
    try:
        with closing(sqlite3.connect(_path(url), timeout=30.0)) as database:
            database.execute("VACUUM INTO ?", (str(file),))
    except sqlite3.Error as error:
        raise NotPossible(str(error)) from error


def load_database(file: Path, url: str) -> None:
    """Put a copy where the database belongs, all of it or nothing. Raises NoBackup, OSError."""
    with closing(sqlite3.connect(file)) as database:
        try:
            [verdict] = database.execute("PRAGMA quick_check(1)").fetchone()
        except sqlite3.Error as error:
            verdict = str(error)
    if verdict != "ok":
        raise NoBackup(f"the copy of the database is damaged: {verdict}")
    target = _path(url)
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    for left_over in ("-wal", "-shm"):  # Of the empty database; SQLite would apply them to the new one.
        target.with_name(target.name + left_over).unlink(missing_ok=True)
    with file.open("rb") as copy, replacing(target) as written:
        shutil.copyfileobj(copy, written)


@contextmanager
def scratch_database(folder: Path, _url: str) -> Iterator[str]:
    """Yield the URL of a database that does not exist yet; the folder's owner removes it."""
    yield f"sqlite:///{folder / 'scratch.db'}"


def _path(url: str) -> Path:
    return Path(make_url(url).database or "")
