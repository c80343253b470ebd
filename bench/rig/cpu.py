"""CPU time (user and system) of other processes, in nanoseconds; psutil has hundredths of a second."""

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
    """The CPU clocks of several processes, read together."""

    processes: tuple[int, ...]

    def stay_on(self, core: int) -> None:
        """Pin these processes to one core: a machine's cores differ, and more so under other load."""
        for process in self.processes:
            for thread in Path(f"/proc/{process}/task").glob("*"):
                with suppress(OSError):
                    os.sched_setaffinity(int(thread.name), {core})

    def seconds(self) -> float:
        """Seconds used so far; processes that have ended are left out."""
        return sum(map(_seconds, self.processes))


def family(parents: Iterable[psutil.Process]) -> Clock:
    """Return the clock of these processes and their present children."""
    return Clock(tuple(each.pid for parent in parents for each in (parent, *parent.children(recursive=True))))


def _seconds(process: int) -> float:
    with suppress(OSError):
        return time.clock_gettime(~process << 3 | 2)  # Linux: CPUCLOCK_SCHED of a process, all its threads together.
    return 0.0
