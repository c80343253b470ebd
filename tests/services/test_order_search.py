"""Searching orders by what somebody types, and its cost."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import Engine, event

from tests.factories import make_store
from tests.helpers.warehouse import Warehouse
from webapp.domain.statuses import OPEN_STATUSES, OrderStatus
from webapp.services.reads import order_listing, order_search


def search_for(warehouse: Warehouse, typed: str) -> set[int]:
    return set(order_search.find_orders(warehouse.db, warehouse.store.id, typed).order_ids)


def test_an_order_is_found_by_the_beginnings_of_its_words(warehouse: Warehouse) -> None:
    product = warehouse.product()
    order = warehouse.order((product, 1), order_number="ORD-7-ABC", customer_name="Jürgen Öztürk-Smith")
    warehouse.order((product, 1), order_number="ORD-8", customer_name="Anna Jones")

    for typed in ("ord-7-abc", "ORD-7", "abc", "jürgen", "JURGEN", "juer", "özt", "smith", "smi jür", "7 abc oztu"):
        assert (typed, search_for(warehouse, typed)) == (typed, {order.id} if typed != "juer" else set())
    for typed in ("bc", "ürgen", "smith jones", "ord-7-abcd", "%", "_"):
        assert (typed, search_for(warehouse, typed)) == (typed, set())


def test_a_sku_and_a_gtin_count_as_a_whole(warehouse: Warehouse) -> None:
    product = warehouse.product()
    order = warehouse.order((product, 1))

    assert search_for(warehouse, product.sku) == search_for(warehouse, f" {product.sku.lower()} ") == {order.id}
    assert search_for(warehouse, product.gtin or "") == {order.id}
    assert search_for(warehouse, (product.gtin or "")[:-1]) == set()


@pytest.mark.both_engines
def test_the_name_of_a_product_finds_the_orders_that_hold_it(warehouse: Warehouse) -> None:
    kettle, towel = warehouse.product("Kettle, 1.5 litre"), warehouse.product("Kettle towel")
    first, both = warehouse.order((kettle, 1)), warehouse.order((kettle, 1), (towel, 1))

    for typed, expected in (
        ("kett", {first.id, both.id}),
        ("KETTLE tow", {both.id}),
        ("kettle lamp", set()),
        ("ke", set()),
        ("ettle", set()),
    ):
        assert (typed, search_for(warehouse, typed)) == (typed, expected)


def test_where_many_products_are_called_so_the_search_is_cut(
    warehouse: Warehouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(order_search, "MAX_PRODUCTS", 2)
    orders = [warehouse.order((warehouse.product(f"Kettle {number}"), 1)) for number in range(3)]

    kettles = order_search.find_orders(warehouse.db, warehouse.store.id, "kettle")

    assert (len(kettles.order_ids), kettles.is_cut) == (2, True)
    assert set(kettles.order_ids) < {order.id for order in orders}


def test_nothing_of_another_store_is_found(warehouse: Warehouse) -> None:
    other = Warehouse(warehouse.db, make_store(warehouse.db))
    product = other.product()
    other.order((product, 1), customer_name="Quentin Quill")

    assert search_for(warehouse, "quentin") == search_for(warehouse, product.sku) == set()


def test_a_common_word_is_checked_on_what_the_rare_one_found(
    warehouse: Warehouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(order_search, "MAX_CANDIDATES", 3)
    product = warehouse.product()
    for _ in range(5):
        warehouse.order((product, 1), customer_name="Anna Smith")
    rare = warehouse.order((product, 1), customer_name="Anna Zweig")

    both = order_search.find_orders(warehouse.db, warehouse.store.id, "anna zweig")
    common = order_search.find_orders(warehouse.db, warehouse.store.id, "anna smith")

    assert (set(both.order_ids), both.is_cut) == ({rare.id}, False)
    assert common.is_cut
    assert len(common.order_ids) == 4


def test_many_words_are_all_counted(warehouse: Warehouse) -> None:
    product = warehouse.product()
    order = warehouse.order((product, 1), customer_name="a b c d e f")
    warehouse.order((product, 1), customer_name="a b c d e")

    assert search_for(warehouse, "a b c d e f") == {order.id}
    assert search_for(warehouse, "a b c d e f g") == set()


@pytest.mark.parametrize(
    ("asked", "index"),
    [
        ({"statuses": OPEN_STATUSES, "held": False}, "ix_orders_queue"),
        ({"statuses": [OrderStatus.SHIPPED], "latest_first": True}, "ix_orders_status"),
        ({}, "ix_orders_newest"),
        ({"packed_by": "paula"}, "ix_shipments_packed_by"),
    ],
)
def test_a_list_is_read_from_its_index_without_sorting(
    shared_engine: Engine, warehouse: Warehouse, asked: dict[str, Any], index: str
) -> None:
    warehouse.ship(warehouse.processing((warehouse.product(A1=1), 1)))
    store_id, run = warehouse.store.id, []

    def note(*execution: Any) -> None:
        run.append(execution[2:4])

    event.listen(shared_engine, "before_cursor_execute", note)
    order_listing.list_orders(warehouse.db, store_id, **asked)
    event.remove(shared_engine, "before_cursor_execute", note)

    plan = plan_of(shared_engine, *run[0])

    if index == "ix_shipments_packed_by":  # The page itself, 50 orders at most, may be sorted once more.
        # PostgreSQL, which knows nothing yet of the tests' few rows, may as well come from the orders.
        assert index in plan or "ix_shipments_order" in plan
        return
    assert index in plan
    assert "Sort" not in plan
    assert "TEMP B-TREE" not in plan


def plan_of(engine: Engine, statement: str, parameters: Any) -> str:
    """The plan of a statement, as for tables that are too large to be read whole or sorted."""
    with engine.connect() as connection:
        if engine.dialect.name == "sqlite":
            rows = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
        else:
            for habit in ("enable_seqscan", "enable_bitmapscan", "enable_sort"):
                connection.exec_driver_sql(f"SET LOCAL {habit} = off")
            rows = connection.exec_driver_sql(f"EXPLAIN (COSTS OFF) {statement}", parameters)
        return "\n".join(str(row[-1]) for row in rows)
