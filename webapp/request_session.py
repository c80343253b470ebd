"""The session of ``db.session``: what a request of ours only reads, it reads outside of any transaction (ADR 0010)."""

from __future__ import annotations

from functools import lru_cache
from typing import Any, Final

from flask import has_request_context, request
from flask_sqlalchemy.session import Session
from sqlalchemy import Connection, Engine, Executable

from webapp.database.unit_of_work import OPERATION

AUTOCOMMIT_READS: Final = "packbench.autocommit_reads"
"""Key in the environment of a request that reads with autocommit and writes in a unit of work only.

The guard sets it for whom it lets in, so it holds for every route but the public ones.
"""


class RequestSession(Session):
    """Flask-SQLAlchemy's session for our one database.

    A request that passed the guard reads with autocommit on PostgreSQL, until a unit of work begins: each statement
    sees what it would in a READ COMMITTED transaction, and nobody waits for BEGIN and ROLLBACK. To write then raises
    RuntimeError. On SQLite, in commands, and in a program's own routes, nothing changes.
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
        if self._only_reads() and not _is_streamed(clause):
            return _reader_of(self._engine)
        return self._engine

    def flush(self, objects: Any = None) -> None:
        """Write what changed; not while only reading, where each statement would be committed by itself."""
        if self.new or self.dirty or self.deleted:
            self.check_may_write()
        super().flush(objects)

    def check_may_write(self) -> None:
        """Raise RuntimeError while a request only reads."""
        if self._only_reads():
            raise RuntimeError("a request writes in a unit of work only")

    def _only_reads(self) -> bool:
        return OPERATION not in self.info and has_request_context() and AUTOCOMMIT_READS in request.environ


def _is_streamed(clause: Any) -> bool:
    """Tell whether the rows are fetched bit by bit: PostgreSQL's cursors live in a transaction."""
    return isinstance(clause, Executable) and "yield_per" in clause.get_execution_options()


@lru_cache(maxsize=4)  # One for each engine; a process has one, a test run a few.
def _reader_of(engine: Engine) -> Engine:
    return engine.execution_options(isolation_level="AUTOCOMMIT") if engine.dialect.name == "postgresql" else engine
