"""Arrivals and releases of one product at once: each starts over once at most, and locks only what it needs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from sqlalchemy import Engine, event, text
from sqlalchemy.orm import Session

from tests.concurrency.racing import calls, race
from tests.helpers.waiting import wait_until
from tests.helpers.warehouse import Warehouse
from webapp.domain.errors import Busy
from webapp.models import Order, Product
from webapp.services import inventory_service, order_service
from webapp.services.engine import backorders

pytestmark = pytest.mark.engines("postgresql")

CLIENTS = 8


@pytest.fixture
def savepoints(shared_engine: Engine) -> Iterator[list[int]]:
    """The connections that set a savepoint, once for each time they lock."""
    begun: list[int] = []

    def note(connection: Any, _name: str) -> None:
        begun.append(id(connection))

    event.listen(shared_engine, "savepoint", note)
    yield begun
    event.remove(shared_engine, "savepoint", note)


def cancel_one(warehouse: Warehouse, order: Order, line: int = 1) -> Callable[[Session], Any]:
    names = {"store_id": warehouse.store.id, "order_id": order.id, "item_id": warehouse.item(order, line).id}
    return calls(order_service.cancel_item, **names, quantity=1, reason="Out of season")


def hold(db: Session, table: str, column: str, key: int) -> None:
    db.execute(text(f"SELECT 1 FROM {table} WHERE {column} = :key FOR UPDATE"), {"key": key})


def backlog(warehouse: Warehouse, product: Product, units: int) -> list[Order]:
    """Make orders of one unit that wait for the product."""
    return [warehouse.processing((product, 1)) for _ in range(units)]


def test_units_cancelled_at_once_lock_twice_at_most_however_many_orders_wait(
    warehouse: Warehouse, shared_engine: Engine, savepoints: list[int]
) -> None:
    widget = warehouse.product(A1=3 * CLIENTS)
    sold = [warehouse.processing((widget, 3)) for _ in range(CLIENTS)]
    waiting = backlog(warehouse, widget, 2 * CLIENTS)
    acts = [cancel_one(warehouse, order) for order in sold]
    savepoints.clear()

    with Session(shared_engine) as holder:
        hold(holder, "inventory", "product_id", widget.id)
        queued = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"

        def let_go_of_the_queue(_: Session) -> None:
            with shared_engine.connect().execution_options(isolation_level="AUTOCOMMIT") as other:
                wait_until(lambda: bool(other.scalar(text(queued)) == CLIENTS), "everybody to wait")
            holder.commit()

        results = race(shared_engine, [*acts, let_go_of_the_queue])

    assert not [result for result in results if isinstance(result, Exception)]
    assert len(savepoints) <= 2 * CLIENTS, "somebody started over more than once"
    assert sum(warehouse.allocations(order).get("A1", 0) for order in waiting) == CLIENTS


def test_an_arrival_that_always_misses_an_order_gives_up(warehouse: Warehouse) -> None:
    orders = iter(range(1, 1000))
    locked: list[set[int]] = []

    with pytest.raises(Busy):
        backorders.lock_until_none_is_missed(
            warehouse.db, warehouse.store.id, set(), locked.append, lambda _: {next(orders)}, set
        )

    assert len(locked) == 1 + backorders.MOST_RETRIES


def test_cancelling_units_waits_for_nobody_at_another_product_of_the_order(
    warehouse: Warehouse, shared_engine: Engine
) -> None:
    widget, gadget = warehouse.product(A1=9), warehouse.product("Gadget", B1=9)
    order = warehouse.processing((widget, 3), (gadget, 3))

    with Session(shared_engine) as holder:
        hold(holder, "inventory", "product_id", gadget.id)

        warehouse.cancel_item(order, 1)

    assert warehouse.allocations(order) == {"A1": 2}
    assert warehouse.allocations(order, line=2) == {"B1": 3}


def test_a_count_that_finds_nothing_more_locks_no_order(warehouse: Warehouse, shared_engine: Engine) -> None:
    widget = warehouse.product(A1=4)
    warehouse.processing((widget, 3))
    [waiting] = backlog(warehouse, widget, 1)
    hungry = warehouse.processing((widget, 5))

    with Session(shared_engine) as holder:
        hold(holder, "orders", "id", hungry.id)

        names: dict[str, Any] = {"product_id": widget.id, "location": "A1", "quantity": 4}
        warehouse.do(inventory_service.set_inventory, **names, reason="Cycle count")

    assert warehouse.shelves(widget) == {"A1": (4, 4)}
    assert warehouse.allocations(waiting) == {"A1": 1}
