"""Runs the real month from end to end: import, process, ship in random parts from 4 clients, then count every unit.

    python -m bench.month [--engine sqlite] [--clients 4] [--orders 300] [--data FILE]

Some orders are cancelled while they ship; some replies are lost and the requests sent again with the same key. At the
end ``flask stock verify`` must find nothing, and each client's own log of acknowledged units must equal the database.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import json
import random
import resource
import sys
import tempfile
import threading
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from queue import Empty, SimpleQueue
from time import perf_counter
from typing import Any
from uuid import uuid4

from sqlalchemy import create_engine, text

from bench.rig.clients import ApiClient, Timings
from bench.rig.databases import ENGINES, flask, fresh_database
from bench.rig.servers import Server, serve
from tests.helpers.databases import close, settings
from tests.helpers.requirements import REAL_MONTH
from tests.helpers.statements import counted
from webapp import create_app
from webapp.extensions import db

LOST_REPLIES, CANCELLED_ORDERS = 0.02, 0.03


@dataclass
class Log:
    """What the clients know for certain: acknowledged units per item, and the time of each request."""

    shipped: Counter[int] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    timings: dict[str, Timings] = field(default_factory=lambda: {"process": Timings(), "ship": Timings()})
    lost: int = 0
    cancelled: int = 0
    mutex: threading.Lock = field(default_factory=threading.Lock)

    def note(self, kind: str, seconds: float) -> None:
        with self.mutex:
            self.timings[kind].seconds.append(seconds)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--engine", choices=ENGINES, nargs="*", default=list(ENGINES))
    options.add_argument("--clients", type=int, default=4)
    options.add_argument("--orders", type=int, default=0, help="only the first so many orders (0: all)")
    options.add_argument("--data", type=Path, default=REAL_MONTH)
    options.add_argument("--seed", type=int, default=2010)
    chosen = options.parse_args()
    if not chosen.data.exists():
        sys.exit(f"{chosen.data} is not there: name the month's file with --data.")
    faults = sum(run(engine, chosen) for engine in chosen.engine)
    sys.exit(1 if faults else 0)


def run(engine: str, chosen: argparse.Namespace) -> int:
    """Run the month on one engine, print the figures, return the number of faults found."""
    print(f"\n## {engine}\n", flush=True)
    with fresh_database(engine) as url, tempfile.TemporaryDirectory() as folder:
        flask(url, "stores", "create", "month", "The real month")
        stock = stock_for_demand(chosen.data, Path(folder) / "stock.csv")
        for what, command in (
            (f"import stock, {stock:,} products", ("import", "stock", f"{folder}/stock.csv", "--store", "month")),
            (
                "import orders",
                ("import", "orders", str(chosen.data), "--store", "month", "--format", "online-retail"),
            ),
        ):
            begun = perf_counter()
            flask(url, *command)
            print(f"- {what}: {perf_counter() - begun:.1f} s")
        peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
        print(f"- peak memory of the largest command so far: {peak:.0f} MB", flush=True)
        token = flask(url, "tokens", "create", "--store", "month", "--role", "manager").split()[-1]
        with serve("wsgi:app", url) as server:
            log = work(server, url, token, chosen)
            print(f"- peak memory of a server process: {server.peak_memory() / 2**20:.0f} MB")
        return check(url, log)


def work(server: Server, url: str, token: str, chosen: argparse.Namespace) -> Log:
    """Process and ship everything from several clients at once; return their log."""
    log = Log()
    chance = random.Random(chosen.seed)
    orders = list(ApiClient(server.port, token).orders())
    orders = orders[: chosen.orders] if chosen.orders else orders
    elapsed = in_parallel(chosen.clients, server, token, orders, lambda api, order: process(api, order, log))
    log.timings["process"].elapsed = elapsed
    report("orders set processing", log.timings["process"])
    count_statements(url, token, orders[0]["order_id"], log)
    details = [ApiClient(server.port, token).get(f"/orders/{order['order_id']}/shipment-status") for order in orders]
    tasks: list[tuple[str, int, int, int]] = []
    for order in details:
        tasks += [("ship", order["order_id"], item["item_id"], item["remaining_quantity"]) for item in order["items"]]
        if chance.random() < CANCELLED_ORDERS:
            tasks.append(("cancel", order["order_id"], 0, 0))
    # Neighbours stay close, so that several clients work on one order at once.
    tasks = [task for _, task in sorted(enumerate(tasks), key=lambda pair: pair[0] + chance.uniform(0, 60))]
    log.timings["ship"].elapsed = in_parallel(
        chosen.clients, server, token, tasks, lambda api, task: carry_out(api, task, log)
    )
    report("ships over HTTP", log.timings["ship"])
    print(f"- replies lost and sent again: {log.lost}, orders cancelled: {log.cancelled}, refused: {dict(log.refused)}")
    return log


def in_parallel(clients: int, server: Server, token: str, tasks: Iterable[Any], work: Any) -> float:
    """Share the tasks among ``clients`` threads, each with its own connection; return the seconds it took."""
    queue: SimpleQueue[Any] = SimpleQueue()
    for task in tasks:
        queue.put(task)
    errors: list[BaseException] = []

    def client() -> None:
        api = ApiClient(server.port, token)
        try:
            while not errors:
                work(api, queue.get_nowait())
        except Empty:
            return
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=client) for _ in range(clients)]
    begun = perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if errors:
        raise errors[0]
    return perf_counter() - begun


def process(api: ApiClient, order: dict[str, Any], log: Log) -> None:
    """Set one order to processing, which reserves its units."""
    begun = perf_counter()
    api.post(f"/orders/{order['order_id']}/status", {"status": "processing"}, key=uuid4().hex)
    log.note("process", perf_counter() - begun)


def carry_out(api: ApiClient, task: tuple[str, int, int, int], log: Log) -> None:
    """Ship one item in random parts until nothing is left, or cancel one order."""
    kind, order_id, item_id, left = task
    if kind == "cancel":
        api.post(f"/orders/{order_id}/cancel", {"reason": "The customer changed their mind"}, key=uuid4().hex)
        log.cancelled += 1
        return
    chance = random.Random(item_id)
    while left > 0:
        units, key = left if chance.random() < 0.5 else chance.randint(1, left), uuid4().hex
        path, body = f"/orders/{order_id}/items/{item_id}/ship", {"quantity": units}
        if chance.random() < LOST_REPLIES:
            api.post_and_lose_the_reply(path, body, key)
            log.lost += 1
        begun = perf_counter()
        status, answer = api.post(path, body, key=key)
        log.note("ship", perf_counter() - begun)
        if status != 200:
            log.refused[answer["code"]] += 1
            return
        log.shipped[item_id] += answer["fulfilled_quantity"]
        left = answer["remaining_quantity"]
        if answer["fulfilled_quantity"] == 0:
            return


def count_statements(url: str, token: str, order_id: int, log: Log) -> None:
    """Ship two single units of an order through the API, in this process, and print the statements of each."""
    app = create_app({**settings(url), "LOG_LEVEL": "WARNING"})
    api, headers = app.test_client(), {"Authorization": f"Bearer {token}"}
    items = api.get(f"/api/v1/store/orders/{order_id}/shipment-status", headers=headers).get_json()["items"]
    costs = []
    with app.app_context():
        engine = db.engine
    for item in items[:2]:
        with counted(engine) as statements:
            path = f"/api/v1/store/orders/{order_id}/items/{item['item_id']}/ship"
            answer = api.post(path, json={"quantity": 1}, headers={**headers, "Idempotency-Key": uuid4().hex})
        log.shipped[item["item_id"]] += answer.get_json()["fulfilled_quantity"]
        costs.append(len(statements))
    close(app)
    print(f"- statements for a ship that opens a parcel, and for the next: {costs}", flush=True)


def check(url: str, log: Log) -> int:
    """Compare the clients' log with the database, run the verification, print both; return the number of faults."""
    engine = create_engine(url)
    with engine.connect() as connection:
        rows = connection.execute(text("SELECT id, shipped_quantity FROM order_items WHERE shipped_quantity > 0"))
        stored = Counter({row[0]: row[1] for row in rows})
    engine.dispose()
    different = sum((stored[item] != log.shipped[item]) for item in stored.keys() | log.shipped.keys())
    begun = perf_counter()
    violations = json.loads(flask(url, "stock", "verify", "--json"))
    print(
        f"- units acknowledged: {log.shipped.total():,}; in the database: {stored.total():,}; "
        f"items that differ: {different}"
    )
    print(f"- stock verify: {len(violations['violations'])} violations in {perf_counter() - begun:.1f} s", flush=True)
    return different + len(violations["violations"])


def stock_for_demand(data: Path, target: Path) -> int:
    """Write a stock file with the units that the month's invoices need; return the number of products."""
    demand: Counter[str] = Counter()
    names: dict[str, str] = {}
    with gzip.open(data, "rt", encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            if row["Quantity"].isdigit() and row["StockCode"].strip():
                demand[row["StockCode"].strip()] += int(row["Quantity"])
                names.setdefault(row["StockCode"].strip(), row["Description"].strip())
    with target.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["sku", "gtin", "product_name", "warehouse", "location", "quantity"])
        for n, (sku, units) in enumerate(sorted(demand.items())):
            if units:
                writer.writerow([sku, "", names[sku], "main", f"{'ABCDEFGH'[n % 8]}-{n // 8 + 1:03}", units])
    return len(demand)


def report(what: str, timings: Timings) -> None:
    """Print rate and latencies of one kind of request."""
    marks = ", ".join(f"p{int(share * 100)} {timings.percentile(share):.1f} ms" for share in (0.5, 0.95, 0.99))
    worst = timings.percentile(1.0)
    print(f"- {what}: {len(timings.seconds):,} at {timings.rate:.0f}/s, {marks}, longest {worst:.0f} ms", flush=True)


if __name__ == "__main__":
    main()
