"""Finding products by what somebody types or scans: the beginning of SKU, GTIN or any word of the name.

A search reads ranges of one index (store, word, product) and at most ``MAX_CANDIDATES`` products for a word, so it
costs the same with a hundred products as with a hundred thousand.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from sqlalchemy import select, union_all
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from webapp.models import Product, ProductSearchWord
from webapp.models.base import table_of
from webapp.services.reads.word_index import MAX_WORDS, beginning_with, holds_all, index_words, search_words, walk

MAX_CANDIDATES: Final = 1000
"""Products read for one word. A word that more products hold is checked on what the other words found."""


class ProductWords(NamedTuple):
    """What a product is found by."""

    product_id: int
    sku: str
    gtin: str | None
    name: str

    def words(self) -> set[str]:
        """The folded words: each whole, and its parts."""
        return index_words(self.sku, self.gtin or "", self.name)


@dataclass(frozen=True, slots=True)
class FoundProducts:
    """Ids of the products found; ``is_cut`` says that more match than were read, so that more letters are needed."""

    product_ids: Collection[int]
    is_cut: bool


def index_products(db: Session, store_id: int, products: Iterable[ProductWords]) -> None:
    """Make products findable by their words; words that are there already stay. Leave the placeholder out."""
    dialect = postgresql if db.get_bind().dialect.name == "postgresql" else sqlite
    rows = [
        {"store_id": store_id, "word": word, "product_id": product.product_id}
        for product in products
        for word in sorted(product.words())
    ]
    if rows:
        db.execute(dialect.insert(table_of(ProductSearchWord)).on_conflict_do_nothing(), rows)


def find_products(db: Session, store_id: int, typed: str) -> FoundProducts:
    """Return the products of a store that hold every word of ``typed`` as a beginning.

    One statement; a second where there are words left to check on what was found.
    """
    words = search_words(typed)
    if not words:
        return FoundProducts((), is_cut=False)
    hits = _looked_up(db, store_id, words[:MAX_WORDS])
    whole = [set(ids) for ids in hits if len(ids) <= MAX_CANDIDATES]
    # Where every word is common, what was read of the longest is no more than a beginning.
    longest = max(range(len(hits)), key=lambda index: len(words[index]))
    candidates = set.intersection(*whole) if whole else set(hits[longest])
    if len(whole) < len(words):
        candidates = _holding_all(db, store_id, candidates, words)
    return FoundProducts(candidates, is_cut=not whole)


def _looked_up(db: Session, store_id: int, words: Sequence[str]) -> list[list[int]]:
    """Return for each word the products with a word that begins like it: one too many at most, so that a cut shows."""
    index = table_of(ProductSearchWord)
    walks = [
        walk(str(number), beginning_with(index, index.c.product_id, store_id, word), MAX_CANDIDATES)
        for number, word in enumerate(words)
    ]
    hits: list[list[int]] = [[] for _ in words]
    for number, product_id in db.execute(union_all(*walks)):
        hits[int(number)].append(product_id)
    return hits


def _holding_all(db: Session, store_id: int, product_ids: Collection[int], words: Sequence[str]) -> set[int]:
    """Return those of the products whose own words begin with each of ``words``."""
    if not product_ids:
        return set()
    rows = db.execute(
        select(Product.id, Product.sku, Product.gtin, Product.name).where(
            Product.store_id == store_id, Product.id.in_(product_ids)
        )
    )
    return {row.id for row in rows if holds_all(ProductWords(*row).words(), words)}
