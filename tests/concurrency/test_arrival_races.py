"""Stock arrives while orders begin to wait for it: no order waits beside unreserved stock."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import Engine

from tests.concurrency.racing import Act, calls, race
from tests.concurrency.test_known_fault_races import set_status
from tests.helpers.warehouse import Warehouse
from webapp.database import unit_of_work
from webapp.domain.errors import PackbenchError
from webapp.models import Order, Product
from webapp.services import inventory_service, order_service, return_service
from webapp.services.imports.stock_drafts import DraftStock
from webapp.services.imports.stock_rows_before import StockFile
from webapp.services.imports.stock_writing import write_stock

pytestmark = pytest.mark.both_engines

ROUNDS = 8

Arrival = Callable[[Warehouse, Product], Act]


def arrive(warehouse: Warehouse, product: Product, location: str = "A1", quantity: int = 5) -> Act:
    names: dict[str, Any] = {"product_id": product.id, "location": location, "quantity": quantity}
    return calls(inventory_service.import_inventory, store_id=warehouse.store.id, **names)


def waiting(warehouse: Warehouse, order: Order) -> int:
    return warehouse.item(order).remaining_quantity - sum(warehouse.allocations(order).values())


@pytest.mark.parametrize(
    ("stocked", "location"),
    [({"A1": 1}, "A1"), ({"A1": 1}, "NEW"), ({}, "NEW")],
    ids=["at a known place", "at a new place", "of a product without any place"],
)
def test_stock_arrives_while_an_order_is_set_processing(
    warehouse: Warehouse, shared_engine: Engine, stocked: dict[str, Any], location: str
) -> None:
    for _ in range(ROUNDS):
        widget = warehouse.product(**stocked)
        order = warehouse.order((widget, 4))

        race(shared_engine, [set_status(warehouse, order, "processing"), arrive(warehouse, widget, location)])

        assert waiting(warehouse, order) == 0


def test_stock_arrives_while_many_orders_are_set_processing(warehouse: Warehouse, shared_engine: Engine) -> None:
    for _ in range(ROUNDS // 2):
        widget = warehouse.product()
        orders = [warehouse.order((widget, 2)) for _ in range(6)]

        acts = [set_status(warehouse, order, "processing") for order in orders]
        race(shared_engine, [*acts, *(arrive(warehouse, widget, f"NEW-{number}", 3) for number in range(3))])

        assert sum(waiting(warehouse, order) for order in orders) == 3
        assert sum(reserved for _, reserved in warehouse.shelves(widget).values()) == 9


def test_an_order_is_cancelled_while_another_is_set_processing(warehouse: Warehouse, shared_engine: Engine) -> None:
    for _ in range(ROUNDS):
        widget = warehouse.product(A1=5)
        first, second = warehouse.processing((widget, 5)), warehouse.order((widget, 5))

        acts = [set_status(warehouse, first, "cancelled"), set_status(warehouse, second, "processing")]
        race(shared_engine, acts)

        assert warehouse.allocations(second) == {"A1": 5}


def test_units_come_back_while_an_order_is_set_processing(warehouse: Warehouse, shared_engine: Engine) -> None:
    for _ in range(ROUNDS):
        widget = warehouse.product(A1=3)
        sold, order = warehouse.processing((widget, 3)), warehouse.order((widget, 2))
        warehouse.ship(sold)
        names: dict[str, Any] = {"order_id": sold.id, "item_id": warehouse.item(sold).id, "quantity": 2}
        names |= {"reason": "Too small", "location": "NEW", "store_id": warehouse.store.id}

        acts = [set_status(warehouse, order, "processing"), calls(return_service.return_units, **names)]
        race(shared_engine, acts)

        assert warehouse.allocations(order) == {"NEW": 2}


def test_arrivals_at_one_new_place_at_once_make_it_once(warehouse: Warehouse, shared_engine: Engine) -> None:
    widget = warehouse.product()
    order = warehouse.processing((widget, 30))

    race(shared_engine, [arrive(warehouse, widget, "NEW", 3) for _ in range(8)])

    assert warehouse.shelves(widget) == {"NEW": (24, 24)}
    assert waiting(warehouse, order) == 6


def test_hand_counts_and_arrivals_at_once_lose_no_unit(warehouse: Warehouse, shared_engine: Engine) -> None:
    widget = warehouse.product(A1=100)
    names: dict[str, Any] = {"store_id": warehouse.store.id, "product_id": widget.id, "location": "A1"}
    adjust = [
        calls(inventory_service.adjust_inventory, **names, quantity_change=change, reason="Cycle count")
        for change in (-3, 5, -7, 11)
    ]

    race(shared_engine, [*adjust, *(arrive(warehouse, widget) for _ in range(4))])

    assert warehouse.shelves(widget) == {"A1": (126, 0)}


def test_the_first_delivery_of_a_product_never_waits_for_its_orders_in_a_circle(
    warehouse: Warehouse, shared_engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(unit_of_work, "_ATTEMPTS", 1)  # A deadlock is raised here.
    for number in range(6):
        lamp = warehouse.product(f"Lamp {number}")
        orders = [warehouse.processing((lamp, 2)) for _ in range(4)]
        of_store: dict[str, Any] = {"store_id": warehouse.store.id, "actor": "paula"}
        ships = [calls(order_service.ship_rest, **of_store, order_id=order.id, seen_version=None) for order in orders]
        rows = [DraftStock(2, lamp.sku, "", "Lamp", "main", "N1", 8)]
        file = StockFile(f"delivery-{number}", "delivery.csv")
        delivery = calls(write_stock, **of_store, reason="A delivery", rows=rows, file=file)

        results = race(shared_engine, [*ships[:2], delivery, *ships[2:]])

        assert not isinstance(results[2], PackbenchError)
        shipped = sum(warehouse.item(order).shipped_quantity for order in orders)
        assert warehouse.shelves(lamp) == {"N1": (8 - shipped, 8 - shipped)}
        assert warehouse.unsound() == []
