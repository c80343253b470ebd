"""Finding orders by what somebody types: number, customer, SKU or GTIN; bounded, however common a word is."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, literal, select, union_all
from sqlalchemy.orm import Session

from webapp.models import Order, OrderItem, OrderSearchWord
from webapp.services.search_words import index_words, search_words

MAX_CANDIDATES: Final = 500
"""Orders read for one word. A word that more orders hold is checked on the orders that the other words found."""

_MAX_WORDS: Final = 4
"""Words looked up; further ones are checked on what these found."""

_LAST: Final = "\U0010ffff"
"""Sorts behind every character that a word can hold."""

Ids = Select[*tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class Found:
    """Ids of the orders found; ``is_cut`` says that more match than were read, so that more words are needed."""

    order_ids: Collection[int]
    is_cut: bool


def find_orders(db: Session, store_id: int, typed: str) -> Found:
    """Return the orders of a store that hold every word of ``typed`` as a beginning, or ``typed`` as a SKU or GTIN.

    One statement; a second where a word is too common to be read as a whole.
    """
    words = search_words(typed)
    hits: dict[int, list[int]] = defaultdict(list)
    for branch, order_id in db.execute(union_all(*_branches(store_id, typed.strip(), words))):
        hits[branch].append(order_id)
    by_word = [hits[index] for index in range(min(len(words), _MAX_WORDS))]
    by_code = [hits[branch] for branch in hits if branch < 0]
    found, is_cut = _holding_all(db, store_id, words, by_word)
    is_cut = is_cut or any(_is_cut(ids) for ids in by_code)
    return Found(found.union(*by_code), is_cut)


def _branches(store_id: int, typed: str, words: Sequence[str]) -> Iterable[Ids]:
    """Yield a bounded walk of one index for each word (0, 1, 2 …) and for each code (-1, -2, …)."""
    codes = [
        (column, code) for column in (OrderItem.sku, OrderItem.gtin) for code in dict.fromkeys([typed, typed.upper()])
    ]
    for number, (column, code) in enumerate(codes, start=1):
        matching = (OrderItem.store_id == store_id, column == code)
        yield _walk(-number, select(OrderItem.order_id).where(*matching).order_by(OrderItem.order_id.desc()))
    for index, word in enumerate(words[:_MAX_WORDS]):
        yield _walk(
            index,
            select(OrderSearchWord.order_id)
            .where(OrderSearchWord.store_id == store_id, *_begins_with(word))
            .order_by(OrderSearchWord.word, OrderSearchWord.order_id),
        )


def _begins_with(word: str) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    # A range, not LIKE: it uses the primary key on both engines, and needs no escaping.
    return OrderSearchWord.word >= word, OrderSearchWord.word < word + _LAST


def _walk(branch: int, ids: Ids) -> Ids:
    walked = ids.limit(MAX_CANDIDATES + 1).subquery()
    return select(literal(branch), walked.c.order_id)


def _holding_all(db: Session, store_id: int, words: Sequence[str], by_word: list[list[int]]) -> tuple[set[int], bool]:
    """Return the orders that hold every word, and whether some of them may be missing."""
    if not by_word:
        return set(), False
    whole = [set(ids) for ids in by_word if not _is_cut(ids)]
    if not whole:
        # Every word is common: what was read of each is no more than a beginning.
        read = set(by_word[0])
        return (_verified(db, store_id, words, read) if len(words) > 1 else read), True
    found = set.intersection(*whole)
    if len(whole) < len(words):
        found = _verified(db, store_id, words, found)
    return found, False


def _verified(db: Session, store_id: int, words: Sequence[str], order_ids: Collection[int]) -> set[int]:
    """Return those of the orders whose own words begin with each of ``words``."""
    if not order_ids:
        return set()
    rows = db.execute(
        select(Order.id, Order.order_number, Order.customer_name).where(
            Order.store_id == store_id, Order.id.in_(order_ids)
        )
    )
    return {order_id for order_id, number, customer in rows if _holds(index_words(number, customer), words)}


def _holds(own: Collection[str], words: Sequence[str]) -> bool:
    return all(any(mine.startswith(word) for mine in own) for word in words)


def _is_cut(ids: Sequence[int]) -> bool:
    return len(ids) > MAX_CANDIDATES
