"""Writing a chunk of imported stock: products that are new, units into the ledger, backorders filled."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, TypedDict

from sqlalchemy import select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from webapp.domain.ledger import TransactionType
from webapp.domain.quantities import MAX_QUANTITY
from webapp.models import Product
from webapp.models.base import table_of
from webapp.services import backorders
from webapp.services.imports.stock_rows import StockRow
from webapp.services.operation import Operation

OTHER_GTIN: Final = "the product with this SKU has another GTIN"
PLACE_FULL: Final = f"the place would hold more than {MAX_QUANTITY} units"


class StockWritten(TypedDict):
    """What a chunk did, as JSON keeps it: units added, products made, and ``[row, reason, value]`` of refused rows."""

    units: int
    new_products: int
    filled_units: int
    refused: list[tuple[int, str, str]]


@dataclass
class _Known:
    """A product as the chunk sees it."""

    product_id: int
    gtin: str | None


def write_stock(db: Session, store_id: int, actor: str, reason: str, rows: Sequence[StockRow]) -> StockWritten:
    """Add the rows' units at their places, making products that are not known and filling backorders.

    A row of 0 units makes the product known and moves nothing. Flushes, never commits; the caller sees to it that a
    chunk happens once.
    """
    new_products = _make_products(db, store_id, rows)
    products = _products(db, store_id, rows)
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
            place = arrival.shelves.place_at(product_id, row.warehouse, row.location)
            if place.quantity + row.quantity > MAX_QUANTITY:
                refused.append((row.number, PLACE_FULL, str(row.quantity)))
                units[product_id] -= row.quantity
            else:
                operation.move(place, TransactionType.IMPORT, row.quantity, 0, reason=reason)
        filled = backorders.fill(operation, arrival)
        operation.write()
    return StockWritten(units=units.total(), new_products=new_products, filled_units=filled, refused=sorted(refused))


def _make_products(db: Session, store_id: int, rows: Sequence[StockRow]) -> int:
    """Insert the products whose SKU is new, and give known ones the GTIN or name they lack; return how many are new."""
    merged: dict[str, dict[str, str | int | None]] = {}
    for row in rows:
        product = merged.setdefault(row.sku, {"store_id": store_id, "sku": row.sku, "gtin": None, "name": ""})
        product["gtin"] = product["gtin"] or row.gtin or None
        product["name"] = product["name"] or row.product_name
    dialect = postgresql if db.get_bind().dialect.name == "postgresql" else sqlite
    made = set(
        db.scalars(
            dialect.insert(table_of(Product))
            .values([merged[sku] for sku in sorted(merged)])
            .on_conflict_do_nothing()
            .returning(Product.sku)
        )
    )
    lacking = db.execute(
        select(Product.sku, Product.gtin, Product.name)
        .where(
            Product.store_id == store_id,
            Product.sku.in_(set(merged) - made),
            Product.gtin.is_(None) | (Product.name == ""),
        )
        .order_by(Product.id)
    ).all()
    for sku, gtin, name in lacking:
        better = {"gtin": gtin or merged[sku]["gtin"], "name": name or merged[sku]["name"]}
        if better != {"gtin": gtin, "name": name}:
            db.execute(update(table_of(Product)).where(Product.store_id == store_id, Product.sku == sku).values(better))
    return len(made)


def _products(db: Session, store_id: int, rows: Sequence[StockRow]) -> dict[str, _Known]:
    found = db.execute(
        select(Product.sku, Product.id, Product.gtin).where(
            Product.store_id == store_id, Product.sku.in_({row.sku for row in rows})
        )
    )
    return {sku: _Known(product_id, gtin) for sku, product_id, gtin in found}
