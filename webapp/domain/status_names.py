"""Statuses as words in a sentence: "the order is shipped"."""

from __future__ import annotations

from typing import Final

from webapp.domain.statuses import OrderStatus
from webapp.domain.wording import Wording, say


def _for_people(name: str, words: Wording) -> Wording:
    """Return wording that reads ``name`` in English for programs and ``words`` for people."""
    wording = str.__new__(Wording, name)
    wording.pattern, wording.plural, wording.number, wording.values = words, "", 1, {}
    return wording


STATUS_NAMES: Final[dict[OrderStatus, Wording]] = {
    OrderStatus.PENDING: say("pending"),
    OrderStatus.PROCESSING: say("processing"),
    OrderStatus.PARTIALLY_SHIPPED: _for_people(OrderStatus.PARTIALLY_SHIPPED, say("partially shipped")),
    OrderStatus.SHIPPED: say("shipped"),
    OrderStatus.DELIVERED: say("delivered"),
    OrderStatus.CANCELLED: say("cancelled"),
    OrderStatus.REFUNDED: say("refunded"),
}
