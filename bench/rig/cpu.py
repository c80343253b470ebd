"""CPU time (user and system) of other processes, to the nanosecond: psutil counts in hundredths of a second."""

from __future__ import annotations

import os
import time
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import psutil


@dataclass(frozen=True)
class Clock:
    """The CPU clocks of some processes, read together."""

    processes: tuple[int, ...]

    def stay_on(self, core: int) -> None:
        """Let these processes run on one core alone: cores of one machine differ, the more so under others' load."""
        for process in self.processes:
            for thread in Path(f"/proc/{process}/task").glob("*"):
                with suppress(OSError):
                    os.sched_setaffinity(int(thread.name), {core})

    def seconds(self) -> float:
        """Seconds used so far; a process that ended meanwhile is left out."""
        return sum(map(_seconds, self.processes))


def family(parents: Iterable[psutil.Process]) -> Clock:
    """Return the clock of these processes and all their children, as they are now."""
    return Clock(tuple(each.pid for parent in parents for each in (parent, *parent.children(recursive=True))))


def _seconds(process: int) -> float:
    with suppress(OSError):
        return time.clock_gettime(~process << 3 | 2)  # Linux: CPUCLOCK_SCHED of a process, all its threads together.
    return 0.0
