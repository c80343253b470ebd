"""Common reasons: offered as a list, stored in English, and translated when read.

A person may add words to a chosen reason: ``Duplicate order: says the customer`` is stored as one text.
"""

from __future__ import annotations

from typing import Final

from webapp.domain import system_reasons
from webapp.domain.wording import say

OTHER: Final = say("Other")
"""Asks for the person's own words; not stored itself."""

CANCEL_REASONS: Final = (
    say("Customer changed their mind"),
    say("Duplicate order"),
    say("Payment failed"),
    say("Out of stock"),
    say("Address cannot be served"),
    OTHER,
)
"""The most common reasons to cancel orders or units."""

RETURN_REASONS: Final = (
    say("Damaged"),
    say("Wrong item"),
    say("Not as described"),
    say("Customer changed their mind"),
    OTHER,
)
"""The most common reasons for returns."""

WRITE_OFF_REASONS: Final = (say("Damaged"),)
"""Returned units with such a reason are written off unless somebody chooses a place."""

ADD_REASONS: Final = (say("New delivery"), say("Found"), say("Correction"), OTHER)
"""The most common reasons to add units at a place by hand."""

TAKE_REASONS: Final = (say("Damaged"), say("Lost"), say("Correction"), OTHER)
"""The most common reasons to take units off a place by hand."""

COUNT_REASONS: Final = (say("Cycle count"), say("Correction"), OTHER)
"""The most common reasons to count a place."""

FORMER_REASONS: Final = (say("Ordered twice"), say("Found again"))
"""No longer offered, but stored; trails still show them as they were."""

_WHOLE: Final = {
    str(reason): reason
    for reason in (
        *CANCEL_REASONS,
        *RETURN_REASONS,
        *ADD_REASONS,
        *TAKE_REASONS,
        *COUNT_REASONS,
        *FORMER_REASONS,
    )
}


def compose_reason(chosen: str, words: str) -> str:
    """Join a reason chosen from a list and the person's own words; either may be blank."""
    if chosen == OTHER:
        return words
    return ": ".join(part for part in (chosen, words) if part)


def recognise_reason(reason: str) -> str:
    """Return a stored reason as wording that can be translated, as far as it is a common one."""
    if whole := _WHOLE.get(reason) or system_reasons.recognise(reason):
        return whole
    chosen, colon, words = reason.partition(": ")
    if colon and chosen in _WHOLE:
        return say("%(reason)s: %(words)s", reason=_WHOLE[chosen], words=words)
    return reason
