"""Merges beside merges, shipments and deliveries: everything ends at one product, and the ledger adds up."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine, select

from tests.concurrency.racing import Act, calls, race
from tests.factories.numbers import gtin13
from tests.helpers.warehouse import Warehouse
from webapp.database import unit_of_work
from webapp.domain.errors import ConflictError, PackbenchError, StaleView
from webapp.domain.products import ProductTexts
from webapp.models import Inventory, OrderItem, Product
from webapp.services import (
    inventory_service,
    matching_service,
    order_inventory_service,
    product_code_service,
    product_service,
    return_service,
)
from webapp.services.imports.drafts import DraftLine, DraftOrder, ShopState
from webapp.services.imports.order_writing import Import, write_orders
from webapp.services.imports.stock_drafts import DraftStock
from webapp.services.imports.stock_rows_before import StockFile
from webapp.services.imports.stock_writing import write_stock
from webapp.services.product_merge_service import merge_products, undo_merge

pytestmark = pytest.mark.both_engines


def merge(former: Product, survivor: Product) -> Act:
    names = {"store_id": former.store_id, "product_id": former.id, "survivor_id": survivor.id, "actor": "max"}
    return calls(merge_products, **names)


def test_two_managers_merge_the_twins_in_both_directions_at_once(warehouse: Warehouse, shared_engine: Engine) -> None:
    for number in range(3):
        twin, mug = warehouse.product(f"Twin {number}", A1=5), warehouse.product("Mug", A1=2)
        warehouse.processing((twin, 2))

        results = race(shared_engine, [merge(twin, mug), merge(mug, twin), merge(twin, mug)])

        assert any(isinstance(result, ConflictError) for result in results)
        assert sum(not isinstance(result, ConflictError) and result["is_new"] for result in results) == 1
        warehouse.db.rollback()
        places = warehouse.db.scalars(select(Inventory).where(Inventory.product_id.in_([twin.id, mug.id])))
        assert sorted((place.quantity, place.reserved_quantity) for place in places) == [(0, 0), (7, 2)]


def test_units_that_ship_and_arrive_during_a_merge_are_of_the_one_that_stays(
    warehouse: Warehouse, shared_engine: Engine
) -> None:
    for number in range(3):
        twin, mug = warehouse.product(f"Twin {number}", A1=5), warehouse.product("Mug", A1=2)
        order = warehouse.processing((twin, 2))
        item = warehouse.item(order)
        ship = calls(
            order_inventory_service.fulfill_item,
            store_id=warehouse.store.id,
            order_id=order.id,
            item_id=item.id,
            quantity=1,
            actor="paula",
        )
        rows = [DraftStock(2, twin.sku, "", "Mug", "main", f"N{number}", 3)]
        file = StockFile(f"delivery-{number}", "delivery.csv")
        arrive = calls(write_stock, store_id=warehouse.store.id, actor="max", reason="A delivery", rows=rows, file=file)

        race(shared_engine, [merge(twin, mug), ship, arrive])

        assert all(units == (0, 0) for units in warehouse.shelves(twin).values())
        assert warehouse.shelves(mug) == {"A1": (6, 1), f"N{number}": (3, 0)}


def test_returns_and_counts_never_wait_for_a_merge_in_a_circle(
    warehouse: Warehouse, shared_engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(unit_of_work, "_ATTEMPTS", 1)  # A deadlock is raised here.
    for number in range(4):
        twin, mug = warehouse.product(f"Twin {number}", A1=9), warehouse.product("Mug", A1=2)
        orders = [warehouse.processing((twin, 2)) for _ in range(3)]
        of_store = {"store_id": warehouse.store.id, "location": "A1", "actor": "max"}
        acts = [merge(twin, mug)]
        for order in orders:
            warehouse.ship(order, 1)
            line = {"order_id": order.id, "item_id": warehouse.item(order).id, "quantity": 1, "reason": "Too small"}
            acts.append(calls(return_service.return_units, **line, **of_store))
        acts.append(calls(inventory_service.import_inventory, product_id=twin.id, quantity=9, **of_store))
        warehouse.processing((twin, 9))
        warehouse.processing((twin, 9))

        results = race(shared_engine, acts)

        refused = [result for result in results if isinstance(result, PackbenchError)]
        assert all(isinstance(result, ConflictError | StaleView) for result in refused)
        assert not isinstance(results[0], PackbenchError)
        assert all(units == (0, 0) for units in warehouse.shelves(twin).values())
        assert warehouse.unsound() == []


def test_a_match_never_waits_for_a_merge_in_a_circle(
    warehouse: Warehouse, shared_engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(unit_of_work, "_ATTEMPTS", 1)  # A deadlock is raised here.
    unknown = warehouse.placeholder()
    for number in range(6):
        twin, mug = warehouse.product(f"Twin {number}", A1=20), warehouse.product("Mug", A1=2)
        waiting = [warehouse.processing((twin, 2), (unknown, 1), sku=f"S{number}", gtin="") for _ in range(6)]
        names = {"store_id": warehouse.store.id, "sku": f"S{number}", "product_id": twin.id, "actor": "max"}
        acts = [merge(twin, mug), *[calls(matching_service.match_sku, **names)] * 3]

        results = race(shared_engine, acts)

        assert [result for result in results if isinstance(result, PackbenchError)] == []
        assert {warehouse.item(order, 2).product_id for order in waiting} == {mug.id}
        assert warehouse.unsound() == []


def test_an_import_never_waits_for_a_merge_in_a_circle(
    warehouse: Warehouse, shared_engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(unit_of_work, "_ATTEMPTS", 1)  # A deadlock is raised here.
    for number in range(6):
        twin, mug = warehouse.product(f"Twin {number}", A1=20), warehouse.product("Mug", A1=2)
        job = Import(warehouse.store.id, 48, "orders.csv", "native", "max", UTC, starts_orders=bool(number % 2))
        known = [draft_of(f"K{number}-{one}", twin, at=1) for one in range(6)]
        write_orders(warehouse.db, job, known)
        warehouse.db.commit()
        changed = [replace(one, state=ShopState(updated_at=one.ordered_at + timedelta(hours=2))) for one in known]
        new = [draft_of(f"N{number}-{one}", twin, at=1) for one in range(6)]

        results = race(shared_engine, [merge(twin, mug), calls(write_orders, job=job, drafts=[*changed, *new])])

        assert [result for result in results if isinstance(result, PackbenchError)] == []
        warehouse.db.rollback()
        lines = warehouse.db.scalars(select(OrderItem.product_id).where(OrderItem.sku == twin.sku)).all()
        assert lines == [mug.id] * 12
        assert warehouse.unsound() == []


@pytest.mark.parametrize("road", ["a delivery", "a code", "a GTIN"])
def test_who_brings_what_lines_wait_for_never_waits_for_a_merge_in_a_circle(
    warehouse: Warehouse, shared_engine: Engine, monkeypatch: pytest.MonkeyPatch, road: str
) -> None:
    monkeypatch.setattr(unit_of_work, "_ATTEMPTS", 1)  # A deadlock is raised here.
    unknown = warehouse.placeholder()
    for number in range(6):
        gtin = gtin13(number, "40123")
        twin, mug = warehouse.product(f"Twin {number}", A1=20), warehouse.product("Mug", A1=2)
        waiting = [warehouse.processing((twin, 2), (unknown, 1), sku="", gtin=gtin) for _ in range(6)]

        merged, _ = race(shared_engine, [merge(twin, mug), bringing(road, warehouse, twin, gtin, number)])

        assert not isinstance(merged, PackbenchError)
        assert {warehouse.item(order, 1).product_id for order in waiting} == {mug.id}
        assert {warehouse.item(order, 2).product_id for order in waiting} <= {mug.id, unknown.id}
        assert warehouse.unsound() == []


def bringing(road: str, warehouse: Warehouse, product: Product, gtin: str, number: int) -> Act:
    """Let the product have the GTIN that lines wait with."""
    names = {"store_id": warehouse.store.id, "actor": "max"}
    if road == "a delivery":
        rows = [DraftStock(2, product.sku, gtin, "Mug", "main", "N1", 3)]
        file = StockFile(f"delivery-{number}", "delivery.csv")
        return calls(write_stock, **names, reason="A delivery", rows=rows, file=file)
    if road == "a code":
        return calls(product_code_service.teach_code, **names, product_id=product.id, code=gtin)
    seen = ProductTexts(product.name, product.sku, product.gtin or "")
    return calls(
        product_service.edit_product, **names, product_id=product.id, texts=seen._replace(gtin=gtin), seen=seen
    )


def draft_of(number: str, product: Product, at: int) -> DraftOrder:
    ordered_at = datetime(2026, 1, 5, at, tzinfo=UTC)
    line = DraftLine(2, product.sku, "", "Mug", 1)
    return DraftOrder(number, ordered_at, None, "", "shop", (line,), number, state=ShopState(updated_at=ordered_at))


def test_undone_by_two_at_once_it_is_undone_once(warehouse: Warehouse, shared_engine: Engine) -> None:
    twin, mug = warehouse.product("Twin", A1=5), warehouse.product("Mug", A1=2)
    race(shared_engine, [merge(twin, mug)])
    act = calls(undo_merge, store_id=warehouse.store.id, product_id=twin.id, actor="max")

    results = race(shared_engine, [act] * 3)

    assert sorted(result["is_new"] for result in results) == [False, False, True]
    assert (warehouse.shelves(twin), warehouse.shelves(mug)) == ({"A1": (5, 0)}, {"A1": (2, 0)})
