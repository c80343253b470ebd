"""A shop that says what an order is now."""

from __future__ import annotations

from itertools import count
from typing import Any, Final

from sqlalchemy import select

from tests.helpers.warehouse import Warehouse
from webapp.domain.parcel_data import NOTHING_KNOWN
from webapp.domain.upstream import ShopLine, ShopOrder
from webapp.models import Order, OrderItem
from webapp.services import upstream_service
from webapp.services.upstream_service import Followed

_marks: Final = count(1)


def shop_says(warehouse: Warehouse, order: Order, units: dict[str, int], **state: Any) -> Followed:
    """Have the order follow a shop whose lines have these units by SKU; lines that are left out stay as they are."""
    warehouse.db.rollback()
    items = warehouse.db.scalars(select(OrderItem).where(OrderItem.order_id == order.id).order_by(OrderItem.position))
    lines = [
        ShopLine(item.sku, item.gtin or "", item.product_name, units.get(item.sku, item.quantity), item.product_id)
        for item in items
        if units.get(item.sku, 1)
    ]
    usual: dict[str, Any] = {
        "customer_name": "",
        "parcel_data": NOTHING_KNOWN,
        "ship_by": None,
        "is_cancelled": False,
        "updated_at": None,
    }
    shop = ShopOrder(lines=lines, goods=f"state {next(_marks)}", person="", **{**usual, **state})
    return warehouse.do(upstream_service.follow_shop, order_id=order.id, shop=shop, source="orders.csv")
