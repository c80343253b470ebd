"""What a merge of two products moved, as it is stored, so that the merge can be undone."""

from __future__ import annotations

from datetime import datetime
from typing import Any, NamedTuple, TypedDict, cast


class MovedPlace(NamedTuple):
    """Units that were moved from a place of the merged product to the same place of the survivor."""

    from_id: int
    to_id: int
    units: int


class MovedUnits(NamedTuple):
    """Reserved units of an order's item that were moved along."""

    item_id: int
    from_id: int
    to_id: int
    units: int


class FilledUnits(NamedTuple):
    """Units that an item got at a place because the merge made them available."""

    item_id: int
    place_id: int
    units: int


class MovedMatch(NamedTuple):
    """A match that follows the survivor, and when somebody made it last."""

    match_id: int
    matched_at: str


class MergedParts(TypedDict):
    """What a merge moved, and what tells whether anything happened to either product since."""

    places: list[MovedPlace]
    reservations: list[MovedUnits]
    filled: list[FilledUnits]
    lines: list[int]
    """Items that follow the survivor."""
    open_lines: list[int]
    """Items of both products that were open."""
    last_item: int
    """The store's newest item."""
    seqs: dict[str, int]
    """The last ``seq`` by place, as text: JSON knows no other keys."""
    codes: list[str]
    """Codes that follow the survivor."""
    new_codes: list[str]
    """Codes that the survivor got by the merge: the SKU, and a GTIN that both had."""
    last_change: int
    """The newest entry of the codes' journal, of both products."""
    matches: list[MovedMatch]
    gtin: str | None
    """The GTIN that screens showed of the merged product."""
    survivor_gtin: str | None
    """The one of the survivor before."""
    supplements: dict[str, Any]
    """Columns that the survivor lacked and got: picture, weight, customs code, origin."""
    retired_by: str | None
    retired_at: str | None
    """Whether the merged product was retired before."""
    merged_before: list[int]
    """Products that had been merged into the merged one."""


class MergedTwin(NamedTuple):
    """The other product of a merge, and who merged them when."""

    product_id: int
    sku: str
    name: str
    is_survivor: bool
    """It stays; otherwise it was merged away."""
    merged_by: str
    merged_at: datetime


class OrderWithLines(NamedTuple):
    """An order with open lines of a product: units still to ship, and how many of them are reserved."""

    order_id: int
    order_number: str
    units: int
    reserved: int


class OpenLines(NamedTuple):
    """The first orders with open lines of a product, and how many there are."""

    shown: list[OrderWithLines]
    total_orders: int


def read_parts(stored: dict[str, Any]) -> MergedParts:
    """Return the stored parts with names: JSON has lists for records."""
    named = {
        "places": [MovedPlace(*row) for row in stored["places"]],
        "reservations": [MovedUnits(*row) for row in stored["reservations"]],
        "filled": [FilledUnits(*row) for row in stored["filled"]],
        "matches": [MovedMatch(*row) for row in stored["matches"]],
    }
    return cast(MergedParts, {**stored, **named})
