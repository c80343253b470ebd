"""Stock as a person reads it: a product at its places, who holds units, and who waits for some."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from webapp.domain.statuses import OrderStatus


class StockFilter(StrEnum):
    """Which products of the list are wanted. The values appear in addresses."""

    ALL = "all"
    RESERVED = "reserved"
    MISSING = "missing"
    EMPTY = "empty"

    @classmethod
    def of(cls, word: str) -> StockFilter:
        """Read a filter from an address; what is none of them is all."""
        return cls(word) if word in set(cls) else cls.ALL


class StockState(StrEnum):
    """What somebody should know of a product's stock before reading its numbers, the most urgent first."""

    MISSING = "missing"
    """Orders wait for units that there are not."""
    EMPTY = "empty"
    """Nothing is on hand."""
    TAKEN = "taken"
    """Units are on hand, and all of them are reserved."""
    LOW = "low"
    FINE = "fine"


@dataclass(frozen=True, slots=True)
class StockPlace:
    """One product at one place; units."""

    inventory_id: int
    warehouse: str
    location: str
    quantity: int
    reserved_quantity: int

    @property
    def available_quantity(self) -> int:
        """Units that no order has reserved."""
        return self.quantity - self.reserved_quantity


@dataclass(slots=True)
class StockedProduct:
    """A product with its places, sorted by name; sums over them in units."""

    product_id: int
    sku: str
    gtin: str | None
    name: str
    picture: str | None = None
    """Name of its picture's file; None where it has none."""
    missing_quantity: int = 0
    """Units that orders wait for."""
    places: list[StockPlace] = field(default_factory=list)

    @property
    def label(self) -> str:
        """What people call it."""
        return self.name or self.sku

    @property
    def quantity(self) -> int:
        """Units on hand."""
        return sum(place.quantity for place in self.places)

    @property
    def reserved_quantity(self) -> int:
        """Units reserved for orders."""
        return sum(place.reserved_quantity for place in self.places)

    @property
    def available_quantity(self) -> int:
        """Units on hand that no order has reserved."""
        return self.quantity - self.reserved_quantity

    def state(self, low_stock: int) -> StockState:
        """What to know first; with at most ``low_stock`` units available the product runs low."""
        if self.missing_quantity:
            return StockState.MISSING
        if not self.quantity:
            return StockState.EMPTY
        if not self.available_quantity:
            return StockState.TAKEN
        return StockState.LOW if self.available_quantity <= low_stock else StockState.FINE

    def place_at(self, warehouse: str, location: str) -> StockPlace | None:
        """Return the place with these names, if the product has one."""
        names = (warehouse, location)
        return next((place for place in self.places if (place.warehouse, place.location) == names), None)


@dataclass(frozen=True, slots=True)
class Holder:
    """An order that holds units of a product at a place, or (no place) waits for units that no place could give."""

    order_id: int
    order_number: str
    status: OrderStatus
    customer_name: str
    ship_by: datetime
    quantity: int
    warehouse: str = ""
    location: str = ""


@dataclass(frozen=True, slots=True)
class Holders:
    """Some of the orders that hold or wait for units, and how many orders and units there are altogether."""

    shown: list[Holder]
    total_rows: int
    total_units: int

    @property
    def not_shown(self) -> int:
        """How many further ones there are."""
        return self.total_rows - len(self.shown)
