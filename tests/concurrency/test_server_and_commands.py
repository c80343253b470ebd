"""The server and commands, in separate processes, write to one database at once; one of them is killed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from tests.concurrency.shipping_clients import Client, acknowledged_units, shipping
from tests.factories import make_store, make_token
from tests.helpers.server_fixtures import ROOT, LiveServer, environment, serve
from tests.helpers.waiting import wait_until
from tests.helpers.warehouse import Warehouse
from webapp.domain.roles import Role
from webapp.models import Order, Product

pytestmark = pytest.mark.both_engines

LINES, UNITS = 4, 400


class Shop:
    """A store on the test's own database, with orders that clients ship."""

    def __init__(self, db: Session) -> None:
        store = make_store(db, "SHOP")
        self.warehouse = Warehouse(db, store)
        self.token = make_token(db, store, Role.PACKER)
        self.widgets: list[Product] = [self.warehouse.product(f"Widget {n}", A1=2 * UNITS) for n in range(LINES)]
        self.order: Order = self.warehouse.processing(*((widget, UNITS) for widget in self.widgets))
        self.paths = {
            f"/api/v1/store/orders/{self.order.id}/items/{self.warehouse.item(self.order, line).id}/ship": line
            for line in range(1, LINES + 1)
        }

    def clients(self, url: str, count: int) -> list[Client]:
        host = url.removeprefix("http://")
        return [Client(host, self.token, list(self.paths), f"client-{number}") for number in range(count)]

    def shipped(self) -> dict[str, int]:
        """Units by item path, as the database has them."""
        return {path: self.warehouse.item(self.order, line).shipped_quantity for path, line in self.paths.items()}


@pytest.fixture
def shop(app: Flask, db: Session) -> Shop:
    return Shop(db)


Start = Callable[..., "subprocess.Popen[str]"]


@pytest.fixture
def start(database_url: str, tmp_path: Path) -> Start:
    """Start a ``flask`` command on the test's database."""

    def start_command(*command: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "-m", "flask", "--app", "wsgi", *command],
            env=environment(database_url, REPORT_FOLDER=str(tmp_path / "reports")),
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    return start_command


def done(command: subprocess.Popen[str]) -> str:
    """Wait for a command, which must succeed; return its output."""
    output, _ = command.communicate(timeout=120)
    assert command.returncode == 0, output
    return output


def stock_file(folder: Path, name: str, widgets: list[Product], rows: int) -> Path:
    """Write a stock file that adds 1 unit of each product at each of ``rows`` places."""
    path = folder / name
    lines = [f"{widget.sku},,,main,{name}-{row},1" for row in range(rows) for widget in widgets]
    path.write_text("\n".join(["sku,gtin,product_name,warehouse,location,quantity", *lines]) + "\n")
    return path


def test_a_server_and_commands_write_at_once_and_nothing_is_refused_or_lost(
    shop: Shop, start: Start, live_server: LiveServer, tmp_path: Path
) -> None:
    orders = [shop.warehouse.order((shop.widgets[0], 1), order_number=f"ORD-C{number}") for number in range(2)]
    files = [stock_file(tmp_path, f"delivery{number}", shop.widgets, 60) for number in range(2)]
    clients = shop.clients(live_server.url, 4)

    with shipping(clients):
        commands = [start("import", "stock", str(file), "--store", "SHOP") for file in files]
        commands += [start("orders", "status", order.order_number, "shipped", "--store", "SHOP") for order in orders]
        for command in commands:
            assert "locked" not in done(command)

    assert [client.refused for client in clients] == [[]] * len(clients)
    assert shop.shipped() == dict.fromkeys(shop.paths, 0) | acknowledged_units(clients)
    assert sum(acknowledged_units(clients).values()) > len(clients)
    for number, widget in enumerate(shop.widgets):
        arrived = {place: level for place, level in shop.warehouse.shelves(widget).items() if place != "A1"}
        assert len(arrived) == 2 * 60
        shipped = shop.shipped()[list(shop.paths)[number]] + (2 if number == 0 else 0)
        assert sum(on_hand for on_hand, _ in shop.warehouse.shelves(widget).values()) == 2 * UNITS + 120 - shipped
    assert shop.warehouse.unsound() == []


def test_what_was_acknowledged_is_there_after_the_server_was_killed_in_the_middle_of_shipping(
    shop: Shop, start: Start, database_url: str, app: Flask, tmp_path: Path
) -> None:
    with serve(database_url, tmp_path, SECRET_KEY=app.config["SECRET_KEY"]) as server:
        clients = shop.clients(server.url, 6)
        with shipping(clients):
            wait_until(lambda: sum(acknowledged_units(clients).values()) >= 40, "40 acknowledged units", seconds=60)
            os.killpg(server.process.pid, signal.SIGKILL)

    acknowledged, shipped = acknowledged_units(clients), shop.shipped()
    unanswered = sum(len(client.sent) - len(client.acknowledged) for client in clients)
    assert all(shipped[path] >= acknowledged[path] for path in shop.paths)
    assert sum(shipped.values()) <= sum(acknowledged.values()) + unanswered
    assert shop.warehouse.unsound() == []

    with serve(database_url, tmp_path, SECRET_KEY=app.config["SECRET_KEY"]) as server:
        for client in clients:
            client.host = server.url.removeprefix("http://")
            client.repeat()

    assert [client.refused for client in clients] == [[]] * len(clients)
    assert all(len(client.acknowledged) == len(client.sent) for client in clients)
    assert shop.shipped() == acknowledged_units(clients)
    assert shop.warehouse.unsound() == []
