"""Makes the products that order lines wait for, of what the lines say: for a shop that has no list of its stock."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from hashlib import sha256
from typing import Final, TypedDict

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.domain.codes import code_key, gtin14
from webapp.domain.control_characters import drop_invisible
from webapp.domain.errors import ConflictError, InvalidInput
from webapp.domain.products import ProductTexts, read_sku
from webapp.domain.unknown_lines import NO_SKU, MatchBy, UnknownCode, WaitingLines
from webapp.domain.wording import say
from webapp.models import Product
from webapp.services import matching_service, product_service
from webapp.services.engine import locks
from webapp.services.reads.product_codes import owners_of
from webapp.services.reads.unknown_lines import list_waiting

AT_ONCE: Final = 50
"""Products of one act: it holds the write lock for a fraction of a second."""


@dataclass(frozen=True, slots=True)
class PlannedProduct:
    """What would become of the lines with one code: a new product, or a match with one that the store has."""

    unknown: UnknownCode
    name: str
    sku: str
    gtin: str
    lines: int
    units: int
    product_id: int | None = None
    """The product that has the code; None for a new one."""
    is_doubtful: bool = False
    """Their codes are those of other products: a person has to say which is meant."""


class ProductsMade(TypedDict):
    """How many products were made, and lines linked to them or to others."""

    products: int
    lines: int


def plan_products(db: Session, store_id: int) -> list[PlannedProduct]:
    """Return what would be made of the lines that wait, at most ``AT_ONCE`` and the doubtful ones; never two products
    for one code."""
    plans: list[PlannedProduct] = []
    new_codes: set[str] = set()
    for by in MatchBy:
        if by is MatchBy.ITEM:
            continue
        for waiting in list_waiting(db, store_id, by, limit=AT_ONCE).codes:
            plan = _plan(db, store_id, waiting)
            codes = {gtin14(code) or code_key(code) for code in (plan.sku, plan.gtin) if code}
            if plan.product_id is None and codes & new_codes:
                continue  # It is looked at again once the first with this code has its product.
            new_codes |= codes
            plans.append(plan)
    certain = [plan for plan in plans if not plan.is_doubtful][:AT_ONCE]
    return certain + [plan for plan in plans if plan.is_doubtful]


def mark_of_plan(plans: Sequence[PlannedProduct]) -> str:
    """Return what tells this plan apart from others."""
    return sha256(json.dumps([asdict(plan) for plan in plans]).encode()).hexdigest()[:32]


def make_products(db: Session, store_id: int, seen: str, actor: str = "system") -> ProductsMade:
    """Make the planned products and link their lines, all or nothing. Flushes.

    ``seen`` is the mark of the plan that the person saw. Raises ConflictError if the plan is another one now.
    """
    locks.take_turn_to_write(db)
    plans = plan_products(db, store_id)
    if mark_of_plan(plans) != seen:
        raise ConflictError(say("The lines have changed in the meantime. Look at them again."))
    products = lines = 0
    for plan in plans:
        if plan.is_doubtful:
            continue
        if plan.product_id is None:
            texts = ProductTexts(plan.name, plan.sku, plan.gtin)
            made = product_service.make_product(db, store_id, texts, plan.unknown, actor)
            products += 1
            lines += made["also_matched"] + (made["match"]["matched_items"] if made["match"] else 0)
        else:
            match = matching_service.match_lines(db, store_id, plan.unknown, plan.product_id, actor)
            lines += match["matched_items"]
    return ProductsMade(products=products, lines=lines)


def _plan(db: Session, store_id: int, waiting: WaitingLines) -> PlannedProduct:
    gtin = waiting.unknown.code if waiting.unknown.is_gtin else ""
    sku = "" if waiting.sku in NO_SKU else waiting.sku
    if waiting.unknown.by is MatchBy.SKU:
        sku = waiting.unknown.code
        gtin = sku if gtin14(sku) else ""
    sku = " ".join((sku or gtin or waiting.name).split())
    plan = PlannedProduct(
        unknown=waiting.unknown,
        name=drop_invisible(waiting.name) or sku,
        sku=sku,
        gtin=gtin,
        lines=waiting.lines,
        units=waiting.units,
    )
    return _with_owner(db, store_id, plan)


def _with_owner(db: Session, store_id: int, plan: PlannedProduct) -> PlannedProduct:
    """Return the plan with the product that has its codes, or as doubtful."""
    try:
        read_sku(plan.sku)
    except InvalidInput:
        return _doubtful(plan)
    codes = [code for code in (plan.gtin, plan.sku) if code]
    owners = owners_of(db, store_id, codes)
    of_any = [owner for of_code in owners.values() for owner in of_code]
    by_sku = db.execute(
        select(Product.id, Product.gtin).where(
            Product.store_id == store_id,
            Product.sku_key.in_(list(map(code_key, codes))),
            Product.is_placeholder.is_(False),
        )
    ).all()
    ids = {owner.product_id for owner in of_any} | {row.id for row in by_sku}
    if not ids:
        return _doubtful(plan) if plan.unknown.by is MatchBy.GTIN and not plan.gtin else plan
    has_another_gtin = plan.gtin and plan.gtin not in owners and any(row.gtin for row in by_sku)
    if len(ids) > 1 or has_another_gtin or any(owner.units != 1 for owner in of_any):
        return _doubtful(plan)
    return replace(plan, product_id=ids.pop())


def _doubtful(plan: PlannedProduct) -> PlannedProduct:
    return replace(plan, is_doubtful=True)
