"""English sentences that pages can translate, because they keep their pattern and values."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

BLANK: Final = re.compile(r"%\((\w+)\)s")
"""A blank of a pattern, with its name."""


class Wording(str):
    """English text that remembers its pattern and values.

    Logs, the JSON API and commands use it as a plain ``str``. A page looks up the translation of ``pattern`` (or
    ``plural``, by ``number``) and fills in ``values``: see ``webapp.languages.translate``.
    """

    pattern: str
    plural: str
    number: int
    values: Mapping[str, Any]

    __slots__ = ("number", "pattern", "plural", "values")

    def __new__(cls, pattern: str, plural: str, number: int, values: Mapping[str, Any]) -> Wording:
        """Fill ``values`` into the pattern, or into ``plural`` by ``number``. Without values, ``%`` stands for
        itself."""
        chosen = plural if plural and number != 1 else pattern
        text = super().__new__(cls, chosen % values if values else chosen)
        text.pattern, text.plural, text.number, text.values = pattern, plural, number, values
        return text

    def __getnewargs__(self) -> tuple[str, str, int, Mapping[str, Any]]:  # type: ignore[override]
        return self.pattern, self.plural, self.number, self.values


def say(pattern: str, **values: Any) -> Wording:
    """Return a sentence with its ``%(named)s`` values filled in. ``pattern`` must be a literal, so that it can be
    extracted."""
    return Wording(pattern, "", 1, values)


def say_number(singular: str, plural: str, number: int, **values: Any) -> Wording:
    """Return the sentence for one or for several; ``%(num)s`` is the number."""
    return Wording(singular, plural, number, {"num": number, **values})
