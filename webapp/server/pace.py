"""How many requests a process works on at once.

Threads of one Python process take turns. Sixteen that calculate at once need two thirds more CPU for the same pages
than two at a time, and all of them finish later. So a request starts when few others have just started: ADR 0032.
"""

from __future__ import annotations

from collections import deque
from typing import Final, Generic, TypeVar

T = TypeVar("T")

MOST_YOUNG: Final = 2
YOUNG_SECONDS: Final = 0.05
"""A page takes a tenth of it. A request that takes longer waits for a lock or a client, and keeps nobody from starting.
"""


class Pace(Generic[T]):
    """Starts requests in the order in which they come, at most ``MOST_YOUNG`` within ``YOUNG_SECONDS``.

    Those that are finished do not count.
    """

    def __init__(self) -> None:
        self._waiting: deque[T] = deque()
        self._young: dict[T, float] = {}

    def arrive(self, request: T) -> None:
        """Put a request in line."""
        self._waiting.append(request)

    def next(self, now: float) -> T | None:
        """Return the next request if it may start; it counts as young from ``now``."""
        self._grow_up(now)
        if not self._waiting or len(self._young) >= MOST_YOUNG:
            return None
        request = self._waiting.popleft()
        self._young[request] = now
        return request

    def leave(self, request: T) -> None:
        """Note that a request is finished."""
        self._young.pop(request, None)

    def seconds_to_next(self, now: float) -> float:
        """Return how long the first in line waits at most, in seconds; infinity without a line."""
        if not self._waiting:
            return float("inf")
        oldest = next(iter(self._young.values()), now - YOUNG_SECONDS)
        return max(0.0, oldest + YOUNG_SECONDS - now)

    def _grow_up(self, now: float) -> None:
        while self._young and next(iter(self._young.values())) + YOUNG_SECONDS <= now:
            del self._young[next(iter(self._young))]
