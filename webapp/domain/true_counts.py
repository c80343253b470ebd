"""A true count: a place holds fewer units than are reserved there, so some orders lose theirs. Which, and how many?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from webapp.domain.errors import InvalidInput, StaleView
from webapp.domain.wording import say, say_number

UNSEEN: Final = ""
"""What somebody saw who has not been shown yet who would lose units."""


@dataclass(frozen=True, slots=True)
class HeldUnits:
    """Units that an order's line holds at a place."""

    item_id: int
    order_id: int
    order_number: str
    customer_name: str
    ship_by: datetime
    quantity: int


@dataclass(frozen=True, slots=True)
class ShortCount:
    """A place where more units are reserved than are there: who holds them, latest to ship first."""

    on_hand: int
    """Units on hand that the records had."""
    counted: int
    held: Sequence[HeldUnits]
    free_elsewhere: int
    """Units of the product that may be reserved at its other places."""

    @property
    def lost(self) -> int:
        """Units that the orders lose together."""
        return sum(one.quantity for one in self.held) - self.counted

    @property
    def seen(self) -> str:
        """Name everything that a preview shows, to find out whether it is still so."""
        held = ",".join(f"{one.item_id}:{one.quantity}" for one in self.held)
        return f"{self.on_hand}/{self.free_elsewhere}/{held}"

    def latest_lose(self) -> dict[int, int]:
        """Return what each line (by item id) loses if nobody chooses: the latest to ship lose first."""
        losses, left = {}, self.lost
        for one in self.held:
            losses[one.item_id] = min(left, one.quantity)
            left -= losses[one.item_id]
        return losses


@dataclass(frozen=True, slots=True)
class ChosenLosses:
    """Who loses units, as a person chose before a preview; ``units`` by item id, empty for the usual choice."""

    seen: str = UNSEEN
    units: Mapping[int, int] | None = None

    def of(self, short_count: ShortCount) -> dict[int, int]:
        """Return what each line loses.

        Raises StaleView unless the person saw this very short_count, and InvalidInput for units that do not add up.
        """
        if self.seen != short_count.seen:
            raise StaleView(_changed(short_count, self.seen), seen=self.seen, current=short_count.seen)
        if self.units is None:
            return short_count.latest_lose()
        losses = {one.item_id: self.units.get(one.item_id, 0) for one in short_count.held}
        if any(losses[one.item_id] > one.quantity for one in short_count.held):
            raise InvalidInput(say("An order cannot lose more units than it holds here."))
        if sum(losses.values()) != short_count.lost:
            raise InvalidInput(
                say_number(
                    "Choose who loses %(num)s unit altogether; you chose %(chosen)s.",
                    "Choose who loses %(num)s units altogether; you chose %(chosen)s.",
                    short_count.lost,
                    chosen=sum(losses.values()),
                )
            )
        return losses


def _changed(short_count: ShortCount, seen: str) -> str:
    if seen == UNSEEN:
        return say_number(
            "%(num)s unit that an order holds would not be there. Check who loses it.",
            "%(num)s units that orders hold would not be there. Check who loses them.",
            short_count.lost,
        )
    return say("Somebody changed these units meanwhile. Check who loses some now, then save again.")
