"""Joins the CSS of every component into one stylesheet: no build step, one request."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

_FOUNDATIONS: Final = ("tokens.css", "base.css", "layout.css")
_COMMENT: Final = re.compile(r"/\*.*?\*/", re.DOTALL)
_LINE_BREAK: Final = re.compile(r"\s*\n\s*")


def rule_files(folder: Path) -> list[Path]:
    """Return the CSS files in the order they are joined: later rules win, print rules over all."""
    parts = (path for part in ("components", "pages") for path in sorted((folder / part).rglob("*.css")))
    return [*(folder / name for name in _FOUNDATIONS), *parts, folder / "print.css"]


def join_rules(folder: Path) -> str:
    """Return the CSS of all files as one stylesheet."""
    return without_comments("\n".join(file.read_text() for file in rule_files(folder)))


def without_comments(rules: str) -> str:
    """Return CSS without comments, indentation and empty lines. No string in it may contain ``/*``."""
    return _LINE_BREAK.sub("\n", _COMMENT.sub("", rules)).strip()
