"""Why a stock action skips an item: the reasons that callers see, and the causes that a person must settle."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from webapp.domain.wording import Wording, say


class Cause(StrEnum):
    """Reason in ``skipped_items`` and cause of a stock exception. The first three are part of the contract."""

    PLACEHOLDER_PRODUCT = "placeholder_product"
    NO_INVENTORY = "no_inventory"
    INSUFFICIENT_INVENTORY = "insufficient_inventory"
    SHORT_PICK = "short_pick"
    CHANGED_UPSTREAM = "changed_upstream"
    FULFILLED_UPSTREAM = "fulfilled_upstream"
    SHIP_TO_UPSTREAM = "ship_to_upstream"


UPSTREAM_CAUSES: Final = (Cause.CHANGED_UPSTREAM, Cause.FULFILLED_UPSTREAM, Cause.SHIP_TO_UPSTREAM)
"""The shop and the building do not agree: units that stock could not cover are no matter here."""


class ExceptionState(StrEnum):
    """Open until a person, or arriving stock, closes it."""

    OPEN = "open"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True, kw_only=True)
class CauseSpec:
    """What a reason means, as an exception's cause and in words."""

    words: Wording
    """The cause on screens."""

    log_words: str
    """The reason in the log. Source: docs/contract.md, "Service calls"."""


CAUSES: Final[dict[Cause, CauseSpec]] = {
    Cause.PLACEHOLDER_PRODUCT: CauseSpec(
        words=say("Unknown product: match it before it can ship"), log_words="Placeholder product"
    ),
    Cause.NO_INVENTORY: CauseSpec(words=say("No stock record for this product"), log_words="No inventory found"),
    Cause.INSUFFICIENT_INVENTORY: CauseSpec(words=say("Not enough stock"), log_words="Insufficient inventory"),
    Cause.SHORT_PICK: CauseSpec(words=say("Fewer on the shelf than the records say"), log_words="Short pick"),
    Cause.CHANGED_UPSTREAM: CauseSpec(words=say("Changed in the shop, too late for these units"), log_words="Too late"),
    Cause.FULFILLED_UPSTREAM: CauseSpec(
        words=say("Fulfilled in the shop, but not shipped here"), log_words="Fulfilled in the shop"
    ),
    Cause.SHIP_TO_UPSTREAM: CauseSpec(
        words=say("The address changed in the shop after units left"), log_words="Address changed"
    ),
}
"""Screens take icons and advice for a cause from ``webapp/presenters/decisions/causes.py``."""
