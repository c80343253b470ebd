"""Known faults that need two people at once, on both engines, with real threads; numbered as in tests/services."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from tests.concurrency.racing import Act, calls, race
from tests.helpers.warehouse import Warehouse
from webapp.database.unit_of_work import Once
from webapp.domain.errors import IdempotencyKeyReused, InvalidQuantity, InvalidTransition, StaleView, UndoRefused
from webapp.models import Order
from webapp.schemas.order import OrderUpdate
from webapp.services import order_inventory_service, order_service, undo_service

pytestmark = pytest.mark.both_engines


def ship(warehouse: Warehouse, order: Order, line: int = 1, actor: str = "paula", **arguments: Any) -> Act:
    names = {"store_id": warehouse.store.id, "order_id": order.id, "item_id": warehouse.item(order, line).id}
    return calls(order_inventory_service.fulfill_item, **names, actor=actor, skip_missing=False, **arguments)


def set_status(warehouse: Warehouse, order: Order, status: str, actor: str = "max") -> Act:
    store_id, order_id, update = warehouse.store.id, order.id, OrderUpdate(status=status)

    def act(db: Session) -> str:
        order_service.change_status(db, store_id, order_id, update, actor=actor)
        return status

    return act


# 3.


def test_processing_set_many_times_at_once_reserves_once(warehouse: Warehouse, shared_engine: Engine) -> None:
    widget = warehouse.product(A1=6, B2=6)
    order = warehouse.order((widget, 9))

    race(shared_engine, [set_status(warehouse, order, "processing")] * 8)

    assert warehouse.allocations(order) == {"A1": 6, "B2": 3}
    assert sum(row.reserved_change for row in warehouse.ledger(order)) == 9
    assert warehouse.events(order).count("status_changed") == 1


def test_reserving_many_times_at_once_reserves_once(warehouse: Warehouse, shared_engine: Engine) -> None:
    widget = warehouse.product(A1=20)
    order = warehouse.order((widget, 9))
    reserve = calls(order_inventory_service.reserve_for_order, store_id=warehouse.store.id, order_id=order.id)

    results = race(shared_engine, [reserve] * 8)

    assert Counter(result["reserved_units"] for result in results) == {9: 1, 0: 7}
    assert warehouse.shelves(widget) == {"A1": (20, 9)}


# 8.


@pytest.mark.parametrize("shipping", ["item", "order", "status"])
def test_shipping_races_cancelling_and_every_outcome_is_a_legal_one(
    warehouse: Warehouse, shared_engine: Engine, shipping: str
) -> None:
    widget = warehouse.product(A1=200)
    seen = set()
    for _ in range(6):
        order = warehouse.processing((widget, 5))
        act = {
            "item": ship(warehouse, order, quantity=2),
            "order": calls(
                lambda db, order_id: order_service.ship_order(db, warehouse.store.id, order_id).order.status,
                order_id=order.id,
            ),
            "status": set_status(warehouse, order, "shipped"),
        }[shipping]

        shipped, cancelled = race(shared_engine, [act, set_status(warehouse, order, "cancelled")])

        item = warehouse.item(order)
        outcome = (warehouse.status(order), item.shipped_quantity, item.cancelled_quantity)
        refused = (isinstance(shipped, InvalidTransition), isinstance(cancelled, InvalidTransition))
        legal = {
            (True, False): ("cancelled", 0, 5),
            (False, False): ("cancelled", 2, 3),
            (False, True): ("shipped", 5, 0),
        }
        assert outcome == legal[refused]
        assert warehouse.allocations(order) == {}
        seen.add(refused)
    assert seen


def test_taking_a_line_back_races_cancelling_the_order(warehouse: Warehouse, shared_engine: Engine) -> None:
    widget = warehouse.product(A1=200)
    for _ in range(6):
        order = warehouse.processing((widget, 5))
        warehouse.ship(order, 2)
        names = {"store_id": warehouse.store.id, "order_id": order.id, "line_id": warehouse.lines(order)[0].id}
        undo = calls(undo_service.undo_shipment_line, **names)

        undone, cancelled = race(shared_engine, [undo, set_status(warehouse, order, "cancelled")])

        item = warehouse.item(order)
        assert cancelled == "cancelled"
        assert (item.shipped_quantity, item.cancelled_quantity) == (
            (2, 3) if isinstance(undone, UndoRefused) else (0, 5)
        )
        assert warehouse.allocations(order) == {}


# 9.


def test_the_same_request_many_times_at_once_has_one_effect_and_equal_answers(
    warehouse: Warehouse, shared_engine: Engine
) -> None:
    order = warehouse.processing((warehouse.product(A1=500), 300))
    once = Once(warehouse.store.id, "tap-1", "paula", "ship 2")

    outcomes = race(shared_engine, [ship(warehouse, order, quantity=2)] * 100, once)

    assert Counter(outcome.replayed for outcome in outcomes) == {False: 1, True: 99}
    assert len({str(sorted(outcome.result.items())) for outcome in outcomes}) == 1
    assert outcomes[0].result["fulfilled_quantity"] == 2
    assert warehouse.item(order).shipped_quantity == 2
    assert [row.kind for row in warehouse.ledger(order)] == ["reserve", "fulfill"]


def test_the_same_key_with_another_body_is_refused_and_has_no_effect(
    warehouse: Warehouse, shared_engine: Engine
) -> None:
    order = warehouse.processing((warehouse.product(A1=500), 300))
    race(shared_engine, [ship(warehouse, order, quantity=2)], Once(warehouse.store.id, "tap-1", "paula", "ship 2"))

    other = Once(warehouse.store.id, "tap-1", "paula", "ship 3")
    refusals = race(shared_engine, [ship(warehouse, order, quantity=3)] * 10, other)

    assert {type(refusal) for refusal in refusals} == {IdempotencyKeyReused}
    assert warehouse.item(order).shipped_quantity == 2


# 10.


@pytest.mark.parametrize("round_", range(3))
def test_of_two_people_who_ship_the_same_line_at_once_the_loser_gets_fresh_numbers(
    warehouse: Warehouse, shared_engine: Engine, round_: int
) -> None:
    order = warehouse.processing((warehouse.product(A1=9), 5))

    results = race(
        shared_engine,
        [ship(warehouse, order, actor=actor, quantity=3, seen_shipped=0) for actor in ("paula", "pete")],
    )

    (refusal,) = [result for result in results if isinstance(result, StaleView)]
    (answer,) = [result for result in results if not isinstance(result, StaleView)]
    assert (answer["fulfilled_quantity"], answer["remaining_quantity"]) == (3, 2)
    assert refusal.status == 409
    data = refusal.data
    assert (data["seen"], data["shipped_quantity"], data["remaining_quantity"]) == (0, 3, 2)
    assert warehouse.item(order).shipped_quantity == 3
    assert sum(line.quantity for line in warehouse.lines(order)) == 3


def test_many_people_who_ship_the_same_line_never_ship_more_than_was_ordered(
    warehouse: Warehouse, shared_engine: Engine
) -> None:
    order = warehouse.processing((warehouse.product(A1=30, B2=30), 50))

    results = race(shared_engine, [ship(warehouse, order, actor=f"packer-{n}", quantity=3) for n in range(20)])

    answers = [result for result in results if not isinstance(result, InvalidQuantity)]
    assert [answer["fulfilled_quantity"] for answer in answers] == [3] * 16
    assert sorted(answer["shipped_quantity"] for answer in answers) == list(range(3, 49, 3))
    assert warehouse.item(order).shipped_quantity == 48
    assert -sum(row.quantity_change for row in warehouse.ledger(order)) == 48


def test_people_who_ship_all_that_remains_at_once_ship_it_once(warehouse: Warehouse, shared_engine: Engine) -> None:
    order = warehouse.processing((warehouse.product(A1=30), 5))

    results = race(shared_engine, [ship(warehouse, order, actor=f"packer-{n}") for n in range(8)])

    assert Counter(result["fulfilled_quantity"] for result in results) == {5: 1, 0: 7}
    assert warehouse.status(order) == "shipped"


# 14.


def test_orders_with_their_items_in_opposite_order_never_deadlock_a_caller(
    warehouse: Warehouse, shared_engine: Engine
) -> None:
    products = [warehouse.product(f"Product {number}", A1=400) for number in range(6)]
    for _ in range(8):
        orders = [
            warehouse.order(*((product, 2) for product in (products if number % 2 else reversed(products))))
            for number in range(8)
        ]

        for status in ("processing", "shipped"):
            assert race(shared_engine, [set_status(warehouse, order, status) for order in orders]) == [status] * 8

        assert {warehouse.status(order) for order in orders} == {"shipped"}
    assert {warehouse.shelves(product)["A1"] for product in products} == {(400 - 8 * 8 * 2, 0)}


def test_processing_cancelling_and_shipping_crosswise_never_deadlocks_a_caller(
    warehouse: Warehouse, shared_engine: Engine
) -> None:
    """Scarce stock, so that every cancellation also locks the orders that wait for its units."""
    products = [warehouse.product(f"Product {number}", A1=7) for number in range(4)]
    orders = [
        warehouse.order(*((product, 2) for product in (products if number % 2 else reversed(products))))
        for number in range(18)
    ]
    for order in orders[:9]:
        warehouse.process(order)

    acts = [set_status(warehouse, order, "processing") for order in orders[9:]]
    acts += [set_status(warehouse, order, "cancelled") for order in orders[:9:2]]
    acts += [ship(warehouse, order, line=2, quantity=1) for order in orders[1:9:2]]
    results = race(shared_engine, acts)

    assert len(results) == 18
    for product in products:
        on_hand, reserved = warehouse.shelves(product)["A1"]
        waiting = sum(
            warehouse.item(order, line).remaining_quantity - sum(warehouse.allocations(order, line).values())
            for order in orders
            if warehouse.status(order) in ("processing", "partially_shipped")
            for line in range(1, 5)
            if warehouse.item(order, line).product_id == product.id
        )
        assert on_hand == reserved or waiting == 0
