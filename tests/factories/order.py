"""Orders with their items."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.factories.numbers import serial
from webapp.models import Channel, Order, OrderItem, OrderSearchWord, Product, Store
from webapp.services.engine.channels import channel_ids
from webapp.services.reads.word_index import index_words


def make_order(
    db: Session,
    store: Store,
    lines: Iterable[tuple[Product, int]],
    *,
    gtin: str | None = None,
    sku: str | None = None,
    product_name: str | None = None,
    channel: str = "shop",
    **columns: object,
) -> Order:
    """Make a pending order of ``(product, units)`` lines; use the services to change its status.

    ``gtin``, ``sku`` and ``product_name`` are the marketplace's on every line, if they are not the product's own; ""
    stands for none.
    """
    columns = {"order_number": f"ORD-{next(serial)}", "customer_name": "Marie Muster", **columns}
    order = Order(store_id=store.id, channel_id=channel_ids(db, store.id, [channel])[channel], **columns)
    db.add(order)
    db.flush()
    for word in index_words(order.order_number, order.customer_name):
        db.add(OrderSearchWord(store_id=store.id, word=word, order_id=order.id))
    for position, (product, quantity) in enumerate(lines, 1):
        db.add(
            OrderItem(
                store_id=store.id,
                order_id=order.id,
                position=position,
                product_id=product.id,
                product_name=product.name if product_name is None else product_name,
                sku=product.sku if sku is None else sku,
                gtin=product.gtin if gtin is None else gtin or None,
                quantity=quantity,
            )
        )
    db.commit()
    return order


def channel_of(db: Session, order: Order) -> Channel:
    """Return the channel that the order came from."""
    return db.get_one(Channel, (order.store_id, order.channel_id))


def items_of(db: Session, order: Order) -> list[OrderItem]:
    """Return the order's items by position, as they are in the database now."""
    statement = select(OrderItem).where(OrderItem.store_id == order.store_id, OrderItem.order_id == order.id)
    return list(db.scalars(statement.order_by(OrderItem.position).execution_options(populate_existing=True)))
