"""English sentences that pages can translate, because they keep their pattern and values."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

BLANK: Final = re.compile(r"%\((\w+)\)s")
"""A blank of a pattern, with its name."""

_PACKED: Final = '{"say": '


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

    def fill(self, **values: Any) -> Wording:
        """Return the same sentence with these values."""
        return Wording(self.pattern, self.plural, self.number, values)

    def of(self, number: int) -> Wording:
        """Return the same sentence for this number."""
        return Wording(self.pattern, self.plural, number, {**self.values, "num": number})

    def __getnewargs__(self) -> tuple[str, str, int, Mapping[str, Any]]:  # type: ignore[override]
        return self.pattern, self.plural, self.number, self.values


def say(pattern: str, **values: Any) -> Wording:
    """Return a sentence with its ``%(named)s`` values filled in. ``pattern`` must be a literal, so that it can be
    extracted."""
    return Wording(pattern, "", 1, values)


def say_number(singular: str, plural: str, number: int, **values: Any) -> Wording:
    """Return the sentence for one or for several; ``%(num)s`` is the number."""
    return Wording(singular, plural, number, {"num": number, **values})


def pack_line(text: str, most: int) -> str:
    """Return what ``pack`` keeps of a sentence as a text of at most ``most`` characters; English alone if it is
    longer."""
    packed = json.dumps(pack(text), ensure_ascii=False) if isinstance(text, Wording) else text
    return packed if len(packed) <= most else text[:most]


def unpack_line(stored: str) -> str:
    """Return the sentence that ``pack_line`` stored."""
    return unpack(json.loads(stored)) if stored.startswith(_PACKED) else stored


def say_list(parts: Sequence[Wording]) -> Wording:
    """Return the parts with commas between, each to be translated by itself."""
    values = {f"part{number}": part for number, part in enumerate(parts)}
    return Wording(", ".join(f"%({name})s" for name in values), "", 1, values)


def pack(text: str) -> Any:
    """Return a sentence as JSON that keeps its pattern and values, so that it can be translated when it is read."""
    if not isinstance(text, Wording) or text.plural:
        return str(text)
    values = {name: pack(value) if isinstance(value, str) else value for name, value in text.values.items()}
    return {"say": text.pattern, "values": values}


def unpack(stored: Any) -> str:
    """Return the sentence that ``pack`` stored; plain text stays plain."""
    if not isinstance(stored, dict):
        return str(stored)
    values = {name: unpack(value) if isinstance(value, dict) else value for name, value in stored["values"].items()}
    return Wording(stored["say"], "", 1, values)
