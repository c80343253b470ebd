"""One order that somebody holds for long does not stop the shop."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from http.client import HTTPConnection
from threading import Semaphore

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from tests.factories import make_store, make_token
from tests.helpers.server_fixtures import LiveServer
from tests.helpers.warehouse import Warehouse
from webapp.domain.roles import Role
from webapp.models import Order

pytestmark = [pytest.mark.both_engines, pytest.mark.server(WEB_CONCURRENCY="1")]

TAPS = 40


@pytest.fixture
def warehouse(db: Session) -> Warehouse:
    return Warehouse(db, make_store(db))


def ship_path(warehouse: Warehouse, order: Order) -> str:
    return f"/api/v1/store/orders/{order.id}/items/{warehouse.item(order).id}/ship"


def ask(server: LiveServer, path: str, token: str = "", *, units: int = 0, sent: Semaphore | None = None) -> int:
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    with closing(HTTPConnection("127.0.0.1", int(server.url.rpartition(":")[2]), timeout=20)) as client:
        client.request("POST" if units else "GET", path, json.dumps({"quantity": units}) if units else None, headers)
        if sent:
            sent.release()
        with client.getresponse() as answer:
            return answer.status


def test_forty_taps_on_an_order_that_is_held_stop_nobody_else(
    warehouse: Warehouse, engine: Engine, live_server: LiveServer
) -> None:
    widget = warehouse.product(A1=99)
    stuck, other = warehouse.processing((widget, 40)), warehouse.processing((warehouse.product(B1=9), 4))
    token = make_token(warehouse.db, warehouse.store, Role.PACKER)
    tap, ship = ship_path(warehouse, stuck), ship_path(warehouse, other)
    read, stuck_id = f"/api/v1/store/orders/{other.id}", stuck.id
    warehouse.db.rollback()
    others = [(read, 0), ("/healthz", 0), ("/login", 0)]
    if engine.dialect.name == "postgresql":  # SQLite has one lock for all.
        others.append((ship, 1))
    sent = Semaphore(0)

    with Session(engine) as holder, ThreadPoolExecutor(TAPS) as people:
        holder.execute(text("UPDATE orders SET version = version WHERE id = :order"), {"order": stuck_id})
        taps = [people.submit(ask, live_server, tap, token, units=1, sent=sent) for _ in range(TAPS)]
        for _ in taps:
            sent.acquire()
        answers = [ask(live_server, path, token, units=units) for path, units in others]
        answered_before = sum(one.done() for one in taps)

        statuses = [one.result() for one in taps]

    assert answers == [200] * len(others)
    assert answered_before < TAPS // 2, "the others stood behind the taps"
    assert statuses == [503] * TAPS
    warehouse.db.rollback()
    assert warehouse.item(stuck).shipped_quantity == 0


def test_a_crowd_at_one_order_that_nobody_holds_is_served(warehouse: Warehouse, live_server: LiveServer) -> None:
    order = warehouse.processing((warehouse.product(A1=99), TAPS))
    token, tap = make_token(warehouse.db, warehouse.store, Role.PACKER), ship_path(warehouse, order)

    with ThreadPoolExecutor(TAPS) as people:
        statuses = list(people.map(lambda _: ask(live_server, tap, token, units=1), range(TAPS)))

    assert statuses == [200] * TAPS
    warehouse.db.rollback()
    assert warehouse.status(order) == "shipped"
