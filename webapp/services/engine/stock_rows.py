"""What the stock services ask of the rows they work on.

The models answer it, and so do the plain rows of ``locked_rows``, which a tap of the packer's reads and writes
without the ORM's bookkeeping.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol, TypeVar

from sqlalchemy import Connection
from sqlalchemy.orm import Session

from webapp.domain.statuses import OrderStatus


class OrderRow(Protocol):
    """An order under lock."""

    id: int
    order_number: str
    status: OrderStatus
    version: int


class ItemRow(Protocol):
    """An order's item under lock; units."""

    store_id: int
    id: int
    order_id: int
    product_id: int
    quantity: int
    shipped_quantity: int
    cancelled_quantity: int
    changed_in_version: int

    @property
    def remaining_quantity(self) -> int: ...

    @property
    def is_fully_shipped(self) -> bool: ...

    @property
    def is_placeholder(self) -> bool: ...


class PlaceRow(Protocol):
    """One product at one place, under lock; units."""

    id: int
    product_id: int
    warehouse: str
    location: str
    quantity: int
    reserved_quantity: int
    last_seq: int

    @property
    def available_quantity(self) -> int: ...


class AllocationRow(Protocol):
    """An item's allocation on a place; units still reserved."""

    id: int
    order_item_id: int
    inventory_id: int
    quantity: int


class SavesRows(Protocol):
    """Whoever holds plain rows writes them, since no session does."""

    def save(
        self, db: Session, connection: Connection, places: Iterable[PlaceRow], allocations: Iterable[AllocationRow]
    ) -> None: ...


Item = TypeVar("Item", bound=ItemRow)
