"""Control characters in texts from outside: a line break may forge a log line, ESC may command a terminal."""

from __future__ import annotations

import re
from typing import Final

_CONTROLS: Final = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
"""C0, DEL and C1, line and paragraph separators, and marks that change the writing direction."""
_LAID_OUT: Final = "\t\r\n"
"""Control characters that a spreadsheet cell may contain."""


def has_controls(text: str) -> bool:
    """Return whether ``text`` contains a control character."""
    return _CONTROLS.search(text) is not None


def escape_controls(text: str, *, keep: str = "") -> str:
    """Return ``text`` with control characters escaped, ``\\x1b`` for ESC, except those in ``keep``."""
    return _CONTROLS.sub(lambda one: one[0] if one[0] in keep else one[0].encode("unicode_escape").decode(), text)


def drop_controls(text: str) -> str:
    """Return ``text`` without control characters other than tabs and line breaks."""
    return _CONTROLS.sub(lambda one: one[0] if one[0] in _LAID_OUT else "", text)
