"""Makes the products that order lines wait for, of what the lines say: for a shop that has no list of its stock."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from hashlib import sha256
from typing import Final, NamedTuple, TypedDict

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.domain.codes import code_key, gtin14
from webapp.domain.control_characters import drop_invisible
from webapp.domain.errors import ConflictError, InvalidInput
from webapp.domain.products import ProductTexts, read_sku
from webapp.domain.unknown_lines import NO_SKU, MatchBy, UnknownCode, WaitingLines
from webapp.domain.wording import say
from webapp.models import Product
from webapp.models.base import table_of
from webapp.models.rows import columns_of, rows_of
from webapp.services import matching_service, product_service
from webapp.services.engine import locks
from webapp.services.reads.product_codes import CodeOwner, owners_of
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

    @property
    def codes(self) -> list[str]:
        """Return the GTIN and the SKU, as far as there are."""
        return [code for code in (self.gtin, self.sku) if code]


class _SkuOwner(NamedTuple):
    """A product, by its SKU."""

    id: int
    sku_key: str | None
    gtin: str | None


_OWNERS: Final = select(*columns_of(_SkuOwner, table_of(Product))).where(Product.is_placeholder.is_(False))


class ProductsMade(TypedDict):
    """How many products were made, and lines linked to them or to others."""

    products: int
    lines: int


def plan_products(db: Session, store_id: int) -> list[PlannedProduct]:
    """Return what would be made of the lines that wait, at most ``AT_ONCE`` and the doubtful ones; never two products
    for one code."""
    plans: list[PlannedProduct] = []
    new_codes: set[str] = set()
    kinds = [by for by in MatchBy if by is not MatchBy.ITEM]
    waiting = [one for by in kinds for one in list_waiting(db, store_id, by, limit=AT_ONCE).codes]
    for plan in _with_owners(db, store_id, list(map(_planned, waiting))):
        codes = {gtin14(code) or code_key(code) for code in plan.codes}
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


def _planned(waiting: WaitingLines) -> PlannedProduct:
    """Return the product that the lines describe, without an owner of its codes."""
    gtin = waiting.unknown.code if waiting.unknown.is_gtin else ""
    sku = "" if waiting.sku in NO_SKU else waiting.sku
    if waiting.unknown.by is MatchBy.SKU:
        sku = waiting.unknown.code
        gtin = sku if gtin14(sku) else ""
    sku = " ".join((sku or gtin or waiting.name).split())
    return PlannedProduct(
        unknown=waiting.unknown,
        name=drop_invisible(waiting.name) or sku,
        sku=sku,
        gtin=gtin,
        lines=waiting.lines,
        units=waiting.units,
    )


def _with_owners(db: Session, store_id: int, plans: Sequence[PlannedProduct]) -> list[PlannedProduct]:
    """Return each plan with the product that has its codes, or as doubtful; in two statements."""
    codes = {code for plan in plans for code in plan.codes}
    by_code = owners_of(db, store_id, codes)
    by_sku: dict[str, list[_SkuOwner]] = defaultdict(list)
    having = _OWNERS.where(Product.store_id == store_id, Product.sku_key.in_(set(map(code_key, codes))))
    for owner in rows_of(_SkuOwner, db.execute(having)):
        by_sku[owner.sku_key or ""].append(owner)
    return [_with_owner(plan, by_code, by_sku) for plan in plans]


def _with_owner(
    plan: PlannedProduct, by_code: Mapping[str, Sequence[CodeOwner]], by_sku: Mapping[str, Sequence[_SkuOwner]]
) -> PlannedProduct:
    try:
        read_sku(plan.sku)
    except InvalidInput:
        return _doubtful(plan)
    having_code = [owner for code in plan.codes for owner in by_code.get(code, ())]
    having_sku = [owner for code in plan.codes for owner in by_sku.get(code_key(code), ())]
    ids = {owner.product_id for owner in having_code} | {owner.id for owner in having_sku}
    if not ids:
        return _doubtful(plan) if plan.unknown.by is MatchBy.GTIN and not plan.gtin else plan
    has_another_gtin = plan.gtin and plan.gtin not in by_code and any(owner.gtin for owner in having_sku)
    if len(ids) > 1 or has_another_gtin or any(owner.units != 1 for owner in having_code):
        return _doubtful(plan)
    return replace(plan, product_id=ids.pop())


def _doubtful(plan: PlannedProduct) -> PlannedProduct:
    return replace(plan, is_doubtful=True)
