"""A product with stock at two places, for every test of stock."""

from __future__ import annotations

import pytest

from tests.helpers.warehouse import Warehouse
from webapp.models import Product


@pytest.fixture
def lamp(warehouse: Warehouse) -> Product:
    """5 lamps at A1, 3 of them reserved; 2 at B2. A mug lies about, too."""
    lamp = warehouse.product("Brass desk lamp", A1=5, B2=2)
    warehouse.product("Mug", A1=9)
    warehouse.processing((lamp, 3))
    return lamp
