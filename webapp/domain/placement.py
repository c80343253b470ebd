"""Choosing the places to reserve from: one replaceable function."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, Protocol, TypeVar

MAIN_WAREHOUSE: Final = "main"
"""The warehouse that needs no naming."""


class Place(Protocol):
    """What the choice looks at: units available there, and the names that break a tie."""

    @property
    def available_quantity(self) -> int: ...

    @property
    def warehouse(self) -> str: ...

    @property
    def location(self) -> str: ...


P = TypeVar("P", bound=Place)


def choose_places(needed: int, places: Iterable[P]) -> list[tuple[P, int]]:
    """Return ``[(place, units), ...]``: never more than is available anywhere, together at most ``needed`` units.

    One place that covers the whole need wins (the fullest, then by name, so that a packer walks once); otherwise the
    need is split, fullest places first. What is missing from the sum is a backorder.

    Source: docs/contract.md, "Choosing places".
    """
    stocked = sorted(
        (place for place in places if place.available_quantity > 0),
        key=lambda place: (-place.available_quantity, place.warehouse, place.location),
    )
    chosen: list[tuple[P, int]] = []
    for place in stocked:
        if needed <= 0:
            break
        units = min(needed, place.available_quantity)
        chosen.append((place, units))
        needed -= units
    return chosen
