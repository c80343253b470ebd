"""Wait until what the database shows would survive the loss of its server: ADR 0022."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any, Final

import psycopg
from sqlalchemy import Connection
from sqlalchemy.orm import Session

from webapp.database.doubts import doubt, end_doubt, in_doubt, present_doubt
from webapp.database.postgresql_connection import ConfirmedConnection
from webapp.domain.errors import Unavailable
from webapp.domain.wording import say

_confirming: Final = threading.Lock()
_BRIEF_SECONDS: Final = 0.5
"""A healthy standby confirms within milliseconds."""


def confirm(session: Session) -> None:
    """If in doubt, wait until all that the session can read is durable; the session must not have written.

    Raises Unavailable if the database does not confirm it within seconds.
    """
    if not in_doubt():
        return
    if not _confirming.acquire(timeout=_BRIEF_SECONDS):  # One thread waits for the standby; the others stay free.
        raise _unconfirmed()
    try:
        if in_doubt():
            _confirm(session)
    finally:
        _confirming.release()


def _confirm(session: Session) -> None:
    moment, connection = present_doubt(), session.connection()
    postgresql = postgresql_connection(connection)
    if postgresql is None:
        write_mark(connection)
    else:
        with _failure_in_words(connection):
            confirmed = postgresql.confirm()
        if not confirmed:
            raise _unconfirmed()
    end_doubt(moment)


def write_mark(connection: Connection) -> None:
    """Make the transaction's COMMIT wait for all that it could read, though it changes no row.

    Every commit on SQLite waits for the disk before its rows show, unless its process dies in between; so there the
    disk is asked at once. Raises Unavailable if the database cannot write.
    """
    postgresql = postgresql_connection(connection)
    if postgresql is None:
        _sync(f"{connection.engine.url.database}-wal")
    else:
        with _failure_in_words(connection):
            postgresql.write_mark()


@contextmanager
def _failure_in_words(connection: Connection) -> Iterator[None]:
    """Raise Unavailable for an error of the driver. Tell SQLAlchemy of a lost connection, which it has not noticed."""
    postgresql = postgresql_connection(connection)
    try:
        yield
    except psycopg.Error as error:
        if postgresql and postgresql.closed:
            doubt()
            connection.invalidate(error)
        raise _unconfirmed() from error


def postgresql_connection(connection: Connection) -> ConfirmedConnection | None:
    """Return the driver's connection; None on SQLite."""
    driver: Any = connection.connection.driver_connection
    return driver if isinstance(driver, ConfirmedConnection) else None


def _sync(path: str) -> None:
    with suppress(FileNotFoundError):  # In memory, or all of it is in the main file, which is on disk.
        file = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
        try:
            os.fsync(file)
        finally:
            os.close(file)


def _unconfirmed() -> Unavailable:
    return Unavailable(
        say("The database has not confirmed its newest changes, so what this page shows may still be lost.")
    )
