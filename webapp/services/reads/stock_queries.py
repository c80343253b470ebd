"""Reads stock: the product list, and one product with everything behind its numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Row, Select, func, select, tuple_
from sqlalchemy.orm import Session

from webapp.domain.errors import ProductNotFound
from webapp.domain.ledger import TransactionType
from webapp.domain.stock import Holder, Holders, StockedProduct, StockFilter, StockPlace
from webapp.domain.trail import Movement
from webapp.models import Allocation, Inventory, Order, OrderItem, Product
from webapp.services.engine import backorders
from webapp.services.reads import product_search, stock_filters
from webapp.services.reads.cursors import page_of, read_cursor, write_cursor
from webapp.services.reads.trail_rows import ledger, movement_from, select_movements

PAGE: Final = 50
"""Products per page."""

MOVEMENTS: Final = 10
"""Ledger rows per page of a product's movements."""

SHOWN_HOLDERS: Final = 25
"""Orders shown behind a number; the rest are only counted."""

_PRODUCTS, _HISTORY = "stock", "stock-movements"


@dataclass(frozen=True, slots=True)
class StockPage:
    """A page of products by SKU, and the next page's cursor."""

    products: list[StockedProduct]
    next_cursor: str | None
    is_cut: bool
    """The search matched more products than it read; more letters would find the rest."""


@dataclass(frozen=True, slots=True)
class MovementPage:
    """A page of a product's movements, and the cursor of older ones."""

    movements: list[Movement]
    next_cursor: str | None


def list_stock(
    db: Session,
    store_id: int,
    search: str = "",
    cursor: str | None = None,
    limit: int = PAGE,
    *,
    show: StockFilter = StockFilter.ALL,
) -> StockPage:
    """Return a page of products by SKU with all their places and the units that orders miss, in at most five
    statements.

    ``search`` matches beginnings of SKU, GTIN and words of the name. Raises InvalidInput for a foreign cursor.
    """
    after = read_cursor(cursor, _PRODUCTS, str)
    query = _products(store_id).where(*stock_filters.conditions(show)).order_by(Product.sku).limit(limit + 1)
    is_cut = False
    if search.strip():
        matches = product_search.find_products(db, store_id, search)
        query, is_cut = query.where(Product.id.in_(matches.product_ids)), matches.is_cut
    elif (few := stock_filters.candidates(db, store_id, show)) is not None:
        query = query.where(Product.id.in_(few))
    if after:
        query = query.where(Product.sku > after[0])
    rows, next_cursor = page_of(db.execute(query).all(), limit, lambda row: write_cursor(_PRODUCTS, row.sku))
    products = _with_places(db, store_id, rows)
    missing = stock_filters.missing_units(db, store_id, [product.product_id for product in products])
    for product in products:
        product.missing_quantity = missing.get(product.product_id, 0)
    return StockPage(products, next_cursor, is_cut)


def read_product(db: Session, store_id: int, product_id: int) -> StockedProduct:
    """Return one product with its places, in two statements. Raises ProductNotFound, also for the placeholder."""
    rows = db.execute(_products(store_id).where(Product.id == product_id)).all()
    if not rows:
        raise ProductNotFound
    return _with_places(db, store_id, rows)[0]


def read_return_places(db: Session, store_id: int, order_id: int, item_id: int) -> list[tuple[str, str]]:
    """Return (warehouse, location) of the item's product, the places that most of its units left from first."""
    left = -func.coalesce(func.sum(ledger.c.quantity_change), 0)
    rows = db.execute(
        select(Inventory.warehouse, Inventory.location)
        .join(OrderItem, (OrderItem.store_id == Inventory.store_id) & (OrderItem.product_id == Inventory.product_id))
        .outerjoin(
            ledger,
            (ledger.c.store_id == OrderItem.store_id)
            & (ledger.c.order_id == OrderItem.order_id)
            & (ledger.c.order_item_id == OrderItem.id)
            & (ledger.c.inventory_id == Inventory.id)
            & (ledger.c.transaction_type == TransactionType.FULFILL),
        )
        .where(OrderItem.store_id == store_id, OrderItem.order_id == order_id, OrderItem.id == item_id)
        .group_by(Inventory.warehouse, Inventory.location)
        .order_by(left.desc(), Inventory.warehouse, Inventory.location)
    )
    return [(warehouse, location) for warehouse, location in rows]


def read_holders(db: Session, store_id: int, product_id: int) -> Holders:
    """Return the orders behind the product's reserved units, soonest to ship first."""
    statement = (
        select(*_holder_columns(Allocation.quantity), Inventory.warehouse, Inventory.location)
        .select_from(Inventory)
        .join(Allocation, (Allocation.store_id == Inventory.store_id) & (Allocation.inventory_id == Inventory.id))
        .join(OrderItem, (OrderItem.store_id == Allocation.store_id) & (OrderItem.id == Allocation.order_item_id))
        .join(Order, (Order.store_id == OrderItem.store_id) & (Order.id == OrderItem.order_id))
        .where(Inventory.store_id == store_id, Inventory.product_id == product_id, Allocation.quantity > 0)
        .order_by(Order.ship_by, Order.id, Inventory.warehouse, Inventory.location)
    )
    return _holders(db, statement)


def read_waiting(db: Session, store_id: int, product_id: int) -> Holders:
    """Return the orders that wait for the product, in the order in which arriving stock fills them."""
    lacking = backorders.lacking_units()
    statement = (
        select(*_holder_columns(lacking))
        .select_from(OrderItem)
        .join(Order, (Order.store_id == OrderItem.store_id) & (Order.id == OrderItem.order_id))
        .where(
            OrderItem.store_id == store_id,
            OrderItem.product_id == product_id,
            *backorders.waits_for(lacking),
        )
        .order_by(Order.ordered_at, Order.id, OrderItem.id)
    )
    return _holders(db, statement)


def list_movements(
    db: Session, store_id: int, product_id: int, cursor: str | None = None, limit: int = MOVEMENTS
) -> MovementPage:
    """Return a page of the product's ledger rows, newest first, in one statement. Raises InvalidInput for a foreign
    cursor."""
    after = read_cursor(cursor, _HISTORY, datetime, int)
    key = (ledger.c.created_at, ledger.c.id)
    query = (
        select_movements()
        .where(ledger.c.store_id == store_id, ledger.c.product_id == product_id)
        .order_by(*(column.desc() for column in key))
        .limit(limit + 1)
    )
    if after:
        query = query.where(tuple_(*key) < after)
    movements = [movement_from(row) for row in db.execute(query)]
    return MovementPage(*page_of(movements, limit, lambda last: write_cursor(_HISTORY, last.at, last.transaction_id)))


def _products(store_id: int) -> Select[*tuple[Any, ...]]:
    return select(Product.id, Product.sku, Product.gtin, Product.name, Product.picture).where(
        Product.store_id == store_id, Product.is_placeholder.is_(False)
    )


def _with_places(db: Session, store_id: int, rows: Sequence[Row[*tuple[Any, ...]]]) -> list[StockedProduct]:
    products = {row.id: StockedProduct(*row) for row in rows}
    if not products:
        return []
    places = db.execute(
        select(
            Inventory.product_id,
            Inventory.id,
            Inventory.warehouse,
            Inventory.location,
            Inventory.quantity,
            Inventory.reserved_quantity,
        )
        .where(Inventory.store_id == store_id, Inventory.product_id.in_(products))
        .order_by(Inventory.warehouse, Inventory.location)
    )
    for row in places:
        products[row.product_id].places.append(StockPlace(*row[1:]))
    return list(products.values())


def _holder_columns(units: Any) -> tuple[Any, ...]:
    """Return the columns of ``Holder``, after the totals of rows and units."""
    return (
        func.count().over(),
        func.sum(units).over(),
        Order.id,
        Order.order_number,
        Order.status,
        Order.customer_name,
        Order.ship_by,
        units,
    )


def _holders(db: Session, statement: Select[*tuple[Any, ...]]) -> Holders:
    rows = db.execute(statement.limit(SHOWN_HOLDERS)).all()
    total_rows, total_units = rows[0][:2] if rows else (0, 0)
    shown = [_holder(row[2:]) for row in rows]
    return Holders(shown, total_rows, int(total_units))


def _holder(row: Sequence[Any]) -> Holder:
    order_id, number, status, customer, ship_by, units, *place = row
    return Holder(order_id, number, status, customer, ship_by, int(units), *place)  # PostgreSQL sums to Decimal.
