"""Fixtures of the tests of the services."""

import pytest

from tests.helpers.warehouse import Warehouse
from tests.helpers.warehouse_fixtures import engine_of as engine_of
from tests.helpers.warehouse_fixtures import shared_engine as shared_engine
from tests.helpers.warehouse_fixtures import warehouse as warehouse
from webapp.models import Order

NUMBER = "ORD-1-20260101-ABC123"
"""The number of the order in docs/contract.md, "Worked examples"."""


@pytest.fixture
def store_id(warehouse: Warehouse) -> int:
    return warehouse.store.id


@pytest.fixture
def order(warehouse: Warehouse) -> Order:
    """The order of docs/contract.md, "Worked examples": 2 of Widget A and 3 of Widget B, all in stock."""
    widget_a, widget_b = warehouse.product("Widget A", A1=10), warehouse.product("Widget B", A1=10)
    return warehouse.order((widget_a, 2), (widget_b, 3), order_number=NUMBER)
