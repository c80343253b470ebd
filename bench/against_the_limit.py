"""Measures Packbench against the yardstick: the same requests, alternating, in one run.

    python -m bench.against_the_limit [--seconds 3] [--rounds 2] [--engine sqlite] [--clients 1 4 16]

CPU per operation is the measure (server and PostgreSQL processes, user and system time); the rate comes second, since
the clients run on the same cores.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from itertools import count
from uuid import uuid4

from sqlalchemy import create_engine, text
from sqlalchemy.orm import Session

from bench.rig.clients import ApiClient, Browser, Request, Timings, run_clients
from bench.rig.databases import ENGINES, flask, fresh_database
from bench.rig.seed import Seeded, seed_orders
from bench.rig.servers import Server, serve
from webapp.models import Store

OPERATIONS = ("ship", "api ship", "list", "order", "trail")
PASSWORD = "bench password only"


@dataclass
class Contender:
    """One of the two programs on its own database, with a signed-in browser per client."""

    name: str
    server: Server
    seeded: Seeded
    token: str
    """The API token; empty for the yardstick, which has no sign-in."""
    browsers: list[Browser] = field(default_factory=list)

    def clients(self, operation: str, number: int) -> list[Iterator[Request]]:
        """Return ``number`` endless streams of requests, each on its own orders."""
        while len(self.browsers) < number:
            browser = Browser(self.server.port)
            if self.token:
                browser.sign_in("benny", PASSWORD)
            self.browsers.append(browser)
        for browser in self.browsers:
            browser.reconnect()
        orders = sorted(self.seeded.items_by_order)
        if operation == "api ship" and self.token:
            return [self._api_stream(ApiClient(self.server.port, self.token), orders[n::number]) for n in range(number)]
        return [self._stream(self.browsers[n], operation, orders[n::number]) for n in range(number)]

    def _api_stream(self, api: ApiClient, orders: list[int]) -> Iterator[Request]:
        for turn in count():
            order_id = orders[turn % len(orders)]
            item_id = self.seeded.items_by_order[order_id][turn // len(orders) % 5]
            path = f"/orders/{order_id}/items/{item_id}/ship"
            yield lambda path=path: api.post(path, {"quantity": 1}, uuid4().hex)[0] == 200  # type: ignore[misc]

    def _stream(self, browser: Browser, operation: str, orders: list[int]) -> Iterator[Request]:
        for turn in count():
            order_id = orders[turn % len(orders)]
            item_id = self.seeded.items_by_order[order_id][turn // len(orders) % 5]
            if operation.endswith("ship"):
                path = f"/orders/{order_id}/items/{item_id}"
                yield lambda path=path: self._ship(browser, path)  # type: ignore[misc]
            else:
                page = {"list": "/orders", "order": f"/orders/{order_id}", "trail": f"/orders/{order_id}/audit"}
                yield lambda path=page[operation]: browser.get(path)[0] == 200  # type: ignore[misc]

    def _ship(self, browser: Browser, path: str) -> bool:
        status, body = browser.ship(path)
        return status == 200 and b"too many" not in body


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--seconds", type=float, default=3.0)
    options.add_argument("--rounds", type=int, default=2)
    options.add_argument("--engine", choices=ENGINES, nargs="*", default=list(ENGINES))
    options.add_argument("--clients", type=int, nargs="*", default=[1, 4, 16])
    options.add_argument("--operation", choices=OPERATIONS, nargs="*", default=list(OPERATIONS))
    chosen = options.parse_args()
    print(
        "| engine | operation | clients | CPU ms: yardstick | Packbench | times "
        "| rate/s: yardstick | Packbench | share |"
    )
    print("| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |")
    for engine in chosen.engine:
        with ExitStack() as stack:
            ours, bare = (contender(stack, engine, name) for name in ("packbench", "yardstick"))
            for operation in chosen.operation:
                for clients in chosen.clients:
                    compare(engine, operation, clients, ours, bare, chosen.seconds, chosen.rounds)


def contender(stack: ExitStack, engine: str, name: str, orders: int = 2000) -> Contender:
    """Start one program on a new database with open orders of 5 lines."""
    url = stack.enter_context(fresh_database(engine))
    flask(url, "stores", "create", "bench", "Bench store")
    flask(url, "users", "create", "benny", "--store", "bench", "--role", "packer", "--password-stdin", stdin=PASSWORD)
    token = flask(url, "tokens", "create", "--store", "bench", "--role", "packer").split()[-1]
    database = create_engine(url)
    with Session(database) as db:
        seeded = seed_orders(db, db.get_one(Store, 1), orders, units=60)
        if engine == "postgresql":  # Autovacuum would do this within a minute.
            db.execute(text("ANALYZE"))
            db.commit()
    database.dispose()
    application = "wsgi:app" if name == "packbench" else "bench.yardstick:app"
    token = token if name == "packbench" else ""
    server = stack.enter_context(serve(application, url))
    return Contender(name, server, seeded, token)


def compare(
    engine: str, operation: str, clients: int, ours: Contender, bare: Contender, seconds: float, rounds: int
) -> None:
    """Let both programs do the same for a while, in turns, and print a row."""
    cpu = {ours.name: 0.0, bare.name: 0.0}
    done: dict[str, list[Timings]] = {ours.name: [], bare.name: []}
    for side in (ours, bare):
        run_clients(side.clients(operation, clients), 0.5)  # Warm up: connections, prepared statements, caches.
    for _ in range(rounds):
        for side in (bare, ours):
            before = side.server.cpu_seconds()
            timings = run_clients(side.clients(operation, clients), seconds)
            cpu[side.name] += side.server.cpu_seconds() - before
            done[side.name].append(timings)
            if timings.failed:
                raise SystemExit(f"{side.name} {operation}: {timings.failed} requests failed")
    requests = {name: sum(len(t.seconds) for t in runs) for name, runs in done.items()}
    each = {name: 1000 * cpu[name] / max(1, requests[name]) for name in cpu}
    rate = {name: sum(t.rate for t in runs) / rounds for name, runs in done.items()}
    print(
        f"| {engine} | {operation} | {clients} | {each[bare.name]:.2f} | {each[ours.name]:.2f} "
        f"| {each[ours.name] / each[bare.name]:.2f} | {rate[bare.name]:.0f} | {rate[ours.name]:.0f} "
        f"| {rate[ours.name] / rate[bare.name]:.0%} |",
        flush=True,
    )


if __name__ == "__main__":
    main()
