"""The words a person gives for a change."""

from __future__ import annotations

from typing import Final

from webapp.domain.errors import InvalidInput, ReasonRequired
from webapp.domain.wording import say

MAX_REASON: Final = 500
"""Characters; what the columns hold."""


def clean_reason(reason: str) -> str:
    """Return ``reason`` without outer blanks. Raises InvalidInput for what cannot be stored on either engine."""
    reason = reason.strip()
    if len(reason) > MAX_REASON:
        raise InvalidInput(say("The reason is too long. The most is %(most)s characters.", most=MAX_REASON))
    if not is_storable(reason):
        raise InvalidInput(say("The reason contains characters that are not text. Type it again."))
    return reason


def require_reason(reason: str, sentence: str) -> str:
    """Return ``reason`` like ``clean_reason``; raise ReasonRequired with ``sentence`` where it is blank."""
    if not reason.strip():
        raise ReasonRequired(sentence)
    return clean_reason(reason)


def is_storable(text: str) -> bool:
    """Tell whether both engines store ``text`` as it is: PostgreSQL refuses NUL, and no encoding has half a pair."""
    return "\0" not in text and not any("\ud800" <= character <= "\udfff" for character in text)
