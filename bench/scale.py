"""Measures whether an operation costs more in a large store: 1,000 orders and a million, in turns by one client.

    python -m bench.scale [--engine sqlite] [--large 1000000] [--operation list trail] [--turns 40]

The small store's orders are all open. The large one has 10,000 open orders; the others shipped over the years.
"""

from __future__ import annotations

import argparse
from contextlib import ExitStack
from time import perf_counter

from bench.rig.databases import ENGINES
from bench.rig.open_shop import open_shop
from bench.rig.person import OPERATIONS, Person
from bench.rig.turns import Side, compare, print_heads

MOST_OPEN = 10_000


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--engine", choices=ENGINES, nargs="*", default=list(ENGINES))
    options.add_argument("--operation", choices=OPERATIONS, nargs="*", default=list(OPERATIONS))
    options.add_argument("--small", type=int, default=1_000)
    options.add_argument("--large", type=int, default=1_000_000)
    options.add_argument("--turns", type=int, default=40)
    options.add_argument("--requests", type=int, default=4, help="of each turn")
    chosen = options.parse_args()
    print_heads(*(f"{orders:,} orders" for orders in (chosen.small, chosen.large)))
    for engine in chosen.engine:
        with ExitStack() as stack:
            sides = [stand_up(stack, engine, orders) for orders in (chosen.small, chosen.large)]
            for operation in chosen.operation:
                compare(engine, operation, OPERATIONS[operation], sides, chosen.turns, chosen.requests)


def stand_up(stack: ExitStack, engine: str, orders: int) -> Side:
    """Serve a store with this many orders, and print how long loading them took."""
    begun, still_open = perf_counter(), min(orders, MOST_OPEN)
    server, token, open_orders = open_shop(stack, engine, still_open, history=orders - still_open)
    print(f"<!-- {engine}: {orders:,} orders in {perf_counter() - begun:.0f} s -->", flush=True)
    return Side(f"{orders:,}", server, Person(server.port, token, open_orders))


if __name__ == "__main__":
    main()
