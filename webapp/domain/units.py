"""Numbers derived from an item's or a place's units."""

from __future__ import annotations


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
    def is_fully_shipped(self) -> bool:
        """Return whether something shipped and nothing remains."""
        return self.shipped_quantity > 0 and self.remaining_quantity == 0

    @property
    def is_partially_shipped(self) -> bool:
        """Return whether something shipped and something remains."""
        return self.shipped_quantity > 0 and self.remaining_quantity > 0


class PlaceUnits:
    """A place's units: on hand (``quantity``) and reserved."""

    __slots__ = ()

    quantity: int
    reserved_quantity: int

    @property
    def available_quantity(self) -> int:
        """Units on hand that no order has reserved."""
        return self.quantity - self.reserved_quantity
