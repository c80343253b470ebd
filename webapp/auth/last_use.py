"""Writes when something was last used, rarely and after the answer, so that no request waits for it."""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Mapping
from typing import Any, Final

from flask import Response, after_this_request
from sqlalchemy import Engine, Update, text
from sqlalchemy.exc import DBAPIError

from webapp.extensions import db

_WITHOUT_WAITING: Final = text(
    "SELECT set_config('synchronous_commit', 'off', true), set_config('lock_timeout', '50ms', true)"
)
"""A time of last use that a crash loses does no harm."""

_PATIENCE: Final = 0.05
"""Seconds at SQLite's write gate. Others wait there to ship."""

_log = logging.getLogger("packbench.auth")


def write_after_answer(update: Update, values: Mapping[str, Any]) -> None:
    """Run ``update`` once the answer is sent. A database that cannot take it now is asked again another time."""
    engine = db.engine

    @after_this_request
    def then_write(response: Response) -> Response:
        response.call_on_close(lambda: _write(engine, update, values))
        return response


def _write(engine: Engine, update: Update, values: Mapping[str, Any]) -> None:
    engine = engine.execution_options(sqlite_begin="IMMEDIATE", patience=_PATIENCE)
    try:
        with engine.begin() as connection:
            if engine.dialect.name == "postgresql":
                connection.execute(_WITHOUT_WAITING)
            connection.execute(update, values)
    except (DBAPIError, sqlite3.OperationalError) as error:
        _log.warning("A time of last use was not written: %s", getattr(error, "orig", error))
