"""Writes a chunk of imported stock: creates new products, adds units to the ledger, fills backorders."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Final, NamedTuple, TypedDict

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from webapp.database.insertion import insert_into
from webapp.domain.ledger import TransactionType
from webapp.domain.quantities import MAX_QUANTITY
from webapp.models import Product
from webapp.models.base import table_of
from webapp.services.engine import backorders, count_tasks
from webapp.services.engine.operation import Operation
from webapp.services.imports.stock_drafts import DraftStock
from webapp.services.reads.product_search import ProductWords, index_products

OTHER_GTIN: Final = "the product with this SKU has another GTIN"
PLACE_FULL: Final = f"the place would hold more than {MAX_QUANTITY} units"


class StockWritten(TypedDict):
    """What a chunk did, as JSON: units added, products created, and ``[row, reason, value]`` of refused rows."""

    units: int
    new_products: int
    filled_units: int
    refused: list[tuple[int, str, str]]


class _NewProduct(NamedTuple):
    """A file's data about a product."""

    gtin: str | None
    name: str


def write_stock(db: Session, store_id: int, actor: str, reason: str, rows: Sequence[DraftStock]) -> StockWritten:
    """Add the rows' units at their places, create unknown products, and fill backorders.

    A row of 0 units only creates the product. Flushes, never commits; the caller makes sure that a chunk runs once.
    """
    products, new_products = _know_products(db, store_id, rows)
    refused = [(row.number, OTHER_GTIN, row.gtin) for row in rows if row.gtin and row.gtin != products[row.sku].gtin]
    left_out = {number for number, _, _ in refused}
    arriving = [(products[row.sku].product_id, row) for row in rows if row.quantity and row.number not in left_out]
    units = Counter[int]()
    for product_id, row in arriving:
        units[product_id] += row.quantity
    filled = 0
    if arriving:
        places = sorted({(product_id, row.warehouse, row.location) for product_id, row in arriving})
        arrival = backorders.lock_for_arrival(db, store_id, units, places=places)
        operation = Operation(db, store_id, actor)
        for product_id, row in arriving:
            place = arrival.stock.place_at(product_id, row.warehouse, row.location)
            if place.quantity + row.quantity > MAX_QUANTITY:
                refused.append((row.number, PLACE_FULL, str(row.quantity)))
                units[product_id] -= row.quantity
            else:
                operation.move(place, TransactionType.IMPORT, row.quantity, 0, reason=reason)
                count_tasks.arrived(operation, place)
        filled = backorders.fill(operation, arrival)
        operation.write()
    return StockWritten(units=units.total(), new_products=new_products, filled_units=filled, refused=sorted(refused))


def _know_products(db: Session, store_id: int, rows: Sequence[DraftStock]) -> tuple[dict[str, ProductWords], int]:
    """Return the rows' products by SKU, and how many are new.

    New products are created; known ones get a missing GTIN or name. Their search words are updated.
    """
    new_products = _new_products(rows)
    created_skus = _make_products(db, store_id, new_products)
    products = _read_products(db, store_id, new_products)
    completed = {}
    for sku, product in products.items():
        better = product._replace(
            gtin=product.gtin or new_products[sku].gtin, name=product.name or new_products[sku].name
        )
        if better != product:
            values = {"gtin": better.gtin, "name": better.name}
            db.execute(update(table_of(Product)).where(Product.store_id == store_id, Product.sku == sku).values(values))
            completed[sku] = better
    products |= completed
    index_products(
        db, store_id, [product for sku, product in products.items() if sku in created_skus or sku in completed]
    )
    return products, len(created_skus)


def _new_products(rows: Sequence[DraftStock]) -> dict[str, _NewProduct]:
    """Return each SKU's first GTIN and first name that are not blank."""
    new_products: dict[str, _NewProduct] = {}
    for row in rows:
        product = new_products.get(row.sku, _NewProduct(None, ""))
        new_products[row.sku] = _NewProduct(product.gtin or row.gtin or None, product.name or row.product_name)
    return {sku: new_products[sku] for sku in sorted(new_products)}


def _make_products(db: Session, store_id: int, new_products: Mapping[str, _NewProduct]) -> set[str]:
    """Insert the products whose SKU is new; return these SKUs."""
    rows = [{"store_id": store_id, "sku": sku, "gtin": one.gtin, "name": one.name} for sku, one in new_products.items()]
    statement = insert_into(db, table_of(Product)).values(rows).on_conflict_do_nothing().returning(Product.sku)
    return set(db.scalars(statement))


def _read_products(db: Session, store_id: int, skus: Iterable[str]) -> dict[str, ProductWords]:
    rows = db.execute(
        select(Product.id, Product.sku, Product.gtin, Product.name)
        .where(Product.store_id == store_id, Product.sku.in_(skus))
        .order_by(Product.id)
    )
    return {row.sku: ProductWords(row.id, row.sku, row.gtin, row.name) for row in rows}
