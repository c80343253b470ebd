"""Gives products what a parcel needs of them, as far as they lack it: weight, customs code, origin."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final, NamedTuple

from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import Session

from webapp.domain.products import NOTHING_KNOWN, ParcelFacts
from webapp.domain.wording import say
from webapp.models import Product
from webapp.models.base import table_of
from webapp.models.rows import columns_of, pairs_of
from webapp.services.imports.stock_drafts import DraftStock

OTHER_FACTS: Final = say(
    "the product has another weight, HS code or origin: change it on its page if the file is right"
)

_products = table_of(Product)


class _ProductId(NamedTuple):
    """Whose facts they are."""

    id: int


_LOCKED_FACTS: Final = (
    select(*columns_of(_ProductId, _products), *columns_of(ParcelFacts, _products))
    .order_by(_products.c.id)
    .with_for_update(key_share=True)
)
_SET_FACTS: Final = (
    update(_products)
    .where(_products.c.store_id == bindparam("of_store"), _products.c.id == bindparam("of_id"))
    .values({name: bindparam(f"new_{name}") for name in ParcelFacts._fields})
)


def complete_facts(db: Session, store_id: int, rows: Iterable[tuple[int, DraftStock]]) -> list[tuple[int, str, str]]:
    """Store what the rows (with the ids of their products) say and the products lack; return a remark for each row
    that says something else than its product has. What a person has written stays."""
    with_facts = [(product_id, row) for product_id, row in rows if any(row.facts)]
    if not with_facts:
        return []
    first: dict[int, ParcelFacts] = {}
    for product_id, row in with_facts:
        first[product_id] = first.get(product_id, NOTHING_KNOWN).completed_by(row.facts)
    present = _complete(db, store_id, first)
    return [
        (row.number, OTHER_FACTS, " ".join(str(fact) for fact in row.facts if fact))
        for product_id, row in with_facts
        if any(new and new != own for own, new in zip(present[product_id], row.facts, strict=True))
    ]


def _complete(db: Session, store_id: int, facts: Mapping[int, ParcelFacts]) -> dict[int, ParcelFacts]:
    """Store the facts that the products (by id) lack; return those that they have then. Two statements."""
    of_products = (_products.c.store_id == store_id, _products.c.id.in_(facts))
    before = pairs_of(_ProductId, ParcelFacts, db.execute(_LOCKED_FACTS.where(*of_products)))
    present = {product.id: own.completed_by(facts[product.id]) for product, own in before}
    rows = [
        {
            "of_store": store_id,
            "of_id": product.id,
            **{f"new_{name}": fact for name, fact in present[product.id]._asdict().items()},
        }
        for product, own in before
        if present[product.id] != own
    ]
    if rows:
        db.execute(_SET_FACTS, rows)
    return present
