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

    Until a unit of work begins, an admitted request reads with a connection of its own; writing then raises
    RuntimeError. On PostgreSQL that connection has autocommit: each statement sees what it would see in a READ
    COMMITTED transaction, and BEGIN and ROLLBACK are saved. On SQLite it sees one moment. Commands, and routes that
    another program adds, read and write in the session's transaction.
    """

    _engine: Engine | None = None
    _reader: Connection | None = None
    """What a request reads with until it writes. The session's own transaction around each reading cost more than
    connection, BEGIN and ROLLBACK together (ADR 0010)."""

    def get_bind(
        self,
        mapper: Any = None,
        clause: Any = None,
        bind: Engine | Connection | None = None,
        **kwargs: Any,
    ) -> Engine | Connection:
        """Return ``bind`` if given; else what the request reads with, or the application's engine to write."""
        if bind is not None:
            return bind
        if self._engine is None:
            self._engine = self._db.engine
        if self._engine.dialect.name == "postgresql" and _is_streamed(clause):
            return self._engine
        return self._reading() or self._engine

    def connection(
        self,
        bind_arguments: Any = None,
        execution_options: Any = None,
    ) -> Connection:
        """Return the connection that the request reads with; in a unit of work that of its transaction."""
        if bind_arguments is None and execution_options is None and (reader := self._reading()):
            return reader
        return super().connection(bind_arguments, execution_options)

    def rollback(self) -> None:
        """End the transaction, or the reading: the next statement sees the rows as they are then."""
        try:
            super().rollback()
        finally:
            self._end_reading()

    def close(self) -> None:
        """Give back all connections."""
        try:
            super().close()
        finally:
            self._end_reading()

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

    def _reading(self) -> Connection | None:
        """Return the connection to read with; None for a request that writes, in commands, and while a transaction is
        open that began before the guard: its connection reads on, since a session takes no second one of an engine."""
        if self._reader is None and self._only_reads() and not self.in_transaction():
            self._reader = _reader_of(self._db.engine).connect()
        return self._reader

    def _end_reading(self) -> None:
        reader, self._reader = self._reader, None
        if reader is not None:
            reader.close()

    def _only_reads(self) -> bool:
        return OPERATION not in self.info and has_request_context() and AUTOCOMMIT_READS in request.environ


def _is_streamed(clause: Any) -> bool:
    """Return whether rows are streamed: PostgreSQL's cursors need a transaction."""
    return isinstance(clause, Executable) and "yield_per" in clause.get_execution_options()


@lru_cache(maxsize=4)  # One entry per engine; a test run has a few.
def _reader_of(engine: Engine) -> Engine:
    return engine.execution_options(isolation_level="AUTOCOMMIT") if engine.dialect.name == "postgresql" else engine
