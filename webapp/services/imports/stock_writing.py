"""Writes a chunk of imported stock: creates new products, adds units to the ledger, fills backorders."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Final, TypedDict

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from webapp.database.insertion import insert_into
from webapp.domain.codes import code_key
from webapp.domain.ledger import TransactionType
from webapp.domain.quantities import MAX_QUANTITY
from webapp.models import Product
from webapp.models.base import table_of
from webapp.services.engine import backorders, count_tasks
from webapp.services.engine.operation import Operation
from webapp.services.imports.product_matching import OTHER_SPELLING, SkuFinder, SkuMatch
from webapp.services.imports.stock_drafts import DraftStock
from webapp.services.reads.product_search import ProductWords, index_products

OTHER_GTIN: Final = "the product with this SKU has another GTIN"
GTIN_OF_ANOTHER: Final = "the product %s has this GTIN"
NEAR_SKU: Final = "a product has nearly this SKU: did you mean %s?"
LEFT_OUT_GTIN: Final = "%s, so the product was found by its SKU alone"
PLACE_FULL: Final = f"the place would hold more than {MAX_QUANTITY} units"

Remark = tuple[int, str, str]
"""A row's number, a sentence, and the value that it is about."""


class StockWritten(TypedDict):
    """What a chunk did, as JSON: units added, products created, and ``[row, reason, value]`` of refused rows and of
    rows that were taken otherwise than they read."""

    units: int
    new_products: int
    filled_units: int
    refused: list[Remark]
    remarks: list[Remark]


def write_stock(db: Session, store_id: int, actor: str, reason: str, rows: Sequence[DraftStock]) -> StockWritten:
    """Add the rows' units at their places, create unknown products, and fill backorders.

    A row of 0 units only creates the product. Flushes, never commits; the caller makes sure that a chunk runs once.
    """
    products, new_products, refused = _know_products(db, store_id, rows)
    left_out = {number for number, _, _ in refused}
    kept = [row for row in rows if row.number not in left_out]
    arriving = [(products[row.sku].product_id, row) for row in kept if row.quantity]
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
    return StockWritten(
        units=units.total(),
        new_products=new_products,
        filled_units=filled,
        refused=sorted(refused),
        remarks=list(_remarks(kept, products)),
    )


def _remarks(rows: Iterable[DraftStock], products: Mapping[str, ProductWords]) -> Iterator[Remark]:
    """Yield what was not taken as it reads: another spelling of a SKU, and a GTIN that is none."""
    for row in rows:
        if (sku := products[row.sku].sku) != row.sku:
            yield row.number, OTHER_SPELLING, f"{row.sku} {sku}"
        if row.gtin_fault:
            yield row.number, LEFT_OUT_GTIN % row.gtin_fault, row.gtin_text


def _know_products(
    db: Session, store_id: int, rows: Sequence[DraftStock]
) -> tuple[dict[str, ProductWords], int, list[Remark]]:
    """Return the rows' products by the SKU as the rows spell it, how many are new, and the rows that are refused.

    New products are created; known ones get a missing GTIN or name. Their search words are updated.
    """
    finder = SkuFinder(db, store_id, {row.sku for row in rows})
    owners = _owners(db, store_id, {row.gtin for row in rows if row.gtin})
    new_products, refused = _new_products([row for row in rows if _is_new(finder.find(row.sku))], owners)
    created_skus = _make_products(db, store_id, new_products) if new_products else set()
    if new_products:  # Another import may have made one of them at the same moment.
        finder = SkuFinder(db, store_id, {row.sku for row in rows})
    skus: dict[str, str] = {}
    refused_rows = {number for number, _, _ in refused}
    for row in rows:
        match = finder.find(row.sku)
        if match.product:
            skus[row.sku] = match.product.sku
        elif row.number not in refused_rows:
            refused.append((row.number, NEAR_SKU % match.near, row.sku))
    known = _read_products(db, store_id, set(skus.values()))
    before = dict(known)
    for row in rows:
        if (
            row.sku in skus
            and row.number not in refused_rows
            and (remark := _complete(known, skus[row.sku], row, owners))
        ):
            refused.append(remark)
    completed = {sku for sku, product in known.items() if product != before[sku]}
    for sku in sorted(completed):
        values = {"gtin": known[sku].gtin, "name": known[sku].name}
        db.execute(update(table_of(Product)).where(Product.store_id == store_id, Product.sku == sku).values(values))
    index_products(db, store_id, [known[sku] for sku in sorted(created_skus | completed)])
    return {spelled: known[sku] for spelled, sku in skus.items()}, len(created_skus), refused


def _is_new(match: SkuMatch) -> bool:
    return match.product is None and not match.is_unclear


def _new_products(rows: Iterable[DraftStock], owners: dict[str, set[str]]) -> tuple[dict[str, str], list[Remark]]:
    """Return the name by SKU of what the store does not know: the first spelling of each, and its first name. A row
    with the GTIN of another product is refused, and makes none."""
    spelled: dict[str, str] = {}
    names: dict[str, str] = {}
    refused = []
    for row in rows:
        sku = spelled.get(code_key(row.sku), row.sku)
        if row.gtin and (others := owners[row.gtin] - {sku}):
            refused.append((row.number, GTIN_OF_ANOTHER % min(others), row.gtin))
            continue
        if row.gtin:
            owners[row.gtin].add(sku)
        spelled[code_key(row.sku)] = sku
        names[sku] = names.get(sku) or row.product_name
    return {sku: names[sku] for sku in sorted(names)}, refused


def _complete(known: dict[str, ProductWords], sku: str, row: DraftStock, owners: dict[str, set[str]]) -> Remark | None:
    """Give the product the row's GTIN and name where it has none. Return why the row is refused instead, if it is."""
    product = known[sku]
    if row.gtin and row.gtin != product.gtin:
        if product.gtin:
            return row.number, OTHER_GTIN, row.gtin
        if others := owners[row.gtin] - {sku}:
            return row.number, GTIN_OF_ANOTHER % min(others), row.gtin
        owners[row.gtin].add(sku)
    known[sku] = product._replace(gtin=product.gtin or row.gtin or None, name=product.name or row.product_name)
    return None


def _make_products(db: Session, store_id: int, new_products: Mapping[str, str]) -> set[str]:
    """Insert the products whose SKU is new; return these SKUs."""
    rows = [{"store_id": store_id, "sku": sku, "name": name} for sku, name in new_products.items()]
    statement = insert_into(db, table_of(Product)).values(rows).on_conflict_do_nothing().returning(Product.sku)
    return set(db.scalars(statement))


def _owners(db: Session, store_id: int, gtins: Collection[str]) -> dict[str, set[str]]:
    """Return the SKUs of the products that have each GTIN."""
    owners: dict[str, set[str]] = defaultdict(set)
    if gtins:
        rows = db.execute(
            select(Product.gtin, Product.sku).where(Product.store_id == store_id, Product.gtin.in_(gtins))
        )
        for gtin, sku in rows:
            owners[str(gtin)].add(sku)
    return owners


def _read_products(db: Session, store_id: int, skus: Iterable[str]) -> dict[str, ProductWords]:
    rows = db.execute(
        select(Product.id, Product.sku, Product.gtin, Product.name)
        .where(Product.store_id == store_id, Product.sku.in_(skus))
        .order_by(Product.id)
    )
    return {row.sku: ProductWords(row.id, row.sku, row.gtin, row.name) for row in rows}
