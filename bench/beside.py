"""Today's tree beside another commit: CPU ms for each operation, with one client, on the same machine in one run.

    python -m bench.beside REV [--quick] [--engine postgresql] [--operation list trail] [--turns 50]

Both have a database of their own with the same orders, and a server as each starts it. They are asked in turns, over
HTTP alone, for the same number of requests, so that both histories grow alike. A change that is not committed counts
as today's. ``--quick``: one engine (PostgreSQL unless another is asked for), fewer orders and requests; two minutes.
"""

from __future__ import annotations

import argparse
import os
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import partial
from statistics import median

from bench.rig.cpu import Clock
from bench.rig.databases import ENGINES, fresh_database
from bench.rig.person import OPERATIONS, Person
from bench.rig.programs import THIS, Program, commit
from bench.rig.servers import Server, serve
from bench.rig.shop import bring_in, process_all, settle

WARM = 25


@dataclass
class Side:
    """One of the two programs at work: its server, and the one who uses it."""

    program: Program
    server: Server
    person: Person
    own: list[float] = field(default_factory=list)
    """CPU ms an operation of the server's processes, each turn."""
    database: list[float] = field(default_factory=list)
    """The same of PostgreSQL's."""
    clocks: tuple[Clock, Clock] = (Clock(()), Clock(()))

    def warm_up(self, operation: str) -> None:
        """Do an operation until connections, prepared statements and all that a process keeps are there."""
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


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("revision", help="the other commit")
    options.add_argument("--quick", action="store_true")
    options.add_argument("--engine", choices=ENGINES, nargs="*")
    options.add_argument("--operation", choices=OPERATIONS, nargs="*", default=list(OPERATIONS))
    options.add_argument("--turns", type=int)
    options.add_argument("--requests", type=int, default=4, help="of each turn")
    chosen = options.parse_args()
    turns = chosen.turns or (20 if chosen.quick else 50)
    engines = chosen.engine or (["postgresql"] if chosen.quick else list(ENGINES))
    other = commit(chosen.revision)
    print_heads(other)
    for engine in engines:
        with ExitStack() as stack:
            orders = turns * chosen.requests + WARM + 50
            stand_up = partial(start, stack, engine, orders)
            with ThreadPoolExecutor() as both:
                sides = list(both.map(stand_up, (other, THIS)))
            for operation in chosen.operation:
                compare(engine, operation, sides, turns, chosen.requests)


def start(stack: ExitStack, engine: str, orders: int, program: Program) -> Side:
    """Start a program on a shop of its own, as it serves that engine."""
    url = stack.enter_context(fresh_database(engine, program))
    token = bring_in(url, program, orders)
    server = stack.enter_context(serve("wsgi:app", url, program=program))
    open_orders = process_all(server.port, token)
    settle(url)
    return Side(program, server, Person(server.port, token, open_orders))


def compare(engine: str, operation: str, sides: list[Side], turns: int, requests: int) -> None:
    """Let both do the same in short turns, so that the machine treats both alike, and print a row."""
    for side in sides:
        side.warm_up(operation)
    for turn in range(turns):
        for side in sides if turn % 2 else reversed(sides):
            side.measure(operation, requests)
    print_row(engine, operation, *sides)


def print_heads(other: Program) -> None:
    columns = ("server", "PostgreSQL", "both")
    heads = [f"{program}: {column}" for program in (other.name, THIS.name) for column in columns]
    print(f"CPU ms an operation\n\n| engine | operation | {' | '.join(heads)} | times |")
    print("| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |")


def print_row(engine: str, operation: str, other: Side, today: Side) -> None:
    """Print medians of the turns; ``times`` is the median of what each pair of neighbouring turns says."""
    figures = [median(figures) for side in (other, today) for figures in (side.own, side.database, side.both)]
    times = median(now / then for then, now in zip(other.both, today.both, strict=True))
    cells = " | ".join(f"{figure:.2f}" for figure in figures)
    print(f"| {engine} | {OPERATIONS[operation]} | {cells} | {times:.2f} |", flush=True)


if __name__ == "__main__":
    main()
