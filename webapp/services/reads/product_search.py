"""Searches products by the beginning of a SKU, a GTIN or any word of the name, typed or scanned.

A search reads ranges of one index (store, word, product) and at most ``MAX_CANDIDATES`` products per word, so it costs
the same with a hundred products as with a hundred thousand.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from sqlalchemy import delete, select, union_all
from sqlalchemy.orm import Session

from webapp.database.insertion import insert_into
from webapp.domain.codes import shown_gtin, straight_hyphens
from webapp.models import Product, ProductSearchWord
from webapp.models.base import table_of
from webapp.models.rows import columns_of, rows_of
from webapp.services.reads.word_index import MAX_WORDS, beginning_with, holds_all, index_words, search_words, walk

MAX_CANDIDATES: Final = 1000
"""Products read for one word. For a commoner word, only the products that the other words found are checked."""


class ProductWords(NamedTuple):
    """The texts by which a product is found."""

    product_id: int
    sku: str
    gtin: str | None
    name: str

    def words(self) -> set[str]:
        """Return its folded words, each whole and in parts."""
        return words_of_code(self.sku) | index_words(self.gtin or "", self.name)


_products = table_of(Product)

WORDS: Final = columns_of(ProductWords, _products, product_id=_products.c.id)
"""Columns of ``ProductWords``."""


@dataclass(frozen=True, slots=True)
class ProductMatches:
    """Ids of matching products. ``is_cut`` means that more match than were read, so more letters are needed."""

    product_ids: Collection[int]
    is_cut: bool


def words_of_code(code: str) -> set[str]:
    """Return the folded words by which a code is found."""
    return index_words(code, straight_hyphens(code))


def words_of_search(search: str) -> list[str]:
    """Return the words of a search for products: a GTIN, in whatever form, is the word under which it is stored."""
    return [shown_gtin(word) for word in search_words(straight_hyphens(search))]


def index_products(
    db: Session, store_id: int, products: Iterable[ProductWords], also: Iterable[tuple[int, str]] = ()
) -> None:
    """Store the products' words for searching, and further codes by product; existing words stay. Do not pass the
    placeholder."""
    words = {product.product_id: product.words() for product in products}
    for product_id, code in also:
        words[product_id] = words.get(product_id, set()) | words_of_code(code)
    rows = [
        {"store_id": store_id, "word": word, "product_id": product_id}
        for product_id, of_product in words.items()
        for word in sorted(of_product)
    ]
    if rows:
        db.execute(insert_into(db, table_of(ProductSearchWord)).on_conflict_do_nothing(), rows)


def reindex_product(db: Session, store_id: int, product: ProductWords, codes: Iterable[str]) -> None:
    """Let a product whose texts changed be found by its present texts and its ``codes`` alone."""
    kept = product.words().union(*map(words_of_code, codes))
    index = table_of(ProductSearchWord)
    of_product = (index.c.store_id == store_id) & (index.c.product_id == product.product_id)
    db.execute(delete(index).where(of_product, index.c.word.not_in(kept)))
    index_products(db, store_id, [product])


def find_products(db: Session, store_id: int, search: str) -> ProductMatches:
    """Return a store's products that match every word of ``search`` as a prefix.

    One statement; a second if some words must be checked on the products that others found.
    """
    words = words_of_search(search)
    if not words:
        return ProductMatches((), is_cut=False)
    hits = _looked_up(db, store_id, words[:MAX_WORDS])
    whole = [set(ids) for ids in hits if len(ids) <= MAX_CANDIDATES]
    # If every word is common, the longest one's list holds only the first products read.
    longest = max(range(len(hits)), key=lambda index: len(words[index]))
    candidates = set.intersection(*whole) if whole else set(hits[longest])
    if len(whole) < len(words):
        candidates = _holding_all(db, store_id, candidates, words)
    return ProductMatches(candidates, is_cut=not whole)


def _looked_up(db: Session, store_id: int, words: Sequence[str]) -> list[list[int]]:
    """Return for each word the products that have a word beginning with it; one more than the limit shows a cut."""
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
    """Return the products whose own words begin with each of ``words``."""
    if not product_ids:
        return set()
    result = db.execute(select(*WORDS).where(Product.store_id == store_id, Product.id.in_(product_ids)))
    return {one.product_id for one in rows_of(ProductWords, result) if holds_all(one.words(), words)}
