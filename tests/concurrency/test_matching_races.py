"""Matching while somebody else matches, cancels, sells or stocks the same: lines are linked and counted once."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import Engine, select

from tests.concurrency.racing import Act, calls, race
from tests.concurrency.test_arrival_races import arrive, waiting
from tests.concurrency.test_known_fault_races import set_status
from tests.helpers.warehouse import Warehouse
from webapp.database.unit_of_work import Once
from webapp.models import Match, Order, Product
from webapp.services import match_undo_service, matching_service, order_inventory_service

pytestmark = pytest.mark.both_engines

ROUNDS = 6
SKU = "MKT-7"


def by_sku(warehouse: Warehouse, product: Product) -> Act:
    return calls(matching_service.match_sku, store_id=warehouse.store.id, sku=SKU, product_id=product.id)


def alone(warehouse: Warehouse, order: Order, product: Product) -> Act:
    names: dict[str, Any] = {"item_id": warehouse.item(order).id, "product_id": product.id}
    return calls(matching_service.match_item, store_id=warehouse.store.id, **names)


@pytest.fixture
def unknown(warehouse: Warehouse) -> Product:
    return warehouse.placeholder()


def processing(warehouse: Warehouse, unknown: Product, *quantities: int) -> list[Order]:
    """Make orders of one line each that carries the SKU."""
    return [warehouse.processing((unknown, quantity), sku=SKU) for quantity in quantities]


@pytest.mark.parametrize("what", ["sku", "item"])
def test_matched_many_times_at_once_the_lines_are_linked_and_reserved_once(
    warehouse: Warehouse, shared_engine: Engine, unknown: Product, what: str
) -> None:
    widget = warehouse.product(A1=50)
    (order,) = processing(warehouse, unknown, 3)
    act = by_sku(warehouse, widget) if what == "sku" else alone(warehouse, order, widget)

    results = race(shared_engine, [act] * 6)

    assert sorted(result["matched_items"] for result in results) == [0, 0, 0, 0, 0, 1]
    assert warehouse.shelves(widget) == {"A1": (50, 3)}
    assert warehouse.events(order).count("item_matched") == 1


@pytest.mark.parametrize("what", ["sku", "item"])
def test_the_same_match_sent_many_times_has_one_effect_and_equal_answers(
    warehouse: Warehouse, shared_engine: Engine, unknown: Product, what: str
) -> None:
    widget = warehouse.product(A1=50)
    (order,) = processing(warehouse, unknown, 3)
    act = by_sku(warehouse, widget) if what == "sku" else alone(warehouse, order, widget)

    outcomes = race(shared_engine, [act] * 8, Once(warehouse.store.id, "tap-1", "system", "match"))

    assert sum(outcome.replayed for outcome in outcomes) == 7
    assert [outcome.result["matched_items"] for outcome in outcomes] == [1] * 8
    assert warehouse.shelves(widget) == {"A1": (50, 3)}


def test_two_managers_choose_different_products_and_one_of_them_wins_every_line(
    warehouse: Warehouse, shared_engine: Engine, unknown: Product
) -> None:
    for _ in range(ROUNDS):
        widget, gadget = warehouse.product(A1=50), warehouse.product("Gadget", B1=50)
        orders = processing(warehouse, unknown, 3, 2)

        results = race(shared_engine, [by_sku(warehouse, widget), by_sku(warehouse, gadget)])

        assert sorted(result["matched_items"] for result in results) == [0, 2]
        won = widget if results[0]["matched_items"] else gadget
        assert {warehouse.item(order).product_id for order in orders} == {won.id}
        reserved = [sum(units for _, units in warehouse.shelves(product).values()) for product in (widget, gadget)]
        assert sorted(reserved) == [0, 5]


def test_a_line_is_matched_alone_while_its_sku_is_matched(
    warehouse: Warehouse, shared_engine: Engine, unknown: Product
) -> None:
    for _ in range(ROUNDS):
        widget, gadget = warehouse.product(A1=50), warehouse.product("Gadget", B1=50)
        first, second = processing(warehouse, unknown, 3, 2)

        one, every = race(shared_engine, [alone(warehouse, first, gadget), by_sku(warehouse, widget)])

        assert one["matched_items"] + every["matched_items"] == 2
        assert warehouse.item(first).product_id == (gadget if one["matched_items"] else widget).id
        assert (warehouse.item(second).product_id, warehouse.allocations(second)) == (widget.id, {"A1": 2})


def test_a_match_races_cancelling_one_of_its_orders(
    warehouse: Warehouse, shared_engine: Engine, unknown: Product
) -> None:
    for _ in range(ROUNDS):
        widget = warehouse.product(A1=50)
        cancelled, kept = processing(warehouse, unknown, 3, 2)

        race(shared_engine, [by_sku(warehouse, widget), set_status(warehouse, cancelled, "cancelled")])

        assert (warehouse.allocations(cancelled), warehouse.allocations(kept)) == ({}, {"A1": 2})
        assert warehouse.shelves(widget) == {"A1": (50, 2)}


@pytest.mark.parametrize("places", [{}, {"A1": 1}], ids=["without any place", "at another place"])
def test_the_first_stock_arrives_while_its_lines_are_matched(
    warehouse: Warehouse, shared_engine: Engine, unknown: Product, places: dict[str, Any]
) -> None:
    for _ in range(ROUNDS):
        widget = warehouse.product(**places)
        (order,) = processing(warehouse, unknown, 4)

        race(shared_engine, [by_sku(warehouse, widget), arrive(warehouse, widget, "NEW")])

        assert waiting(warehouse, order) == 0


def undoing(warehouse: Warehouse) -> Act:
    """Return the act of undoing the newest match."""
    warehouse.db.commit()
    newest = warehouse.db.scalar(select(Match.id).order_by(Match.id.desc()).limit(1))
    act = match_undo_service.undo_match
    return calls(act, store_id=warehouse.store.id, match_id=newest)


def test_a_match_is_undone_many_times_at_once_and_sent_twice(
    warehouse: Warehouse, shared_engine: Engine, unknown: Product
) -> None:
    for once in (None, Once(warehouse.store.id, "tap-9", "system", "undo match")):
        widget = warehouse.product(A1=50)
        (order,) = processing(warehouse, unknown, 3)
        by_sku(warehouse, widget)(warehouse.db)
        warehouse.db.commit()

        results = race(shared_engine, [undoing(warehouse)] * 4, once)

        freed = [(result.result if once else result)["freed_units"] for result in results]
        assert sorted(freed) == ([3] * 4 if once else [0, 0, 0, 3])
        assert (warehouse.item(order).product_id, warehouse.shelves(widget)) == (unknown.id, {"A1": (50, 0)})
        assert warehouse.events(order).count("match_undone") == 1
        warehouse.cancel(order)


def test_a_match_is_undone_while_its_lines_ship_and_others_wait(
    warehouse: Warehouse, shared_engine: Engine, unknown: Product
) -> None:
    for _ in range(ROUNDS):
        widget = warehouse.product(A1=5)
        shipped, kept = processing(warehouse, unknown, 3, 2)
        by_sku(warehouse, widget)(warehouse.db)
        warehouse.db.commit()
        waiter = warehouse.processing((widget, 9))
        names = {"order_id": shipped.id, "item_id": warehouse.item(shipped).id, "quantity": 2}
        ship = calls(order_inventory_service.fulfill_item, store_id=warehouse.store.id, skip_missing=False, **names)

        race(shared_engine, [undoing(warehouse), ship])

        left = 2 if warehouse.item(shipped).shipped_quantity else 0
        assert warehouse.shelves(widget) == {"A1": (5 - left, 5 - left)}
        assert warehouse.allocations(waiter) == {"A1": 5 - left}
        assert warehouse.item(kept).product_id == unknown.id
        warehouse.cancel(shipped)
        warehouse.cancel(kept)


def test_a_match_is_undone_while_its_code_is_matched_anew(
    warehouse: Warehouse, shared_engine: Engine, unknown: Product
) -> None:
    for _ in range(ROUNDS):
        widget, gadget = warehouse.product(A1=50), warehouse.product("Gadget", B1=50)
        (order,) = processing(warehouse, unknown, 3)
        by_sku(warehouse, widget)(warehouse.db)
        warehouse.db.commit()

        race(shared_engine, [undoing(warehouse), by_sku(warehouse, gadget)])

        product_id = warehouse.item(order).product_id
        assert product_id in (unknown.id, gadget.id)
        assert warehouse.shelves(widget) == {"A1": (50, 0)}
        assert warehouse.shelves(gadget) == {"B1": (50, 3 if product_id == gadget.id else 0)}
        warehouse.cancel(order)
