"""A product's stock: its places, the orders that hold units, and the orders that wait for some."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from webapp.domain.count_tasks import CountCause
from webapp.domain.statuses import OrderStatus
from webapp.domain.units import PlaceUnits


class StockFilter(StrEnum):
    """Which products to list. The values appear in addresses."""

    ALL = "all"
    RESERVED = "reserved"
    MISSING = "missing"
    EMPTY = "empty"
    TO_COUNT = "count"
    RETIRED = "retired"

    @classmethod
    def of(cls, word: str) -> StockFilter:
        """Read a filter from an address; an unknown word means all."""
        return cls(word) if word in set(cls) else cls.ALL


class CodeRoad(StrEnum):
    """How a code came to a product, or left it. The values are stored."""

    SCREEN = "screen"
    IMPORT = "import"
    MERGE = "merge"


class StockState(StrEnum):
    """The most urgent fact about a product's stock, the most urgent first."""

    MISSING = "missing"
    """Orders wait for units that are not on hand."""
    EMPTY = "empty"
    """Nothing is on hand."""
    ALL_RESERVED = "reserved"
    """Units are on hand, but all of them are reserved."""
    LOW = "low"
    FINE = "fine"


@dataclass(frozen=True, slots=True)
class StockPlace(PlaceUnits):
    """One product at one place; units."""

    inventory_id: int
    warehouse: str
    location: str
    quantity: int
    reserved_quantity: int
    is_short: bool = False
    """Reported short: nothing is reserved here until more arrives or somebody counts."""
    count_cause: CountCause | None = None
    """Why a manager is asked to count it; None if nobody asks."""
    count_asked_by: str | None = None
    count_asked_at: datetime | None = None


class TaughtCode(NamedTuple):
    """A code of a product, with who added it."""

    id: int
    code: str
    units: int
    taught_by: str
    taught_at: datetime


class CodeChange(NamedTuple):
    """An entry of the journal of a product's codes: what was added or removed, by whom, when, and how."""

    code: str
    units: int
    is_removal: bool
    changed_by: str
    changed_at: datetime
    road: CodeRoad | None
    """None for an entry from before it was stored."""


@dataclass(slots=True)
class StockedProduct:
    """A product with its places by name, and sums over them; units."""

    product_id: int
    sku: str
    gtin: str | None
    name: str
    picture: str | None = None
    """File name of its picture; None without one."""
    weight_grams: int | None = None
    hs_code: str | None = None
    origin_country: str | None = None
    """What a parcel needs of it; None if it is not known."""
    retired_by: str | None = None
    retired_at: datetime | None = None
    """When the shop stopped to sell it; None if it did not."""
    missing_quantity: int = 0
    """Units that orders wait for."""
    places: list[StockPlace] = field(default_factory=list)

    @property
    def label(self) -> str:
        """The product's name, else its SKU."""
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
        """Return the most urgent state; the product is low with at most ``low_stock`` units available."""
        if self.missing_quantity:
            return StockState.MISSING
        if not self.quantity:
            return StockState.EMPTY
        if not self.available_quantity:
            return StockState.ALL_RESERVED
        return StockState.LOW if self.available_quantity <= low_stock else StockState.FINE

    def place_at(self, warehouse: str, location: str) -> StockPlace | None:
        """Return the place with these names, if the product has one."""
        names = (warehouse, location)
        return next((place for place in self.places if (place.warehouse, place.location) == names), None)


@dataclass(frozen=True, slots=True)
class Holder:
    """An order that holds units of a product at a place, or waits for units (then without a place)."""

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
    """The first orders that hold or wait for units, and the totals of orders and units."""

    shown: list[Holder]
    total_rows: int
    total_units: int

    @property
    def not_shown(self) -> int:
        """How many orders are left out."""
        return self.total_rows - len(self.shown)
