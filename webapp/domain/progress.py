"""An order's progress, item by item, as a packer sees it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Final

from webapp.domain.assignments import OrderHolder
from webapp.domain.causes import Cause
from webapp.domain.codes import shown_gtin
from webapp.domain.holds import Hold
from webapp.domain.money import NO_PRICES, OrderPrices
from webapp.domain.parcel_data import NOTHING_KNOWN, ParcelData
from webapp.domain.placement import MAIN_WAREHOUSE
from webapp.domain.statuses import CLOSED_STATUSES, RESERVING_STATUSES, UNDOABLE_STATUSES, OrderStatus
from webapp.domain.units import UnitTotals

_DIGITS: Final = re.compile(r"([0-9]+)")

WalkingKey = tuple[tuple[bool, int, str], ...]


def walking_key(*names: str) -> WalkingKey:
    """Sort key of a place on the walk through the warehouse: A-2 before A-10, upper and lower case alike."""
    key: list[tuple[bool, int, str]] = []
    for name in names:
        parts = _DIGITS.split(name.casefold())
        key += [(False, int(part), "") if part.isdecimal() else (True, 0, part) for part in parts if part]
        key.append((False, -1, ""))
    return tuple(key)


@dataclass(frozen=True, slots=True)
class ItemAllocation:
    """Units reserved for an item at one place."""

    inventory_id: int
    warehouse: str
    location: str
    quantity: int
    on_hand: int = 0
    """Units of the product there, for any order or none."""

    @property
    def walking_key(self) -> WalkingKey:
        """Sort key of the place; the walk begins in the main warehouse."""
        return walking_key("" if self.warehouse == MAIN_WAREHOUSE else self.warehouse, self.location)


@dataclass(frozen=True, slots=True)
class UsualPlace:
    """Where an item's product may be found although nothing is reserved: its fullest place."""

    warehouse: str
    location: str


@dataclass(frozen=True, slots=True)
class MissingUnits:
    """An open stock exception of an item: its cause and units."""

    cause: Cause
    quantity: int


@dataclass(frozen=True, slots=True)
class PackedLine:
    """Units of an item in a parcel that were not undone."""

    id: int
    item_id: int
    quantity: int
    shipped_by: str
    shipped_at: datetime


@dataclass(frozen=True, slots=True)
class ParcelLine:
    """Units of an item in a parcel; if undone, with when and by whom."""

    packed: PackedLine
    undone_by: str
    undone_at: datetime | None


@dataclass(frozen=True, slots=True)
class Parcel:
    """A parcel of an order, with its lines."""

    id: int
    packed_by: str
    created_at: datetime
    closed_at: datetime | None
    carrier: str
    tracking_number: str
    lines: list[ParcelLine] = field(default_factory=list)


@dataclass
class ItemProgress:
    """One order item; all numbers are units. Allocations and missing units are added before its properties are read."""

    id: int
    position: int
    product_name: str
    sku: str
    gtin: str
    is_placeholder: bool
    ordered: int
    shipped: int
    cancelled: int
    returned: int
    changed_in_version: int
    picture: str | None = None
    """File name of the product's picture; None without one."""
    product_sku: str = ""
    product_gtin: str = ""
    """The product's code; the placeholder's if the product is unknown."""
    allocations: list[ItemAllocation] = field(default_factory=list)
    missing: list[MissingUnits] = field(default_factory=list)
    further_codes: list[str] = field(default_factory=list)
    """The other codes of its product: a case's, or of another box."""
    units_of_codes: dict[str, int] = field(default_factory=dict)
    """Units of those codes that stand for several: a case of 6."""
    picks: dict[str, int] = field(default_factory=dict)
    """Units that each person has picked and not shipped, by name."""
    usual_place: UsualPlace | None = None
    """Set for an open item without reserved units, if its product has a place."""
    known_places: Sequence[tuple[str, str]] = ()
    """Warehouse and location of its product's places, where a screen asks for one; see ``stock_queries``."""

    def show_gtins(self) -> None:
        """Replace GTINs of 14 digits by those that the goods show, in the name as well if it is the line's GTIN."""
        shown = shown_gtin(self.gtin)
        self.product_name = shown if self.product_name == self.gtin else self.product_name
        self.gtin, self.product_gtin = shown, shown_gtin(self.product_gtin)

    @property
    def units(self) -> UnitTotals:
        """Return the item's units by themselves."""
        return UnitTotals(self.ordered, self.shipped, self.cancelled)

    @cached_property
    def remaining(self) -> int:
        """Units still to ship."""
        return self.units.remaining

    @cached_property
    def reserved(self) -> int:
        """Units reserved at any place."""
        return sum(allocation.quantity for allocation in self.allocations)

    @cached_property
    def unreserved(self) -> int:
        """Units still to ship that are not reserved; in a processing order they are its backorder."""
        return self.remaining - self.reserved

    @property
    def codes(self) -> tuple[str, ...]:
        """SKU and GTIN of the line as ordered, and of its product; each once."""
        of_product = () if self.is_placeholder else (self.product_gtin, self.product_sku)
        return tuple(dict.fromkeys(code for code in (self.sku, self.gtin, *of_product) if code))

    @property
    def scanned_codes(self) -> tuple[str, ...]:
        """Return all that a scan of the item may read."""
        return (*self.codes, *self.further_codes)

    @property
    def codes_words(self) -> str:
        """Return the codes of line and product in one line."""
        return " · ".join(self.codes)

    @property
    def first_code(self) -> str:
        """Return the code that people read on a row: the line's SKU, or what it has instead."""
        return self.codes[0] if self.codes else ""

    @property
    def further_words(self) -> str:
        """Return all codes but the first in one line, for the browser's scanner."""
        return " · ".join(dict.fromkeys((*self.codes[1:], *self.further_codes)))

    @property
    def cases_words(self) -> str:
        """Return the codes that stand for several units, each with their number, for the browser's scanner."""
        return " · ".join(f"{code} = {units}" for code, units in self.units_of_codes.items())

    @cached_property
    def is_done(self) -> bool:
        """Return whether nothing is left to ship."""
        return self.remaining == 0

    @property
    def walking_key(self) -> tuple[bool, WalkingKey, int]:
        """Sort key of the item on the walk: by its first place; items without a place come last."""
        return (
            not self.allocations,
            min((allocation.walking_key for allocation in self.allocations), default=()),
            self.position,
        )


@dataclass(frozen=True)
class OrderProgress:
    """An order with its items by position, recently packed lines (newest first), and the line packed last."""

    id: int
    order_number: str
    customer_name: str
    shown_number: str
    """With its channel where another order of the store has the number."""
    channel: str
    status: OrderStatus
    version: int
    ordered_at: datetime
    ship_by: datetime
    items: list[ItemProgress]
    recent_lines: list[PackedLine]
    packed_last: PackedLine | None
    assignments: Sequence[OrderHolder] = ()
    """Whose it is, with those that have ended by the clock; see ``assignments.standing``."""
    hold: Hold | None = None
    """Why nobody ships it yet."""
    upstream_changes: int = 0
    """How often the shop has changed it."""
    seen_changes: int = 0
    """How many of these the screen shows that asks; fewer while nobody has looked at it since."""
    note_is_unread: bool = False
    """Whether the packing note must still be read."""
    parcel_data: ParcelData = NOTHING_KNOWN
    """Read for pages that show it, not after each shipment."""
    prices: OrderPrices = NO_PRICES
    """Read for the order's page alone."""
    note_read_by: str = ""
    note_read_at: datetime | None = None
    erased_by: str = ""
    erased_at: datetime | None = None
    """Who erased the person's data, and when."""

    @property
    def is_behind(self) -> bool:
        """Return whether the shop has changed the order since the screen was drawn."""
        return self.seen_changes < self.upstream_changes

    @property
    def is_erased(self) -> bool:
        """Return whether the person's data were erased; the order must be read with its parcel data."""
        return self.erased_at is not None

    @cached_property
    def units(self) -> UnitTotals:
        """Units over all items."""
        return UnitTotals.sum_of(item.units for item in self.items)

    @property
    def ordered(self) -> int:
        """Units ordered, over all items."""
        return self.units.ordered

    @property
    def shipped(self) -> int:
        """Units shipped, over all items."""
        return self.units.shipped

    @property
    def cancelled(self) -> int:
        """Units cancelled, over all items."""
        return self.units.cancelled

    @cached_property
    def remaining(self) -> int:
        """Units still to ship, over all items."""
        return self.units.remaining

    @cached_property
    def may_ship(self) -> bool:
        """Return whether units are left and the status allows shipping."""
        return self.status not in CLOSED_STATUSES and self.remaining > 0

    @property
    def is_started(self) -> bool:
        """Return whether a manager, or the store's setting, has started the order."""
        return self.status is not OrderStatus.PENDING

    @property
    def may_pick(self) -> bool:
        """Return whether its units are packers' work: they may ship, and the order is started and not on hold."""
        return self.may_ship and self.is_started and self.hold is None

    @property
    def holds_stock(self) -> bool:
        """Return whether the order reserves stock: its unreserved units are a backorder."""
        return self.status in RESERVING_STATUSES

    @property
    def may_undo(self) -> bool:
        """Return whether a shipped line may still be undone."""
        return self.status in UNDOABLE_STATUSES

    def item(self, item_id: int) -> ItemProgress | None:
        """Return an item by id; None if it is not this order's."""
        return self._by_id.get(item_id)

    @cached_property
    def newest_recent_lines(self) -> dict[int, PackedLine]:
        """Each item's newest recently packed line, by item id."""
        return {line.item_id: line for line in reversed(self.recent_lines)}

    @cached_property
    def _by_id(self) -> dict[int, ItemProgress]:
        return {item.id: item for item in self.items}
