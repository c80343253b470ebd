"""A fair queue in front of SQLite's single writer.

SQLite lets one connection write at a time; the others retry at random times, so one can be unlucky for seconds.
Versions 3.7.0 to 3.51.2 also have a race that can corrupt a WAL database, when a checkpoint meets a commit that resets
the log. A writer that holds the gate from BEGIN until after COMMIT (SQLite checkpoints inside COMMIT) avoids both: ADR
0002.

Threads queue in the order they come. Processes take turns through two byte locks of one file: the process that holds
byte 1 writes, and the one that holds byte 0 is next, so a process that has just written cannot overtake a waiting one.
The kernel drops the locks of a killed process.
"""

from __future__ import annotations

import fcntl
import os
import sqlite3
import threading
import time
from collections import deque
from pathlib import Path

_NEXT, _WRITER = 0, 1
_POLL_SECONDS = 0.0005


class GateTimeout(sqlite3.OperationalError):
    """The gate stayed shut for the whole timeout."""


class GateUnusable(sqlite3.OperationalError):
    """The gate's file cannot be opened, because the disk is full or read-only, or for want of rights."""


class WriteGate:
    """One process's gate to one database file."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._mutex = threading.Lock()
        self._waiting: deque[threading.Lock] = deque()
        self._busy = False
        self._file: int | None = None
        self._pid = 0

    def enter(self, timeout: float) -> None:
        """Wait for this thread's turn, then for this process's; raise GateTimeout after ``timeout`` seconds."""
        deadline = time.monotonic() + timeout
        self._enter_thread(deadline)
        try:
            self._enter_process(deadline)
        except BaseException:
            self._leave_thread()
            raise

    def leave(self) -> None:
        """Let the next one in."""
        fcntl.lockf(self._descriptor(), fcntl.LOCK_UN, 1, _WRITER)
        self._leave_thread()

    @property
    def waiting(self) -> int:
        """Threads of this process that wait behind the one inside."""
        return len(self._waiting)

    def close(self) -> None:
        """Close the lock file; no thread may be inside or waiting."""
        if self._file is not None and self._pid == os.getpid():
            os.close(self._file)
        self._file = None

    def _enter_thread(self, deadline: float) -> None:
        with self._mutex:
            if not self._busy:
                self._busy = True
                return
            turn = threading.Lock()
            turn.acquire()
            self._waiting.append(turn)
        if turn.acquire(timeout=max(0.0, deadline - time.monotonic())):
            return
        with self._mutex:
            if turn in self._waiting:
                self._waiting.remove(turn)
                raise GateTimeout("database is locked: no turn at the write gate in time")
        # The turn came between the timeout and the mutex, so take it.

    def _leave_thread(self) -> None:
        with self._mutex:
            if self._waiting:
                self._waiting.popleft().release()
            else:
                self._busy = False

    def _enter_process(self, deadline: float) -> None:
        descriptor = self._descriptor()
        self._lock(descriptor, _NEXT, deadline)
        try:
            self._lock(descriptor, _WRITER, deadline)
        finally:
            fcntl.lockf(descriptor, fcntl.LOCK_UN, 1, _NEXT)

    def _lock(self, descriptor: int, byte: int, deadline: float) -> None:
        while True:
            try:
                fcntl.lockf(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB, 1, byte)
            except (BlockingIOError, PermissionError):
                if time.monotonic() >= deadline:
                    raise GateTimeout("database is locked: another process holds the write gate") from None
                time.sleep(_POLL_SECONDS)
            else:
                return

    def _descriptor(self) -> int:
        # A process loses all its byte locks when it closes any descriptor of the file, so each process opens the file
        # once and keeps it open; a forked child opens its own.
        if self._file is None or self._pid != os.getpid():
            try:
                self._file = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
            except OSError as error:
                raise GateUnusable(f"attempt to write a readonly database: {error}") from error
            self._pid = os.getpid()
        return self._file


_gates: dict[str, WriteGate] = {}
_gates_mutex = threading.Lock()


def gate_for(database: str | Path) -> WriteGate:
    """Return this process's gate for the database file, made at first use; its lock file is ``<database>-gate``."""
    path = str(Path(database).resolve())
    with _gates_mutex:
        if path not in _gates:
            _gates[path] = WriteGate(Path(path + "-gate"))
        return _gates[path]


def close_gate_of(database: str | Path) -> None:
    """Forget this process's gate for a database file that it no longer uses."""
    with _gates_mutex:
        gate = _gates.pop(str(Path(database).resolve()), None)
    if gate is not None:
        gate.close()
