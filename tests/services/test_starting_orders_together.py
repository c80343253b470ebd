"""A manager starts all pending orders with one button: the oldest first, each once, none that is on hold."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine

from tests.concurrency.racing import calls, race
from tests.helpers.failures import Broken, breaking
from tests.helpers.warehouse import Warehouse
from webapp.domain.holds import Hold
from webapp.models import Order
from webapp.services import starting_service
from webapp.services.reads.orders_to_start import orders_to_start

pytestmark = pytest.mark.both_engines

MONDAY = datetime(2026, 1, 5, tzinfo=UTC)


@pytest.fixture
def orders(warehouse: Warehouse, monkeypatch: pytest.MonkeyPatch) -> list[Order]:
    """Three pending orders of two units each, the youngest first; four units are on the shelf, and a chunk is two."""
    monkeypatch.setattr(starting_service, "AT_ONCE", 2)
    widget = warehouse.product("Widget", A1=4)
    return [warehouse.order((widget, 2), ordered_at=MONDAY - timedelta(days=number)) for number in range(3)]


def start(warehouse: Warehouse, newest: int) -> tuple[int, ...]:
    return tuple(warehouse.do(starting_service.start_oldest, newest=newest))


def test_the_oldest_get_the_stock_and_a_further_call_goes_on(warehouse: Warehouse, orders: list[Order]) -> None:
    counted = orders_to_start(warehouse.db, warehouse.store.id)
    assert counted == (3, orders[-1].id)

    first, second, third = (start(warehouse, counted.newest) for _ in range(3))

    assert (first, second, third) == ((2, 4, 0), (1, 0, 2), (0, 0, 0))
    assert [warehouse.status(order) for order in orders] == ["processing"] * 3
    assert [sum(warehouse.allocations(order).values()) for order in orders] == [0, 2, 2]
    assert warehouse.events(orders[1]).count("status_changed") == 1
    assert not warehouse.unsound()


def test_what_is_on_hold_or_came_later_waits(warehouse: Warehouse, orders: list[Order]) -> None:
    orders[2].hold = Hold.UNPAID
    warehouse.db.commit()

    started = start(warehouse, orders[0].id)

    assert started[0] == 1
    assert [warehouse.status(order) for order in orders] == ["processing", "pending", "pending"]


def test_a_failure_starts_none_of_a_chunk(warehouse: Warehouse, shared_engine: Engine, orders: list[Order]) -> None:
    with breaking(shared_engine, "commit", 1), pytest.raises(Broken):
        start(warehouse, orders[-1].id)
    warehouse.db.rollback()

    assert [warehouse.status(order) for order in orders] == ["pending"] * 3
    assert not warehouse.unsound()


def test_pressed_by_many_at_once_each_order_starts_once(
    warehouse: Warehouse, shared_engine: Engine, orders: list[Order]
) -> None:
    act = calls(starting_service.start_oldest, store_id=warehouse.store.id, newest=orders[-1].id)

    results = race(shared_engine, [act] * 4)

    assert sum(result[0] for result in results) <= 3
    start(warehouse, orders[-1].id)
    assert [warehouse.events(order).count("status_changed") for order in orders] == [1, 1, 1]
    assert not warehouse.unsound()
