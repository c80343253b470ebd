"""Looks up an order by its number, and its items' labels."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.models import Order, OrderItem


def order_id_with_number(db: Session, store_id: int, order_number: str) -> int | None:
    """Return the id of the store's order with this number; None if there is none."""
    return db.scalar(select(Order.id).where(Order.store_id == store_id, Order.order_number == order_number))


def item_labels(db: Session, store_id: int, order_id: int) -> dict[int, str]:
    """Return the label of each item of an order (SKU and name, as ordered), by item id."""
    rows = db.execute(
        select(OrderItem.id, OrderItem.sku, OrderItem.product_name).where(
            OrderItem.store_id == store_id, OrderItem.order_id == order_id
        )
    )
    return {row.id: " ".join(filter(None, (row.sku, row.product_name))) or f"item {row.id}" for row in rows}
