"""Locks one item and everything that shipping it touches, in two statements."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Row, and_, bindparam, func, select
from sqlalchemy.orm import Session

from webapp.domain.errors import ItemNotFound, OrderNotFound
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
    order = connection.execute(_ORDER, keys).one_or_none()
    if order is None:
        raise OrderNotFound
    keys["packer"] = actor
    rows = connection.execute(_ITEM_AND_PLACES, keys).all() or connection.execute(_ITEM, keys).all()
    if not rows:
        raise ItemNotFound
    first = rows[0]
    return ItemUnderLock(
        order=LockedOrder(*order),
        parcel_id=first.parcel_id,
        item=_item(first),
        stock=_stock(rows) if "place_id" in first._fields else LockedStock((), ()),
        others_shipped=int(first.others_shipped),
        others_remaining=int(first.others_remaining),
    )


def _item(row: Row[Any]) -> LockedItem:
    return LockedItem(
        store_id=row.store_id,
        id=row.id,
        order_id=row.order_id,
        product_id=row.product_id,
        quantity=row.quantity,
        shipped_quantity=row.shipped_quantity,
        cancelled_quantity=row.cancelled_quantity,
        returned_quantity=row.returned_quantity,
        changed_in_version=row.changed_in_version,
        is_placeholder=row.is_placeholder,
        has_exceptions=row.has_exceptions,
    )


def _stock(rows: Sequence[Row[Any]]) -> LockedStock:
    places = [
        LockedPlace(
            id=row.place_id,
            product_id=row.product_id,
            warehouse=row.warehouse,
            location=row.location,
            quantity=row.on_hand,
            reserved_quantity=row.reserved_quantity,
            last_seq=row.last_seq,
        )
        for row in rows
    ]
    allocations = [
        LockedAllocation(id=row.allocation_id, order_item_id=row.id, inventory_id=row.place_id, quantity=row.reserved)
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

_ORDER: Final = (
    select(*locked_rows.ORDER)
    .where(_orders.c.store_id == _STORE, _orders.c.id == _ORDER_ID)
    .with_for_update(of=_orders)
)

_other = _items.alias("other")
_others = and_(_other.c.store_id == _STORE, _other.c.order_id == _ORDER_ID, _other.c.id != _ITEM_ID)
_others_left = _other.c.quantity - _other.c.shipped_quantity - _other.c.cancelled_quantity

_ITEM: Final = (
    select(
        *_items.c[
            "store_id",
            "id",
            "order_id",
            "product_id",
            "quantity",
            "shipped_quantity",
            "cancelled_quantity",
            "returned_quantity",
            "changed_in_version",
        ],
        locked_rows.products.c.is_placeholder,
        locked_rows.has_exceptions.label("has_exceptions"),
        select(func.coalesce(func.sum(_other.c.shipped_quantity), 0))
        .where(_others)
        .scalar_subquery()
        .label("others_shipped"),
        select(func.coalesce(func.sum(_others_left), 0)).where(_others).scalar_subquery().label("others_remaining"),
        parcels.open_parcel_id(_STORE, _ORDER_ID, bindparam("packer")).label("parcel_id"),
    )
    .select_from(locked_rows.items_and_products)
    .where(_items.c.store_id == _STORE, _items.c.order_id == _ORDER_ID, _items.c.id == _ITEM_ID)
    .with_for_update(of=_items)
)
"""The item alone, for a product without a place: PostgreSQL cannot lock the nullable side of an outer join."""

_ITEM_AND_PLACES: Final = (
    _ITEM.add_columns(
        _places.c.id.label("place_id"),
        _places.c.warehouse,
        _places.c.location,
        _places.c.quantity.label("on_hand"),
        _places.c.reserved_quantity,
        _places.c.last_seq,
        _allocations.c.id.label("allocation_id"),
        _allocations.c.quantity.label("reserved"),
    )
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
