"""Looks up orders by their number, and an order's items' labels."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.models import Order, OrderItem
from webapp.models.base import table_of
from webapp.models.channel import channel_code


def orders_with_number(db: Session, store_id: int, order_number: str) -> dict[str, int]:
    """Return the ids of the store's orders with this number by their channel's code; a channel has one at most."""
    rows = db.execute(
        select(channel_code(table_of(Order)).label("channel"), Order.id)
        .where(Order.store_id == store_id, Order.order_number == order_number)
        .order_by(Order.id)
    )
    return {row.channel: row.id for row in rows}


def item_labels(db: Session, store_id: int, order_id: int) -> dict[int, str]:
    """Return the label of each item of an order (SKU and name, as ordered), by item id."""
    rows = db.execute(
        select(OrderItem.id, OrderItem.sku, OrderItem.product_name).where(
            OrderItem.store_id == store_id, OrderItem.order_id == order_id
        )
    )
    return {row.id: " ".join(filter(None, (row.sku, row.product_name))) or f"item {row.id}" for row in rows}
