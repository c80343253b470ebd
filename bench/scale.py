"""Does a screen cost more in a large store? The same requests with 1,000 orders and with 100,000.

    python -m bench.scale [--engine sqlite] [--large 100000] [--seconds 4] [--rounds 3]

Both stores are served at the same time by servers of their own, and asked in turns by one client.
"""

from __future__ import annotations

import argparse
from contextlib import ExitStack

from bench.against_the_limit import OPERATIONS, Contender, contender
from bench.rig.clients import run_clients
from bench.rig.databases import ENGINES


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--engine", choices=ENGINES, nargs="*", default=list(ENGINES))
    options.add_argument("--small", type=int, default=1_000)
    options.add_argument("--large", type=int, default=100_000)
    options.add_argument("--seconds", type=float, default=4.0)
    options.add_argument("--rounds", type=int, default=3)
    chosen = options.parse_args()
    print(
        f"| engine | operation | CPU ms with {chosen.small:,} orders | with {chosen.large:,} | times "
        "| p50 ms | p50 ms |"
    )
    print("| --- | --- | ---: | ---: | ---: | ---: | ---: |")
    for engine in chosen.engine:
        with ExitStack() as stack:
            stores = [contender(stack, engine, "packbench", orders=orders) for orders in (chosen.small, chosen.large)]
            for operation in OPERATIONS:
                compare(engine, operation, stores, chosen.seconds, chosen.rounds)


def compare(engine: str, operation: str, stores: list[Contender], seconds: float, rounds: int) -> None:
    """Ask both stores for the same in turns, and print a row."""
    cpu, requests, median = [0.0, 0.0], [0, 0], [0.0, 0.0]
    for store in stores:
        run_clients(store.clients(operation, 1), 0.5)
    for _ in range(rounds):
        for side, store in enumerate(stores):
            before = store.server.cpu_seconds()
            timings = run_clients(store.clients(operation, 1), seconds)
            cpu[side] += store.server.cpu_seconds() - before
            requests[side] += len(timings.seconds)
            median[side] += timings.percentile(0.5) / rounds
    small, large = (1000 * cpu[side] / max(1, requests[side]) for side in (0, 1))
    print(
        f"| {engine} | {operation} | {small:.2f} | {large:.2f} | {large / small:.2f} "
        f"| {median[0]:.2f} | {median[1]:.2f} |",
        flush=True,
    )


if __name__ == "__main__":
    main()
