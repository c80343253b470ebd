"""Counts of open orders, and that counting stops at a limit."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, event

from tests.factories import make_store
from tests.helpers.warehouse import Warehouse
from tests.services.test_order_search import plan_of
from webapp.domain.clock import utc_now
from webapp.domain.holds import Hold
from webapp.domain.statuses import OPEN_STATUSES, OrderStatus
from webapp.services.reads import order_counts

NOW = utc_now()


def counted(warehouse: Warehouse) -> order_counts.OpenOrders:
    return order_counts.count_open_orders(warehouse.db, warehouse.store.id, NOW)


@pytest.mark.both_engines
def test_open_orders_are_counted_by_status_and_by_lateness(warehouse: Warehouse) -> None:
    cup = warehouse.product("Cup", A1=9)
    warehouse.order((cup, 1), ship_by=NOW)
    warehouse.order((cup, 1), ship_by=NOW - timedelta(microseconds=1))
    warehouse.processing((cup, 1), ship_by=NOW - timedelta(days=1))
    warehouse.ship(warehouse.processing((cup, 2), ship_by=NOW + timedelta(days=1)), 1)
    warehouse.ship(warehouse.processing((cup, 1), ship_by=NOW - timedelta(days=3)), 1)
    other = Warehouse(warehouse.db, make_store(warehouse.db))
    other.order((other.product(), 1), ship_by=NOW - timedelta(days=1))

    counts = counted(warehouse)

    assert (dict(counts.by_status), counts.late(), counts.total()) == (
        dict(zip(OPEN_STATUSES, (2, 1, 1), strict=True)),
        2,
        4,
    )


@pytest.mark.both_engines
def test_orders_on_hold_are_counted_by_themselves(warehouse: Warehouse) -> None:
    cup = warehouse.product("Cup", A1=9)
    warehouse.order((cup, 1), ship_by=NOW + timedelta(days=1))
    warehouse.order((cup, 1), ship_by=NOW + timedelta(days=1), hold=Hold.UNPAID)
    warehouse.processing((cup, 1), ship_by=NOW - timedelta(days=1), hold=Hold.UNPAID)
    warehouse.cancel(warehouse.processing((cup, 1), ship_by=NOW - timedelta(days=1), hold=Hold.UNPAID))

    counts = counted(warehouse)

    assert (counts.held, counts.total(), counts.late()) == (2, 1, 0)


def test_an_empty_store_has_nothing_to_ship(warehouse: Warehouse) -> None:
    counts = counted(warehouse)

    assert (dict(counts.by_status), counts.late(), counts.total()) == (dict.fromkeys(OPEN_STATUSES, 0), 0, 0)


@pytest.mark.both_engines
@pytest.mark.parametrize("beyond", [-1, 0, 1])
def test_counting_stops_at_the_most(warehouse: Warehouse, beyond: int) -> None:
    cup, many = warehouse.product("Cup"), order_counts.MAX_COUNTED + beyond
    warehouse.order((cup, 1), ship_by=NOW - timedelta(days=1))
    duplicate_newest_order(warehouse, many - 1)

    counts = counted(warehouse)

    most = min(many, order_counts.MAX_COUNTED)
    assert (counts.by_status[OrderStatus.PENDING], counts.late(), counts.total()) == (most, most, most)


def duplicate_newest_order(warehouse: Warehouse, times: int) -> None:
    """Write further orders like the newest one straight into the tables, each with its line."""
    connection, store_id = warehouse.db.connection(), warehouse.store.id
    numbers = f"WITH RECURSIVE n(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < {times})"
    connection.exec_driver_sql(
        f"INSERT INTO orders (store_id, order_number, channel_id, external_id, status, ship_by) {numbers} "
        "SELECT store_id, 'COPY-' || n, channel_id, 'COPY-' || n, status, ship_by FROM orders, n "
        f"WHERE store_id = {store_id}"
    )
    connection.exec_driver_sql(
        "INSERT INTO order_items (store_id, order_id, product_id, quantity) "
        "SELECT o.store_id, o.id, i.product_id, i.quantity FROM orders o, order_items i "
        f"WHERE o.store_id = {store_id} AND i.store_id = {store_id} AND o.id <> i.order_id"
    )
    warehouse.db.commit()


@pytest.mark.both_engines
def test_every_number_is_a_bounded_walk_of_an_index_alone(shared_engine: Engine, warehouse: Warehouse) -> None:
    run: list[Any] = []

    def note(*execution: Any) -> None:
        run.append(execution[2:4])

    event.listen(shared_engine, "before_cursor_execute", note)
    counted(warehouse)
    event.remove(shared_engine, "before_cursor_execute", note)

    assert len(run) == 1
    plan = plan_of(shared_engine, *run[0])
    walks = 4 * len(OPEN_STATUSES)
    assert plan.count("ix_orders_status") >= len(OPEN_STATUSES)
    assert plan.count("ix_orders_status") + plan.count("ix_orders_held") == walks
    assert run[0][0].count(f"LIMIT {order_counts.MAX_COUNTED}") == walks
    assert "Seq Scan" not in plan
    if shared_engine.dialect.name == "sqlite":
        assert plan.count("COVERING INDEX") == walks
