"""Whether rows may be visible that would not survive the loss of the server that shows them: ADR 0022.

A commit whose wait for a standby ended early shows its rows, though no standby may have them. A restarted server shows
what was still waiting. SQLite shows rows that are not on disk yet after a process died within its COMMIT. So a process
is in doubt when it starts, when a commit is not confirmed, when a connection is lost, and when another server is in
doubt. A newer commit that is confirmed ends the doubt, since a standby, like a disk, receives commits in order.
"""

from __future__ import annotations

import mmap
import time
from typing import Final

_SINCE, _CONFIRMED, _HEARD = range(3)
_moments: Final = memoryview(mmap.mmap(-1, 24)).cast("q")
"""Nanoseconds of the monotonic clock: the last doubt, and the last doubt that was confirmed; and how many doubts of all
servers this one has heard of. In memory that worker processes share if they are forked after this module was loaded, so
that all of them know of a doubt."""


def doubt() -> None:
    """Note that rows may be visible that are not durable."""
    _moments[_SINCE] = time.monotonic_ns()


def hear_of(doubts: int) -> None:
    """Doubt too if there were other doubts than this server has heard of; ``doubts`` is how many there were in all."""
    if doubts != _moments[_HEARD]:
        doubt()
        _moments[_HEARD] = doubts


def in_doubt() -> bool:
    """Return whether rows may be visible that are not durable."""
    return _moments[_SINCE] > _moments[_CONFIRMED]


def present_doubt() -> int:
    """Return the moment of the last doubt, for ``end_doubt``."""
    return _moments[_SINCE]


def end_doubt(moment: int) -> None:
    """End the doubt of that moment, after a commit that began later was confirmed. A newer doubt stays."""
    _moments[_CONFIRMED] = moment


doubt()  # A process that ran before may have died with a commit that nobody confirmed.
