"""Search orders by number, customer, SKU, GTIN or product. The work is bounded, however common a word is."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from sqlalchemy import ColumnElement, func, select, union_all
from sqlalchemy.orm import Session

from webapp.domain.codes import code_key, straight_hyphens
from webapp.models import Order, OrderItem, OrderSearchWord, Product, ProductCode, ProductSearchWord
from webapp.models.base import table_of
from webapp.models.rows import columns_of, pairs_of, rows_of
from webapp.services.reads.product_search import WORDS, ProductWords
from webapp.services.reads.word_index import MAX_WORDS, Ids, beginning_with, holds_all, index_words, search_words, walk

MAX_CANDIDATES: Final = 500
"""Orders read for one word. For a commoner word, only the orders that the other words found are checked."""

MAX_PRODUCTS: Final = 20
"""Products whose orders are read. With more matches the search asks for another word."""

_ORDERS_OF_PRODUCT: Final = 100
"""Orders read for one product, newest first; another word or the SKU finds older ones."""

_LEAST: Final = 3
"""Least length of a word that is searched in product names."""

_OF_ORDER, _OF_PRODUCT, _CODE = "order ", "product ", "code "
"""Prefixes that label the rows of the search: what matched, followed by the word or code."""


class _OrderWords(NamedTuple):
    """The texts of an order that a search looks at."""

    id: int
    order_number: str
    customer_name: str

    def words(self) -> set[str]:
        """Return the folded words: each whole, and its parts."""
        return index_words(self.order_number, self.customer_name)


class _OfOrder(NamedTuple):
    """The order that a row of its item is of."""

    order_id: int


_WORDS: Final = columns_of(_OrderWords, table_of(Order))


@dataclass(frozen=True, slots=True)
class OrderMatches:
    """Ids of matching orders. ``is_cut`` means that more match than were read, so another word is needed."""

    order_ids: Collection[int]
    is_cut: bool


def find_orders(db: Session, store_id: int, search: str) -> OrderMatches:
    """Return the store's orders that match every word of ``search`` as a prefix, or have ``search`` as a SKU or GTIN.

    The words match an order's number and customer, or one of its products' names. Runs one statement; a second when a
    word is too common to read all its orders, and one more when products match.
    """
    words = search_words(search)
    hits: dict[str, list[int]] = defaultdict(list)
    for branch, match_id in db.execute(union_all(*_branches(store_id, search.strip(), words))):
        hits[branch].append(match_id)
    by_word = [hits[_OF_ORDER + str(index)] for index in range(min(len(words), MAX_WORDS))]
    by_code = [ids for branch, ids in hits.items() if branch.startswith(_CODE)]
    order_ids, is_cut = _holding_all(db, store_id, words, by_word)
    with_product, product_is_cut = _with_products(
        db, store_id, words, [ids for branch, ids in sorted(hits.items()) if branch.startswith(_OF_PRODUCT)]
    )
    is_cut = is_cut or product_is_cut or any(_is_cut(ids) for ids in by_code)
    return OrderMatches(order_ids.union(with_product, *by_code), is_cut)


def _branches(store_id: int, search: str, words: Sequence[str]) -> Iterable[Ids]:
    """Yield one bounded index scan for each code, each word of an order, and each word of a product."""
    for number, holds_code in enumerate(_holding_code(store_id, search)):
        matching = (OrderItem.store_id == store_id, *holds_code)
        walked = select(OrderItem.order_id.label("id")).where(*matching).order_by(OrderItem.order_id.desc())
        yield walk(_CODE + str(number), walked, MAX_CANDIDATES)
    own, of_products = table_of(OrderSearchWord), table_of(ProductSearchWord)
    for index, word in enumerate(words[:MAX_WORDS]):
        yield walk(_OF_ORDER + str(index), beginning_with(own, own.c.order_id, store_id, word), MAX_CANDIDATES)
    if all(_may_name_a_product(word) for word in words):
        for index, word in enumerate(words[:MAX_WORDS]):
            product_ids = beginning_with(of_products, of_products.c.product_id, store_id, word)
            yield walk(_OF_PRODUCT + str(index), product_ids, MAX_CANDIDATES)


def _holding_code(store_id: int, search: str) -> Iterable[tuple[ColumnElement[bool], ...]]:
    """Yield the conditions of lines with a code: their own, or their product's in any spelling.

    Lines with units left are found through their product. Finished lines only have an index on their own codes, so they
    are found by a product's code only if they were ordered with its SKU.
    """
    for code in dict.fromkeys([search, search.upper(), straight_hyphens(search)]):
        yield (OrderItem.sku == code,)
    yield (OrderItem.gtin == search,)
    taught = select(ProductCode.product_id).where(ProductCode.store_id == store_id, ProductCode.code == search)
    for of_product in (Product.sku_key == code_key(search), Product.gtin == search, Product.id.in_(taught)):
        product = (Product.store_id == store_id, of_product, Product.is_placeholder.is_(False))
        yield OrderItem.product_id.in_(select(Product.id).where(*product)), OrderItem.has_units_left()
        yield (OrderItem.sku == select(func.min(Product.sku)).where(*product).scalar_subquery(),)


def _may_name_a_product(word: str) -> bool:
    # Digits are searched as an order number; as a GTIN only the whole number counts.
    return len(word) >= _LEAST and not word.isdigit()


def _with_products(db: Session, store_id: int, words: Sequence[str], by_word: list[list[int]]) -> tuple[set[int], bool]:
    """Return orders with a product that matches every word (the newest of each), and whether there are more."""
    whole = [set(ids) for ids in by_word if not _is_cut(ids)]
    product_ids = sorted(set.intersection(*whole)) if whole and len(by_word) == min(len(words), MAX_WORDS) else []
    if not product_ids:
        return set(), bool(by_word) and not whole
    newest = [
        select(*WORDS, OrderItem.order_id)
        .join(OrderItem, (OrderItem.store_id == Product.store_id) & (OrderItem.sku == Product.sku))
        .where(Product.store_id == store_id, Product.id == product_id)
        .order_by(OrderItem.order_id.desc())
        .limit(_ORDERS_OF_PRODUCT + 1)
        .subquery()
        for product_id in product_ids[:MAX_PRODUCTS]
    ]
    order_ids: dict[int, list[int]] = defaultdict(list)
    result = db.execute(union_all(*(select(one) for one in newest)))
    for product, order in pairs_of(ProductWords, _OfOrder, result):
        if holds_all(product.words(), words):
            order_ids[product.product_id].append(order.order_id)
    is_cut = len(product_ids) > MAX_PRODUCTS or any(len(ids) > _ORDERS_OF_PRODUCT for ids in order_ids.values())
    return set().union(*order_ids.values()), is_cut


def _holding_all(db: Session, store_id: int, words: Sequence[str], by_word: list[list[int]]) -> tuple[set[int], bool]:
    """Return the orders that contain every word, and whether some may be missing."""
    if not by_word:
        return set(), False
    whole = [set(ids) for ids in by_word if not _is_cut(ids)]
    if not whole:
        # Every word is common, so each list holds only the first orders read.
        read = set(by_word[0])
        return (_verified(db, store_id, words, read) if len(words) > 1 else read), True
    order_ids = set.intersection(*whole)
    if len(whole) < len(words):
        order_ids = _verified(db, store_id, words, order_ids)
    return order_ids, False


def _verified(db: Session, store_id: int, words: Sequence[str], order_ids: Collection[int]) -> set[int]:
    """Return the orders whose own words begin with each of ``words``."""
    if not order_ids:
        return set()
    result = db.execute(select(*_WORDS).where(Order.store_id == store_id, Order.id.in_(order_ids)))
    return {one.id for one in rows_of(_OrderWords, result) if holds_all(one.words(), words)}


def _is_cut(ids: Sequence[int]) -> bool:
    return len(ids) > MAX_CANDIDATES
