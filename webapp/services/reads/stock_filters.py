"""Conditions of the stock list's filters (reserved, missing, empty) that a scan along the SKUs can check."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Final

from sqlalchemy import ColumnElement, Select, func, select, text, union_all
from sqlalchemy.orm import Session

from webapp.domain.stock import StockFilter
from webapp.models import Inventory, Order, OrderItem, Product
from webapp.models.base import constant
from webapp.services.engine import backorders

FEW: Final = 1_000
"""Looking up and sorting so many products is as fast as scanning along the SKUs for a page of more."""

_NONE: Final = constant(0)


def conditions(show: StockFilter) -> Sequence[ColumnElement[bool]]:
    """Return the conditions that a filter puts on products. Retired ones are left out where nobody has work with them.

    Each looks up a product's own rows by an index. The scan stops when the page is full, which is soon if many products
    match; if few match, ``candidates`` lists them.
    """
    match show:
        case StockFilter.ALL:
            return (Product.retired_at.is_(None),)
        case StockFilter.RETIRED:
            return (Product.retired_at.is_not(None),)
        case StockFilter.RESERVED:
            return (_has_place(Inventory.reserved_quantity > _NONE),)
        case StockFilter.EMPTY:
            return ~_has_place(Inventory.quantity > _NONE), Product.retired_at.is_(None)
        case StockFilter.MISSING:
            return (_is_waited_for(),)
        case StockFilter.TO_COUNT:
            return (_has_place(Inventory.count_cause.is_not(None)),)


def candidates(db: Session, store_id: int, show: StockFilter) -> set[int] | None:
    """Return a set that contains every product the filter matches, in one statement; None if there are many."""
    match show:
        case StockFilter.RESERVED:
            sources = [_products_at(store_id, Inventory.reserved_quantity > _NONE)]
        case StockFilter.EMPTY:
            sources = [_products_at(store_id, Inventory.quantity == _NONE), _without_place(store_id)]
        case StockFilter.TO_COUNT:
            sources = [_products_at(store_id, Inventory.count_cause.is_not(None))]
        case StockFilter.RETIRED:
            sources = [select(Product.id).where(Product.store_id == store_id, Product.retired_at.is_not(None))]
        case _:
            return None
    ids = db.scalars(union_all(*(select(source.limit(FEW + 1).subquery()) for source in sources))).all()
    return set(ids) if len(ids) <= FEW else None


def _products_at(store_id: int, condition: ColumnElement[bool]) -> Select[int]:
    return select(Inventory.product_id).where(Inventory.store_id == store_id, condition)


def _without_place(store_id: int) -> Select[int]:
    never = text("NOT products.has_place")  # The index's own words; SQLite would get "has_place = 0".
    return select(Product.id).where(Product.store_id == store_id, never)


def missing_by_product(db: Session, store_id: int, product_ids: Collection[int]) -> dict[int, int]:
    """Return the units that orders wait for, by product, for products with any; in one statement."""
    if not product_ids:
        return {}
    missing = backorders.missing_units()
    rows = db.execute(
        select(OrderItem.product_id, func.sum(missing))
        .join(Order, (Order.store_id == OrderItem.store_id) & (Order.id == OrderItem.order_id))
        .where(OrderItem.store_id == store_id, OrderItem.product_id.in_(product_ids), *backorders.waits_for(missing))
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
            *backorders.waits_for(backorders.missing_units()),
        )
        .correlate(Product)
        .exists()
    )
