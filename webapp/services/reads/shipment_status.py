"""Reads how much of an order has shipped, in the form that other programs use."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.domain.errors import OrderNotFound
from webapp.domain.units import UnitTotals
from webapp.models import Order, OrderItem
from webapp.services.engine import backorders, locks
from webapp.services.engine.results import ItemShipmentStatus, ShipmentStatus


def get_shipment_status(db: Session, store_id: int, order_id: int) -> ShipmentStatus:
    """Return the order's shipment status: units and items shipped of ordered. Two statements. Raises OrderNotFound."""
    if order_id > locks.MAX_KEY:
        raise OrderNotFound
    order = db.scalar(
        select(Order).where(Order.store_id == store_id, Order.id == order_id).execution_options(**locks.FRESH)
    )
    if order is None:
        raise OrderNotFound
    rows = db.execute(
        select(OrderItem, backorders.reserved_units())
        .where(OrderItem.store_id == store_id, OrderItem.order_id == order_id)
        .order_by(OrderItem.position, OrderItem.id)
        .execution_options(**locks.FRESH)
    ).all()
    items = [item for item, _ in rows]
    units = UnitTotals.sum_of(item.units for item in items)
    return ShipmentStatus(
        order_id=order.id,
        order_number=order.order_number,
        order_status=str(order.status),
        version=order.version,
        is_fully_shipped=units.is_fully_shipped,
        is_partially_shipped=units.is_partially_shipped,
        shipped_item_count=sum(item.is_fully_shipped for item in items),
        total_item_count=len(items),
        total_shipped_units=units.shipped,
        total_ordered_units=units.ordered,
        total_cancelled_units=units.cancelled,
        items=[_item_status(item, int(reserved)) for item, reserved in rows],
    )


def _item_status(item: OrderItem, reserved: int) -> ItemShipmentStatus:
    return ItemShipmentStatus(
        item_id=item.id,
        product_id=item.product_id,
        product_name=item.product_name,
        sku=item.sku,
        gtin=item.gtin,
        quantity=item.quantity,
        shipped_quantity=item.shipped_quantity,
        cancelled_quantity=item.cancelled_quantity,
        returned_quantity=item.returned_quantity,
        reserved_quantity=reserved,
        remaining_quantity=item.remaining_quantity,
        is_fully_shipped=item.is_fully_shipped,
        is_partially_shipped=item.is_partially_shipped,
    )
