"""Sentences in English that an edge may say in another language, with the numbers and names in them still apart."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


class Wording(str):
    """English text that remembers how it was put together.

    It is a plain ``str`` to whoever wants English: logs, the JSON API, commands. A page looks ``pattern`` (or, by
    ``number``, ``plural``) up in its reader's language and fills ``values`` in: see ``webapp.languages.translate``.
    """

    pattern: str
    plural: str
    number: int
    values: Mapping[str, Any]

    __slots__ = ("number", "pattern", "plural", "values")

    def __new__(cls, pattern: str, plural: str, number: int, values: Mapping[str, Any]) -> Wording:
        """Fill ``values`` into the pattern that ``number`` asks for; without values ``%`` is itself."""
        chosen = plural if plural and number != 1 else pattern
        text = super().__new__(cls, chosen % values if values else chosen)
        text.pattern, text.plural, text.number, text.values = pattern, plural, number, values
        return text

    def __getnewargs__(self) -> tuple[str, str, int, Mapping[str, Any]]:  # type: ignore[override]
        return self.pattern, self.plural, self.number, self.values


def say(pattern: str, **values: Any) -> Wording:
    """Return a sentence with its ``%(named)s`` values filled in. The pattern is a literal, to be extracted."""
    return Wording(pattern, "", 1, values)


def say_number(singular: str, plural: str, number: int, **values: Any) -> Wording:
    """Return the sentence for one or for several; ``%(num)s`` is the number itself."""
    return Wording(singular, plural, number, {"num": number, **values})
