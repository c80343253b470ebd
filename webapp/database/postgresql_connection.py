"""A PostgreSQL connection that knows whether its commits are durable, and waits for a standby for seconds only.

A COMMIT waits for a synchronous standby. Cancelling that wait does not undo the transaction: PostgreSQL sends a
warning, answers that the COMMIT succeeded, and shows the rows, though they would be lost with this server.
"""

from __future__ import annotations

import logging
import select
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Final

import psycopg
from psycopg.pq import TransactionStatus

from webapp.database.doubts import doubt

CONFIRM_SECONDS: Final = 5.0
"""How long a COMMIT may wait for a standby. A healthy one confirms within milliseconds."""

_NOTICE_SECONDS: Final = 0.5
"""How long before a wait is cancelled all servers hear of the doubt: a page that they began before is then ready."""

_POLL_SECONDS: Final = 0.25
_CANCEL_SECONDS, _CONNECT_SECONDS = 2.0, 2

_IN_DOUBT: Final = ("01000", "57P01")
"""SQLSTATEs of the warnings that a COMMIT may not have reached the standby: the wait was cancelled (a plain warning
without its own code), or the server is shutting down."""

_MARK: Final = "SELECT pg_logical_emit_message(true, 'packbench', '')"
"""Writes a few bytes into the log, and no row. Its COMMIT waits for them, and so for all that was written before."""

_TELL: Final = "SELECT nextval('doubts')"

log = logging.getLogger("packbench.database")


class _Columns(Sequence[psycopg.Column]):
    """The columns of a cursor's result, described when somebody looks at them."""

    def __init__(self, cursor: _FrugalCursor) -> None:
        self._cursor = cursor

    def __len__(self) -> int:
        return len(self._described)

    def __getitem__(self, place: Any) -> Any:
        return self._described[place]

    @cached_property
    def _described(self) -> list[psycopg.Column]:
        return self._cursor.described()


class _FrugalCursor(psycopg.Cursor[Any]):
    """Describes columns only to who looks: SQLAlchemy asks for them each time, and looks at those of new statements."""

    @property
    def description(self) -> Any:
        has_columns = self.pgresult is not None and self.pgresult.nfields
        return _Columns(self) if has_columns else super().description

    def described(self) -> list[psycopg.Column]:
        """Return what psycopg says of each column."""
        return super().description or []


class ConfirmedConnection(psycopg.Connection[Any]):
    """See the module. ``in_doubt`` tells whether the last commit was not confirmed."""

    in_doubt = False
    reached_by: tuple[Sequence[Any], Mapping[str, Any]] = ((), {})
    """The arguments with which it was opened."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.cursor_factory = _FrugalCursor
        self.add_notice_handler(self._note)

    def commit(self) -> None:
        self.in_doubt = False
        with _waits.limited(self):
            super().commit()

    def rollback(self) -> None:
        """Roll back, and keep the prepared statements, as PostgreSQL does.

        psycopg's own rollback forgets them, in case the transaction made a table that they use. Ours change rows; after
        each refusal the connection's next requests would have every statement parsed and planned again.
        """
        if self.pgconn.transaction_status in (TransactionStatus.INTRANS, TransactionStatus.INERROR):
            self.pgconn.exec_(b"ROLLBACK")
        super().rollback()  # Nothing is left to do, unless the connection was lost: then it says so.

    def is_closed_by_server(self) -> bool:
        """Return whether the server has closed the idle connection. Asks the kernel, not the server.

        What arrives while nobody asks is the server's farewell, or a rare notice; a new connection does for both.
        """
        if self.closed:
            return True
        poll = select.poll()
        poll.register(self.fileno(), select.POLLIN)
        return bool(poll.poll(0))

    def write_mark(self) -> None:
        """Let the transaction's COMMIT wait for all that was written before."""
        self.execute(_MARK)

    def confirm(self) -> bool:
        """Wait until all that was written before is durable; return whether it is. Commits."""
        self.in_doubt = False
        with _waits.limited(self):
            self.execute(_MARK)
        if not self.autocommit:
            self.commit()
        return not self.in_doubt

    def tell_others(self) -> None:
        """Let all servers of Packbench know that rows may be visible that are not durable.

        Over another connection, since this one may be lost or waiting; without a COMMIT, which would wait as well.
        """
        arguments, options = self.reached_by
        try:
            with closing(psycopg.connect(*arguments, **{**options, "connect_timeout": _CONNECT_SECONDS})) as other:
                other.execute(_TELL)
        except psycopg.Error as error:  # If nobody gets a connection, all have noticed.
            log.warning("Other servers were not told of the doubt: %s", error)

    def _note(self, diagnostic: psycopg.errors.Diagnostic) -> None:
        if diagnostic.sqlstate in _IN_DOUBT:
            self.in_doubt = True
            doubt()


@dataclass(eq=False)
class _Wait:
    """A connection that may be waiting for a standby; ``mutex`` guards ``over``."""

    connection: ConfirmedConnection
    until: float
    others_know: bool = False
    over: bool = False
    mutex: threading.Lock = field(default_factory=threading.Lock)

    def end(self) -> None:
        """Cancel the wait, unless it is over: a late cancel would hit the connection's next statement."""
        with self.mutex:
            if self.over:
                return
            log.warning("The standby did not confirm a commit in %g seconds", CONFIRM_SECONDS)
            try:
                self.connection.cancel_safe(timeout=_CANCEL_SECONDS)
            except psycopg.Error as error:
                log.warning("The wait for the standby could not be ended: %s", error)


class _Waits:
    """All waits of this process, and the thread that ends those that take too long."""

    def __init__(self) -> None:
        self._mutex = threading.Lock()
        self._open: set[_Wait] = set()
        self._some = threading.Event()
        self._thread: threading.Thread | None = None

    @contextmanager
    def limited(self, connection: ConfirmedConnection) -> Iterator[None]:
        """Let what runs inside wait for the standby for ``CONFIRM_SECONDS`` at most."""
        wait = _Wait(connection, time.monotonic() + CONFIRM_SECONDS)
        self._add(wait)
        try:
            yield
        finally:
            with wait.mutex:
                wait.over = True
            with self._mutex:
                self._open.discard(wait)

    def _add(self, wait: _Wait) -> None:
        with self._mutex:
            self._open.add(wait)
            self._some.set()
            if self._thread is None or not self._thread.is_alive():  # After a fork the child needs its own.
                self._thread = threading.Thread(target=self._end_long_ones, name="standby-waits", daemon=True)
                self._thread.start()

    def _end_long_ones(self) -> None:
        while True:
            self._some.wait()
            time.sleep(_POLL_SECONDS)  # Each wait has an end of its own, so nothing else wakes this thread in time.
            with self._mutex:
                if not self._open:
                    self._some.clear()
                now = time.monotonic()
                long = [wait for wait in self._open if wait.until <= now and wait.others_know]
                soon = [wait for wait in self._open if wait.until <= now + _NOTICE_SECONDS and not wait.others_know]
            if soon:
                doubt()
                soon[0].connection.tell_others()
                for wait in soon:
                    wait.others_know = True
            for wait in long:
                wait.end()


_waits = _Waits()
