"""Stored reasons in the reader's language."""

from __future__ import annotations

from collections.abc import Sequence

from webapp.domain.usual_reasons import OTHER, recognise_reason
from webapp.domain.wording import Wording
from webapp.languages import translate
from webapp.presenters.pieces import Option


def reason_words(stored: str) -> str:
    """Return a stored reason: a common one in the reader's language, any other as it was written."""
    reason = recognise_reason(stored)
    return translate(reason) if isinstance(reason, Wording) else reason


def reason_options(reasons: Sequence[str]) -> tuple[Option, ...]:
    """Return the store's reasons as choices, “Other” last; the value is the text to store."""
    return (*(Option(reason, reason_words(reason)) for reason in reasons), Option(str(OTHER), translate(OTHER)))
