"""Reasons that are given again and again: offered to choose from, stored in English, and known again when read.

A chosen reason may be followed by words of one's own, ``Duplicate order: says the customer``; it is stored as one text.
"""

from __future__ import annotations

from typing import Final

from webapp.domain import system_reasons
from webapp.domain.wording import say

OTHER: Final = say("Other")
"""Asks for words of one's own, and is not stored itself."""

CANCEL_REASONS: Final = (
    say("Customer changed their mind"),
    say("Duplicate order"),
    say("Payment failed"),
    say("Out of stock"),
    say("Address cannot be served"),
    OTHER,
)
"""What most orders, or units of them, are cancelled for."""

RETURN_REASONS: Final = (
    say("Damaged"),
    say("Wrong item"),
    say("Not as described"),
    say("Customer changed their mind"),
    OTHER,
)
"""What most units come back for."""

ADJUST_REASONS: Final = (
    say("New delivery"),
    say("Damaged"),
    say("Lost"),
    say("Found"),
    say("Correction"),
    OTHER,
)
"""What stock is mostly added or taken by hand for."""

COUNT_REASONS: Final = (say("Cycle count"), say("Correction"), OTHER)
"""What a place is mostly counted for."""

FORMER_REASONS: Final = (say("Ordered twice"), say("Found again"))
"""Offered once and stored since; a trail goes on saying them as they were given."""

_WHOLE: Final = {
    str(reason): reason
    for reason in (*CANCEL_REASONS, *RETURN_REASONS, *ADJUST_REASONS, *COUNT_REASONS, *FORMER_REASONS)
}


def compose_reason(chosen: str, words: str) -> str:
    """Return the one text of a reason that was chosen from a list and of words of one's own; either may be blank."""
    if chosen == OTHER:
        return words
    return ": ".join(part for part in (chosen, words) if part)


def recognise_reason(reason: str) -> str:
    """Return a stored reason so that a page can say it in another language, as far as it is a usual one."""
    if whole := _WHOLE.get(reason) or system_reasons.recognise(reason):
        return whole
    chosen, colon, words = reason.partition(": ")
    if colon and chosen in _WHOLE:
        return say("%(reason)s: %(words)s", reason=_WHOLE[chosen], words=words)
    return reason
