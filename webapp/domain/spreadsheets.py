"""Cells that a spreadsheet shows and never runs."""

from __future__ import annotations

from typing import Final

from webapp.domain.control_characters import drop_controls

_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""First characters that make a spreadsheet run a cell as a formula; some programs also accept full-width ones."""


def harmless(text: str) -> str:
    """Return ``text`` without control characters, and with an apostrophe before it if it looks like a formula."""
    shown = drop_controls(text)
    return f"'{shown}" if shown.startswith(_FORMULA) else shown
