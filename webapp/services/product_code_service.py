"""Teaches a product its codes, and takes them back; each change is in the journal."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from typing import TypedDict

from sqlalchemy import delete, insert, or_, select, update
from sqlalchemy.orm import Session

from webapp.database.insertion import insert_into
from webapp.domain.codes import GTIN_LENGTHS, code_key, gtin14, is_rounded, scan_key, shown_gtin
from webapp.domain.control_characters import has_invisible
from webapp.domain.errors import ConflictError, InvalidInput, ProductNotFound
from webapp.domain.placement import NO_CONTROLS
from webapp.domain.quantities import check_quantity
from webapp.domain.reasons import is_storable
from webapp.domain.stock import CodeRoad, TaughtCode
from webapp.domain.unknown_lines import MAX_CODE
from webapp.domain.wording import say
from webapp.models import Product, ProductCode, ProductCodeChange, ProductSearchWord
from webapp.models.base import table_of
from webapp.services.arrived_products import lock_waiting_orders, match_waiting_lines
from webapp.services.engine import locks
from webapp.services.engine.merged_products import refuse_if_merged
from webapp.services.reads.product_codes import owners_of, read_codes
from webapp.services.reads.product_search import ProductWords, index_products, words_of_code

log = logging.getLogger("packbench.stock")


class CodeTaught(TypedDict):
    """A code of a product; ``is_new`` is false if the product had it already."""

    product_id: int
    code: str
    units: int
    is_new: bool


class CodeRemoved(TypedDict):
    """A code that a product had; blank if it was removed before."""

    product_id: int
    code: str


def teach_code(
    db: Session, store_id: int, product_id: int, code: str, units: int = 1, actor: str = "system"
) -> CodeTaught:
    """Let ``code`` stand for ``units`` of the product, wherever codes are compared, and match the lines that waited
    with it. Doing it twice changes nothing.

    A product without a GTIN takes one that stands for one unit as its own. Raises ProductNotFound, InvalidInput and
    InvalidQuantity for what cannot be a code, and ConflictError if it is another product's, or stands for other units.
    """
    code = check_code(code)
    check_quantity(units)
    lock_waiting_orders(db, store_id, [product_id], [code])
    product = _lock(db, store_id, product_id, code)
    _refuse_skus(db, store_id, product, code)
    taught = _teach(db, store_id, product, code, units, actor)
    match_waiting_lines(db, store_id, [product_id], actor)
    return taught


def remove_code(db: Session, store_id: int, product_id: int, code_id: int, actor: str = "system") -> CodeRemoved:
    """Take a code back from the product. Doing it twice changes nothing. Raises ProductNotFound.

    If it was the product's own GTIN, another GTIN of one unit takes its place.
    """
    product = _lock(db, store_id, product_id)
    codes = {one.id: one for one in read_codes(db, store_id, product_id)}
    if code_id > locks.MAX_KEY or (former := codes.pop(code_id, None)) is None:
        return CodeRemoved(product_id=product_id, code="")
    db.execute(delete(table_of(ProductCode)).where(ProductCode.store_id == store_id, ProductCode.id == code_id))
    if former.code == product.gtin:
        gtin = _next_gtin(codes.values())
        product = product._replace(gtin=gtin)
        _set_gtin(db, store_id, product_id, gtin)
    _forget_words(db, store_id, product, former.code)
    record_change(db, store_id, product_id, former.code, former.units, actor, is_removal=True)
    log.info("Product %s: code %s removed, by %s", product_id, former.code, actor)
    return CodeRemoved(product_id=product_id, code=former.code)


def show_gtin(db: Session, store_id: int, product_id: int, gtin: str, actor: str = "system") -> None:
    """Let the GTIN be the one that screens show; one that the product lacks is added. Blank takes the shown one away.

    The GTIN shown before stays a code, unless ``gtin`` is blank. Raises what ``teach_code`` raises, but the GTIN may be
    the product's SKU as well: many shops have only the one number.
    """
    product = _lock(db, store_id, product_id, gtin)
    if gtin:
        if code_key(gtin) != code_key(product.sku):
            _refuse_skus(db, store_id, product, gtin)
        _teach(db, store_id, product, gtin, 1, actor)
        _set_gtin(db, store_id, product_id, gtin)
        return
    own = product.gtin
    code_id = next((one.id for one in read_codes(db, store_id, product_id) if one.code == own), None)
    if code_id is not None:
        remove_code(db, store_id, product_id, code_id, actor)
    elif own:
        _set_gtin(db, store_id, product_id, None)  # Several products have it, so it is nobody's code.
        record_change(db, store_id, product_id, own, 1, actor, is_removal=True)


def follow_sku(db: Session, store_id: int, product_id: int, former: str, sku: str, actor: str = "system") -> None:
    """Keep a product's former SKU as a code, so that what still has it finds the product, and journal it.

    The new SKU is no code any longer, if it was one and no GTIN. Another spelling of the same SKU is only journaled.
    """
    codes = table_of(ProductCode)
    of_product = (codes.c.store_id == store_id) & (codes.c.product_id == product_id)
    if not gtin14(sku):
        db.execute(delete(codes).where(of_product, codes.c.scan_key == scan_key(sku)))
    is_other = code_key(former) != code_key(sku)
    if is_other:
        row = {"store_id": store_id, "code": former, "product_id": product_id, "units": 1, "taught_by": actor}
        db.execute(insert_into(db, codes).values(row).on_conflict_do_nothing())
    record_change(db, store_id, product_id, former, 1, actor, is_removal=not is_other)


def check_code(text: str) -> str:
    """Return a code without outer blanks, a GTIN as the goods show it. Raises InvalidInput for what cannot be one."""
    code = " ".join(text.split())
    if not code or len(code) > MAX_CODE or not is_storable(code):
        raise InvalidInput(say("Scan or type the code: at most %(most)s characters.", most=MAX_CODE))
    if has_invisible(code):
        raise InvalidInput(NO_CONTROLS)
    if is_rounded(code):
        raise InvalidInput(say("A spreadsheet has rounded this code. Scan it from the goods."))
    if len(code) in GTIN_LENGTHS[1:] and code.isascii() and code.isdigit() and not gtin14(code):
        raise InvalidInput(say("The check digit is wrong. Scan the code again."))
    return shown_gtin(code)


def _teach(db: Session, store_id: int, product: ProductWords, code: str, units: int, actor: str) -> CodeTaught:
    product_id = product.product_id
    _take_from_others(db, store_id, product, code, actor)
    row = {"store_id": store_id, "code": code, "product_id": product_id, "units": units, "taught_by": actor}
    inserted = db.execute(
        insert_into(db, table_of(ProductCode)).values(row).on_conflict_do_nothing().returning(ProductCode.id)
    ).all()
    if not inserted:
        _check_same(db, store_id, product_id, code, units)
        return CodeTaught(product_id=product_id, code=code, units=units, is_new=False)
    if units == 1 and gtin14(code) and not product.gtin:
        _set_gtin(db, store_id, product_id, code)
    elif units != 1 and product.gtin == code:
        _set_gtin(db, store_id, product_id, _next_gtin(read_codes(db, store_id, product_id)))
    index_products(db, store_id, [], also=[(product_id, code)])
    record_change(db, store_id, product_id, code, units, actor)
    log.info("Product %s: code %s stands for %s units, by %s", product_id, code, units, actor)
    return CodeTaught(product_id=product_id, code=code, units=units, is_new=True)


def _lock(db: Session, store_id: int, product_id: int, code: str = "") -> ProductWords:
    """Lock the product, so that its codes change one after the other, and with it those that have the code as their
    GTIN: they may lose it, and two who choose among them would wait for each other."""
    locks.take_turn_to_write(db)
    having = select(Product.id).where(Product.store_id == store_id, Product.gtin == code) if code else None
    others = db.scalars(having).all() if having is not None else ()
    locks.lock_products(db, store_id, [product_id, *others])
    refuse_if_merged(db, store_id, product_id)
    return _read(db, store_id, product_id)


def _read(db: Session, store_id: int, product_id: int) -> ProductWords:
    row = db.execute(
        select(Product.id, Product.sku, Product.gtin, Product.name).where(
            Product.store_id == store_id, Product.id == product_id, Product.is_placeholder.is_(False)
        )
    ).one_or_none()
    if row is None:
        raise ProductNotFound
    return ProductWords(row.id, row.sku, row.gtin, row.name)


def _refuse_skus(db: Session, store_id: int, product: ProductWords, code: str) -> None:
    """Raise ConflictError if the code is a SKU: its product is scanned by it anyway."""
    sku = db.scalar(select(Product.sku).where(Product.store_id == store_id, Product.sku_key == code_key(code)).limit(1))
    if sku == product.sku:
        raise ConflictError(say("%(code)s is the SKU of this product, which is found by it already.", code=code))
    if sku is not None:
        raise ConflictError(say("%(code)s is the SKU of another product.", code=code))


def _take_from_others(db: Session, store_id: int, product: ProductWords, code: str, actor: str) -> None:
    """Raise ConflictError if the code is another product's.

    A GTIN that several products have from before (ADR 0037) becomes this one's, if it is one of them.
    """
    others = [one for one in owners_of(db, store_id, [code]).get(code, []) if one.product_id != product.product_id]
    taught = db.scalar(select(ProductCode.id).where(ProductCode.store_id == store_id, ProductCode.code == code))
    if others and (taught is not None or product.gtin != code):
        raise ConflictError(say("%(code)s is a code of %(sku)s.", code=code, sku=others[0].sku))
    for other in others:
        _set_gtin(db, store_id, other.product_id, None)
        _forget_words(db, store_id, _read(db, store_id, other.product_id), code)
        record_change(db, store_id, other.product_id, code, 1, actor, is_removal=True)


def _forget_words(db: Session, store_id: int, product: ProductWords, former: str) -> None:
    """Let the product no longer be found by a code that it had, unless its other texts have the same words."""
    codes = read_codes(db, store_id, product.product_id)
    kept = product.words().union(*(words_of_code(one.code) for one in codes))
    words = table_of(ProductSearchWord)
    db.execute(
        delete(words).where(
            words.c.store_id == store_id,
            words.c.product_id == product.product_id,
            words.c.word.in_(words_of_code(former) - kept),
        )
    )


def _check_same(db: Session, store_id: int, product_id: int, code: str, units: int) -> None:
    """Raise ConflictError unless the product has the code for these units."""
    there = db.execute(
        select(ProductCode.product_id, ProductCode.code, ProductCode.units, Product.sku)
        .join(Product, (Product.store_id == ProductCode.store_id) & (Product.id == ProductCode.product_id))
        .where(ProductCode.store_id == store_id, or_(ProductCode.code == code, ProductCode.scan_key == scan_key(code)))
        .order_by(ProductCode.code != code)
        .limit(1)
    ).one()
    if there.product_id != product_id:
        raise ConflictError(say("%(code)s is a code of %(sku)s.", code=there.code, sku=there.sku))
    if there.units != units:
        raise ConflictError(
            say("%(code)s stands for %(units)s units. Remove it first.", code=there.code, units=there.units)
        )


def _next_gtin(codes: Iterable[TaughtCode]) -> str | None:
    """Return the GTIN that is shown first: the first of one unit."""
    return next((one.code for one in codes if one.units == 1 and gtin14(one.code)), None)


def _set_gtin(db: Session, store_id: int, product_id: int, gtin: str | None) -> None:
    products = table_of(Product)
    db.execute(update(products).where(products.c.store_id == store_id, products.c.id == product_id).values(gtin=gtin))


def record_change(
    db: Session,
    store_id: int,
    product_id: int,
    code: str,
    units: int,
    actor: str,
    *,
    is_removal: bool = False,
    road: CodeRoad = CodeRoad.SCREEN,
) -> None:
    """Add an entry to the journal of a product's codes."""
    values = {"product_id": product_id, "code": code, "units": units, "is_removal": is_removal, "changed_by": actor}
    db.execute(insert(table_of(ProductCodeChange)).values(store_id=store_id, road=road, **values))
