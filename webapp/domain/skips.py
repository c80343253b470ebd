"""Why a stock action passes an item by: the reasons callers see, and the causes a person must settle."""

from __future__ import annotations

from enum import StrEnum

from webapp.domain.wording import Wording, say


class SkipReason(StrEnum):
    """Reason in ``skipped_items`` and cause of a stock exception. The first three are part of the contract."""

    PLACEHOLDER_PRODUCT = "placeholder_product"
    NO_INVENTORY = "no_inventory"
    INSUFFICIENT_INVENTORY = "insufficient_inventory"
    SHORT_PICK = "short_pick"


class ExceptionState(StrEnum):
    """A stock exception waits for a person, or somebody (or the stock itself) settled it."""

    OPEN = "open"
    CLOSED = "closed"


SKIP_WORDS: dict[SkipReason, Wording] = {
    SkipReason.PLACEHOLDER_PRODUCT: say("Unknown product: match it before it can ship"),
    SkipReason.NO_INVENTORY: say("No stock record for this product"),
    SkipReason.INSUFFICIENT_INVENTORY: say("Not enough stock"),
    SkipReason.SHORT_PICK: say("Fewer on the shelf than the records say"),
}
"""Each reason as a person reads it."""

LOG_WORDS: dict[SkipReason, str] = {
    SkipReason.PLACEHOLDER_PRODUCT: "Placeholder product",
    SkipReason.NO_INVENTORY: "No inventory found",
    SkipReason.INSUFFICIENT_INVENTORY: "Insufficient inventory",
    SkipReason.SHORT_PICK: "Short pick",
}
"""Each reason as the log has it. Source: docs/contract.md, "Service calls"."""
