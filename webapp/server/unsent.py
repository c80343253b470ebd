"""Responses that clients take slowly: the main loop sends their rest, so that no thread waits for a client."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial
from selectors import EVENT_WRITE, BaseSelector
from typing import Final

from webapp.server.left_to_send import MIB, LeftToSend
from webapp.server.visits import SEND_SECONDS, Visit

MOST_IN_MEMORY: Final = 64 * 1024 * 1024
MOST_ON_DISK: Final = 2 * 1024 * 1024 * 1024
"""Bytes of all responses together."""
MOST_SECONDS: Final = 60.0
"""For one response, however slowly and steadily its client takes it; half as many again for each MiB that is left."""


class Unsent:
    """Connections whose response is not sent completely, and what happens when it is.

    A client that takes nothing for ``SEND_SECONDS``, or is not finished in its time, is given up.
    """

    def __init__(self, poller: BaseSelector, give_up: Callable[[Visit], None]) -> None:
        self._poller, self._give_up = poller, give_up
        self._waiting: dict[Visit, Callable[[], None]] = {}

    def wait(self, conn: Visit, then: Callable[[], None]) -> None:
        """Send the rest of the response as the client takes it, then call ``then``."""
        conn.sock.setblocking(False)
        now = time.monotonic()
        conn.deadline = now + SEND_SECONDS
        conn.last_moment = now + MOST_SECONDS * (1 + len(conn.sock.unsent) // MIB / 2)
        self._waiting[conn] = then
        self._poller.register(conn.sock, EVENT_WRITE, partial(self._send, conn))
        while self._are_too_many():
            self.give_up_one()

    def _are_too_many(self) -> bool:
        responses: list[LeftToSend] = [one.sock.unsent for one in self._waiting]
        on_disk = sum(one.on_disk for one in responses)
        return on_disk > MOST_ON_DISK or sum(map(len, responses)) - on_disk > MOST_IN_MEMORY

    def give_up_one(self) -> bool:
        """Give up the connection that has waited longest; return whether there was one."""
        if not self._waiting:
            return False
        self._end(next(iter(self._waiting)))
        return True

    def give_up_late(self, now: float) -> None:
        """Give up the connections whose time is over."""
        for conn in [one for one in self._waiting if min(one.deadline, one.last_moment) <= now]:
            self._end(conn)

    def _send(self, conn: Visit, _socket: object) -> None:
        if conn not in self._waiting:  # Given up by an event of the same moment.
            return
        try:
            count = conn.sock.send_unsent()
        except OSError:
            self._end(conn)
            return
        if count:
            conn.deadline = time.monotonic() + SEND_SECONDS
        if not conn.sock.unsent:
            then = self._waiting.pop(conn)
            self._poller.unregister(conn.sock)
            then()

    def _end(self, conn: Visit) -> None:
        del self._waiting[conn]
        self._poller.unregister(conn.sock)
        self._give_up(conn)
