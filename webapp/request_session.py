"""The session behind ``db.session``. Our requests read outside of any transaction (ADR 0010)."""

from __future__ import annotations

from functools import lru_cache
from typing import Any, Final

from flask import has_request_context, request
from flask_sqlalchemy.session import Session
from sqlalchemy import Connection, Engine, Executable

from webapp.database.doubts import hear_of
from webapp.database.durability import confirm
from webapp.database.unit_of_work import OPERATION
from webapp.domain.errors import Busy
from webapp.server.lanes import LATE

AUTOCOMMIT_READS: Final = "packbench.autocommit_reads"
"""WSGI environment key: this request reads with autocommit and writes only in a unit of work.

The guard sets it for every request it admits, so for every route except public ones.
"""


class RequestSession(Session):
    """Flask-SQLAlchemy's session, which knows when a request only reads.

    On PostgreSQL an admitted request reads with autocommit until a unit of work begins: each statement sees what it
    would see in a READ COMMITTED transaction, and BEGIN and ROLLBACK are saved. Writing then raises RuntimeError.
    Nothing changes on SQLite, in commands, or in routes that another program adds.
    """

    _engine: Engine | None = None

    def get_bind(
        self,
        mapper: Any = None,
        clause: Any = None,
        bind: Engine | Connection | None = None,
        **kwargs: Any,
    ) -> Engine | Connection:
        """Return ``bind`` if given; else the application's engine, with autocommit while the request only reads."""
        if bind is not None:
            return bind
        if self._engine is None:
            self._engine = self._db.engine
        if self._only_reads() and not _is_streamed(clause):
            return _reader_of(self._engine)
        return self._engine

    def flush(self, objects: Any = None) -> None:
        """Write changes. Raises RuntimeError while only reading, when each statement would commit alone."""
        if self.new or self.dirty or self.deleted:
            self.check_may_write()
        super().flush(objects)

    def confirm(self, doubts: int) -> None:
        """Wait, if the database is in doubt, until all that the request can read is durable (ADR 0022).

        ``doubts`` is how many there were at all servers. Raises Unavailable if that takes too long.
        """
        hear_of(doubts)
        confirm(self)

    def check_may_write(self) -> None:
        """Raise RuntimeError while a request only reads."""
        if self._only_reads():
            raise RuntimeError("a request writes in a unit of work only")

    def check_patience(self) -> None:
        """Raise Busy if the request waited for its turn as long as it may, before it got a thread."""
        if has_request_context() and LATE in request.environ:
            raise Busy

    def _only_reads(self) -> bool:
        return OPERATION not in self.info and has_request_context() and AUTOCOMMIT_READS in request.environ


def _is_streamed(clause: Any) -> bool:
    """Return whether rows are streamed: PostgreSQL's cursors need a transaction."""
    return isinstance(clause, Executable) and "yield_per" in clause.get_execution_options()


@lru_cache(maxsize=4)  # One entry per engine; a test run has a few.
def _reader_of(engine: Engine) -> Engine:
    return engine.execution_options(isolation_level="AUTOCOMMIT") if engine.dialect.name == "postgresql" else engine
