"""What operations cost in SQL statements: at most docs/contract.md, "Cost"; lines and orders add none."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy.orm import Session

from tests.helpers.statements import counted
from tests.helpers.warehouse import Warehouse
from webapp.database.unit_of_work import Once, unit_of_work
from webapp.models import Order
from webapp.schemas.order import OrderUpdate
from webapp.services import order_inventory_service, order_service


def cost(warehouse: Warehouse, act: Callable[..., Any], key: str | None = None, **arguments: Any) -> list[str]:
    """The statements of one unit of work in a session of its own, as a request has it."""
    engine = warehouse.db.get_bind().engine
    once = Once(warehouse.store.id, key, "paula", key) if key else None

    def work(db: Session) -> str:
        act(db=db, store_id=warehouse.store.id, actor="paula", **arguments)
        return "done"

    with Session(engine, expire_on_commit=False) as session, counted(engine) as statements:
        unit_of_work(session, work, once)
    return statements


def ship_cost(warehouse: Warehouse, order: Order, quantity: int, key: str, line: int = 1) -> int:
    names: dict[str, Any] = {"order_id": order.id, "item_id": warehouse.item(order, line).id, "quantity": quantity}
    statements = cost(warehouse, order_inventory_service.fulfill_item, key, **names, skip_missing=False, seen_shipped=0)
    return len(statements)


def limit(warehouse: Warehouse, sqlite: int, postgresql: int) -> int:
    """PostgreSQL takes the rows of several tables in one statement."""
    return sqlite if warehouse.db.get_bind().dialect.name == "sqlite" else postgresql


def test_shipping_one_item_with_its_key_and_its_audit_costs_at_most_12_statements(warehouse: Warehouse) -> None:
    order = warehouse.processing((warehouse.product(A1=9), 5), (warehouse.product("Gadget", A1=9), 5))

    assert ship_cost(warehouse, order, 2, "first") <= limit(warehouse, 12, 6)


def test_it_costs_at_most_11_where_the_parcel_is_open(warehouse: Warehouse) -> None:
    order = warehouse.processing((warehouse.product(A1=9), 5), (warehouse.product("Gadget", A1=9), 5))
    warehouse.ship(order, 1)

    assert ship_cost(warehouse, order, 2, "second", line=2) <= limit(warehouse, 11, 5)


@pytest.mark.parametrize("places", [1, 3])
def test_the_last_units_from_several_places_cost_at_most_14(warehouse: Warehouse, places: int) -> None:
    widget = warehouse.product()
    for number in range(places):
        warehouse.arrive(widget, 2, f"A{number}")
    order = warehouse.processing((widget, 2 * places))

    assert ship_cost(warehouse, order, 2 * places, "all") <= limit(warehouse, 14, 8)


def test_units_that_were_not_reserved_cost_at_most_14(warehouse: Warehouse) -> None:
    order = warehouse.order((warehouse.product(A1=9), 5))

    assert ship_cost(warehouse, order, 5, "unreserved") <= limit(warehouse, 14, 9)


def test_shipping_costs_the_same_however_many_lines_and_orders_there_are(warehouse: Warehouse) -> None:
    widget = warehouse.product(A1=500)
    small = warehouse.processing((widget, 5), (widget, 1))
    first = ship_cost(warehouse, small, 2, "small")
    for _ in range(10):
        warehouse.processing((widget, 3))
    large = warehouse.processing(*((widget, 2) for _ in range(40)))

    assert ship_cost(warehouse, large, 2, "large") == first


@pytest.mark.parametrize(
    ("status", "sqlite", "postgresql"), [("processing", 10, 6), ("shipped", 15, 9), ("cancelled", 13, 10)]
)
def test_a_change_of_status_costs_the_same_however_many_lines_there_are(
    warehouse: Warehouse, status: str, sqlite: int, postgresql: int
) -> None:
    counts = []
    for lines in (4, 40):
        products = [warehouse.product(f"Product {number}", A1=9) for number in range(lines)]
        order = warehouse.order(*((product, 2) for product in products))
        if status != "processing":
            warehouse.process(order)
        names: dict[str, Any] = {"order_id": order.id, "order_update": OrderUpdate(status=status)}
        counts.append(len(cost(warehouse, order_service.change_status, **names)))

    few, many = counts
    assert few <= limit(warehouse, sqlite, postgresql)
    assert many <= max(sqlite, 15)


def test_the_shipment_status_costs_2_statements(warehouse: Warehouse) -> None:
    order = warehouse.processing(*((warehouse.product(f"Product {number}", A1=9), 2) for number in range(5)))
    engine = warehouse.db.get_bind().engine

    with Session(engine) as session, counted(engine) as statements:
        order_inventory_service.get_shipment_status(db=session, store_id=warehouse.store.id, order_id=order.id)

    assert len(statements) == 2
