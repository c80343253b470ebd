"""A request goes to the worker process that has least in hand.

A browser keeps its connection, and gunicorn leaves a connection with the worker that accepted it: one of two workers
can stand idle while requests wait for the other. So a worker that has more in hand than another gives away the
connection on which a request has just arrived, before it reads a byte of it. The kernel moves the connection between
the processes, and the client notices nothing: ADR 0014.
"""

from __future__ import annotations

import fcntl
import mmap
import socket
import struct
import termios
from collections.abc import Collection
from contextlib import suppress
from selectors import EVENT_READ
from typing import Any

from gunicorn.workers.gthread import TConn, ThreadWorker

_NEW, _READY = b"n", b"r"
_CLOSE_ON_EXEC = getattr(socket, "MSG_CMSG_CLOEXEC", 0)


class Exchange:
    """How much each worker has in hand, and how a connection gets from one to another.

    Made before the workers are forked, so that all share it. Each worker has a place here, and alone writes down what
    it has in hand. A worker that takes over the place of a dead one finds what was given to that one.
    """

    def __init__(self, places: int) -> None:
        self._open, self._in_hand = (memoryview(mmap.mmap(-1, 8 * places)).cast("q") for _ in range(2))
        self._pairs = [socket.socketpair() for _ in range(places)]
        for end in (end for pair in self._pairs for end in pair):
            end.setblocking(False)

    def free_place(self, occupied: Collection[int]) -> int | None:
        """Return the first place that nobody has; None when all are taken."""
        return next((place for place in range(len(self._pairs)) if place not in occupied), None)

    def inbox(self, place: int) -> socket.socket:
        """The socket on which connections arrive at a place."""
        return self._pairs[place][0]

    def set_open(self, place: int, value: bool) -> None:
        """Say whether others may give anything to this place."""
        self._open[place] = value

    def count(self, place: int, requests: int) -> None:
        """Say how many requests this place has in hand."""
        self._in_hand[place] = requests

    def least_busy(self) -> tuple[int, int]:
        """Return how much the open place with least in hand has, and which that is; (0, -1) when none is open."""
        return min(((self._load(place), place) for place, is_open in enumerate(self._open) if is_open), default=(0, -1))

    def _load(self, place: int) -> int:
        waiting = fcntl.ioctl(self.inbox(place), termios.FIONREAD, bytes(4))  # A byte for each connection given.
        return self._in_hand[place] + int(struct.unpack("i", waiting)[0])

    def give(self, place: int, connection: socket.socket, kind: bytes) -> None:
        """Give a connection to a place. Raises OSError where it cannot take any more."""
        socket.send_fds(self._pairs[place][1], [kind], [connection.fileno()])

    def take(self, place: int) -> tuple[socket.socket, bytes] | None:
        """Return the next connection given to a place, and its kind; None when there is none."""
        with suppress(BlockingIOError):
            kind, numbers, _, _ = socket.recv_fds(self.inbox(place), 1, 1, _CLOSE_ON_EXEC)
            if numbers:
                return socket.socket(fileno=numbers[0]), kind
        return None


class SharingWorker(ThreadWorker):  # type: ignore[misc]
    """gunicorn's worker with threads, which shares its work with the others."""

    exchange: Exchange
    place: int
    _in_hand = 0

    def sit_down(self, exchange: Exchange, occupied: Collection[int]) -> None:
        """Take a place; the process that forks the workers calls this before each fork."""
        place = exchange.free_place(occupied)
        self.exchange, self.place = (Exchange(1), 0) if place is None else (exchange, place)  # Alone rather than not.
        self.exchange.count(self.place, 0)

    def leave(self) -> None:
        """Take nothing any more."""
        self.exchange.set_open(self.place, False)

    def run(self) -> None:
        """Serve until told to stop."""
        self.poller.register(self.exchange.inbox(self.place), EVENT_READ, self.take)
        super().run()

    def set_accept_enabled(self, enabled: bool) -> None:
        """Accept from clients and from the other workers, or from nobody."""
        super().set_accept_enabled(enabled)
        self.exchange.set_open(self.place, enabled)

    def take(self, _inbox: socket.socket) -> None:
        """Serve a connection that another worker gave."""
        if (handover := self.exchange.take(self.place)) is None:
            return
        connection, kind = handover
        try:
            conn = TConn(self.cfg, connection, connection.getpeername(), connection.getsockname())
        except OSError:  # The client has gone.
            connection.close()
            return
        conn.data_ready = kind == _READY
        self.nr_conns += 1
        self._keep(conn)

    def enqueue_req(self, conn: TConn) -> None:
        """Give the request away, or let a thread answer it."""
        if not self._in_hand or _begun(conn) or self.cfg.is_ssl or not self._give(conn):
            self._keep(conn)

    def _give(self, conn: TConn) -> bool:
        """Give the connection to a worker that has less in hand; return whether there is one."""
        load, place = self.exchange.least_busy()
        if place < 0 or load >= self._in_hand:
            return False
        try:
            self.exchange.give(place, conn.sock, _READY if conn.initialized or conn.data_ready else _NEW)
        except OSError:
            return False
        self.nr_conns -= 1
        conn.close()  # Our copy of it.
        return True

    def _keep(self, conn: TConn) -> None:
        self._count(1)
        super().enqueue_req(conn)

    def finish_request(self, conn: TConn, result: Any) -> None:
        """Count one request less, and go on as gunicorn does."""
        self._count(-1)
        super().finish_request(conn, result)

    def _count(self, more: int) -> None:
        self._in_hand += more
        self.exchange.count(self.place, self._in_hand)


def _begun(conn: TConn) -> bool:
    """Return whether bytes of the next request were read already, which only this process has."""
    return conn.parser is not None and bool(conn.parser.unreader.buf.getvalue())
