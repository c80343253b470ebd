"""Which requests may occupy a thread: those that wait for each other never take all of them.

Requests that change one order wait for each other in the database anyway. Most of them wait here instead, in line and
without a thread, so that a row that somebody holds for long stops neither reading nor the other orders.
"""

from __future__ import annotations

import re
from collections import Counter, deque
from typing import Final, Generic, TypeVar
from urllib.parse import unquote_to_bytes

T = TypeVar("T")

LATE: Final = "packbench.late"
"""WSGI environment key: the request waited in line behind one that got no lock, so it is not to wait itself."""

_READING: Final = (b"GET", b"HEAD", b"OPTIONS")
_ORDER: Final = re.compile(rb"/(?:api/v1/store/)?orders/([0-9]+)(?=[/?]|$)")


def lane_of(method: bytes, target: bytes) -> bytes | None:
    """Return the order that a request may change, ``b""`` for another change, and None for reading."""
    if method in _READING:
        return None
    order = _ORDER.match(_path_of(target))
    return order[1] if order else b""


def _path_of(target: bytes) -> bytes:
    """Return the path as the application will read it: without scheme and host, and with nothing escaped."""
    if not target.startswith(b"/"):
        target = b"/" + target.partition(b"://")[2].partition(b"/")[2]
    return unquote_to_bytes(target.partition(b"?")[0])


class Lanes(Generic[T]):
    """Counts the changes under way, in all and by order, and keeps the others in line.

    With ``one_writer``, as on SQLite, all changes wait for one lock, so they are in one lane.
    """

    def __init__(self, threads: int, *, one_writer: bool) -> None:
        self._most = max(1, threads * 3 // 4)
        self._most_of_one = max(1, threads // 4)
        self._one_writer = one_writer
        self._running = Counter[bytes]()
        self._waiting: deque[tuple[bytes, T]] = deque()

    def arrive(self, lane: bytes, request: T) -> None:
        """Put a change in line."""
        self._waiting.append((b"" if self._one_writer else lane, request))

    def next(self) -> T | None:
        """Return the next change that may start, which now counts as running; None if none may."""
        for place, (lane, request) in enumerate(self._waiting):
            if self._running.total() >= self._most:
                return None
            if not lane or self._running[lane] < self._most_of_one:
                del self._waiting[place]
                self._running[lane] += 1
                return request
        return None

    def leave(self, lane: bytes, *, without_lock: bool) -> list[T]:
        """Note that a change is over.

        If it got no lock, return those behind it, which waited as long: they start now, to be refused.
        """
        lane = b"" if self._one_writer else lane
        self._running[lane] -= 1
        if not self._running[lane]:
            del self._running[lane]  # Else one number would stay for each order that was ever changed.
        if not without_lock or not (lane or self._one_writer):
            return []
        behind = [request for other, request in self._waiting if other == lane]
        self._waiting = deque(one for one in self._waiting if one[0] != lane)
        return behind
