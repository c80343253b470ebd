"""Reads what the shop asks for the units of an order."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.domain.money import OrderPrices
from webapp.models import Order, OrderItem
from webapp.models.base import table_of

_orders, _items = table_of(Order), table_of(OrderItem)


def read_prices(db: Session, store_id: int, order_id: int) -> OrderPrices:
    """Return the order's currency and prices, in one statement."""
    rows = db.execute(
        select(_orders.c.currency, _items.c.id, _items.c.unit_price)
        .outerjoin_from(
            _orders,
            _items,
            (_items.c.store_id == _orders.c.store_id)
            & (_items.c.order_id == _orders.c.id)
            & _items.c.unit_price.is_not(None),
        )
        .where(_orders.c.store_id == store_id, _orders.c.id == order_id)
    ).all()
    currency = rows[0].currency if rows else ""
    return OrderPrices(currency, {row.id: row.unit_price for row in rows if row.unit_price is not None})
