"""The words an order is found by, folded alike when it is stored and when somebody searches."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

MAX_WORD: Final = 64
"""Characters; longer words are cut, in the index and in the search alike."""

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


def _folded(text: str) -> str:
    """Fold case, width and accents: MÜLLER, Muller and müller are one word."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(character for character in decomposed if not unicodedata.combining(character)).casefold()
