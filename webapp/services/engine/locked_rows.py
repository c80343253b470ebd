"""Locked rows as plain objects: an order, its items, their products' places, the items' allocations.

Plain rows instead of models: the ORM's loading and flushing took more CPU than the database did (ADR 0009).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from sqlalchemy import and_, select

from webapp.domain.causes import ExceptionState
from webapp.domain.holds import Hold
from webapp.domain.statuses import OrderStatus
from webapp.domain.units import ItemUnits, PlaceUnits
from webapp.models import Allocation, Inventory, Order, OrderItem, Pick, Product, StockException
from webapp.models.base import constant, table_of
from webapp.models.order import note_is_unread
from webapp.models.rows import columns_of


@dataclass(slots=True, eq=False)
class LockedOrder:
    """The order's row."""

    id: int
    order_number: str
    status: OrderStatus
    version: int
    ordered_at: datetime
    note_is_unread: bool = False
    """Whether its packing note must still be read."""
    upstream_changes: int = 0
    """How often the shop's changes were followed."""
    hold: Hold | None = None
    """Why nobody ships it yet."""
    stored_status: OrderStatus = field(init=False)
    """The status that the database has. SQLite writes the indexes of a column whenever an UPDATE names it."""

    def __post_init__(self) -> None:
        self.stored_status = self.status


@dataclass(slots=True, eq=False)
class LockedItem(ItemUnits):
    """The item's row, whether its product is the placeholder, and whether it has open stock exceptions and picks."""

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
    has_picks: bool
    match_id: int | None = None


@dataclass(slots=True, eq=False)
class LockedPlace(PlaceUnits):
    """One product at one place."""

    id: int
    product_id: int
    warehouse: str
    location: str
    quantity: int
    reserved_quantity: int
    last_seq: int
    is_short: bool


@dataclass(slots=True, eq=False)
class LockedAllocation:
    """An item's allocation at one place; its id is 0 until it is stored."""

    id: int
    order_item_id: int
    inventory_id: int
    quantity: int


orders, items, products = table_of(Order), table_of(OrderItem), table_of(Product)
places, allocations, exceptions = table_of(Inventory), table_of(Allocation), table_of(StockException)
picks = table_of(Pick)

has_exceptions: Final = (
    select(exceptions.c.id)
    .where(
        exceptions.c.store_id == items.c.store_id,
        exceptions.c.order_item_id == items.c.id,
        exceptions.c.state == constant(ExceptionState.OPEN),
    )
    .correlate(items)
    .exists()
)
has_picks: Final = (
    select(picks.c.id)
    .where(picks.c.store_id == items.c.store_id, picks.c.order_item_id == items.c.id)
    .correlate(items)
    .exists()
)
ORDER: Final = columns_of(LockedOrder, orders, note_is_unread=note_is_unread(orders))
ITEM: Final = columns_of(
    LockedItem,
    items,
    is_placeholder=products.c.is_placeholder,
    has_exceptions=has_exceptions,
    has_picks=has_picks,
)
PLACE: Final = columns_of(LockedPlace, places)
ALLOCATION: Final = columns_of(LockedAllocation, allocations)
"""Columns of each plain row."""

items_and_products: Final = items.join(
    products, and_(products.c.store_id == items.c.store_id, products.c.id == items.c.product_id)
)
