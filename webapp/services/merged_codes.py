"""Moves what finds a product to the one that it was merged with, and back: codes, GTIN, matches; and what it lacks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from webapp.database.insertion import insert_into
from webapp.domain.codes import gtin14, is_same_sku
from webapp.domain.merges import MergedParts, MovedMatch
from webapp.domain.products import ParcelFacts
from webapp.domain.stock import CodeRoad
from webapp.models import Match, Product, ProductCode, ProductCodeChange
from webapp.models.base import table_of
from webapp.services.engine.merged_products import NamedProduct
from webapp.services.engine.operation import Operation
from webapp.services.product_code_service import record_change
from webapp.services.reads.product_codes import read_codes
from webapp.services.reads.product_search import ProductWords, index_products, reindex_product

_products, _codes, _matches = table_of(Product), table_of(ProductCode), table_of(Match)


class Twin(NamedTuple):
    """One of the two products of a merge."""

    id: int
    sku: str
    gtin: str | None
    name: str
    picture: str | None
    weight_grams: int | None
    hs_code: str | None
    origin_country: str | None
    retired_by: str | None
    retired_at: datetime | None

    @property
    def named(self) -> NamedProduct:
        """Return the id and the SKU."""
        return NamedProduct(self.id, self.sku)


class CodesMoved(NamedTuple):
    """The codes that follow, those that are new to the survivor, and the matches."""

    codes: list[str]
    new_codes: list[str]
    matches: list[MovedMatch]


def move_codes(operation: Operation, former: Twin, survivor: Twin) -> CodesMoved:
    """Let everything by which the former product is found find the survivor: its codes with their units, its SKU, its
    GTIN, and what was matched to it. What the survivor has already stays."""
    db, store_id, actor = operation.db, operation.store_id, operation.actor
    moving = read_codes(db, store_id, former.id)
    codes = [one.code for one in moving]
    _give(operation, codes, former.id, survivor.id)
    new = [code for code in _further_codes(operation, former, survivor, codes) if _teach(operation, code, survivor.id)]
    _move_gtin(operation, former, survivor, codes)
    if lacking := supplements(former, survivor):
        _set(operation, survivor.id, **lacking)
    for one in moving:
        record_change(db, store_id, former.id, one.code, one.units, actor, is_removal=True, road=CodeRoad.MERGE)
        record_change(db, store_id, survivor.id, one.code, one.units, actor, road=CodeRoad.MERGE)
    for code in new:
        record_change(db, store_id, survivor.id, code, 1, actor, road=CodeRoad.MERGE)
    _index(operation, former.id)
    _index(operation, survivor.id)
    return CodesMoved(codes, new, _move_matches(operation, former.id, survivor.id))


def _further_codes(operation: Operation, former: Twin, survivor: Twin, codes: Sequence[str]) -> Iterator[str]:
    """Yield what is no code of the former product and has to find the survivor: its SKU, and the GTIN of both."""
    if not is_same_sku(former.sku, survivor.sku):
        yield former.sku
    is_shared = _share_gtin(former, survivor, codes)
    if is_shared and former.gtin and gtin14(former.gtin) and not _has_another(operation, former, survivor):
        yield former.gtin


def _move_gtin(operation: Operation, former: Twin, survivor: Twin, codes: Sequence[str]) -> None:
    """Take the GTIN from the former product, and give it to a survivor without one."""
    is_own = former.gtin in codes
    if is_own or _share_gtin(former, survivor, codes):
        _set(operation, former.id, gtin=None)
    if is_own and not survivor.gtin:
        _set(operation, survivor.id, gtin=former.gtin)


def _share_gtin(former: Twin, survivor: Twin, codes: Sequence[str]) -> bool:
    """Return whether both have one GTIN, which is no code of either alone."""
    return former.gtin is not None and former.gtin == survivor.gtin and former.gtin not in codes


def move_codes_back(operation: Operation, former: Twin, survivor: Twin, parts: MergedParts) -> None:
    """Give back what ``move_codes`` moved. Nothing of either product has changed since."""
    db, store_id, actor = operation.db, operation.store_id, operation.actor
    units = {one.code: one.units for one in read_codes(db, store_id, survivor.id)}
    _give(operation, parts["codes"], survivor.id, former.id)
    added = (_codes.c.store_id == store_id, _codes.c.product_id == survivor.id, _codes.c.code.in_(parts["new_codes"]))
    db.execute(delete(_codes).where(*added))
    for code in (*parts["codes"], *parts["new_codes"]):
        record_change(db, store_id, survivor.id, code, units[code], actor, is_removal=True, road=CodeRoad.MERGE)
    for code in parts["codes"]:
        record_change(db, store_id, former.id, code, units[code], actor, road=CodeRoad.MERGE)
    _set(operation, former.id, gtin=parts["gtin"])
    _set(operation, survivor.id, gtin=parts["survivor_gtin"])
    still = {name: value for name, value in parts["supplements"].items() if getattr(survivor, name) == value}
    if still:
        _set(operation, survivor.id, **dict.fromkeys(still))
    of_parts = (_matches.c.store_id == store_id, _matches.c.id.in_([match.match_id for match in parts["matches"]]))
    db.execute(update(_matches).where(*of_parts).values(product_id=former.id))
    _index(operation, former.id)
    _index(operation, survivor.id)


def supplements(former: Twin, survivor: Twin) -> dict[str, Any]:
    """Return what the survivor lacks and the other product has, by column."""
    return {
        name: getattr(former, name)
        for name in ("picture", *ParcelFacts._fields)
        if getattr(former, name) and not getattr(survivor, name)
    }


def lock_matches(db: Session, store_id: int, *product_ids: int) -> None:
    """Lock the matches of these products, before any order, as matching and undoing a match do."""
    of_products = (_matches.c.store_id == store_id, _matches.c.product_id.in_(product_ids))
    db.execute(select(_matches.c.id).where(*of_products).order_by(_matches.c.id).with_for_update()).all()


def match_made_again(db: Session, store_id: int, parts: Sequence[MovedMatch]) -> Match | None:
    """Return a match that somebody made again since it was moved."""
    before = {match.match_id: match.matched_at for match in parts}
    matches = db.scalars(select(Match).where(Match.store_id == store_id, Match.id.in_(before)).order_by(Match.id))
    return next((match for match in matches if match.matched_at.isoformat() != before[match.id]), None)


def last_change(operation: Operation, *product_ids: int) -> int:
    """Return the newest entry in the journal of these products' codes."""
    of_products = (
        ProductCodeChange.store_id == operation.store_id,
        ProductCodeChange.product_id.in_(product_ids),
    )
    return operation.db.scalar(select(func.max(ProductCodeChange.id)).where(*of_products)) or 0


def _give(operation: Operation, codes: list[str], from_id: int, to_id: int) -> None:
    of_product = (_codes.c.store_id == operation.store_id, _codes.c.product_id == from_id, _codes.c.code.in_(codes))
    operation.db.execute(update(_codes).where(*of_product).values(product_id=to_id))


def _teach(operation: Operation, code: str, product_id: int) -> bool:
    """Let the code be the product's, unless it is somebody's already; return whether it is new."""
    row = {
        "store_id": operation.store_id,
        "code": code,
        "product_id": product_id,
        "units": 1,
        "taught_by": operation.actor,
    }
    statement = insert_into(operation.db, _codes).values(row).on_conflict_do_nothing().returning(_codes.c.id)
    return operation.db.scalar(statement) is not None


def _has_another(operation: Operation, former: Twin, survivor: Twin) -> bool:
    """Return whether a third product has the GTIN that both have."""
    others = select(Product.id).where(
        Product.store_id == operation.store_id,
        Product.gtin == former.gtin,
        Product.id.not_in([former.id, survivor.id]),
    )
    return operation.db.scalar(others.limit(1)) is not None


def _move_matches(operation: Operation, from_id: int, to_id: int) -> list[MovedMatch]:
    """Let all matches that nobody undid be of the other product; the lines that follow one go on naming it."""
    standing = (
        _matches.c.store_id == operation.store_id,
        _matches.c.product_id == from_id,
        _matches.c.undone_at.is_(None),
    )
    follow = update(_matches).where(*standing).values(product_id=to_id).returning(_matches.c.id, _matches.c.matched_at)
    rows = operation.db.execute(follow).all()
    return [MovedMatch(row.id, row.matched_at.isoformat()) for row in sorted(rows)]


def _set(operation: Operation, product_id: int, **values: Any) -> None:
    of_product = (_products.c.store_id == operation.store_id, _products.c.id == product_id)
    operation.db.execute(update(_products).where(*of_product).values(values))


def _index(operation: Operation, product_id: int) -> None:
    row = operation.db.execute(
        select(Product.sku, Product.gtin, Product.name).where(
            Product.store_id == operation.store_id, Product.id == product_id
        )
    ).one()
    codes = [one.code for one in read_codes(operation.db, operation.store_id, product_id)]
    words = ProductWords(product_id, row.sku, row.gtin, row.name)
    reindex_product(operation.db, operation.store_id, words, codes)
    index_products(operation.db, operation.store_id, [], also=[(product_id, code) for code in codes])
