"""Chooses the places to reserve from."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, Protocol, TypeVar

from webapp.domain.wording import say

MAIN_WAREHOUSE: Final = "main"
"""The warehouse that screens do not name."""

NO_CONTROLS: Final = say("A place's name holds characters that no keyboard types. Type it again.")
"""The message for control characters, which would break log lines."""


class ReservablePlace(Protocol):
    """A place to choose from: its reservable units, and the names that break a tie."""

    @property
    def reservable_quantity(self) -> int: ...

    @property
    def warehouse(self) -> str: ...

    @property
    def location(self) -> str: ...


P = TypeVar("P", bound=ReservablePlace)


def choose_places(needed: int, places: Iterable[P]) -> list[tuple[P, int]]:
    """Return ``[(place, units), ...]``: never more than may be reserved at a place, in total at most ``needed`` units.

    A place that covers the whole need wins (the fullest, then by name), so that a packer walks once. Otherwise the need
    is split, fullest places first. What the sum lacks is a backorder.

    Source: docs/contract.md, "Choosing places".
    """
    stocked = sorted(
        (place for place in places if place.reservable_quantity > 0),
        key=lambda place: (-place.reservable_quantity, place.warehouse, place.location),
    )
    chosen: list[tuple[P, int]] = []
    for place in stocked:
        if needed <= 0:
            break
        units = min(needed, place.reservable_quantity)
        chosen.append((place, units))
        needed -= units
    return chosen
