"""Reads stock: the product list, and one product with everything behind its numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session

from webapp.domain.errors import ProductNotFound
from webapp.domain.ledger import TransactionType
from webapp.domain.stock import Holder, Holders, StockedProduct, StockFilter, StockPlace
from webapp.domain.trail import Movement
from webapp.domain.true_counts import ShortCount
from webapp.models import Allocation, Inventory, Order, OrderItem, Product
from webapp.models.base import constant, table_of
from webapp.models.channel import shown_number
from webapp.models.rows import columns_of, pairs_of, rows_of, whole
from webapp.services.engine import backorders, true_counts
from webapp.services.reads import product_search, stock_filters
from webapp.services.reads.cursors import page_of, read_cursor, write_cursor
from webapp.services.reads.trail_rows import AMONG_ORDERS, ledger

PAGE: Final = 50
"""Products per page."""

MOVEMENTS: Final = 10
"""Ledger rows per page of a product's movements."""

SHOWN_HOLDERS: Final = 25
"""Orders shown behind a number; the rest are only counted."""

_PRODUCTS, _HISTORY = "stock", "stock-movements"

_product, _place, _order, _allocation = table_of(Product), table_of(Inventory), table_of(Order), table_of(Allocation)


class _OfProduct(NamedTuple):
    """Which product a place is of."""

    product_id: int


class _Altogether(NamedTuple):
    """How many orders hold or wait for units, and how many units."""

    rows: int
    units: int


def _holder_columns(units: ColumnElement[int], **place: ColumnElement[str]) -> list[ColumnElement[Any]]:
    """Return the columns of ``Holder``, after the totals of rows and units."""
    return [
        func.count().over().label("rows"),
        whole(func.sum(units).over()).label("units"),
        *columns_of(Holder, _order, order_id=_order.c.id, order_number=shown_number(_order), quantity=units, **place),
    ]


_missing = backorders.missing_units()

_PRODUCT: Final = columns_of(StockedProduct, _product, product_id=_product.c.id)
_PLACE: Final = [_place.c.product_id, *columns_of(StockPlace, _place, inventory_id=_place.c.id)]
_HOLDER: Final = _holder_columns(_allocation.c.quantity, warehouse=_place.c.warehouse, location=_place.c.location)
_WAITER: Final = _holder_columns(whole(_missing))
"""The columns of each record; built once."""


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
    read = rows_of(StockedProduct, db.execute(query))
    products, next_cursor = page_of(read, limit, lambda last: write_cursor(_PRODUCTS, last.sku))
    _add_places(db, store_id, products)
    missing = stock_filters.missing_by_product(db, store_id, [product.product_id for product in products])
    for product in products:
        product.missing_quantity = missing.get(product.product_id, 0)
    return StockPage(products, next_cursor, is_cut)


def read_product(db: Session, store_id: int, product_id: int) -> StockedProduct:
    """Return one product with its places, in two statements. Raises ProductNotFound, also for the placeholder."""
    read = rows_of(StockedProduct, db.execute(_products(store_id).where(Product.id == product_id)))
    if not read:
        raise ProductNotFound
    _add_places(db, store_id, read)
    return read[0]


def read_short_count(
    db: Session, store_id: int, product: StockedProduct, place: StockPlace, counted: int
) -> ShortCount | None:
    """Return which orders would lose units if the place had only ``counted``; None if none would. It locks nothing, so
    the count checks again."""
    if not 0 <= counted < place.reserved_quantity:
        return None
    others = [other for other in product.places if other is not place]
    return ShortCount(
        on_hand=place.quantity,
        counted=counted,
        held=true_counts.held_at(db, store_id, place.inventory_id),
        free_elsewhere=sum(other.reservable_quantity for other in others),
    )


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
        select(*_HOLDER)
        .select_from(Inventory)
        .join(Allocation, (Allocation.store_id == Inventory.store_id) & (Allocation.inventory_id == Inventory.id))
        .join(OrderItem, (OrderItem.store_id == Allocation.store_id) & (OrderItem.id == Allocation.order_item_id))
        .join(Order, (Order.store_id == OrderItem.store_id) & (Order.id == OrderItem.order_id))
        .where(Inventory.store_id == store_id, Inventory.product_id == product_id, Allocation.quantity > constant(0))
        .order_by(Order.ship_by, Order.id, Inventory.warehouse, Inventory.location)
    )
    return _holders(db, statement)


def read_waiting(db: Session, store_id: int, product_id: int) -> Holders:
    """Return the orders that wait for the product, in the order in which arriving stock fills them."""
    statement = (
        select(*_WAITER)
        .select_from(OrderItem)
        .join(Order, (Order.store_id == OrderItem.store_id) & (Order.id == OrderItem.order_id))
        .where(
            OrderItem.store_id == store_id,
            OrderItem.product_id == product_id,
            *backorders.waits_for(_missing),
        )
        .order_by(Order.ordered_at, Order.id, OrderItem.id)
    )
    return _holders(db, statement)


def list_movements(
    db: Session, store_id: int, product_id: int, cursor: str | None = None, limit: int = MOVEMENTS
) -> MovementPage:
    """Return a page of the product's ledger rows in one statement, the last that happened first (ADR 0024).

    Raises InvalidInput for a foreign cursor.
    """
    after = read_cursor(cursor, _HISTORY, int)
    query = (
        select(*AMONG_ORDERS)
        .where(ledger.c.store_id == store_id, ledger.c.product_id == product_id)
        .order_by(ledger.c.id.desc())
        .limit(limit + 1)
    )
    if after:
        query = query.where(ledger.c.id < after[0])
    movements = rows_of(Movement, db.execute(query))
    return MovementPage(*page_of(movements, limit, lambda last: write_cursor(_HISTORY, last.transaction_id)))


def _products(store_id: int) -> Select[*tuple[Any, ...]]:
    return select(*_PRODUCT).where(Product.store_id == store_id, Product.is_placeholder.is_(False))


def _add_places(db: Session, store_id: int, products: Sequence[StockedProduct]) -> None:
    """Give the products their places, in one statement; none for no products."""
    by_id = {product.product_id: product for product in products}
    if not by_id:
        return
    result = db.execute(
        select(*_PLACE)
        .where(Inventory.store_id == store_id, Inventory.product_id.in_(by_id))
        .order_by(Inventory.warehouse, Inventory.location)
    )
    for of, place in pairs_of(_OfProduct, StockPlace, result):
        by_id[of.product_id].places.append(place)


def _holders(db: Session, statement: Select[*tuple[Any, ...]]) -> Holders:
    holders = pairs_of(_Altogether, Holder, db.execute(statement.limit(SHOWN_HOLDERS)))
    if not holders:
        return Holders([], 0, 0)
    altogether, _ = holders[0]
    return Holders([holder for _, holder in holders], altogether.rows, altogether.units)
