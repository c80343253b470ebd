"""A product's latest movements, one sentence per ledger row."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from webapp.domain.trail import Movement
from webapp.languages import _
from webapp.presenters.links import Links
from webapp.presenters.phrases.moments import Moment, moment
from webapp.presenters.phrases.reasons import reason_words
from webapp.presenters.phrases.sentences import Sentence
from webapp.presenters.trail.ledger_sentences import say_movement


@dataclass(frozen=True, slots=True)
class MovementRow:
    """One ledger row of the product; units on hand and reserved at its place, before and after."""

    sentence: Sentence
    at: Moment
    reason: str
    trail_href: str
    """The movement in its order's trail; empty without an order."""
    trail_words: str
    on_hand: tuple[int, int]
    reserved: tuple[int, int]


def present_movements(movements: Iterable[Movement], links: Links, now: datetime) -> tuple[MovementRow, ...]:
    """Build the rows, in the given order."""
    return tuple(_row(movement, links, now) for movement in movements)


def _row(movement: Movement, links: Links, now: datetime) -> MovementRow:
    return MovementRow(
        sentence=say_movement(movement, None),
        at=moment(movement.at, now),
        reason=reason_words(movement.reason),
        trail_href=(links.operation(movement.operation_id, movement.order_id) if movement.order_id else ""),
        trail_words=_("Order %(number)s", number=movement.order_number) if movement.order_id else "",
        on_hand=(movement.quantity_before, movement.quantity_after),
        reserved=(movement.reserved_before, movement.reserved_after),
    )
