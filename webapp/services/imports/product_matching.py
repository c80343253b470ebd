"""Finds the product of an imported order line: by GTIN, then by SKU, else the store's placeholder."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.database.insertion import insert_into
from webapp.domain.products import PLACEHOLDER_GTIN, PLACEHOLDER_NAME, PLACEHOLDER_SKU
from webapp.models import GtinMatch, Product


class ProductFinder:
    """Finds the products of one chunk's lines, in a handful of queries for any number of lines.

    ``lines`` are ``(gtin, sku)``. A GTIN that somebody matched wins; then a GTIN that exactly one product has; then the
    SKU.
    """

    def __init__(self, db: Session, store_id: int, lines: Iterable[tuple[str, str]]) -> None:
        codes = set(lines)
        gtins = {gtin for gtin, _ in codes} - {"", PLACEHOLDER_GTIN}
        skus = {sku for _, sku in codes} - {""}
        self._db = db
        self._store_id = store_id
        self._by_gtin = {**_only_product_with(db, store_id, gtins), **_remembered(db, store_id, gtins)}
        self._by_sku = products_by_sku(db, store_id, skus)
        self._placeholder_id: int | None = None
        self.unmatched_lines = 0

    def product_id(self, gtin: str, sku: str) -> int:
        """Return a line's product, or the placeholder (created if the store has none)."""
        product_id = self._by_gtin.get(gtin) or self._by_sku.get(sku)
        if product_id is not None:
            return product_id
        self.unmatched_lines += 1
        if self._placeholder_id is None:
            self._placeholder_id = ensure_placeholder(self._db, self._store_id)
        return self._placeholder_id


def products_by_sku(db: Session, store_id: int, skus: Collection[str]) -> dict[str, int]:
    """Return product ids by SKU, without the placeholder."""
    rows = db.execute(
        select(Product.sku, Product.id).where(
            Product.store_id == store_id, Product.sku.in_(skus), Product.is_placeholder.is_(False)
        )
    )
    return {row.sku: row.id for row in rows}


def ensure_placeholder(db: Session, store_id: int) -> int:
    """Return the store's placeholder id, creating the product if there is none."""
    db.execute(
        insert_into(db, Product)
        .values(
            store_id=store_id, sku=PLACEHOLDER_SKU, gtin=PLACEHOLDER_GTIN, name=PLACEHOLDER_NAME, is_placeholder=True
        )
        .on_conflict_do_nothing()
    )
    return db.execute(select(Product.id).where(Product.store_id == store_id, Product.is_placeholder)).scalar_one()


def _remembered(db: Session, store_id: int, gtins: Collection[str]) -> dict[str, int]:
    rows = db.execute(
        select(GtinMatch.gtin, GtinMatch.product_id).where(GtinMatch.store_id == store_id, GtinMatch.gtin.in_(gtins))
    )
    return {row.gtin: row.product_id for row in rows}


def _only_product_with(db: Session, store_id: int, gtins: Collection[str]) -> dict[str, int]:
    """Return product ids by GTIN, for the GTINs that exactly one product has."""
    rows = db.execute(
        select(Product.gtin, Product.id).where(
            Product.store_id == store_id, Product.gtin.in_(gtins), Product.is_placeholder.is_(False)
        )
    )
    ids_by_code: dict[str, list[int]] = {}
    for gtin, product_id in rows:
        ids_by_code.setdefault(str(gtin), []).append(product_id)
    return {gtin: ids[0] for gtin, ids in ids_by_code.items() if len(ids) == 1}
