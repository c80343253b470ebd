"""The rules of every component, one file each, joined into one stylesheet: no build step, one request."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

_FOUNDATIONS: Final = ("tokens.css", "base.css", "layout.css")
_COMMENT: Final = re.compile(r"/\*.*?\*/", re.DOTALL)
_LINE_BREAK: Final = re.compile(r"\s*\n\s*")


def join_rules(folder: Path) -> str:
    """Return tokens, base and layout, then components and pages by name: later rules win."""
    files = [folder / name for name in _FOUNDATIONS]
    for part in ("components", "pages"):
        files += sorted((folder / part).glob("*.css"))
    return without_comments("\n".join(file.read_text() for file in files))


def without_comments(rules: str) -> str:
    """Return the rules without comments, indents and empty lines, which only we read. No string may hold ``/*``."""
    return _LINE_BREAK.sub("\n", _COMMENT.sub("", rules)).strip()
