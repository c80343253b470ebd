"""Why an order is on hold: nobody ships it until the shop or a manager releases it."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from webapp.domain.wording import Wording, say


class Hold(StrEnum):
    """Reasons of a hold. The values are stored."""

    UNPAID = "unpaid"
    ON_HOLD = "on_hold"


HOLDS: Final[dict[Hold, Wording]] = {
    Hold.UNPAID: say("not paid in the shop yet"),
    Hold.ON_HOLD: say("on hold in the shop"),
}
"""Each reason in words that fit into a sentence."""
