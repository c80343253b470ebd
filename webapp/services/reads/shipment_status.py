"""Reads how much of an order has shipped, in the form that other programs use."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Final, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.domain.errors import OrderNotFound
from webapp.domain.money import price_text
from webapp.domain.products import ParcelFacts
from webapp.domain.statuses import OrderStatus
from webapp.domain.units import ItemUnits, UnitTotals
from webapp.models import Order, OrderItem, Product
from webapp.models.base import table_of
from webapp.models.rows import columns_of, rows_of, whole
from webapp.services.engine import backorders, locks
from webapp.services.engine.results import ItemShipmentStatus, ShipmentStatus


class _ShippedOrder(NamedTuple):
    """The order's fields in the status."""

    id: int
    order_number: str
    status: OrderStatus
    version: int


@dataclass(slots=True)
class _ShippedItem(ItemUnits):
    """An item's fields in the status."""

    id: int
    product_id: int
    product_name: str
    sku: str
    gtin: str | None
    quantity: int
    shipped_quantity: int
    cancelled_quantity: int
    returned_quantity: int
    reserved_quantity: int
    unit_price: Decimal | None
    pack_units: int
    weight_grams: int | None
    hs_code: str | None
    origin_country: str | None


_ORDER: Final = columns_of(_ShippedOrder, table_of(Order))
_product = table_of(Product)
_ITEM: Final = columns_of(
    _ShippedItem,
    table_of(OrderItem),
    reserved_quantity=whole(backorders.reserved_units()),
    **{name: _product.c[name] for name in ParcelFacts._fields},
)


def get_shipment_status(db: Session, store_id: int, order_id: int, *, with_prices: bool = False) -> ShipmentStatus:
    """Return the order's shipment status: units and items shipped of ordered, and what the shop asks for a unit if that
    is wanted. Two statements. Raises OrderNotFound."""
    if order_id > locks.MAX_KEY:
        raise OrderNotFound
    orders = rows_of(_ShippedOrder, db.execute(select(*_ORDER).where(Order.store_id == store_id, Order.id == order_id)))
    if not orders:
        raise OrderNotFound
    order = orders[0]
    result = db.execute(
        select(*_ITEM)
        .join(_product, (_product.c.store_id == OrderItem.store_id) & (_product.c.id == OrderItem.product_id))
        .where(OrderItem.store_id == store_id, OrderItem.order_id == order_id)
        .order_by(OrderItem.position, OrderItem.id)
    )
    items = rows_of(_ShippedItem, result)
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
        items=[_priced(item) if with_prices else _item_status(item) for item in items],
    )


def _priced(item: _ShippedItem) -> ItemShipmentStatus:
    price = None if item.unit_price is None else price_text(item.unit_price)
    return {**_item_status(item), "unit_price": price, "pack_units": item.pack_units}


def _item_status(item: _ShippedItem) -> ItemShipmentStatus:
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
        reserved_quantity=item.reserved_quantity,
        remaining_quantity=item.remaining_quantity,
        is_fully_shipped=item.is_fully_shipped,
        is_partially_shipped=item.is_partially_shipped,
        weight_grams=item.weight_grams,
        hs_code=item.hs_code,
        origin_country=item.origin_country,
    )
