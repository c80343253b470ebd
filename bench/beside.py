"""Measures today's tree beside another commit: CPU ms per operation, with one client, on one machine in one run.

    python -m bench.beside REV [--quick] [--engine postgresql] [--operation list trail] [--turns 50]

Each has its own database with the same orders, and its own server. They take turns with the same number of HTTP
requests, so that both databases grow alike. Uncommitted changes count as today's tree. ``--quick``: one engine
(PostgreSQL by default), fewer orders and requests; two minutes.
"""

from __future__ import annotations

import argparse
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from functools import partial

from bench.rig.databases import ENGINES, fresh_database
from bench.rig.person import OPERATIONS, Person
from bench.rig.programs import THIS, Program, commit
from bench.rig.servers import serve
from bench.rig.shop import bring_in, process_all, settle
from bench.rig.turns import WARM, Side, compare, print_heads


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
    print_heads(other.name, THIS.name)
    for engine in engines:
        with ExitStack() as stack:
            orders = turns * chosen.requests + WARM + 50
            stand_up = partial(start, stack, engine, orders)
            with ThreadPoolExecutor() as both:
                sides = list(both.map(stand_up, (other, THIS)))
            for operation in chosen.operation:
                compare(engine, operation, OPERATIONS[operation], sides, turns, chosen.requests)


def start(stack: ExitStack, engine: str, orders: int, program: Program) -> Side:
    """Start a program's server on its own shop."""
    url = stack.enter_context(fresh_database(engine, program))
    token = bring_in(url, program, orders)
    server = stack.enter_context(serve("wsgi:app", url, program=program))
    open_orders = process_all(server.port, token)
    settle(url)
    return Side(program.name, server, Person(server.port, token, open_orders))


if __name__ == "__main__":
    main()
