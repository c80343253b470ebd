"""Checks the reasons that people give for a change."""

from __future__ import annotations

from typing import Final

from webapp.domain.errors import InvalidInput, ReasonRequired
from webapp.domain.wording import say

MAX_REASON: Final = 500
"""Characters; the size of the columns."""


def clean_reason(reason: str) -> str:
    """Return ``reason`` without outer blanks. Raises InvalidInput if it is too long or an engine cannot store it."""
    reason = reason.strip()
    if len(reason) > MAX_REASON:
        raise InvalidInput(say("The reason is too long. The most is %(most)s characters.", most=MAX_REASON))
    if not is_storable(reason):
        raise InvalidInput(say("The reason contains characters that are not text. Type it again."))
    return reason


def require_reason(reason: str, sentence: str) -> str:
    """Return ``reason`` like ``clean_reason``; raise ReasonRequired with ``sentence`` if it is blank."""
    if not reason.strip():
        raise ReasonRequired(sentence)
    return clean_reason(reason)


def is_storable(text: str) -> bool:
    """Return whether both engines can store ``text``: PostgreSQL refuses NUL, and a lone surrogate has no encoding."""
    return "\0" not in text and not any("\ud800" <= character <= "\udfff" for character in text)
