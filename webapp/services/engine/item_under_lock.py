"""Locks one item and everything that shipping it touches, in two statements."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, and_, bindparam, func, select
from sqlalchemy.orm import Session

from webapp.domain.errors import ItemNotFound, OrderNotFound
from webapp.models.prepared import Prepared
from webapp.models.rows import columns_of, pairs_of, rows_of, whole
from webapp.services.engine import locked_rows, locks, parcels
from webapp.services.engine.locked_rows import LockedAllocation, LockedItem, LockedOrder, LockedPlace
from webapp.services.engine.locked_stock import LockedStock


@dataclass(slots=True, eq=False)
class ItemUnderLock:
    """One locked item, its places and allocations, and the totals that decide the order's status."""

    order: LockedOrder
    parcel_id: int | None
    """The packer's open parcel of the order."""
    item: LockedItem
    stock: LockedStock
    others_shipped: int
    others_remaining: int


def lock_one_item(db: Session, store_id: int, order_id: int, item_id: int, actor: str) -> ItemUnderLock:
    """Lock the order, then the item and its product's places in id order. Raises OrderNotFound, ItemNotFound."""
    if order_id > locks.MAX_KEY:
        raise OrderNotFound
    if item_id > locks.MAX_KEY:
        raise ItemNotFound
    locks.take_turn_to_write(db)
    connection = locks.connection_of(db)
    keys: dict[str, Any] = {"store": store_id, "order": order_id, "item": item_id}
    orders = rows_of(LockedOrder, _ORDER.run(connection, keys))
    if not orders:
        raise OrderNotFound
    keys["packer"] = actor
    at_places = pairs_of(LockedItem, _AtPlace, _ITEM_AND_PLACES.run(connection, keys))
    rows: Sequence[tuple[LockedItem, _Beside]] = at_places
    if not rows:
        rows = pairs_of(LockedItem, _Beside, _ITEM.run(connection, keys))
    if not rows:
        raise ItemNotFound
    item, beside = rows[0]
    return ItemUnderLock(
        order=orders[0],
        parcel_id=beside.parcel_id,
        item=item,
        stock=_stock(item, [at_place for _, at_place in at_places]),
        others_shipped=beside.others_shipped,
        others_remaining=beside.others_remaining,
    )


@dataclass(slots=True)
class _Beside:
    """The rest of an item's row: the packer's open parcel, and the units of the order's other items."""

    others_shipped: int
    others_remaining: int
    parcel_id: int | None


@dataclass(slots=True)
class _AtPlace(_Beside):
    """The same, with one place of the item's product and, if it exists, the item's allocation there."""

    place_id: int
    warehouse: str
    location: str
    on_hand: int
    reserved_quantity: int
    last_seq: int
    is_short: bool
    allocation_id: int | None
    reserved: int


def _stock(item: LockedItem, rows: Sequence[_AtPlace]) -> LockedStock:
    places = [
        LockedPlace(
            id=row.place_id,
            product_id=item.product_id,
            warehouse=row.warehouse,
            location=row.location,
            quantity=row.on_hand,
            reserved_quantity=row.reserved_quantity,
            last_seq=row.last_seq,
            is_short=row.is_short,
        )
        for row in rows
    ]
    allocations = [
        LockedAllocation(id=row.allocation_id, order_item_id=item.id, inventory_id=row.place_id, quantity=row.reserved)
        for row in rows
        if row.allocation_id is not None
    ]
    return LockedStock(places, allocations)


# Built once: building these statements for each tap took more CPU than running them.
_orders, _items, _places, _allocations = (
    locked_rows.orders,
    locked_rows.items,
    locked_rows.places,
    locked_rows.allocations,
)
_STORE: Final = bindparam("store", type_=_orders.c.store_id.type)
_ORDER_ID: Final = bindparam("order", type_=_orders.c.id.type)
_ITEM_ID: Final = bindparam("item", type_=_items.c.id.type)

_ORDER: Final = Prepared(
    select(*locked_rows.ORDER)
    .where(_orders.c.store_id == _STORE, _orders.c.id == _ORDER_ID)
    .with_for_update(of=_orders)
)

_other = _items.alias("other")
_others = and_(_other.c.store_id == _STORE, _other.c.order_id == _ORDER_ID, _other.c.id != _ITEM_ID)
_others_left = _other.c.quantity - _other.c.shipped_quantity - _other.c.cancelled_quantity

_BESIDE: Final[dict[str, ColumnElement[Any]]] = {
    "others_shipped": whole(
        select(func.coalesce(func.sum(_other.c.shipped_quantity), 0)).where(_others).scalar_subquery()
    ),
    "others_remaining": whole(select(func.coalesce(func.sum(_others_left), 0)).where(_others).scalar_subquery()),
    "parcel_id": parcels.open_parcel_id(_STORE, _ORDER_ID, bindparam("packer")),
}


def _item_and(beside: Sequence[ColumnElement[Any]]) -> Select[*tuple[Any, ...]]:
    """Select and lock the item, with what ``beside`` adds to its row."""
    return (
        select(*locked_rows.ITEM, *beside)
        .select_from(locked_rows.items_and_products)
        .where(_items.c.store_id == _STORE, _items.c.order_id == _ORDER_ID, _items.c.id == _ITEM_ID)
        .with_for_update(of=_items)
    )


_ITEM: Final = Prepared(_item_and(columns_of(_Beside, _items, **_BESIDE)))
"""The item alone, for a product without a place: PostgreSQL cannot lock the nullable side of an outer join."""

_AT_PLACE: Final = columns_of(
    _AtPlace,
    _places,
    **_BESIDE,
    place_id=_places.c.id,
    on_hand=_places.c.quantity,
    allocation_id=_allocations.c.id,
    reserved=_allocations.c.quantity,
)
_ITEM_AND_PLACES: Final = Prepared(
    _item_and(_AT_PLACE)
    .join(_places, and_(_places.c.store_id == _items.c.store_id, _places.c.product_id == _items.c.product_id))
    .outerjoin(
        _allocations,
        and_(
            _allocations.c.store_id == _places.c.store_id,
            _allocations.c.inventory_id == _places.c.id,
            _allocations.c.order_item_id == _ITEM_ID,
        ),
    )
    .order_by(_places.c.id)
    .with_for_update(of=[_items, _places])
)
