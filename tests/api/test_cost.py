"""What requests cost in SQL statements: bounded, whatever the number of orders and items (docs/contract.md, "Cost")."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from functools import partial

import pytest
from sqlalchemy import Engine

from tests.helpers.client_fixtures import ApiClient
from tests.helpers.statements import counted
from tests.helpers.warehouse import Warehouse

pytestmark = pytest.mark.both_engines

Counting = Callable[[], AbstractContextManager[list[str]]]


@pytest.fixture
def counting(engine: Engine) -> Counting:
    """Collect the statements that reach the database inside of a block."""
    return partial(counted, engine)


def test_shipping_takes_at_most_14_statements_key_and_audit_included(
    warehouse: Warehouse, packer: ApiClient, counting: Counting
) -> None:
    order = warehouse.processing((warehouse.product(A1=30, B1=30), 40), (warehouse.product(A2=9), 3))
    path = f"/orders/{order.id}/items/{warehouse.item(order).id}/ship"
    ways = {"first parcel": 1, "same parcel": 1, "from two places": 35, "rest of the line": 3}
    for number, (way, quantity) in enumerate(ways.items()):
        with counting() as statements:
            answer = packer.post(path, {"quantity": quantity}, key=f"tap-{number}")

        assert answer.status_code == 200
        assert len(statements) <= 14, (way, statements)


def test_shipping_what_was_not_reserved_and_finishing_an_order_take_no_more(
    warehouse: Warehouse, packer: ApiClient, counting: Counting
) -> None:
    order = warehouse.order((warehouse.product(A1=9), 5))
    path = f"/orders/{order.id}/items/{warehouse.item(order).id}/ship"
    for number, quantity in enumerate((2, 3)):
        with counting() as statements:
            answer = packer.post(path, {"quantity": quantity}, key=f"tap-{number}")

        assert answer.status_code == 200
        assert len(statements) <= 14, statements
    assert warehouse.status(order) == "shipped"


def test_a_repeat_takes_three_statements(warehouse: Warehouse, packer: ApiClient, counting: Counting) -> None:
    order = warehouse.processing((warehouse.product(A1=9), 5))
    path = f"/orders/{order.id}/items/{warehouse.item(order).id}/ship"
    packer.post(path, {"quantity": 1}, key="tap-1")

    with counting() as statements:
        packer.post(path, {"quantity": 1}, key="tap-1")

    assert len(statements) == 3, statements  # Token, key, first answer.


def test_reading_takes_a_few_statements_however_many_rows(
    warehouse: Warehouse, packer: ApiClient, counting: Counting
) -> None:
    products = [warehouse.product(f"Widget {number}", **{f"P{number}": 9}) for number in range(12)]
    orders = [warehouse.processing(*((product, 1) for product in products)) for _ in range(9)]
    limits = {"/orders": 3, f"/orders/{orders[0].id}": 6, f"/orders/{orders[0].id}/shipment-status": 3}
    for path, limit in {**limits, f"/orders/{orders[0].id}/transactions": 3}.items():
        with counting() as statements:
            answer = packer.get(path)

        assert answer.status_code == 200
        assert len(statements) <= limit, (path, statements)
