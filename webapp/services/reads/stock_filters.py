"""Which products of a store are reserved, missing or gone; conditions that a walk along the SKUs can check."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from webapp.domain.stock import StockFilter
from webapp.models import Inventory, Order, OrderItem, Product
from webapp.services.engine import backorders


def conditions(show: StockFilter) -> Sequence[ColumnElement[bool]]:
    """Return what a product of the list must meet.

    Each looks a product's own rows up by an index. The walk ends with the page, so the fewer products a filter leaves
    the more of them it looks at: at worst all of a store's, once.
    """
    match show:
        case StockFilter.ALL:
            return ()
        case StockFilter.RESERVED:
            return (_has_place(Inventory.reserved_quantity > 0),)
        case StockFilter.EMPTY:
            return (~_has_place(Inventory.quantity > 0),)
        case StockFilter.MISSING:
            return (_is_waited_for(),)


def missing_units(db: Session, store_id: int, product_ids: Collection[int]) -> dict[int, int]:
    """Return how many units orders wait for, by product, where they do; in one statement."""
    if not product_ids:
        return {}
    lacking = backorders.lacking_units()
    rows = db.execute(
        select(OrderItem.product_id, func.sum(lacking))
        .join(Order, (Order.store_id == OrderItem.store_id) & (Order.id == OrderItem.order_id))
        .where(OrderItem.store_id == store_id, OrderItem.product_id.in_(product_ids), *backorders.waits_for(lacking))
        .group_by(OrderItem.product_id)
    )
    return {product_id: int(units) for product_id, units in rows}


def _has_place(condition: ColumnElement[bool]) -> ColumnElement[bool]:
    return (
        select(Inventory.id)
        .where(Inventory.store_id == Product.store_id, Inventory.product_id == Product.id, condition)
        .correlate(Product)
        .exists()
    )


def _is_waited_for() -> ColumnElement[bool]:
    return (
        select(OrderItem.id)
        .join(Order, (Order.store_id == OrderItem.store_id) & (Order.id == OrderItem.order_id))
        .where(
            OrderItem.store_id == Product.store_id,
            OrderItem.product_id == Product.id,
            *backorders.waits_for(backorders.lacking_units()),
        )
        .correlate(Product)
        .exists()
    )
