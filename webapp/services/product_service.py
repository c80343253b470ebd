"""Makes products and changes their texts. The ledger and the lines of orders keep what they say."""

from __future__ import annotations

import logging
from datetime import datetime
from typing import Final, TypedDict

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from webapp.database.insertion import insert_into
from webapp.domain.clock import utc_now
from webapp.domain.codes import code_key
from webapp.domain.errors import ConflictError, ProductNotFound
from webapp.domain.products import (
    ParcelFacts,
    ProductTexts,
    read_hs_code,
    read_origin,
    read_product_gtin,
    read_product_name,
    read_sku,
    read_weight,
)
from webapp.domain.unknown_lines import UnknownCode
from webapp.domain.wording import say
from webapp.models import Product
from webapp.models.base import table_of
from webapp.services import product_code_service
from webapp.services.arrived_products import lock_waiting_orders, match_waiting_lines
from webapp.services.engine import locks
from webapp.services.engine.merged_products import refuse_if_merged
from webapp.services.matching_service import MatchResult, match_lines
from webapp.services.reads.product_codes import owners_of, read_codes
from webapp.services.reads.product_search import ProductWords, reindex_product

log = logging.getLogger("packbench.stock")

_products = table_of(Product)

_RULES: Final = dict(
    zip(
        ProductTexts._fields,
        (read_product_name, read_sku, read_product_gtin, read_weight, read_hs_code, read_origin),
        strict=True,
    )
)


class ProductMade(TypedDict):
    """A new product, what its match did if it was made for lines that waited, and how many lines had its codes."""

    product_id: int
    match: MatchResult | None
    also_matched: int


class ProductEdited(TypedDict):
    """The present texts by field that the person changed, or that somebody else changed first (``stale``): then nothing
    was changed."""

    changed: dict[str, str]
    stale: dict[str, str]


def make_product(
    db: Session,
    store_id: int,
    texts: ProductTexts,
    unknown: UnknownCode | None = None,
    actor: str = "system",
    pack_units: int = 1,
) -> ProductMade:
    """Make a product without units; with ``unknown``, match its lines to the product in the same act, each ordered unit
    as ``pack_units`` of it. Lines that waited with its codes are its own now.

    Raises InvalidInput for texts that cannot be, and ConflictError if the SKU or the GTIN is another product's.
    """
    locks.take_turn_to_write(db)
    texts = ProductTexts(*(rule(text) for rule, text in zip(_RULES.values(), texts, strict=True)))
    _refuse_sku_of_another(db, store_id, texts.sku)
    row = {"store_id": store_id, "name": texts.name, "sku": texts.sku, **_facts(texts)._asdict()}
    statement = insert_into(db, _products).values(row).on_conflict_do_nothing().returning(Product.id)
    product_id = db.scalar(statement)
    if product_id is None:  # Somebody made it at the same moment.
        raise _conflict(texts.sku, texts.sku)
    _index(db, store_id, product_id)
    if texts.gtin:
        product_code_service.show_gtin(db, store_id, product_id, texts.gtin, actor)
    log.info("Product %s (%s) made by %s", product_id, texts.sku, actor)
    match = match_lines(db, store_id, unknown, product_id, actor, pack_units) if unknown else None
    also = match_waiting_lines(db, store_id, [product_id], actor)
    return ProductMade(product_id=product_id, match=match, also_matched=also)


def edit_product(
    db: Session, store_id: int, product_id: int, texts: ProductTexts, seen: ProductTexts, actor: str = "system"
) -> ProductEdited:
    """Set the texts that differ from what the person has ``seen``, all or nothing. A former SKU stays a code.

    Raises ProductNotFound, InvalidInput for texts that cannot be, and ConflictError if the SKU or the GTIN is another
    product's, or the product was merged with another one.
    """
    locks.take_turn_to_write(db)
    if codes := _new_codes(texts, seen):
        lock_waiting_orders(db, store_id, [product_id], codes)
    locks.lock_products(db, store_id, [product_id])
    refuse_if_merged(db, store_id, product_id)
    present = _present(db, store_id, product_id)
    changed: dict[str, str] = {}
    stale: dict[str, str] = {}
    for name, rule in _RULES.items():
        text, was, now = getattr(texts, name), getattr(seen, name), getattr(present, name)
        if text == was or (new := rule(text)) in (was, now):
            continue
        (changed if was == now else stale)[name] = new if was == now else now
    if stale or not changed:
        return ProductEdited(changed={}, stale=stale)
    if "name" in changed:
        _set(db, store_id, product_id, name=changed["name"])
    facts = _facts(texts._replace(**changed))._asdict()
    if new_facts := {name: facts[name] for name in ParcelFacts._fields if name in changed}:
        _set(db, store_id, product_id, **new_facts)
    if "sku" in changed:
        _rename(db, store_id, product_id, present.sku, changed["sku"], actor)
    if "gtin" in changed:
        product_code_service.show_gtin(db, store_id, product_id, changed["gtin"], actor)
    _index(db, store_id, product_id)
    if changed.keys() & {"sku", "gtin"}:
        match_waiting_lines(db, store_id, [product_id], actor)
    log.info("Product %s: %s changed by %s", product_id, ", ".join(changed), actor)
    return ProductEdited(changed=changed, stale={})


def _new_codes(texts: ProductTexts, seen: ProductTexts) -> list[str]:
    """Return the SKU and the GTIN that a person changed; a blank stands for a GTIN that was taken away."""
    names = [name for name in ("sku", "gtin") if getattr(texts, name) != getattr(seen, name)]
    return [_RULES[name](getattr(texts, name)) for name in names]


def retire(db: Session, store_id: int, product_id: int, actor: str = "system") -> bool:
    """Take the product off the lists: nobody matches to it any longer. Its stock and orders go on. Return whether it
    was not retired before.

    Raises ProductNotFound, and ConflictError for a product that was merged with another one.
    """
    return _set_retired(db, store_id, product_id, actor, utc_now())


def bring_back(db: Session, store_id: int, product_id: int, actor: str = "system") -> bool:
    """Put a retired product back on the lists; return whether it was retired. Raises like ``retire``."""
    return _set_retired(db, store_id, product_id, actor, None)


def _set_retired(db: Session, store_id: int, product_id: int, actor: str, at: datetime | None) -> bool:
    locks.take_turn_to_write(db)
    locks.lock_products(db, store_id, [product_id])
    _present(db, store_id, product_id)
    refuse_if_merged(db, store_id, product_id)
    of_product = (_products.c.store_id == store_id) & (_products.c.id == product_id)
    is_other = _products.c.retired_at.is_(None) if at else _products.c.retired_at.is_not(None)
    values = {"retired_by": actor if at else None, "retired_at": at}
    changed = db.scalar(update(_products).where(of_product, is_other).values(values).returning(_products.c.id))
    log.info("Product %s %s by %s", product_id, "retired" if at else "brought back", actor)
    return changed is not None


def set_picture(db: Session, store_id: int, product_id: int, picture: str | None, actor: str = "system") -> bool:
    """Give the product a picture that is stored already, or none; return whether it had another. Raises
    ProductNotFound."""
    locks.take_turn_to_write(db)
    locks.lock_products(db, store_id, [product_id])
    refuse_if_merged(db, store_id, product_id)
    _present(db, store_id, product_id)
    former = db.scalar(select(Product.picture).where(Product.store_id == store_id, Product.id == product_id))
    _set(db, store_id, product_id, picture=picture)
    log.info("Product %s: picture %s by %s", product_id, picture or "removed", actor)
    return former != picture


def _present(db: Session, store_id: int, product_id: int) -> ProductTexts:
    row = db.execute(
        select(*(_products.c[name] for name in ProductTexts._fields)).where(
            Product.store_id == store_id, Product.id == product_id, Product.is_placeholder.is_(False)
        )
    ).one_or_none()
    if row is None:
        raise ProductNotFound
    return ProductTexts(*("" if value is None else str(value) for value in row))


def _facts(texts: ProductTexts) -> ParcelFacts:
    return ParcelFacts.of(texts.weight_grams, texts.hs_code, texts.origin_country)


def _rename(db: Session, store_id: int, product_id: int, former: str, sku: str, actor: str) -> None:
    _refuse_sku_of_another(db, store_id, sku, product_id)
    values: dict[str, str | int] = {"sku": sku}
    if code_key(former) != code_key(sku):  # A twin from before (ADR 0037) stays one in another spelling.
        values |= {"sku_key": code_key(sku), "sku_twin": 0}
    try:
        with db.begin_nested():
            _set(db, store_id, product_id, **values)
    except IntegrityError as error:  # Somebody else took it at the same moment.
        raise _conflict(sku, sku) from error
    product_code_service.follow_sku(db, store_id, product_id, former, sku, actor)


def _refuse_sku_of_another(db: Session, store_id: int, sku: str, product_id: int | None = None) -> None:
    """Raise ConflictError if the SKU, in any spelling, is another product's, or a code of one; or a case's code of the
    product itself."""
    having = select(Product.id, Product.sku).where(Product.store_id == store_id, Product.sku_key == code_key(sku))
    alike = [row for row in db.execute(having.order_by(Product.id)).all() if row.id != product_id]
    own = db.scalar(select(Product.sku).where(Product.store_id == store_id, Product.id == product_id))
    is_respelled = own is not None and code_key(own) == code_key(sku)
    for row in alike:
        if row.sku == sku or not is_respelled:
            raise _conflict(sku, row.sku)
    for owner in owners_of(db, store_id, [sku]).get(sku, ()):
        if owner.product_id != product_id:
            raise ConflictError(say("%(code)s is a code of %(sku)s.", code=sku, sku=owner.sku))
        if owner.units != 1:
            raise ConflictError(
                say("%(code)s stands for %(units)s units. Remove it first.", code=sku, units=owner.units)
            )


def _conflict(sku: str, of: str) -> ConflictError:
    if sku == of:
        return ConflictError(say("Another product has the SKU %(sku)s.", sku=sku))
    return ConflictError(say("Another product has nearly this SKU: %(sku)s.", sku=of))


def _set(db: Session, store_id: int, product_id: int, **values: str | int | None) -> None:
    of_product = (_products.c.store_id == store_id) & (_products.c.id == product_id)
    db.execute(update(_products).where(of_product).values(**values))


def _index(db: Session, store_id: int, product_id: int) -> None:
    texts = _present(db, store_id, product_id)
    words = ProductWords(product_id, texts.sku, texts.gtin or None, texts.name)
    reindex_product(db, store_id, words, [one.code for one in read_codes(db, store_id, product_id)])
