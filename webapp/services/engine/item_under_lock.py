"""One item under lock with all that shipping it touches: two statements to read, one for each kind of row to write."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Connection,
    Row,
    Table,
    and_,
    bindparam,
    func,
    select,
)
from sqlalchemy.orm import Session

from webapp.domain.errors import ItemNotFound, OrderNotFound
from webapp.domain.skips import ExceptionState
from webapp.models import Allocation, Inventory, Order, OrderItem, Product, StockException
from webapp.models.base import table_of
from webapp.services.engine import locked_rows, locks, parcels
from webapp.services.engine.locked_rows import LockedAllocation, LockedItem, LockedOrder, LockedPlace
from webapp.services.engine.locked_stock import LockedStock
from webapp.services.engine.stock_rows import AllocationRow, PlaceRow

if TYPE_CHECKING:
    from _typeshed import DataclassInstance


@dataclass(slots=True, eq=False)
class ItemUnderLock:
    """One item under lock, its places and allocations, and what the order's status will follow from."""

    order: LockedOrder
    parcel_id: int | None
    """The packer's open parcel of the order."""
    item: LockedItem
    stock: LockedStock
    others_shipped: int
    others_remaining: int
    has_exceptions: bool

    def save(
        self, db: Session, connection: Connection, places: Iterable[PlaceRow], allocations: Iterable[AllocationRow]
    ) -> None:
        """Write the order, the item, and the ``places`` and ``allocations`` that changed."""
        for written, rows in (
            (locked_rows.ORDERS, [self.order]),
            (locked_rows.ITEMS, [self.item]),
            (locked_rows.PLACES, list(places)),
            (locked_rows.ALLOCATIONS, list(allocations)),
        ):
            written.save(db, connection, self.item.store_id, rows)


def lock_one_item(db: Session, store_id: int, order_id: int, item_id: int, actor: str) -> ItemUnderLock:
    """Lock the order, then the item and its product's places in id order. Raises OrderNotFound, ItemNotFound."""
    if order_id > locks.MAX_KEY:
        raise OrderNotFound
    if item_id > locks.MAX_KEY:
        raise ItemNotFound
    locks.take_turn_to_write(db)
    db.flush()  # What a caller changed in a session of its own.
    connection = db.connection()
    keys: dict[str, Any] = {"store": store_id, "order": order_id, "item": item_id}
    order = connection.execute(_ORDER, keys).one_or_none()
    if order is None:
        raise OrderNotFound
    keys["packer"] = actor
    rows = connection.execute(_ITEM_AND_PLACES, keys).all() or connection.execute(_ITEM, keys).all()
    if not rows:
        raise ItemNotFound
    others_shipped, others_remaining, has_exceptions, parcel_id = rows[0][_ITEM_END:_FACTS_END]
    return ItemUnderLock(
        order=LockedOrder(*order),
        parcel_id=parcel_id,
        item=LockedItem(*rows[0][:_ITEM_END]),
        stock=_shelves(rows),
        others_shipped=int(others_shipped),
        others_remaining=int(others_remaining),
        has_exceptions=bool(has_exceptions),
    )


def _shelves(rows: Sequence[Row[*tuple[Any, ...]]]) -> LockedStock:
    places = [LockedPlace(*row[_FACTS_END:_PLACE_END]) for row in rows if len(row) > _FACTS_END]
    allocations = [
        LockedAllocation(*row[_PLACE_END:]) for row in rows if len(row) > _FACTS_END and row[_PLACE_END] is not None
    ]
    return LockedStock(places, allocations)


def _columns(row: type[DataclassInstance], table: Table, **elsewhere: ColumnElement[Any]) -> list[ColumnElement[Any]]:
    """Return the columns of a plain row in the order of its fields: its table's, save those that lie ``elsewhere``."""
    return [elsewhere[field.name] if field.name in elsewhere else table.c[field.name] for field in fields(row)]


# The statements are built once: building them anew for each tap took more CPU than running them.
_STORE: BindParameter[int] = bindparam("store")
_ORDER_ID: BindParameter[int] = bindparam("order")
_ITEM_ID: BindParameter[int] = bindparam("item")
_orders, _items, _products = table_of(Order), table_of(OrderItem), table_of(Product)
_places, _allocation_table, _exceptions = table_of(Inventory), table_of(Allocation), table_of(StockException)

_ORDER: Final = (
    select(*_columns(LockedOrder, _orders))
    .where(_orders.c.store_id == _STORE, _orders.c.id == _ORDER_ID)
    .with_for_update(of=_orders)
)

_other = _items.alias("other")
_others = and_(_other.c.store_id == _STORE, _other.c.order_id == _ORDER_ID, _other.c.id != _ITEM_ID)
_others_left = _other.c.quantity - _other.c.shipped_quantity - _other.c.cancelled_quantity

_ITEM: Final = (
    select(
        *_columns(LockedItem, _items, is_placeholder=_products.c.is_placeholder),
        select(func.coalesce(func.sum(_other.c.shipped_quantity), 0)).where(_others).scalar_subquery(),
        select(func.coalesce(func.sum(_others_left), 0)).where(_others).scalar_subquery(),
        select(_exceptions.c.id)
        .where(
            _exceptions.c.store_id == _STORE,
            _exceptions.c.order_item_id == _ITEM_ID,
            _exceptions.c.state == ExceptionState.OPEN,
        )
        .exists(),
        parcels.open_parcel_id(_STORE, _ORDER_ID, bindparam("packer")),
    )
    .join(_products, and_(_products.c.store_id == _items.c.store_id, _products.c.id == _items.c.product_id))
    .where(_items.c.store_id == _STORE, _items.c.order_id == _ORDER_ID, _items.c.id == _ITEM_ID)
    .with_for_update(of=_items)
)
"""The item alone, for a product that lies nowhere: PostgreSQL does not lock the far side of an outer join."""
_ITEM_END: Final = len(fields(LockedItem))
_FACTS_END: Final = len(_ITEM.selected_columns)
_PLACE_END: Final = _FACTS_END + len(fields(LockedPlace))

_ITEM_AND_PLACES: Final = (
    _ITEM.add_columns(*_columns(LockedPlace, _places), *_columns(LockedAllocation, _allocation_table))
    .join(_places, and_(_places.c.store_id == _items.c.store_id, _places.c.product_id == _items.c.product_id))
    .outerjoin(
        _allocation_table,
        and_(
            _allocation_table.c.store_id == _places.c.store_id,
            _allocation_table.c.inventory_id == _places.c.id,
            _allocation_table.c.order_item_id == _ITEM_ID,
        ),
    )
    .order_by(_places.c.id)
    .with_for_update(of=[_items, _places])
)
