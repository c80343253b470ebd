"""Sentences in parts: translations choose the word order, and names and numbers stand out."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import zip_longest

from webapp.domain.wording import BLANK
from webapp.languages import _
from webapp.presenters.phrases.moments import Moment


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a sentence; strong for names, numbers and places."""

    text: str
    is_strong: bool = False
    at: Moment | None = None
    """The point in time that the text names."""

    @property
    def stays_whole(self) -> bool:
        """Return whether it is short enough to keep on one line."""
        return len(self.text) <= 24


Sentence = tuple[Part, ...]


def plain(sentence: Sentence) -> str:
    """Return a sentence as text."""
    return "".join(part.text for part in sentence)


def fill_in(pattern: str, soft: Collection[str] = (), **values: str | Sentence | Moment) -> Sentence:
    """Fill the ``%(named)s`` blanks of a translated pattern. Values are strong, except for the ``soft`` names.

    A value that is a sentence keeps its own parts; a point in time keeps its exact time.
    """
    pieces = BLANK.split(pattern)
    parts: list[Part] = []
    for text, name in zip_longest(pieces[::2], pieces[1::2]):
        parts.append(Part(text.replace("%%", "%")))
        if name:
            value = values[name]
            if isinstance(value, Moment):
                parts.append(Part(value.words, at=value))
            else:
                parts += [Part(value, is_strong=name not in soft)] if isinstance(value, str) else value
    return tuple(part for part in parts if part.text)


def followed_by(first: Sentence, *more: Sentence) -> Sentence:
    """Join sentences, with a space between them."""
    parts = list(first)
    for sentence in more:
        if sentence:
            parts += [Part(" "), *sentence]
    return tuple(parts)


def blanks(*names: str) -> dict[str, str]:
    """Return values that leave a pattern's blanks in place: ``ngettext`` fills its pattern at once."""
    return {name: f"%({name})s" for name in names}


def listed(names: Sequence[str]) -> str:
    """Join names into a list: A, B and C."""
    if len(names) < 2:
        return "".join(names)
    return _("%(several)s and %(last)s", several=", ".join(names[:-1]), last=names[-1])
