"""Cells that a spreadsheet shows as they are, and does not run."""

from __future__ import annotations

from typing import Final

from webapp.domain.control_characters import drop_controls

_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""First characters that make a spreadsheet run a cell as a formula; some read the full-width ones alike."""


def harmless(text: str) -> str:
    """Return ``text`` without control characters, led by an apostrophe if it looks like a formula."""
    shown = drop_controls(text)
    return f"'{shown}" if shown.startswith(_FORMULA) else shown
