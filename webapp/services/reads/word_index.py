"""The words that orders and products are found by: folded alike when they are stored and when somebody searches.

A search walks ranges of an index of words (store, word, id), each no further than a limit, so that it costs the same
however many rows there are.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Sequence
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, Table, literal, select

MAX_WORD: Final = 64
"""Characters; longer words are cut, in the index and in the search alike."""

MAX_WORDS: Final = 4
"""Words looked up; further ones are checked on what these found."""

_LAST: Final = "\U0010ffff"
"""Sorts behind every character that a word can hold."""

Ids = Select[*tuple[Any, ...]]

_PARTS = re.compile(r"[^\W_]+")


def index_words(*texts: str) -> set[str]:
    """Return the folded words of an order number, a customer's name, …: each word whole, and its parts.

    ``ORD-7-ABC`` is found by the beginning of ``ord-7-abc``, ``ord``, ``7`` or ``abc``; ``#1001`` also by ``1001``.
    """
    words = {word for text in texts for word in _folded(text).split()}
    parts = {part for word in words for part in _PARTS.findall(word)}
    return {word[:MAX_WORD] for word in words | parts}


def search_words(text: str) -> list[str]:
    """Return what somebody typed as folded words: an order is found when each begins one of its index words."""
    return [word[:MAX_WORD] for word in dict.fromkeys(_folded(text).split())]


def holds_all(own: Collection[str], words: Sequence[str]) -> bool:
    """Tell whether each of ``words`` begins one of somebody's own index words."""
    return all(any(mine.startswith(word) for mine in own) for word in words)


def beginning_with(index: Table, id_column: ColumnElement[int], store_id: int, word: str) -> Ids:
    """Select the ids of an index of words whose word begins like this, in its order."""
    # A range, not LIKE: it uses the primary key on both engines, and needs no escaping.
    return (
        select(id_column.label("id"))
        .where(index.c.store_id == store_id, index.c.word >= word, index.c.word < word + _LAST)
        .order_by(index.c.word, id_column)
    )


def walk(label: str, ids: Ids, most: int) -> Ids:
    """Select the label with each of ``ids``, one more than ``most`` at most, so that it shows where a walk was cut."""
    walked = ids.limit(most + 1).subquery()
    return select(literal(label), walked.c.id)


def _folded(text: str) -> str:
    """Fold case, width and accents: MÜLLER, Muller and müller are one word."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(character for character in decomposed if not unicodedata.combining(character)).casefold()
