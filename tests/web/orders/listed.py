"""What a page of the order list shows."""

from __future__ import annotations

from tests.helpers.tablet import Answer


def numbers(answer: Answer) -> list[str]:
    """Return the numbers of the orders, in their order."""
    return [link.words for link in answer.root.all("a", css="order__number")]


def views(answer: Answer) -> list[str]:
    """Return the words of the views beside the list, with their counts."""
    return [link.words for link in answer.root.one(id="order-list").one("nav", aria_label="Views").all("a")]
