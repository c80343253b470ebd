"""The page that reports a short pick: for each place of the item, how many units of the product are there?"""

from __future__ import annotations

from dataclasses import dataclass
from uuid import uuid4

from webapp.domain.progress import ItemAllocation, ItemProgress, OrderProgress
from webapp.languages import _, ngettext, number
from webapp.presenters.links import Links
from webapp.presenters.phrases import words
from webapp.presenters.refusals import NO_REFUSAL, Refusal
from webapp.presenters.trail.words import place


@dataclass(frozen=True, slots=True)
class ShortPickPlace:
    """One place: what the records say, and its form."""

    inventory_id: int
    name: str
    question: str
    recorded: int
    recorded_words: str
    key: str
    counted_units: str
    error: str


@dataclass(frozen=True, slots=True)
class ShortPickScreen:
    order_number: str
    name: str
    codes: str
    picture: str | None
    path: str
    back_href: str
    places: tuple[ShortPickPlace, ...]
    message: str


@dataclass(frozen=True, slots=True)
class ShortPickRefusal:
    """Why a report was refused, and for which place."""

    refusal: Refusal = NO_REFUSAL
    inventory_id: int | None = None

    @property
    def field_error(self) -> str:
        """The message by the number of units."""
        return self.refusal.errors.get("counted_quantity", "")

    @property
    def message(self) -> str:
        """The message above the places."""
        return "" if self.field_error else self.refusal.words


def present_short_pick(
    order: OrderProgress, item: ItemProgress, links: Links, refusal: ShortPickRefusal | None = None
) -> ShortPickScreen:
    refusal = refusal or ShortPickRefusal()
    return ShortPickScreen(
        order_number=order.shown_number,
        name=words.item_name(item),
        codes=item.codes_words,
        picture=item.picture,
        path=links.short_pick(order.id, item.id),
        back_href=links.item_to_pick(order.id, item.id),
        places=tuple(
            _place(allocation, refusal)
            for allocation in sorted(item.allocations, key=lambda allocation: allocation.walking_key)
        ),
        message=refusal.message,
    )


def _place(allocation: ItemAllocation, refusal: ShortPickRefusal) -> ShortPickPlace:
    refused = refusal.inventory_id == allocation.inventory_id
    name = place(allocation.warehouse, allocation.location)
    return ShortPickPlace(
        inventory_id=allocation.inventory_id,
        name=name,
        question=_("How many of this product are in %(place)s?", place=name),
        recorded=allocation.on_hand,
        recorded_words=ngettext(
            "The records have %(num)s unit here, %(reserved)s of it for this order.",
            "The records have %(num)s units here, %(reserved)s of them for this order.",
            allocation.on_hand,
            reserved=number(allocation.quantity),
        ),
        key=str(uuid4()),
        counted_units=refusal.refusal.values.get("counted_quantity", "") if refused else "",
        error=refusal.field_error if refused else "",
    )
