"""Control characters in texts from outside: a line break may forge a log line, ESC may command a terminal."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

_CONTROLS: Final = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
"""C0, DEL and C1, line and paragraph separators, and marks that change the writing direction."""
_UNSEEN: Final = ("Cf", "Co", "Cn")
"""Categories of Unicode: format characters (zero-width blanks, soft hyphens), private use, and not assigned."""
_BLANK: Final = "\u115f\u1160\u2800\u3164\uffa0\u034f\ufe0e\ufe0f"
"""Letters and marks that are drawn as nothing."""
_LAID_OUT: Final = "\t\r\n"
"""Control characters that a spreadsheet cell may contain."""


def has_controls(text: str) -> bool:
    """Return whether ``text`` contains a control character."""
    return _CONTROLS.search(text) is not None


def has_invisible(text: str) -> bool:
    """Return whether ``text`` contains a control character or one that nobody sees, such as U+200B: two names would
    look alike."""
    return has_controls(text) or any(unicodedata.category(one) in _UNSEEN or one in _BLANK for one in text)


def drop_invisible(text: str) -> str:
    """Return ``text`` in one line, without what ``has_invisible`` finds: names of shops have it in emoji."""
    return " ".join("".join(one for one in " ".join(text.split()) if not has_invisible(one)).split())


def escape_controls(text: str, *, keep: str = "") -> str:
    """Return ``text`` with control characters escaped, ``\\x1b`` for ESC, except those in ``keep``."""
    return _CONTROLS.sub(lambda one: one[0] if one[0] in keep else one[0].encode("unicode_escape").decode(), text)


def drop_controls(text: str) -> str:
    """Return ``text`` without control characters other than tabs and line breaks."""
    return _CONTROLS.sub(lambda one: one[0] if one[0] in _LAID_OUT else "", text)
