"""Moves each request to the least busy worker process.

A browser keeps its connection, and gunicorn leaves a connection with the worker that accepted it, so one worker can
stand idle while requests queue at another. A busier worker therefore hands the connection to a less busy one when a
request arrives, before it reads a byte. The kernel moves the connection between processes; the client notices nothing:
ADR 0014.
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

from webapp.server.receiving import ReceivingWorker
from webapp.server.visits import Visit

_ONE = b"1"
_CLOSE_ON_EXEC = getattr(socket, "MSG_CMSG_CLOEXEC", 0)


class Exchange:
    """Counts each worker's requests, and passes connections between workers.

    Made before the workers are forked, so that all share it. Each worker has a place and writes only its own count. A
    worker that takes a dead one's place finds the connections that were sent there.
    """

    def __init__(self, places: int) -> None:
        self._open, self._requests = (memoryview(mmap.mmap(-1, 8 * places)).cast("q") for _ in range(2))
        self._pairs = [socket.socketpair() for _ in range(places)]
        for end in (end for pair in self._pairs for end in pair):
            end.setblocking(False)

    def free_place(self, occupied: Collection[int]) -> int | None:
        """Return the first free place; None when all are taken."""
        return next((place for place in range(len(self._pairs)) if place not in occupied), None)

    def inbox(self, place: int) -> socket.socket:
        """Return the socket on which a place receives connections."""
        return self._pairs[place][0]

    def set_open(self, place: int, value: bool) -> None:
        """Set whether others may send connections to this place."""
        self._open[place] = value

    def count(self, place: int, requests: int) -> None:
        """Set how many requests this place is working on."""
        self._requests[place] = requests

    def least_busy(self) -> tuple[int, int]:
        """Return the lowest load of an open place, and the place; (0, -1) when none is open."""
        return min(((self._load(place), place) for place, is_open in enumerate(self._open) if is_open), default=(0, -1))

    def _load(self, place: int) -> int:
        waiting = fcntl.ioctl(self.inbox(place), termios.FIONREAD, bytes(4))  # One byte per connection sent.
        return self._requests[place] + int(struct.unpack("i", waiting)[0])

    def give(self, place: int, connection: socket.socket) -> None:
        """Send a connection to a place. Raises OSError when its inbox is full."""
        socket.send_fds(self._pairs[place][1], [_ONE], [connection.fileno()])

    def take(self, place: int) -> socket.socket | None:
        """Return the next connection sent to a place; None when there is none."""
        with suppress(BlockingIOError):
            _, numbers, _, _ = socket.recv_fds(self.inbox(place), 1, 1, _CLOSE_ON_EXEC)
            if numbers:
                return socket.socket(fileno=numbers[0])
        return None


class SharingWorker(ReceivingWorker):
    """A worker that shares requests with the other workers."""

    exchange: Exchange
    place: int
    _requests = 0

    def sit_down(self, exchange: Exchange, occupied: Collection[int]) -> None:
        """Take a place. The parent process calls this before each fork."""
        place = exchange.free_place(occupied)
        self.exchange, self.place = (Exchange(1), 0) if place is None else (exchange, place)  # Alone if none is free.
        self.exchange.count(self.place, 0)

    def leave(self) -> None:
        """Stop receiving connections."""
        self.exchange.set_open(self.place, False)

    def run(self) -> None:
        """Serve until stopped."""
        self.poller.register(self.exchange.inbox(self.place), EVENT_READ, self.take)
        super().run()

    def set_accept_enabled(self, enabled: bool) -> None:
        """Accept connections from clients and from other workers, or from neither."""
        super().set_accept_enabled(enabled)
        self.exchange.set_open(self.place, enabled)

    def take(self, _inbox: socket.socket) -> None:
        """Serve a connection that another worker sent."""
        if (connection := self.exchange.take(self.place)) is None:
            return
        try:
            conn = Visit(self.cfg, connection, connection.getpeername(), connection.getsockname())
        except OSError:  # The client has disconnected.
            connection.close()
            return
        self.nr_conns += 1
        super().enqueue_req(conn)

    def enqueue_req(self, conn: Visit) -> None:
        """Hand the request that begins to arrive to a less busy worker, or collect it here."""
        if not self._requests or conn.left_over or self.cfg.is_ssl or not self._give(conn):
            super().enqueue_req(conn)

    def _give(self, conn: Visit) -> bool:
        """Hand the connection to a less busy worker; return whether there was one."""
        load, place = self.exchange.least_busy()
        if place < 0 or load >= self._requests:
            return False
        try:
            self.exchange.give(place, conn.sock)
        except OSError:
            return False
        self.nr_conns -= 1
        conn.close()  # The other worker has its own copy.
        return True

    def request_is_here(self) -> None:
        """Count one request more."""
        self._count(1)

    def finish_request(self, conn: Visit, fs: Any) -> None:
        """Count one request less, then wait for the next."""
        self._count(-1)
        super().finish_request(conn, fs)

    def _count(self, more: int) -> None:
        self._requests += more
        self.exchange.count(self.place, self._requests)
