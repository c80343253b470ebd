"""A store may start its orders as they are imported: processing and reserved in the transaction that writes them."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from tests.helpers.statements import counted
from tests.helpers.warehouse import Warehouse
from tests.services.imports.importing import (
    NATIVE,
    Imported,
    Importer,
    Killed,
    killed_in_second_chunk,
    native,
    table,
)
from webapp.models import Order, Product, Store
from webapp.services.imports.order_import import STARTED_ORDERS, OrdersImported

ORDERS = 3 * STARTED_ORDERS

pytestmark = pytest.mark.both_engines


@pytest.fixture
def warehouse(db: Session, store: Store) -> Warehouse:
    """The warehouse of the store that the importer imports into."""
    return Warehouse(db, store)


@pytest.fixture
def importer(importer: Importer) -> Importer:
    """An importer for a store that starts its orders by itself."""
    importer.starts_orders = True
    return importer


@pytest.fixture
def lantern(warehouse: Warehouse) -> Product:
    return warehouse.product("Lantern", "A-1", A1=5)


def numbered(warehouse: Warehouse) -> dict[str, Order]:
    warehouse.db.rollback()
    orders = warehouse.db.scalars(select(Order).where(Order.store_id == warehouse.store.id))
    return {order.order_number: order for order in orders}


def one_each(orders: int) -> str:
    """Return a file of orders for one Lantern each, the youngest first."""
    return native(
        *(
            {"order_number": f"N{number:03}", "ordered_at": f"2026-01-{28 - number % 28:02} 10:00"}
            for number in range(orders)
        )
    )


def test_the_oldest_of_a_chunk_get_the_stock_and_the_rest_waits_as_an_exception(
    warehouse: Warehouse, importer: Importer, lantern: Product
) -> None:
    new = {"order_number": "NEW", "ordered_at": "2026-01-06 10:00", "quantity": 4}
    unknown = {"order_number": "NEW", "ordered_at": "2026-01-06 10:00", "sku": "?", "quantity": 2}

    imported = importer.orders(native(new, unknown, {"order_number": "OLD", "ordered_at": "2026-01-05", "quantity": 3}))

    orders = numbered(warehouse)
    assert {number: warehouse.status(order) for number, order in orders.items()} == dict.fromkeys(orders, "processing")
    assert (warehouse.allocations(orders["OLD"]), warehouse.allocations(orders["NEW"])) == ({"A1": 3}, {"A1": 2})
    assert warehouse.exceptions(orders["NEW"]) == [
        (1, "insufficient_inventory", 2, "open"),
        (2, "placeholder_product", 2, "open"),
    ]
    assert warehouse.events(orders["OLD"]) == ["imported", "reserved", "status_changed"]
    assert (imported.result.started_orders, imported.result.reserved_units, imported.result.waiting_units) == (2, 5, 4)
    assert warehouse.unsound() == []


def test_the_same_file_again_and_a_store_without_the_setting_start_nothing(
    warehouse: Warehouse, importer: Importer, lantern: Product
) -> None:
    importer.orders(one_each(2))
    before = warehouse.ledger()
    again = importer.orders(one_each(2))
    importer.starts_orders = False
    importer.orders(native({"order_number": "LATER"}))

    assert (again.result.started_orders, warehouse.ledger()) == (0, before)
    assert warehouse.status(numbered(warehouse)["LATER"]) == "pending"


@pytest.mark.parametrize("at_work", [True, False])
def test_an_import_killed_in_or_after_a_chunk_leaves_whole_chunks_and_the_next_one_goes_on(
    warehouse: Warehouse, importer: Importer, lantern: Product, at_work: bool
) -> None:
    warehouse.arrive(lantern, ORDERS)
    with pytest.raises(Killed):
        importer.orders(one_each(ORDERS), run=killed_in_second_chunk(importer.run, at_work=at_work))
    kept = STARTED_ORDERS if at_work else 2 * STARTED_ORDERS
    assert len(numbered(warehouse)) == kept
    assert warehouse.shelves(lantern) == {"A1": (ORDERS + 5, kept)}

    importer.orders(one_each(ORDERS))

    assert warehouse.shelves(lantern) == {"A1": (ORDERS + 5, ORDERS)}
    assert {str(order.status) for order in numbered(warehouse).values()} == {"processing"}
    assert warehouse.unsound() == []


def test_three_imports_of_one_file_at_once_start_each_order_once(
    warehouse: Warehouse, store: Store, new_session: Callable[[], Session], lantern: Product, tmp_path: Path
) -> None:
    warehouse.product("Cup", "B-1", B1=ORDERS)
    path = tmp_path / "orders.csv"
    lines = [{"order_number": f"N{n:03}", "sku": sku} for n in range(ORDERS) for sku in ("A-1", "B-1")]
    path.write_text(native(*lines))

    def run(number: int) -> Imported[OrdersImported]:
        importer = Importer(new_session(), store, tmp_path / str(number))
        importer.starts_orders = True
        return importer.orders(path)

    with ThreadPoolExecutor(3) as pool:
        results = [imported.result for imported in pool.map(run, range(3))]

    assert sum(result.started_orders for result in results) == ORDERS
    assert sum(result.reserved_units for result in results) == ORDERS + 5
    assert warehouse.shelves(lantern) == {"A1": (5, 5)}
    assert warehouse.unsound() == []


def test_known_orders_are_locked_before_the_places_of_new_ones(
    importer: Importer, lantern: Product, engine: Engine
) -> None:
    importer.orders(native({"order_number": "OLD"}))
    usual = {"ordered_at": "2026-01-05 10:00", "sku": "A-1", "quantity": 1}
    rows = [{**usual, "order_number": number, "external_id": f"id of {number}"} for number in ("OLD", "NEW")]

    with counted(engine) as statements:
        imported = importer.orders(table((*NATIVE, "external_id"), rows))

    assert (imported.result.started_orders, imported.result.known_orders) == (1, 1)
    given_ids = [place for place, one in enumerate(statements) if one.startswith("UPDATE orders SET external_id")]
    places = [place for place, one in enumerate(statements) if "FROM inventory" in one]
    assert given_ids
    assert max(given_ids) < min(places)
