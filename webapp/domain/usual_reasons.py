"""Reasons that are given again and again: offered to choose from, stored in English, and known again when read.

A chosen reason may be followed by words of one's own, ``Ordered twice: says the customer``; it is stored as one text.
"""

from __future__ import annotations

import re
from typing import Final

from webapp.domain.wording import Wording, say

OTHER: Final = say("Other")
"""Asks for words of one's own, and is not stored itself."""

CANCEL_REASONS: Final = (
    say("Customer changed their mind"),
    say("Ordered twice"),
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
    say("Found again"),
    say("Correction"),
    OTHER,
)
"""What stock is mostly added or taken by hand for."""

COUNT_REASONS: Final = (say("Cycle count"), say("Correction"), OTHER)
"""What a place is mostly counted for."""

_WRITTEN: Final = (
    say("All units reserved"),
    say("All units shipped"),
    say("Cycle count"),
    say("Found on the shelf"),
    say("Item cancelled"),
    say("Item cancelled in part"),
    say("Order cancelled"),
    say("Order refunded"),
    say("Shipment taken back"),
    say("Stock arrived and was reserved"),
    say("The rest is reserved"),
    say("Short pick: %(found)s of %(expected)s found"),
    say("Import of %(file)s"),
    say("Matched to %(sku)s"),
)
"""What Packbench itself gives as a reason, with blanks for what it filled in."""

_BLANK: Final = re.compile(r"%\\\((\w+)\\\)s|%\((\w+)\)s")

_WHOLE: Final = {
    str(reason): reason
    for reason in (*CANCEL_REASONS, *RETURN_REASONS, *ADJUST_REASONS, *COUNT_REASONS, *_WRITTEN)
    if "%" not in reason
}


def _matcher(pattern: str) -> re.Pattern[str]:
    return re.compile(_BLANK.sub(lambda found: f"(?P<{found[1] or found[2]}>.+)", re.escape(pattern)), re.DOTALL)


_PATTERNS: Final = tuple((_matcher(reason), reason) for reason in _WRITTEN if "%" in reason)


def compose_reason(chosen: str, words: str) -> str:
    """Return the one text of a reason that was chosen from a list and of words of one's own; either may be blank."""
    if chosen == OTHER:
        return words
    return ": ".join(part for part in (chosen, words) if part)


def recognise_reason(reason: str) -> str:
    """Return a stored reason so that a page can say it in another language, as far as it is a usual one."""
    if whole := _WHOLE.get(reason):
        return whole
    for matcher, written in _PATTERNS:
        if found := matcher.fullmatch(reason):
            return Wording(written.pattern, "", 1, found.groupdict())
    chosen, colon, words = reason.partition(": ")
    if colon and chosen in _WHOLE:
        return say("%(reason)s: %(words)s", reason=_WHOLE[chosen], words=words)
    return reason
