"""Small values that many screens show, read by name."""

from __future__ import annotations

from typing import NamedTuple


class Notice(NamedTuple):
    """The result of an action, done or refused: ``flash(*notice)``."""

    sentence: str
    kind: str = "success"
    """success, info, warning or danger."""


class Fact(NamedTuple):
    """A label and its value, as a definition list shows them."""

    word: str
    value: str


class Option(NamedTuple):
    """One choice in a form."""

    value: str
    words: str


class Link(NamedTuple):
    words: str
    href: str


class View(NamedTuple):
    """One way to narrow a list, as a link."""

    words: str
    href: str
    is_current: bool
    how_many: str = ""
    """The number of entries, in words: 14, or 999+."""
    tone: str = ""
    """``late`` marks a count that needs attention."""
