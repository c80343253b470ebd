"""Two servers asked in short turns for the same, and the CPU time that each took for it."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from statistics import median

from bench.rig.cpu import Clock
from bench.rig.person import Person
from bench.rig.servers import Server

WARM = 25
"""Operations before the first turn: connections, prepared statements and all that a process keeps are there then."""


@dataclass
class Side:
    """One of the two: its server, and the one who uses it."""

    name: str
    server: Server
    person: Person
    own: list[float] = field(default_factory=list)
    """CPU ms an operation of the server's processes, each turn."""
    database: list[float] = field(default_factory=list)
    """The same of PostgreSQL's."""
    clocks: tuple[Clock, Clock] = (Clock(()), Clock(()))

    def warm_up(self, operation: str) -> None:
        """Begin an operation."""
        self.own, self.database = [], []
        self.person.begin()
        for _ in range(WARM):
            self.person.carry_out(operation)
        self.clocks = (self.server.clock(), self.server.database_clock())
        for clock in self.clocks:
            clock.stay_on(max(os.sched_getaffinity(0)))

    def measure(self, operation: str, requests: int) -> None:
        """Note the CPU time of a turn."""
        before = [clock.seconds() for clock in self.clocks]
        for _ in range(requests):
            self.person.carry_out(operation)
        own, database = (clock.seconds() - start for clock, start in zip(self.clocks, before, strict=True))
        self.own.append(1000 * own / requests)
        self.database.append(1000 * database / requests)

    @property
    def both(self) -> list[float]:
        """CPU ms of server and PostgreSQL together, each turn."""
        return [own + database for own, database in zip(self.own, self.database, strict=True)]


def print_heads(first: str, second: str) -> None:
    """Print the head of the table."""
    heads = [f"{name}: {column}" for name in (first, second) for column in ("server", "PostgreSQL", "both")]
    print(f"CPU ms an operation\n\n| engine | operation | {' | '.join(heads)} | times |")
    print("| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |", flush=True)


def compare(engine: str, operation: str, words: str, sides: Sequence[Side], turns: int, requests: int) -> None:
    """Let both do the same in short turns, so that the machine treats both alike, and print a row.

    Its figures are medians of the turns; ``times`` is the median of what each pair of neighbouring turns says.
    """
    for side in sides:
        side.warm_up(operation)
    for turn in range(turns):
        for side in sides if turn % 2 else reversed(sides):
            side.measure(operation, requests)
    figures = [median(figures) for side in sides for figures in (side.own, side.database, side.both)]
    times = median(after / before for before, after in zip(sides[0].both, sides[1].both, strict=True))
    cells = " | ".join(f"{figure:.2f}" for figure in figures)
    print(f"| {engine} | {words} | {cells} | {times:.2f} |", flush=True)
