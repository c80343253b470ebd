"""Cells that a spreadsheet shows and never runs."""

from __future__ import annotations

from typing import Final

from webapp.domain.control_characters import drop_controls

_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""First characters that make a spreadsheet run a cell as a formula; some programs also accept full-width ones."""


_APOSTROPHE: Final = "'"
"""A spreadsheet shows what follows it as text."""


def harmless(text: str) -> str:
    """Return ``text`` without control characters, and with an apostrophe before it if it looks like a formula.

    ``as_meant`` takes the apostrophe off again, so one is also added to a text that already has some.
    """
    shown = drop_controls(text)
    return f"{_APOSTROPHE}{shown}" if _is_formula(shown) else shown


def harmless_as_text(text: str) -> str:
    """Return ``text`` for a cell that is text whatever it holds: only what ``as_meant`` would shorten gets one more
    apostrophe."""
    return harmless(text) if text.startswith(_APOSTROPHE) else drop_controls(text)


def as_meant(cell: str) -> str:
    """Return the text that ``harmless`` made a cell of; a spreadsheet writes such an apostrophe, too."""
    return cell[1:] if cell.startswith(_APOSTROPHE) and _is_formula(cell) else cell


def _is_formula(text: str) -> bool:
    return text.lstrip(_APOSTROPHE).startswith(_FORMULA)
