"""The session of ``db.session``: what a request only reads, it reads outside of any transaction."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from flask import has_request_context
from flask_sqlalchemy.session import Session
from sqlalchemy import Connection, Engine, Executable

from webapp.database.unit_of_work import OPERATION


class RequestSession(Session):
    """Flask-SQLAlchemy's session for our one database.

    A request reads with autocommit on PostgreSQL, until a unit of work begins. Each statement sees the same as it
    would in a READ COMMITTED transaction, there is no BEGIN and no ROLLBACK to wait for, and the driver keeps its
    prepared statements: psycopg forgets them all at every ROLLBACK, so that each statement was planned anew each
    time. On SQLite, and outside of requests, nothing changes.
    """

    _engine: Engine | None = None

    def get_bind(
        self,
        mapper: Any = None,
        clause: Any = None,
        bind: Engine | Connection | None = None,
        **kwargs: Any,
    ) -> Engine | Connection:
        """Return ``bind``, or the application's engine as the moment asks for it."""
        if bind is not None:
            return bind
        if self._engine is None:
            self._engine = self._db.engine
        if OPERATION in self.info or not has_request_context() or _is_streamed(clause):
            return self._engine
        return _reader_of(self._engine)


def _is_streamed(clause: Any) -> bool:
    """Tell whether the rows are fetched bit by bit: PostgreSQL's cursors live in a transaction."""
    return isinstance(clause, Executable) and "yield_per" in clause.get_execution_options()


@lru_cache(maxsize=4)  # One for each engine; a process has one, a test run a few.
def _reader_of(engine: Engine) -> Engine:
    return engine.execution_options(isolation_level="AUTOCOMMIT") if engine.dialect.name == "postgresql" else engine
