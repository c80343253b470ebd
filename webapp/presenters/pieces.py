"""Small pieces that many screens are made of, each read by its names."""

from __future__ import annotations

from typing import NamedTuple


class Notice(NamedTuple):
    """What was just done, or could not be: ``flash(*notice)``."""

    sentence: str
    kind: str = "success"
    """success, info, warning or danger."""


class Fact(NamedTuple):
    """A word and what is known of it, as a list of definitions shows them."""

    word: str
    value: str


class Option(NamedTuple):
    """Something to choose in a form."""

    value: str
    words: str


class Link(NamedTuple):
    """Words that lead somewhere."""

    words: str
    href: str


class View(NamedTuple):
    """A way to narrow a list, as a link."""

    words: str
    href: str
    is_current: bool
    how_many: str = ""
    """How many there are, in words: 14, or 999+."""
    tone: str = ""
    """``late`` marks a count that somebody must look at."""
