"""Protocols of the rows that stock services work on; the plain rows of ``locked_rows`` implement them."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol, TypeVar

from webapp.domain.statuses import OrderStatus
from webapp.domain.units import UnitTotals


class OrderRow(Protocol):
    """A locked order."""

    id: int
    order_number: str
    status: OrderStatus
    version: int
    ordered_at: datetime
    stored_status: OrderStatus


class ItemRow(Protocol):
    """A locked order item; units."""

    store_id: int
    id: int
    order_id: int
    product_id: int
    quantity: int
    shipped_quantity: int
    cancelled_quantity: int
    returned_quantity: int
    changed_in_version: int
    is_placeholder: bool
    has_exceptions: bool
    """It has open stock exceptions."""
    has_picks: bool
    """Somebody has picked units of it that have not shipped."""

    @property
    def units(self) -> UnitTotals: ...

    @property
    def remaining_quantity(self) -> int: ...

    @property
    def is_fully_shipped(self) -> bool: ...


class PlaceRow(Protocol):
    """One product at one place, locked; units."""

    id: int
    product_id: int
    warehouse: str
    location: str
    quantity: int
    reserved_quantity: int
    last_seq: int
    is_short: bool
    """Reported short: nothing is reserved here until more arrives or somebody counts."""

    @property
    def available_quantity(self) -> int: ...

    @property
    def reservable_quantity(self) -> int: ...


class AllocationRow(Protocol):
    """An item's allocation at a place; units still reserved."""

    id: int
    order_item_id: int
    inventory_id: int
    quantity: int


Item = TypeVar("Item", bound=ItemRow)
