"""Sentences in parts: what is said stays in the language's own word order, what is filled in stands out."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Final

from webapp.languages import _

_BLANK: Final = re.compile(r"%\((\w+)\)s")


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a sentence; strong where the eye should land: names, numbers, places."""

    text: str
    is_strong: bool = False

    @property
    def stays_whole(self) -> bool:
        """Short enough to stand on one line: a place, a number, a person."""
        return len(self.text) <= 24


Sentence = tuple[Part, ...]


def plain(sentence: Sentence) -> str:
    """Return a sentence as text."""
    return "".join(part.text for part in sentence)


def fill_in(pattern: str, soft: Collection[str] = (), **values: str | Sentence) -> Sentence:
    """Fill a translated pattern's ``%(named)s`` blanks; what is filled in is strong, but for the ``soft`` names.

    A value in parts stays as it is.
    """
    pieces = _BLANK.split(pattern)
    parts: list[Part] = []
    for text, name in zip_longest(pieces[::2], pieces[1::2]):
        parts.append(Part(text.replace("%%", "%")))
        if name:
            value = values[name]
            parts += [Part(value, is_strong=name not in soft)] if isinstance(value, str) else value
    return tuple(part for part in parts if part.text)


def followed_by(first: Sentence, *more: Sentence) -> Sentence:
    """Put whole sentences behind each other."""
    parts = list(first)
    for sentence in more:
        if sentence:
            parts += [Part(" "), *sentence]
    return tuple(parts)


def blanks(*names: str) -> dict[str, str]:
    """Return values that leave a pattern's blanks blank, for ``ngettext``, which fills its pattern at once."""
    return {name: f"%({name})s" for name in names}


def listed(names: Sequence[str]) -> str:
    """Say several names as a list: A, B and C."""
    if len(names) < 2:
        return "".join(names)
    return _("%(several)s and %(last)s", several=", ".join(names[:-1]), last=names[-1])
