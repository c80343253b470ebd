"""Asks two servers for the same in short turns, and measures the CPU time of each."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from statistics import median

from bench.rig.cpu import Clock
from bench.rig.person import Person
from bench.rig.servers import Server

WARM = 25
"""Operations before the first turn, to fill connections, prepared statements and caches."""


@dataclass
class Side:
    """One of the two: a server and its user."""

    name: str
    server: Server
    person: Person
    own: list[float] = field(default_factory=list)
    """CPU ms per operation of the server's processes, one value per turn."""
    database: list[float] = field(default_factory=list)
    """The same for PostgreSQL."""
    clocks: tuple[Clock, Clock] = (Clock(()), Clock(()))

    def warm_up(self, operation: str) -> None:
        """Start an operation and warm it up."""
        self.own, self.database = [], []
        self.person.begin()
        for _ in range(WARM):
            self.person.carry_out(operation)
        self.clocks = (self.server.clock(), self.server.database_clock())
        for clock in self.clocks:
            clock.stay_on(max(os.sched_getaffinity(0)))

    def measure(self, operation: str, requests: int) -> None:
        """Record a turn's CPU time."""
        before = [clock.seconds() for clock in self.clocks]
        for _ in range(requests):
            self.person.carry_out(operation)
        own, database = (clock.seconds() - start for clock, start in zip(self.clocks, before, strict=True))
        self.own.append(1000 * own / requests)
        self.database.append(1000 * database / requests)

    @property
    def both(self) -> list[float]:
        """CPU ms of server and PostgreSQL together, one value per turn."""
        return [own + database for own, database in zip(self.own, self.database, strict=True)]


def print_heads(first: str, second: str) -> None:
    """Print the table's head."""
    heads = [f"{name}: {column}" for name in (first, second) for column in ("server", "PostgreSQL", "both")]
    print(f"CPU ms an operation\n\n| engine | operation | {' | '.join(heads)} | times |")
    print("| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |", flush=True)


def compare(engine: str, operation: str, words: str, sides: Sequence[Side], turns: int, requests: int) -> None:
    """Let both do the same in short turns, so that the machine treats them alike, and print a row.

    Figures are medians over turns; ``times`` is the median over pairs of neighbouring turns.
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
