"""The rows of the list of orders are put together from two records."""

from __future__ import annotations

from webapp.domain.listed_orders import ListedOrder
from webapp.services.reads.order_listing import OrderHead
from webapp.services.reads.order_units import OrderUnits


def test_an_order_in_the_list_is_its_head_and_its_units() -> None:
    assert ListedOrder._fields == OrderHead._fields + OrderUnits._fields
