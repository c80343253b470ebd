"""A SQLite connection that enters the write gate before it writes and leaves it after its transaction."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from typing import Any

from webapp.database.write_gate import WriteGate

GATE_SECONDS = 30.0
_READING = frozenset({"select", "pragma", "begin", "commit", "rollback", "savepoint", "release", "explain", "with"})


class GatedCursor(sqlite3.Cursor):
    """Enters the gate before the first statement of a transaction that may write."""

    connection: GatedConnection

    def execute(self, statement: str, parameters: Any = (), /) -> GatedCursor:
        self.connection.pass_gate_for(statement)
        super().execute(statement, parameters)
        self.connection.settle_gate()
        return self

    def executemany(self, statement: str, parameters: Any, /) -> GatedCursor:
        self.connection.pass_gate_for(statement)
        super().executemany(statement, parameters)
        self.connection.settle_gate()
        return self


class GatedConnection(sqlite3.Connection):
    """See the module. ``begin`` or an explicit BEGIN statement begins transactions; the driver never does."""

    gate: WriteGate | None = None
    _inside = False

    def cursor(self, factory: Callable[..., Any] | None = None, /) -> Any:
        return super().cursor(factory or GatedCursor)

    def begin(self, mode: str, patience: float | None = None) -> None:
        """Open a transaction: DEFERRED to read; IMMEDIATE to write, after waiting ``patience`` seconds at the gate."""
        if mode == "IMMEDIATE":
            self._enter(GATE_SECONDS if patience is None else patience)
        try:
            super().execute(f"BEGIN {mode}")
        except BaseException:
            self._leave()
            raise

    def commit(self) -> None:
        # After a failed commit the transaction is still open: keep the gate until the rollback.
        super().commit()
        self._leave()

    def rollback(self) -> None:
        try:
            super().rollback()
        finally:
            self._leave()

    def close(self) -> None:
        try:
            super().close()
        finally:
            self._leave()

    def pass_gate_for(self, statement: str) -> None:
        """Wait at the gate if ``statement`` may write and this connection does not hold the gate."""
        if not self._inside and statement.split(None, 1)[0].lower() not in _READING:
            self._enter(GATE_SECONDS)

    def settle_gate(self) -> None:
        """Leave the gate when no transaction is open (after COMMIT, or a statement outside of a transaction)."""
        if self._inside and not self.in_transaction:
            self._leave()

    def _enter(self, patience: float) -> None:
        if self.gate is not None and not self._inside:
            self.gate.enter(patience)
            self._inside = True

    def _leave(self) -> None:
        if self.gate is not None and self._inside:
            self._inside = False
            self.gate.leave()
