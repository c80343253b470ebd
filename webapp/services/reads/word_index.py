"""Search words of orders and products, folded the same way when stored and when searched.

A search scans ranges of an index (store, word, id), each only up to a limit, so it costs the same with any number of
rows.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Sequence
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, Table, literal, select

MAX_WORD: Final = 64
"""Characters; longer words are cut, in the index and in searches."""

MAX_WORDS: Final = 4
"""Words looked up; further words are checked on the rows these found."""

_LAST: Final = "\U0010ffff"
"""Sorts after every character of a word."""

Ids = Select[*tuple[Any, ...]]

_PARTS = re.compile(r"[^\W_]+")


def index_words(*texts: str) -> set[str]:
    """Return the folded words of an order number, a customer's name, …: each word whole, and its parts.

    A search for the beginning of ``ord-7-abc``, ``ord``, ``7`` or ``abc`` finds ``ORD-7-ABC``; ``1001`` also finds
    ``#1001``.
    """
    words = {word for text in texts for word in _folded(text).split()}
    parts = {part for word in words for part in _PARTS.findall(word)}
    return {word[:MAX_WORD] for word in words | parts}


def search_words(text: str) -> list[str]:
    """Return typed text as folded words; a row matches if each begins one of its index words."""
    return [word[:MAX_WORD] for word in dict.fromkeys(_folded(text).split())]


def holds_all(own: Collection[str], words: Sequence[str]) -> bool:
    """Return whether each of ``words`` begins one of ``own``, a row's index words."""
    return all(any(mine.startswith(word) for mine in own) for word in words)


def beginning_with(index: Table, id_column: ColumnElement[int], store_id: int, word: str) -> Ids:
    """Select the ids in a word index whose word begins with ``word``, in the index's order."""
    # A range, not LIKE: it uses the primary key on both engines and needs no escaping.
    return (
        select(id_column.label("id"))
        .where(index.c.store_id == store_id, index.c.word >= word, index.c.word < word + _LAST)
        .order_by(index.c.word, id_column)
    )


def walk(label: str, ids: Ids, most: int) -> Ids:
    """Select the label with each of ``ids``, at most ``most`` + 1, so that a cut shows."""
    walked = ids.limit(most + 1).subquery()
    return select(literal(label), walked.c.id)


def _folded(text: str) -> str:
    """Fold case, width and accents: MÜLLER, Muller and müller become one word."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(character for character in decomposed if not unicodedata.combining(character)).casefold()
