"""Gives products what a parcel needs of them, as far as they lack it: weight, customs code, origin."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from sqlalchemy import func, or_, select, update
from sqlalchemy.orm import Session

from webapp.domain.products import NOTHING_KNOWN, ParcelFacts
from webapp.domain.wording import say
from webapp.models import Product
from webapp.models.base import table_of
from webapp.models.rows import columns_of, rows_of
from webapp.services.imports.stock_drafts import DraftStock

OTHER_FACTS: Final = say(
    "the product has another weight, HS code or origin: change it on its page if the file is right"
)

_products = table_of(Product)
_FACTS: Final = columns_of(ParcelFacts, _products)


def complete_facts(db: Session, store_id: int, rows: Iterable[tuple[int, DraftStock]]) -> list[tuple[int, str, str]]:
    """Store what the rows (with the ids of their products) say and the products lack; return a remark for each row
    that says something else than its product has. What a person has written stays."""
    with_facts = [(product_id, row) for product_id, row in rows if any(row.facts)]
    if not with_facts:
        return []
    first: dict[int, ParcelFacts] = {}
    for product_id, row in with_facts:
        facts_of_row = {name: fact for name, fact in row.facts._asdict().items() if fact}
        earlier = {name: fact for name, fact in first.get(product_id, NOTHING_KNOWN)._asdict().items() if fact}
        first[product_id] = NOTHING_KNOWN._replace(**(facts_of_row | earlier))
    present = {product_id: _complete(db, store_id, product_id, first[product_id]) for product_id in sorted(first)}
    return [
        (row.number, OTHER_FACTS, " ".join(str(fact) for fact in row.facts if fact))
        for product_id, row in with_facts
        if any(new and new != own for own, new in zip(present[product_id], row.facts, strict=True))
    ]


def _complete(db: Session, store_id: int, product_id: int, facts: ParcelFacts) -> ParcelFacts:
    """Store the facts that the product lacks; return those that it has then."""
    of_product = (_products.c.store_id == store_id, _products.c.id == product_id)
    values_of_file = {name: fact for name, fact in facts._asdict().items() if fact}
    lacks = or_(*(_products.c[name].is_(None) for name in values_of_file))
    values = {name: func.coalesce(_products.c[name], fact) for name, fact in values_of_file.items()}
    completed = rows_of(
        ParcelFacts, db.execute(update(_products).where(*of_product, lacks).values(values).returning(*_FACTS))
    )
    return next(iter(completed or rows_of(ParcelFacts, db.execute(select(*_FACTS).where(*of_product)))))
