"""The order that shipping and undoing start from."""

from __future__ import annotations

import pytest

from tests.helpers.warehouse import Warehouse
from webapp.models import Order


@pytest.fixture
def order(warehouse: Warehouse) -> Order:
    """2 Widgets A and 3 Widgets B, reserved; another order is around."""
    first, second = warehouse.product("Widget A", A1=50), warehouse.product("Widget B", A2=50)
    warehouse.processing((second, 4))
    return warehouse.processing((first, 2), (second, 3))
