"""The rules of every component, one file each, joined into one stylesheet: no build step, one request."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

_FOUNDATIONS: Final = ("tokens.css", "base.css", "layout.css")

_COMMENT: Final = r"/\*.*?\*/"
_NEEDLESS: Final = re.compile(
    rf"""(?P<kept>"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|url\([^"')]*\))
    |(?:\s|{_COMMENT})*(?P<mark>[{{}};,])(?:\s|{_COMMENT})*
    |(?P<colon>:)\s+
    |(?P<gap>(?:\s|{_COMMENT})+)""",
    re.DOTALL | re.VERBOSE,
)


def join_rules(folder: Path) -> str:
    """Return tokens, base and layout, then components and pages by name: later rules win. Comments stay here."""
    files = [folder / name for name in _FOUNDATIONS]
    for part in ("components", "pages"):
        files += sorted((folder / part).glob("*.css"))
    return without_comments("\n".join(file.read_text() for file in files))


def without_comments(rules: str) -> str:
    """Return rules that mean the same, without comments and needless white space; each rule on a line of its own.

    Strings and addresses stay as they are, and so do spaces with a meaning: in ``calc(1px + 2px)``, between
    selectors, before a selector's colon.
    """
    return _NEEDLESS.sub(_shortened, rules).strip()


def _shortened(found: re.Match[str]) -> str:
    if found["gap"]:
        return " "
    if found["mark"] == "}":
        return "}\n"
    return found["kept"] or found["mark"] or found["colon"]
