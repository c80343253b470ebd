"""Reads for the packer's screens: an order's progress, and its parcels, in one statement each."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any, Final

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    CompoundSelect,
    DateTime,
    Integer,
    Row,
    Select,
    String,
    any_,
    bindparam,
    cast,
    func,
    literal_column,
    null,
    select,
    type_coerce,
    union_all,
)
from sqlalchemy.orm import Session

from webapp.domain.clock import utc_now
from webapp.domain.errors import OrderNotFound
from webapp.domain.progress import Gap, ItemAllocation, ItemProgress, OrderProgress, PackedLine, Parcel, ParcelLine
from webapp.domain.skips import ExceptionState, SkipReason
from webapp.domain.statuses import OrderStatus
from webapp.models import Allocation, Inventory, Order, OrderItem, Product, Shipment, ShipmentLine, StockException
from webapp.models.base import UtcDateTime, table_of

_ORDER, _ITEM, _ALLOCATION, _GAP, _PACKED, _PACKED_LAST = range(6)

_orders, _items, _products = table_of(Order), table_of(OrderItem), table_of(Product)
_allocations, _places = table_of(Allocation), table_of(Inventory)
_gaps, _parcels, _lines = table_of(StockException), table_of(Shipment), table_of(ShipmentLine)

_store_id = bindparam("store_id", type_=BigInteger)
_order_id = bindparam("order_id", type_=BigInteger)

Rows = Select[*tuple[Any, ...]]


def _branch(
    kind: int,
    numbers: Sequence[ColumnElement[Any]],
    words: Sequence[ColumnElement[Any]],
    *times: ColumnElement[Any],
) -> Rows:
    """Select one kind of row in the common shape: kind, eight numbers, four texts, two times."""
    none_left = [cast(null(), BigInteger).label(f"n{place}") for place in range(len(numbers), 8)]
    no_words = [cast(null(), String).label(f"w{place}") for place in range(len(words), 4)]
    return select(
        literal_column(str(kind)).label("kind"),
        *numbers,
        *none_left,
        *(type_coerce(word, String) for word in words),
        *no_words,
        *(type_coerce(time, UtcDateTime) for time in times),
        *(cast(null(), DateTime(timezone=True)).label(f"t{place}") for place in range(len(times), 2)),
    )


def _items_of_order() -> ColumnElement[bool]:
    return (_items.c.store_id == _store_id) & (_items.c.order_id == _order_id)


Among = Callable[[ColumnElement[int], Select[tuple[int]]], ColumnElement[bool]]


def _among_found(column: ColumnElement[int], ids: Select[tuple[int]]) -> ColumnElement[bool]:
    return column.in_(ids)


def _among_array(column: ColumnElement[int], ids: Select[tuple[int]]) -> ColumnElement[bool]:
    """Compare with ids that are looked up first.

    Otherwise PostgreSQL may join the other way round; without fresh statistics (a store's first hour, a large import)
    that reads every allocation or shipped line of the store.
    """
    return column == any_(func.array(ids.scalar_subquery()))


def _packed_lines(kind: int, among: Among) -> Rows:
    parcels = select(_parcels.c.id).where(_parcels.c.store_id == _store_id, _parcels.c.order_id == _order_id)
    return _branch(
        kind,
        [_lines.c.order_item_id, _lines.c.quantity, _lines.c.id],
        [_lines.c.shipped_by],
        _lines.c.shipped_at,
    ).where(_lines.c.store_id == _store_id, among(_lines.c.shipment_id, parcels), _lines.c.undone_at.is_(None))


def _progress_statement(among: Among) -> CompoundSelect[*tuple[Any, ...]]:
    order = _branch(
        _ORDER,
        [_orders.c.id, _orders.c.version],
        [_orders.c.order_number, _orders.c.customer_name, _orders.c.channel, _orders.c.status],
        _orders.c.ship_by,
        _orders.c.ordered_at,
    ).where(_orders.c.store_id == _store_id, _orders.c.id == _order_id)
    items = (
        _branch(
            _ITEM,
            [
                _items.c.id,
                _items.c.quantity,
                _items.c.shipped_quantity,
                _items.c.cancelled_quantity,
                _items.c.returned_quantity,
                _items.c.changed_in_version,
                _items.c.position,
                cast(_products.c.is_placeholder, Integer),
            ],
            [_items.c.product_name, _items.c.sku, _items.c.gtin, _products.c.picture],
        )
        .join(_products, (_products.c.store_id == _items.c.store_id) & (_products.c.id == _items.c.product_id))
        .where(_items_of_order())
    )
    allocations = (
        _branch(
            _ALLOCATION,
            [_allocations.c.order_item_id, _allocations.c.quantity, _allocations.c.inventory_id],
            [_places.c.warehouse, _places.c.location],
        )
        .join(
            _places,
            (_places.c.store_id == _allocations.c.store_id) & (_places.c.id == _allocations.c.inventory_id),
        )
        .where(
            _allocations.c.store_id == _store_id,
            among(_allocations.c.order_item_id, select(_items.c.id).where(_items_of_order())),
            _allocations.c.quantity > 0,
        )
    )
    gaps = _branch(_GAP, [_gaps.c.order_item_id, _gaps.c.quantity, _gaps.c.id], [_gaps.c.cause]).where(
        _gaps.c.store_id == _store_id,
        _gaps.c.order_id == _order_id,
        literal_column(f"stock_exceptions.state = '{ExceptionState.OPEN}'"),
    )
    recent = _packed_lines(_PACKED, among).where(_lines.c.shipped_at >= bindparam("since", type_=UtcDateTime))
    last = (
        _packed_lines(_PACKED_LAST, among).order_by(_lines.c.shipped_at.desc(), _lines.c.id.desc()).limit(1).subquery()
    )
    return union_all(order, items, allocations, gaps, recent, select(last))


_PROGRESS: Final = {
    "sqlite": _progress_statement(_among_found),
    "postgresql": _progress_statement(_among_array),
}
"""One round trip and no ORM objects, since this runs after every shipment."""


def read_progress(db: Session, store_id: int, order_id: int, packed_within: timedelta) -> OrderProgress:
    """Return an order's progress, in one statement, so that all numbers are of one moment.

    ``packed_lately`` holds the lines packed within ``packed_within``. Raises OrderNotFound.
    """
    parameters = {"store_id": store_id, "order_id": order_id, "since": utc_now() - packed_within}
    connection = db.connection()
    rows: list[list[Row[*tuple[Any, ...]]]] = [[] for _ in range(_PACKED_LAST + 1)]
    for row in connection.execute(_PROGRESS[connection.dialect.name], parameters):
        rows[row[0]].append(row)
    if not rows[_ORDER]:
        raise OrderNotFound
    _, order_id, version, *_, number, customer, channel, status, ship_by, ordered_at = rows[_ORDER][0]
    packed = sorted(map(_packed_line, rows[_PACKED]), key=lambda line: (line.shipped_at, line.id), reverse=True)
    return OrderProgress(
        id=order_id,
        order_number=number,
        customer_name=customer,
        channel=channel,
        status=OrderStatus(status),
        version=version,
        ordered_at=ordered_at,
        ship_by=ship_by,
        items=_items_progress(rows),
        packed_lately=packed,
        packed_last=_packed_line(rows[_PACKED_LAST][0]) if rows[_PACKED_LAST] else None,
    )


def _items_progress(rows: Sequence[Sequence[Row[*tuple[Any, ...]]]]) -> list[ItemProgress]:
    by_id: dict[int, ItemProgress] = {}
    for row in rows[_ITEM]:
        _, item_id, ordered, shipped, cancelled, returned, version, position, placeholder, *words, _, _ = row
        name, sku, gtin, picture = words
        numbers = (ordered, shipped, cancelled, returned, version)
        by_id[item_id] = ItemProgress(
            item_id, position, name, sku, gtin or "", bool(placeholder), *numbers, picture=picture
        )
    for row in rows[_ALLOCATION]:
        by_id[row[1]].allocations.append(ItemAllocation(row[3], row[9], row[10], row[2]))
    for row in sorted(rows[_GAP], key=lambda row: int(row[3])):
        by_id[row[1]].gaps.append(Gap(SkipReason(row[9]), row[2]))
    return sorted(by_id.values(), key=lambda item: (item.position, item.id))


def _packed_line(row: Row[*tuple[Any, ...]]) -> PackedLine:
    return PackedLine(id=row[3], item_id=row[1], quantity=row[2], shipped_by=row[9], shipped_at=row[13])


def read_parcels(db: Session, store_id: int, order_id: int) -> list[Parcel]:
    """Return an order's parcels, oldest first, with every line ever packed, in one statement."""
    parcels: dict[int, Parcel] = {}
    rows = db.connection().execute(_PARCELS, {"store_id": store_id, "order_id": order_id})
    for parcel_id, by, created_at, closed_at, carrier, tracking, line_id, item_id, units, *packed in rows:
        parcel = parcels.setdefault(parcel_id, Parcel(parcel_id, by, created_at, closed_at, carrier, tracking))
        shipped_by, shipped_at, undone_by, undone_at = packed
        line = PackedLine(line_id, item_id, units, shipped_by, shipped_at)
        parcel.lines.append(ParcelLine(line, undone_by or "", undone_at))
    return list(parcels.values())


_PARCELS: Final = (
    select(
        _parcels.c.id,
        _parcels.c.packed_by,
        _parcels.c.created_at,
        _parcels.c.closed_at,
        _parcels.c.carrier,
        _parcels.c.tracking_number,
        _lines.c.id,
        _lines.c.order_item_id,
        _lines.c.quantity,
        _lines.c.shipped_by,
        _lines.c.shipped_at,
        _lines.c.undone_by,
        _lines.c.undone_at,
    )
    .join(_lines, (_lines.c.store_id == _parcels.c.store_id) & (_lines.c.shipment_id == _parcels.c.id))
    .where(_parcels.c.store_id == _store_id, _parcels.c.order_id == _order_id)
    .order_by(_parcels.c.id, _lines.c.id)
)


def version_of(db: Session, store_id: int, order_id: int) -> int:
    """Return an order's version: the whole cost of a poll without news. Raises OrderNotFound."""
    version = db.connection().scalar(_VERSION, {"store_id": store_id, "order_id": order_id})
    if version is None:
        raise OrderNotFound
    return int(version)


_VERSION: Final = select(_orders.c.version).where(_orders.c.store_id == _store_id, _orders.c.id == _order_id)
