"""What a product is now if it was merged with its twin; a product that was merged gets no new lines, units or codes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.domain.errors import ConflictError
from webapp.domain.events import EventKind
from webapp.domain.system_reasons import SystemReason
from webapp.domain.wording import say
from webapp.models import Product, ProductMerge
from webapp.services.engine import locks, writing
from webapp.services.engine.operation import Operation
from webapp.services.engine.stock_rows import ItemRow, OrderRow


class NamedProduct(NamedTuple):
    """A product, and the SKU by which people know it."""

    id: int
    sku: str


class MergedLine(NamedTuple):
    """A line that becomes one of another product, and the reserved units that are moved along."""

    order: OrderRow
    item: ItemRow
    units: int = 0


def present_products(
    db: Session, store_id: int, product_ids: Collection[int], *, holds: bool = True
) -> Mapping[int, int]:
    """Return by id what each product is now, for those that were merged; the others stay as they are until we commit.

    A service that writes lines, places or matches of products calls this first. On PostgreSQL it holds the products'
    keys, for which a merge waits; a merge that came first is seen. Who is still to lock orders, as a merge does before
    it locks products, only looks (``holds`` is false) and asks again under the locks.
    """
    present: dict[int, int] = {}
    ids = set(product_ids)
    while ids:
        if holds and not locks.is_only_writer(db):
            locks.hold_products(db, store_id, ids)
        rows = db.execute(
            select(ProductMerge.product_id, ProductMerge.present_id).where(
                ProductMerge.store_id == store_id,
                ProductMerge.product_id.in_(ids),
                ProductMerge.undone_at.is_(None),
            )
        ).all()
        survivors = {row.product_id: row.present_id for row in rows}
        present = {key: survivors.get(value, value) for key, value in present.items()} | survivors
        ids = set(survivors.values())
    return present


def refuse_if_merged(db: Session, store_id: int, product_id: int) -> None:
    """Raise ConflictError if the product was merged with another one, which has its stock now."""
    present = present_products(db, store_id, [product_id])
    if product_id in present:
        raise ConflictError(merged_words(db, store_id, present[product_id]), product_id=present[product_id])


def merged_words(db: Session, store_id: int, present_id: int) -> str:
    """Return the sentence that names the product which has everything now."""
    sku = sku_of(db, store_id, present_id)
    return say("This product was merged with %(sku)s, which has its stock and codes now.", sku=sku)


def sku_of(db: Session, store_id: int, product_id: int) -> str:
    """Return a product's SKU."""
    return db.scalars(select(Product.sku).where(Product.store_id == store_id, Product.id == product_id)).one()


def follow(
    operation: Operation,
    lines: Sequence[MergedLine],
    former: NamedProduct,
    present: NamedProduct,
    reason: str,
) -> None:
    """Let lines be of the ``present`` product instead of the ``former``, and record it on their orders."""
    for line in lines:
        line.item.product_id = present.id
        operation.record(
            line.order,
            EventKind.PRODUCT_CHANGED,
            item=line.item,
            reason=reason,
            quantity=line.units,
            former_product_id=former.id,
            former_sku=former.sku,
            product_id=present.id,
            sku=present.sku,
        )
        operation.bump_version(line.order, line.item)
    items = [line.item for line in lines]
    writing.write(operation.db, {"of_store": operation.store_id}, {writing.LINKS: items}, {})


def follow_merges(operation: Operation, lines: Sequence[MergedLine], present: Mapping[int, int]) -> None:
    """Let lines that had nothing left to ship when their product was merged be of the product that it is now.

    ``present`` has that product by the merged one; lines of other products stay as they are.
    """
    by_product: dict[int, list[MergedLine]] = defaultdict(list)
    for line in lines:
        if line.item.product_id in present:
            by_product[line.item.product_id].append(line)
    if not by_product:
        return
    named = _named(operation, {*by_product, *(present[key] for key in by_product)})
    for product_id, of_product in by_product.items():
        former, survivor = named[product_id], named[present[product_id]]
        follow(operation, of_product, former, survivor, SystemReason.MERGED(sku=former.sku, into=survivor.sku))


def _named(operation: Operation, product_ids: Collection[int]) -> dict[int, NamedProduct]:
    of_ids = (Product.store_id == operation.store_id, Product.id.in_(product_ids))
    rows = operation.db.execute(select(Product.id, Product.sku).where(*of_ids))
    return {row.id: NamedProduct(row.id, row.sku) for row in rows}
