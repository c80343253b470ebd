"""Corrections of a return at the same moment as each other, and as orders that take its units."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine

from tests.concurrency.racing import Act, calls, race
from tests.concurrency.test_known_fault_races import set_status
from tests.helpers.warehouse import Warehouse
from webapp.database.unit_of_work import Once
from webapp.domain.errors import StaleView, UndoRefused
from webapp.models import Order, Product
from webapp.services import inventory_service, return_service
from webapp.services.reads import returns

pytestmark = pytest.mark.both_engines

ROUNDS = 5


def correct(warehouse: Warehouse, order: Order, units: int) -> Act:
    (booked,) = returns.list_returns(warehouse.db, warehouse.store.id, order.id)
    warehouse.db.commit()
    names = {"store_id": warehouse.store.id, "order_id": order.id, "event_id": booked.event_id}
    return calls(return_service.correct_return, **names, quantity=units, seen_quantity=booked.quantity)


def returned(warehouse: Warehouse) -> Order:
    """An order of 3 that came back to R1."""
    order = warehouse.processing((warehouse.product(A1=3), 3))
    warehouse.ship(order)
    warehouse.give_back(order, 3)
    return order


def test_a_return_corrected_by_many_at_once_is_corrected_once(warehouse: Warehouse, shared_engine: Engine) -> None:
    for _ in range(ROUNDS):
        order = returned(warehouse)

        results = race(shared_engine, [correct(warehouse, order, 1) for _ in range(4)])

        assert sum(isinstance(result, StaleView) for result in results) == 3
        assert warehouse.item(order).returned_quantity == 1


def test_a_correction_and_a_count_of_the_place(warehouse: Warehouse, shared_engine: Engine) -> None:
    for _ in range(ROUNDS):
        order = returned(warehouse)
        widget = warehouse.db.get_one(Product, (warehouse.store.id, warehouse.item(order).product_id))
        warehouse.arrive(widget, 4, "R1")
        names = {"store_id": warehouse.store.id, "product_id": widget.id, "location": "R1"}
        count = calls(inventory_service.set_inventory, **names, quantity=4, reason="Cycle count")

        race(shared_engine, [correct(warehouse, order, 0), count])

        assert (warehouse.shelves(widget)["R1"], warehouse.item(order).returned_quantity) == ((4, 0), 0)


def test_a_correction_that_is_sent_twice_at_once_counts_once(warehouse: Warehouse, shared_engine: Engine) -> None:
    order = returned(warehouse)
    once = Once(warehouse.store.id, "correct", "system", "correct to 1")

    results = race(shared_engine, [correct(warehouse, order, 1)] * 3, once)

    assert sorted(result.replayed for result in results) == [False, True, True]
    assert warehouse.item(order).returned_quantity == 1


def test_a_correction_and_an_order_that_takes_the_units(warehouse: Warehouse, shared_engine: Engine) -> None:
    for _ in range(ROUNDS):
        order = returned(warehouse)
        widget = warehouse.db.get_one(Product, (warehouse.store.id, warehouse.item(order).product_id))
        other = warehouse.order((widget, 3))

        corrected, _ = race(shared_engine, [correct(warehouse, order, 1), set_status(warehouse, other, "processing")])

        held = sum(warehouse.allocations(other).values())
        assert (held, isinstance(corrected, UndoRefused)) in ((3, True), (1, False))
