"""Dictionaries that services return. Keys and meanings: docs/contract.md, "Service calls"."""

from __future__ import annotations

from typing import NotRequired, TypedDict, final


class SkippedItem(TypedDict):
    """An item that a stock action skipped, wholly or in part."""

    item_id: int
    product_id: int
    reason: str
    quantity: int
    """Units that stock could not cover."""


@final
class ReserveResult(TypedDict):
    """``reserved_count`` counts items, ``reserved_units`` units."""

    order_id: int
    order_number: str
    reserved_count: int
    reserved_units: int
    skipped_items: list[SkippedItem]


@final
class FulfillResult(TypedDict):
    """``fulfilled_count`` counts items, ``fulfilled_units`` units."""

    order_id: int
    order_number: str
    fulfilled_count: int
    fulfilled_units: int
    skipped_items: list[SkippedItem]


@final
class ReleaseResult(TypedDict):
    """``released_count`` counts items, ``released_units`` units."""

    order_id: int
    order_number: str
    released_count: int
    released_units: int
    skipped_items: list[SkippedItem]


StockResult = ReserveResult | FulfillResult | ReleaseResult


class ShipItemResult(TypedDict):
    """One item's numbers after shipping; if nothing shipped, ``fulfilled_quantity`` is 0 and ``message`` says why."""

    order_id: int
    item_id: int
    fulfilled_quantity: int
    shipped_quantity: int
    remaining_quantity: int
    is_fully_shipped: bool
    message: NotRequired[str]


class ItemShipmentStatus(TypedDict):
    """One item in the shipment status; units throughout."""

    item_id: int
    product_id: int
    product_name: str
    sku: str
    gtin: str | None
    quantity: int
    shipped_quantity: int
    cancelled_quantity: int
    returned_quantity: int
    reserved_quantity: int
    remaining_quantity: int
    is_fully_shipped: bool
    is_partially_shipped: bool
    unit_price: NotRequired[str | None]
    """What the shop asks for one as it counts them: a decimal; only where a whole order is read."""
    pack_units: NotRequired[int]
    """Units in one that the shop counts; only where a whole order is read."""
    weight_grams: int | None
    hs_code: str | None
    origin_country: str | None


class ShipmentStatus(TypedDict):
    """An order's shipment status: the fields of docs/contract.md, "Worked examples", and some more."""

    order_id: int
    order_number: str
    order_status: str
    version: int
    is_fully_shipped: bool
    is_partially_shipped: bool
    shipped_item_count: int
    total_item_count: int
    total_shipped_units: int
    total_ordered_units: int
    total_cancelled_units: int
    items: list[ItemShipmentStatus]


class StockLevel(TypedDict):
    """One product at one place after a change; units."""

    inventory_id: int
    product_id: int
    warehouse: str
    location: str
    quantity: int
    reserved_quantity: int
    available_quantity: int
    lost_quantity: NotRequired[int]
    """Reserved units that were not there, if any."""
