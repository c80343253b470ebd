"""Tells a database that cannot serve at the moment from a fault in the program."""

from __future__ import annotations

import sqlite3
from enum import Enum, auto
from typing import Final

from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout


class Outage(Enum):
    """Why a database does not serve. Nothing was half saved."""

    BUSY = auto()
    """It is busy or out of reach; a retry may succeed soon."""
    TAKES_NO_CHANGES = auto()
    """Its disk is full or failing, its files have lost their rights, or it is a standby: somebody must look at it."""


_NO_CHANGES_STATES: Final = ("25006", "53100", "58")
_BUSY_STATES: Final = ("08", "53", "55P03", "57P", "57014", "40001", "40P01")
"""PostgreSQL's SQLSTATEs. Read-only, full disk, input or output; connection, resources, locks, shutdown, a statement's
time limit, and errors that a retry may cure."""
_FILE_RIGHTS: Final = "42501"
"""PostgreSQL's SQLSTATE of a file that it may not open, and of a table that a role may not use."""

_NO_CHANGES_WORDS: Final = ("readonly", "is full", "disk I/O")
_BUSY_WORDS: Final = ("locked", "busy", "unable to open")
"""SQLite's. Our own gate raises its errors as well, so only the words tell."""


def outage_of(error: BaseException) -> Outage | None:
    """Return why the database does not serve; None if the error is another."""
    if isinstance(error, PoolTimeout):
        return Outage.BUSY
    if isinstance(error, sqlite3.OperationalError):  # From the gate, outside of any statement.
        return _of_sqlite(error)
    if not isinstance(error, DBAPIError):
        return None
    if isinstance(error.orig, sqlite3.Error):
        return _of_sqlite(error.orig)
    state = getattr(error.orig, "sqlstate", None) or ""
    if state.startswith(_NO_CHANGES_STATES) or (state == _FILE_RIGHTS and "could not " in str(error.orig)):
        return Outage.TAKES_NO_CHANGES
    # Without a SQLSTATE the connection failed.
    lost = error.connection_invalidated or (not state and isinstance(error, OperationalError | InterfaceError))
    return Outage.BUSY if lost or state.startswith(_BUSY_STATES) else None


def _of_sqlite(error: sqlite3.Error) -> Outage | None:
    words = str(error)
    if any(word in words for word in _NO_CHANGES_WORDS):
        return Outage.TAKES_NO_CHANGES
    return Outage.BUSY if any(word in words for word in _BUSY_WORDS) else None
