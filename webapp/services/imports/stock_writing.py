"""Writes a chunk of imported stock: creates new products, adds units to the ledger, fills backorders."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final, TypedDict

from sqlalchemy import case, exists, select, update
from sqlalchemy.orm import Session

from webapp.database.insertion import insert_into
from webapp.domain.codes import code_key, scan_key
from webapp.domain.ledger import TransactionType
from webapp.domain.quantities import MAX_QUANTITY
from webapp.domain.stock import CodeRoad
from webapp.domain.wording import say
from webapp.models import Product, ProductCode, Store
from webapp.models.base import table_of
from webapp.services import product_code_service
from webapp.services.arrived_products import lock_waiting_orders, match_waiting_lines
from webapp.services.engine import backorders, count_tasks, locks
from webapp.services.engine.merged_products import present_products
from webapp.services.engine.operation import Operation
from webapp.services.imports.product_facts import complete_facts
from webapp.services.imports.product_matching import SkuFinder, SkuMatch, remark_of
from webapp.services.imports.stock_drafts import DraftStock
from webapp.services.imports.stock_rows_before import StockFile, forget_rows, note_rows
from webapp.services.reads.product_codes import CodeOwner, owners_of
from webapp.services.reads.product_search import ProductWords, index_products

OF_A_CASE: Final = say("the GTIN is that of a case of %(units)s of %(sku)s: give single units, by the SKU alone")
GTIN_OF_ANOTHER: Final = say("the product %(sku)s has this GTIN")
CODE_OF_ANOTHER: Final = say("the SKU is a code of the product %(sku)s: give that product's SKU")
NEAR_SKU: Final = say("a product has nearly this SKU: did you mean %(sku)s?")
LEFT_OUT_GTIN: Final = say("%(fault)s, so the product was found by its SKU alone")
OWN_LIST: Final = say("the row is from this store's own list of stock, so its units were not added again")
CAME_BEFORE: Final = say("the row came in before, by another file, so its units were not added again")
PLACE_FULL: Final = say("the place would hold more than %(most)s units", most=MAX_QUANTITY)

Remark = tuple[int, str, str]
"""A row's number, a sentence, and the value that it is about."""


class StockWritten(TypedDict):
    """What a chunk did, as JSON: units added, products created, and ``[row, reason, value]`` of refused rows, of rows
    that were taken otherwise than they read, and of rows whose units came in before."""

    units: int
    new_products: int
    new_skus: list[str]
    filled_units: int
    refused: list[Remark]
    remarks: list[Remark]
    before: list[Remark]


def write_stock(
    db: Session, store_id: int, actor: str, reason: str, rows: Sequence[DraftStock], file: StockFile
) -> StockWritten:
    """Add the rows' units at their places, create unknown products, and fill backorders.

    A row of 0 units, one that came in before, or one that this store exported itself, only creates the product or
    completes it. Flushes, never commits; the caller makes sure that a chunk runs once.
    """
    _lock_orders(db, store_id, rows)
    own = set[str]() if file.is_another_delivery else _keys_of_own_list(db, store_id, rows)
    before = note_rows(db, store_id, file, [row.key for row in rows if row.key and row.key not in own])
    before |= dict.fromkeys(own, file.source)
    products, new_skus, refused = _know_products(db, store_id, actor, rows)
    # Before the units arrive, so that the oldest of all orders get them.
    match_waiting_lines(db, store_id, {product.product_id for product in products.values()}, actor)
    left_out = {number for number, _, _ in refused}
    kept = [row for row in rows if row.number not in left_out]
    other_facts = complete_facts(db, store_id, [(products[row.sku].product_id, row) for row in kept])
    arriving = [(products[row.sku].product_id, row) for row in kept if row.quantity and row.key not in before]
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
    refused_rows = {number for number, _, _ in refused}
    lost = [row.key for row in rows if row.key and row.key not in before and row.number in refused_rows]
    if lost:
        forget_rows(db, store_id, file, lost)
    return StockWritten(
        units=units.total(),
        new_products=len(new_skus),
        new_skus=sorted(new_skus),
        filled_units=filled,
        refused=sorted(refused),
        remarks=sorted([*_remarks(kept, products), *other_facts]),
        before=[
            (row.number, OWN_LIST if row.key in own else CAME_BEFORE, before[row.key])
            for row in rows
            if row.key in before and row.number not in refused_rows
        ],
    )


def _lock_orders(db: Session, store_id: int, rows: Sequence[DraftStock]) -> None:
    """Lock the orders that get products or units of this delivery, before anything holds the products: who ships
    locks the order first, and the product next if it has no place."""
    locks.take_turn_to_write(db)
    if locks.is_only_writer(db):
        return
    locks.lock_turn_of_arrivals(db, store_id)
    finder = SkuFinder(db, store_id, {row.sku for row in rows})
    arriving = Counter[int]()
    for row in rows:
        product = finder.find(row.sku).product
        if product and row.quantity:
            arriving[product.id] += row.quantity
    waiting = backorders.waiting_order_ids(db, store_id, arriving) if arriving else ()
    lock_waiting_orders(
        db, store_id, finder.product_ids, {code for row in rows for code in (row.sku, row.gtin)}, waiting
    )


def _keys_of_own_list(db: Session, store_id: int, rows: Sequence[DraftStock]) -> set[str]:
    """Return the keys of the rows that are units of this very store, as it exported them: they are on its shelves."""
    if not any(row.exported_from for row in rows):
        return set()
    code = db.scalar(select(Store.code).where(Store.id == store_id))
    return {row.key for row in rows if row.key and row.exported_from == code}


def _remarks(rows: Iterable[DraftStock], products: Mapping[str, ProductWords]) -> Iterator[Remark]:
    """Yield what was not taken as it reads: another spelling of a SKU, and a GTIN that is none."""
    for row in rows:
        if (sku := products[row.sku].sku) != row.sku:
            yield row.number, remark_of(row.sku, sku), f"{row.sku} {sku}"
        if row.gtin_fault:
            yield row.number, LEFT_OUT_GTIN.fill(fault=row.gtin_fault), row.gtin_text


def _know_products(
    db: Session, store_id: int, actor: str, rows: Sequence[DraftStock]
) -> tuple[dict[str, ProductWords], set[str], list[Remark]]:
    """Return the rows' products by the SKU as the rows spell it, the new SKUs, and the rows that are refused.

    New products are created; known ones get a missing name, and the GTIN as a further code. Their search words are
    updated.
    """
    finder = SkuFinder(db, store_id, {row.sku for row in rows})
    new_skus = {row.sku for row in rows if _is_new(finder.find(row.sku))}
    owned = owners_of(db, store_id, {row.gtin for row in rows if row.gtin} | new_skus)
    cases = {code: one for code, of_code in owned.items() for one in of_code if one.units != 1}
    refused = [(row.number, _of_a_case(cases[row.gtin]), row.gtin) for row in rows if row.gtin in cases]
    rows = [row for row in rows if row.gtin not in cases]
    owners = defaultdict(set, {code: {one.sku for one in of_code} for code, of_code in owned.items()})
    new_products, twice = _new_products([row for row in rows if _is_new(finder.find(row.sku))], owners)
    refused += twice
    created_skus = _make_products(db, store_id, new_products) if new_products else set()
    if new_products:  # Another import may have made one of them at the same moment.
        finder = SkuFinder(db, store_id, {row.sku for row in rows})
    if present_products(db, store_id, finder.product_ids):  # One of them was merged at the same moment.
        finder = SkuFinder(db, store_id, {row.sku for row in rows})
    skus: dict[str, str] = {}
    refused_rows = {number for number, _, _ in refused}
    for row in rows:
        match = finder.find(row.sku)
        if match.product:
            skus[row.sku] = match.product.sku
        elif row.number not in refused_rows:
            refused.append((row.number, NEAR_SKU.fill(sku=match.near), row.sku))
    by_sku = _read_products(db, store_id, set(skus.values()))
    before = dict(by_sku)
    teaching: dict[str, str] = {}
    fitting: list[DraftStock] = []
    for row in rows:
        if row.sku not in skus or row.number in refused_rows:
            continue
        if others := owners[row.gtin] - {skus[row.sku]} if row.gtin else set():
            refused.append((row.number, GTIN_OF_ANOTHER.fill(sku=min(others)), row.gtin))
            continue
        if row.gtin and not owners[row.gtin]:
            teaching[row.gtin] = skus[row.sku]
            owners[row.gtin].add(skus[row.sku])
        fitting.append(row)
    lost = _teach(db, store_id, actor, {gtin: by_sku[sku].product_id for gtin, sku in teaching.items()})
    refused += [(row.number, lost[row.gtin], row.gtin) for row in fitting if row.gtin in lost]
    for row in fitting:
        if row.gtin not in lost:
            by_sku[skus[row.sku]] = _completed(by_sku[skus[row.sku]], row)
    completed = {sku for sku, product in by_sku.items() if product != before[sku]}
    for sku in sorted(completed):
        _complete(db, store_id, by_sku[sku])
    further = [(by_sku[sku].product_id, gtin) for gtin, sku in teaching.items() if gtin not in lost]
    index_products(db, store_id, [by_sku[sku] for sku in sorted(created_skus | completed)], also=further)
    return {spelled: by_sku[sku] for spelled, sku in skus.items()}, created_skus, refused


def _of_a_case(owner: CodeOwner) -> str:
    return OF_A_CASE.fill(units=owner.units, sku=owner.sku)


def _teach(db: Session, store_id: int, actor: str, gtins: Mapping[str, int]) -> dict[str, str]:
    """Make the GTINs codes of their products, with the journal; return by GTIN why it cannot be one: it has been
    another product's, or a case's, since it was looked up."""
    if not gtins:
        return {}
    rows = [
        {"store_id": store_id, "code": gtin, "product_id": product_id, "units": 1, "taught_by": actor}
        for gtin, product_id in sorted(gtins.items())
    ]
    codes = table_of(ProductCode)
    taught = set(db.scalars(insert_into(db, codes).values(rows).on_conflict_do_nothing().returning(ProductCode.code)))
    for gtin in sorted(taught):
        product_code_service.record_change(db, store_id, gtins[gtin], gtin, 1, actor, road=CodeRoad.IMPORT)
    lost: dict[str, str] = {}
    for gtin, [owner, *_] in owners_of(db, store_id, gtins.keys() - taught).items():
        if owner.product_id != gtins[gtin]:
            lost[gtin] = GTIN_OF_ANOTHER.fill(sku=owner.sku)
        elif owner.units != 1:
            lost[gtin] = _of_a_case(owner)
    return lost


def _complete(db: Session, store_id: int, product: ProductWords) -> None:
    """Store what the product lacked. What somebody else has given it or taken from it since it was read stays so."""
    products, codes = table_of(Product), table_of(ProductCode)
    is_code = exists().where(
        codes.c.store_id == store_id,
        codes.c.code == product.gtin,
        codes.c.product_id == product.product_id,
        codes.c.units == 1,
    )
    name = case((products.c.name == "", product.name), else_=products.c.name)
    gtin = case((products.c.gtin.is_(None) & is_code, product.gtin), else_=products.c.gtin)
    of_product = (products.c.store_id == store_id) & (products.c.id == product.product_id)
    db.execute(update(products).where(of_product).values(name=name, gtin=gtin))


def _completed(product: ProductWords, row: DraftStock) -> ProductWords:
    """Return the product with the row's GTIN and name where it has none."""
    return product._replace(gtin=product.gtin or row.gtin or None, name=product.name or row.product_name)


def _is_new(match: SkuMatch) -> bool:
    return match.product is None and not match.is_unclear


def _new_products(rows: Iterable[DraftStock], owners: dict[str, set[str]]) -> tuple[dict[str, str], list[Remark]]:
    """Return the name by SKU of what the store does not know: the first spelling of each, and its first name. A row
    with the GTIN of another product, or a code of it as its SKU, is refused, and makes none."""
    spelled: dict[str, str] = {}
    names: dict[str, str] = {}
    owned: dict[str, str] = {}
    """SKU by ``scan_key`` of the GTIN."""
    refused: list[Remark] = []
    for row in rows:
        sku = spelled.get(code_key(row.sku), row.sku)
        if others := (owners[row.sku] | {owned.get(scan_key(row.sku), sku)}) - {sku}:
            refused.append((row.number, CODE_OF_ANOTHER.fill(sku=min(others)), row.sku))
            continue
        if row.gtin and (others := (owners[row.gtin] | {owned.get(scan_key(row.gtin), sku)}) - {sku}):
            refused.append((row.number, GTIN_OF_ANOTHER.fill(sku=min(others)), row.gtin))
            continue
        if row.gtin:
            owned[scan_key(row.gtin)] = sku
        spelled[code_key(row.sku)] = sku
        names[sku] = names.get(sku) or row.product_name
    return {sku: names[sku] for sku in sorted(names)}, refused


def _make_products(db: Session, store_id: int, new_products: Mapping[str, str]) -> set[str]:
    """Insert the products whose SKU is new; return these SKUs."""
    rows = [{"store_id": store_id, "sku": sku, "name": name} for sku, name in new_products.items()]
    statement = insert_into(db, table_of(Product)).values(rows).on_conflict_do_nothing().returning(Product.sku)
    return set(db.scalars(statement))


def _read_products(db: Session, store_id: int, skus: Iterable[str]) -> dict[str, ProductWords]:
    rows = db.execute(
        select(Product.id, Product.sku, Product.gtin, Product.name)
        .where(Product.store_id == store_id, Product.sku.in_(skus))
        .order_by(Product.id)
    )
    return {row.sku: ProductWords(row.id, row.sku, row.gtin, row.name) for row in rows}
