"""A working shop, set up through commands and the JSON API only, so that any commit of the program can have it."""

from __future__ import annotations

import csv
import tempfile
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar
from uuid import uuid4

import psycopg

from bench.rig.clients import ApiClient
from bench.rig.databases import flask
from bench.rig.programs import Program

CODE, PACKER, PASSWORD = "beside", "benny", "bench password only"
PRODUCTS, LINES, UNITS = 300, 5, 60
NATIVE = (
    "order_number", "ordered_at", "customer_name", "channel", "ship_by", "sku", "gtin", "product_name", "quantity",
)  # fmt: skip
Given = TypeVar("Given")
Returned = TypeVar("Returned")


@dataclass(frozen=True)
class OpenOrder:
    """A processing order, and its items in order."""

    order_id: int
    items: tuple[int, ...]


def bring_in(url: str, program: Program, orders: int) -> str:
    """Make a store with goods, a packer and pending orders; return a manager's token."""
    flask(url, "stores", "create", CODE, "Beside", program=program)
    person = ("users", "create", PACKER, "--store", CODE, "--role", "packer", "--password-stdin")
    flask(url, *person, stdin=PASSWORD, program=program)
    with tempfile.TemporaryDirectory() as folder:
        goods, sales = Path(folder) / "stock.csv", Path(folder) / "orders.csv"
        _write(goods, ("sku", "gtin", "product_name", "warehouse", "location", "quantity"), _goods(orders))
        _write(sales, NATIVE, _sales(orders))
        flask(url, "import", "stock", str(goods), "--store", CODE, program=program)
        flask(url, "import", "orders", str(sales), "--store", CODE, "--format", "native", program=program)
    token = ("tokens", "create", "--store", CODE, "--role", "manager")
    return flask(url, *token, program=program).split()[-1]


def process_all(port: int, token: str) -> list[OpenOrder]:
    """Set every order to processing and ship a unit of its last two items; return the orders by number.

    Nobody has shipped the others, so a measurement's first ship is not refused as a stale view.
    """
    listed_orders = sorted(ApiClient(port, token).orders(), key=lambda order: str(order["order_number"]))
    return _in_two(listed_orders, lambda api, order: _process(api, order["order_id"]), port, token)


def settle(url: str) -> None:
    """Run what PostgreSQL's autovacuum does soon after such a load, before measuring."""
    if url.startswith("postgresql"):
        with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as connection:
            connection.execute("VACUUM ANALYZE")


def _process(api: ApiClient, order_id: int) -> OpenOrder:
    _must(api.post(f"/orders/{order_id}/status", {"status": "processing"}, uuid4().hex))
    items = [item["item_id"] for item in api.get(f"/orders/{order_id}/shipment-status")["items"]]
    for item_id in items[-2:]:
        _must(api.post(f"/orders/{order_id}/items/{item_id}/ship", {"quantity": 1}, uuid4().hex))
    return OpenOrder(order_id, tuple(items))


def _must(answer: tuple[int, dict[str, Any]]) -> None:
    if answer[0] != 200:
        raise SystemExit(f"The shop could not be brought in: {answer}")


def _in_two(
    inputs: Sequence[Given], work: Callable[[ApiClient, Given], Returned], port: int, token: str
) -> list[Returned]:
    """Share the work between two clients; return their results in the order of the inputs."""

    def share(part: Sequence[Given]) -> list[Returned]:
        api = ApiClient(port, token)
        return [work(api, each) for each in part]

    middle = len(inputs) // 2
    with ThreadPoolExecutor(2) as clients:
        return [result for part in clients.map(share, (inputs[:middle], inputs[middle:])) for result in part]


def _goods(orders: int) -> Iterable[tuple[object, ...]]:
    units = UNITS * LINES * (orders // PRODUCTS + 2)
    for n in range(PRODUCTS):
        yield (
            f"SKU-{n:04}",
            f"4006381{n:06}",
            f"Product number {n}",
            "main",
            f"{'ABCDEF'[n % 6]}-{n // 6 + 1:02}",
            units,
        )


def _sales(orders: int) -> Iterable[tuple[object, ...]]:
    start = datetime.now(UTC).replace(microsecond=0) - timedelta(hours=20)
    for n in range(orders):
        ordered = start + timedelta(minutes=n)
        dates = ordered.isoformat(), (ordered + timedelta(days=2)).isoformat()
        for line in range(LINES):
            sku = (n * 7 + line * 61) % PRODUCTS
            yield (
                f"B-{n:05}", dates[0], f"Customer {n % 97}", "bench", dates[1],
                f"SKU-{sku:04}", "", f"Product number {sku}", UNITS,
            )  # fmt: skip


def _write(path: Path, heads: tuple[str, ...], rows: Iterable[tuple[object, ...]]) -> None:
    with path.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(heads)
        writer.writerows(rows)
