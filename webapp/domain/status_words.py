"""The words for each status: alone, and in a sentence."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from webapp.domain.statuses import OrderStatus
from webapp.domain.wording import Wording, say


@dataclass(frozen=True, slots=True)
class StatusWords:
    """How people read one status."""

    label: Wording
    """Alone: Shipped."""

    in_sentence: Wording
    """The order is shipped."""


def _for_people(name: str, words: Wording) -> Wording:
    """Return wording that programs read as ``name`` and people as ``words``."""
    wording = str.__new__(Wording, name)
    wording.pattern, wording.plural, wording.number, wording.values = words, "", 1, {}
    return wording


STATUS_WORDS: Final[dict[OrderStatus, StatusWords]] = {
    OrderStatus.PENDING: StatusWords(say("Pending"), say("pending")),
    OrderStatus.PROCESSING: StatusWords(say("Processing"), say("processing")),
    OrderStatus.PARTIALLY_SHIPPED: StatusWords(
        say("Partially shipped"), _for_people(OrderStatus.PARTIALLY_SHIPPED, say("partially shipped"))
    ),
    OrderStatus.SHIPPED: StatusWords(say("Shipped"), say("shipped")),
    OrderStatus.DELIVERED: StatusWords(say("Delivered"), say("delivered")),
    OrderStatus.CANCELLED: StatusWords(say("Cancelled"), say("cancelled")),
    OrderStatus.REFUNDED: StatusWords(say("Refunded"), say("refunded")),
}
