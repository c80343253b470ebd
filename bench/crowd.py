"""Measures whether the server keeps its rate when many ask at once: the same operations by 4 and by 16 clients, in
turns.

    python -m bench.crowd [--engine postgresql] [--operation trail] [--clients 4 16] [--rounds 12] [--seconds 0.6]

Each client keeps its connections, as tablets do, and opens new ones for each turn. ``rate`` is the median over pairs of
neighbouring turns. ``least`` is the least busy worker's share of the workers' CPU time, with the most clients: its
median and its lowest turn.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from statistics import median

from bench.rig.clients import Request, run_clients
from bench.rig.cpu import Clock
from bench.rig.databases import ENGINES
from bench.rig.open_shop import open_shop
from bench.rig.person import OPERATIONS, Person
from bench.rig.servers import Server

ORDERS, WARM = 12_000, 3


@dataclass
class Crowd:
    """A number of simultaneous clients, and the results of their turns."""

    people: list[Person]
    done: int = 0
    cpu: float = 0.0
    rates: list[float] = field(default_factory=list)
    slowest: list[float] = field(default_factory=list)
    least: list[float] = field(default_factory=list)

    def turn(self, server: Server, operation: str, seconds: float) -> None:
        """Let all clients repeat the operation for a while."""
        workers = [Clock((child.pid,)) for child in server.process.children()]
        began, before = server.cpu_seconds(), [worker.seconds() for worker in workers]
        timings = run_clients([requests(person, operation) for person in self.people], seconds)
        self.cpu += server.cpu_seconds() - began
        used = [worker.seconds() - start for worker, start in zip(workers, before, strict=True)]
        self.least.append(min(used) / sum(used))
        self.done += len(timings.seconds)
        self.rates.append(timings.rate)
        self.slowest.append(timings.percentile(0.99))


def requests(person: Person, operation: str) -> Iterator[Request]:
    """Yield the operation endlessly, on fresh connections."""
    person.begin()

    def once() -> bool:
        person.carry_out(operation)
        return True

    while True:
        yield once


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--engine", choices=ENGINES, nargs="*", default=list(ENGINES))
    options.add_argument("--operation", choices=OPERATIONS, nargs="*", default=list(OPERATIONS))
    options.add_argument("--clients", type=int, nargs=2, default=[4, 16])
    options.add_argument("--rounds", type=int, default=12)
    options.add_argument("--seconds", type=float, default=0.6)
    chosen = options.parse_args()
    few, many = chosen.clients
    print(f"| engine | operation | {few} clients: rate/s, CPU ms, p99 ms | {many} clients | rate | least |")
    print("| --- | --- | ---: | ---: | ---: | ---: |")
    for engine in chosen.engine:
        with ExitStack() as stack:
            server, people = start(stack, engine, many)
            for operation in chosen.operation:
                for rounds in (WARM, chosen.rounds):
                    crowds = [Crowd(people[:number]) for number in (few, many)]
                    for turn in range(rounds):
                        for crowd in crowds if turn % 2 else reversed(crowds):
                            crowd.turn(server, operation, chosen.seconds)
                print_row(engine, operation, *crowds)


def start(stack: ExitStack, engine: str, people: int) -> tuple[Server, list[Person]]:
    """Serve a shop with many open orders; return the people, each with their own orders."""
    server, token, orders = open_shop(stack, engine, ORDERS)
    return server, [Person(server.port, token, orders[n::people]) for n in range(people)]


def print_row(engine: str, operation: str, few: Crowd, many: Crowd) -> None:
    cells = " | ".join(
        f"{median(crowd.rates):.0f}, {1000 * crowd.cpu / crowd.done:.1f}, {median(crowd.slowest):.0f}"
        for crowd in (few, many)
    )
    rate = median(after / before for before, after in zip(few.rates, many.rates, strict=True))
    least = f"{median(many.least):.0%}, {min(many.least):.0%}"
    print(f"| {engine} | {OPERATIONS[operation]} | {cells} | {rate:.0%} | {least} |", flush=True)


if __name__ == "__main__":
    main()
