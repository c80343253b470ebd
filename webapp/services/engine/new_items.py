"""A further item of a locked order: a line that the shop added, or the rest of a line whose match was undone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import func, insert, select

from webapp.models import OrderItem
from webapp.models.base import table_of
from webapp.services.engine.locked_rows import LockedItem, LockedOrder
from webapp.services.engine.operation import Operation

_items = table_of(OrderItem)


def add_item(
    operation: Operation, order: LockedOrder, values: Mapping[str, Any], *, is_placeholder: bool
) -> LockedItem:
    """Insert an item with these ``values`` as the order's last one; return it locked."""
    of_order = {"store_id": operation.store_id, "order_id": order.id}
    last = select(func.coalesce(func.max(_items.c.position), 0) + 1).where(
        _items.c.store_id == operation.store_id, _items.c.order_id == order.id
    )
    row = {**of_order, "position": operation.connection.scalar(last), **values}
    item_id = operation.connection.scalar(insert(_items).values(row).returning(_items.c.id))
    return LockedItem(
        **of_order,
        id=int(item_id or 0),
        product_id=values["product_id"],
        quantity=values["quantity"],
        shipped_quantity=0,
        cancelled_quantity=0,
        returned_quantity=0,
        changed_in_version=order.version,
        is_placeholder=is_placeholder,
        has_exceptions=False,
        has_picks=False,
        match_id=values.get("match_id"),
    )
