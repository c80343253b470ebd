"""What the plain model of stock is made of: places, orders with their items, lines that were shipped, returns."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field


@dataclass
class Place:
    product: str
    location: str
    on_hand: int = 0
    reserved: int = 0
    short: bool = False
    """Reported short: nothing is reserved here until more arrives or somebody counts."""
    counts: int = 0
    """How often it was counted."""

    @property
    def free(self) -> int:
        return 0 if self.short else self.on_hand - self.reserved


@dataclass(eq=False)
class Line:
    """A shipped line: the item, its units, and from which places they left (place number, units)."""

    item: Item
    units: int
    left: list[tuple[int, int]]
    undone: bool = False


@dataclass
class Return:
    """Units of an item that came back, to a location or nowhere."""

    item: Item
    units: int
    location: str | None
    counts_before: int = 0
    """How often the place had been counted."""


@dataclass(eq=False)
class Item:
    order: Order
    product: str | None
    gtin: str
    ordered: int
    shipped: int = 0
    cancelled: int = 0
    returned: int = 0
    allocations: dict[int, int] = field(default_factory=lambda: defaultdict(int))

    @property
    def remaining(self) -> int:
        return self.ordered - self.shipped - self.cancelled

    @property
    def lacking(self) -> int:
        return self.remaining - sum(self.allocations.values())


@dataclass(eq=False)
class Order:
    status: str = "pending"
    before_shipping: str = "pending"
    items: list[Item] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    returns: list[Return] = field(default_factory=list)
