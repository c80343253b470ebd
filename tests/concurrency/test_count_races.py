"""True counts at the same moment as ships, reservations and other counts: no unit is lost, and stock verifies."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import Engine

from tests.concurrency.racing import Act, calls, race
from tests.concurrency.test_known_fault_races import set_status
from tests.helpers.warehouse import Warehouse
from webapp.database.unit_of_work import Once
from webapp.domain.errors import InsufficientInventory, PackbenchError, StaleView
from webapp.domain.true_counts import ChosenLosses, ShortCount
from webapp.models import Order, Product
from webapp.services import inventory_service, order_inventory_service, shelf_service
from webapp.services.engine import true_counts

pytestmark = pytest.mark.both_engines

ROUNDS = 5


def count(warehouse: Warehouse, product: Product, units: int, **arguments: Any) -> Act:
    names: dict[str, Any] = {"store_id": warehouse.store.id, "product_id": product.id, "location": "A1"}
    return calls(inventory_service.set_inventory, **names, quantity=units, reason="Cycle count", **arguments)


def ship(warehouse: Warehouse, order: Order, units: int = 1) -> Act:
    names = {"store_id": warehouse.store.id, "order_id": order.id, "item_id": warehouse.item(order).id}
    return calls(order_inventory_service.fulfill_item, **names, quantity=units, skip_missing=False)


def report(warehouse: Warehouse, order: Order, units: int) -> Act:
    item = warehouse.item(order)
    place = warehouse.place(item.product_id, "A1")
    names = {"store_id": warehouse.store.id, "order_id": order.id, "item_id": item.id, "inventory_id": place.id}
    return calls(
        shelf_service.report_short_pick, **names, counted_quantity=units, seen_quantity=place.quantity, actor="piet"
    )


def preview(warehouse: Warehouse, product: Product, counted: int) -> dict[str, Any]:
    place = warehouse.place(product.id, "A1")
    held = true_counts.held_at(warehouse.db, warehouse.store.id, place.id)
    short_count = ShortCount(on_hand=place.quantity, counted=counted, held=held, free_elsewhere=0)
    warehouse.db.commit()
    return {"seen_quantity": place.quantity, "chosen": ChosenLosses(short_count.seen)}


def reserved(warehouse: Warehouse, *orders: Order) -> int:
    return sum(sum(warehouse.allocations(order).values()) for order in orders)


def test_a_count_and_ships_from_the_place(warehouse: Warehouse, shared_engine: Engine) -> None:
    for _ in range(ROUNDS):
        widget = warehouse.product(A1=6)
        orders = [warehouse.processing((widget, 3)) for _ in range(2)]

        results = race(shared_engine, [count(warehouse, widget, 2), *(ship(warehouse, order, 2) for order in orders)])

        on_hand, held = warehouse.shelves(widget)["A1"]
        shipped = sum(warehouse.item(order).shipped_quantity for order in orders)
        refused = [one for one in results if isinstance(one, PackbenchError)]
        assert all(isinstance(one, InsufficientInventory) for one in refused)
        assert shipped == 4 - 2 * len(refused)
        assert held == reserved(warehouse, *orders) <= on_hand <= 2


def test_a_count_after_a_preview_and_a_ship_of_what_it_showed(warehouse: Warehouse, shared_engine: Engine) -> None:
    for _ in range(ROUNDS):
        widget = warehouse.product(A1=6)
        order = warehouse.processing((widget, 6))

        counted, shipped = race(
            shared_engine, [count(warehouse, widget, 2, **preview(warehouse, widget, 2)), ship(warehouse, order, 3)]
        )

        if isinstance(counted, StaleView):
            assert (shipped["fulfilled_quantity"], warehouse.shelves(widget)) == (3, {"A1": (3, 3)})
        else:
            assert isinstance(shipped, InsufficientInventory)
            assert warehouse.shelves(widget) == {"A1": (2, 2)}


def test_two_counts_after_one_preview_and_only_one_is_taken(warehouse: Warehouse, shared_engine: Engine) -> None:
    for _ in range(ROUNDS):
        widget = warehouse.product(A1=6)
        order = warehouse.processing((widget, 6))
        seen = preview(warehouse, widget, 2)

        results = race(shared_engine, [count(warehouse, widget, 2, **seen) for _ in range(4)])

        assert sum(isinstance(result, StaleView) for result in results) == 3
        assert (warehouse.shelves(widget), warehouse.allocations(order)) == ({"A1": (2, 2)}, {"A1": 2})
        assert warehouse.exceptions(order) == [(1, "short_pick", 4, "open")]


def test_short_picks_of_two_packers_at_one_place(warehouse: Warehouse, shared_engine: Engine) -> None:
    for _ in range(ROUNDS):
        widget = warehouse.product(A1=6)
        orders = [warehouse.processing((widget, 3)) for _ in range(2)]

        results = race(shared_engine, [report(warehouse, order, 1) for order in orders])

        assert sum(isinstance(result, StaleView) for result in results) == 1
        assert warehouse.shelves(widget) == {"A1": (1, 1)}
        assert warehouse.to_count(widget) == {"A1": ("short_pick", "piet", True)}


def test_a_short_pick_and_orders_that_begin_to_reserve_there(warehouse: Warehouse, shared_engine: Engine) -> None:
    for _ in range(ROUNDS):
        widget = warehouse.product(A1=9)
        order = warehouse.processing((widget, 2))
        others = [warehouse.order((widget, 2)) for _ in range(3)]

        acts = [report(warehouse, order, 1), *(set_status(warehouse, other, "processing") for other in others)]
        results = race(shared_engine, acts)

        assert [result for result in results if isinstance(result, PackbenchError)] == []
        assert warehouse.shelves(widget)["A1"][0] == 1
        assert warehouse.shelves(widget)["A1"][1] == reserved(warehouse, order, *others) <= 1


def test_counts_down_and_arrivals_elsewhere_leave_no_order_waiting(warehouse: Warehouse, shared_engine: Engine) -> None:
    for _ in range(ROUNDS):
        widget = warehouse.product(A1=6)
        orders = [warehouse.processing((widget, 2)) for _ in range(3)]
        names: dict[str, Any] = {"product_id": widget.id, "store_id": warehouse.store.id, "location": "B2"}
        arrive = calls(inventory_service.import_inventory, **names, quantity=3)

        race(shared_engine, [count(warehouse, widget, 1), arrive, arrive])

        assert reserved(warehouse, *orders) == 6


def test_a_request_that_is_sent_twice_at_once_counts_once(warehouse: Warehouse, shared_engine: Engine) -> None:
    widget = warehouse.product(A1=6)
    order = warehouse.processing((widget, 6))
    once = Once(warehouse.store.id, "count", "system", "count 2")

    results = race(shared_engine, [count(warehouse, widget, 2)] * 3, once)

    assert sorted(result.replayed for result in results) == [False, True, True]
    assert warehouse.exceptions(order) == [(1, "short_pick", 4, "open")]
