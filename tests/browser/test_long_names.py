"""Long numbers and names stay inside the page."""

from __future__ import annotations

import pytest

from tests.helpers.browser_fixtures import OpenPage
from tests.helpers.drawn import too_wide
from tests.helpers.warehouse import Warehouse

LONG = "Marketplace4711" * 4


@pytest.mark.parametrize("screen", ["", "/pick", "/audit"])
def test_a_long_number_and_customer_break_on_a_handheld(open_page: OpenPage, warehouse: Warehouse, screen: str) -> None:
    order = warehouse.processing((warehouse.product("Lamp", A1=5), 5), order_number=LONG, customer_name=LONG * 2)
    page = open_page("handheld", part="manager")

    page.goto(f"/orders/{order.id}{screen}")

    assert too_wide(page) <= 0
