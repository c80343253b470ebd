"""Numbers derived from an item's or a place's units."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple


class UnitTotals(NamedTuple):
    """Units ordered, shipped and cancelled, of one item or of all items of an order."""

    ordered: int
    shipped: int
    cancelled: int

    @classmethod
    def sum_of(cls, items: Iterable[UnitTotals]) -> UnitTotals:
        """Return the sums over the items."""
        ordered = shipped = cancelled = 0
        for item in items:
            ordered += item.ordered
            shipped += item.shipped
            cancelled += item.cancelled
        return cls(ordered, shipped, cancelled)

    @property
    def remaining(self) -> int:
        """Units still to ship: ordered - shipped - cancelled."""
        return self.ordered - self.shipped - self.cancelled

    @property
    def is_fully_shipped(self) -> bool:
        """Return whether something shipped and nothing remains."""
        return self.shipped > 0 and self.remaining == 0

    @property
    def is_partially_shipped(self) -> bool:
        """Return whether something shipped and something remains."""
        return self.shipped > 0 and self.remaining > 0


class ItemUnits:
    """An item's units: ordered (``quantity``), shipped, cancelled."""

    __slots__ = ()

    quantity: int
    shipped_quantity: int
    cancelled_quantity: int

    @property
    def remaining_quantity(self) -> int:
        """Units still to ship: ordered - shipped - cancelled."""
        return self.quantity - self.shipped_quantity - self.cancelled_quantity

    @property
    def units(self) -> UnitTotals:
        """Return the item's units by themselves."""
        return UnitTotals(self.quantity, self.shipped_quantity, self.cancelled_quantity)

    @property
    def is_fully_shipped(self) -> bool:
        """Return whether something shipped and nothing remains."""
        return self.units.is_fully_shipped

    @property
    def is_partially_shipped(self) -> bool:
        """Return whether something shipped and something remains."""
        return self.units.is_partially_shipped


class PlaceUnits:
    """A place's units: on hand (``quantity``) and reserved."""

    __slots__ = ()

    quantity: int
    reserved_quantity: int
    is_short: bool
    """Reported short: nothing is reserved here until more arrives or somebody counts."""

    @property
    def available_quantity(self) -> int:
        """Units on hand that no order has reserved."""
        return self.quantity - self.reserved_quantity

    @property
    def reservable_quantity(self) -> int:
        """Units that an order may reserve: those available, unless the place was reported short."""
        return 0 if self.is_short else self.available_quantity
