"""The statements for an order's screens: rows of several kinds, all of one moment."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any, Final, NamedTuple

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    CompoundSelect,
    Select,
    any_,
    bindparam,
    case,
    func,
    literal_column,
    or_,
    select,
    type_coerce,
    union_all,
)
from sqlalchemy.types import UserDefinedType

from webapp.domain.assignments import OrderHolder
from webapp.domain.causes import ExceptionState
from webapp.domain.picks import PickedUnits
from webapp.domain.progress import ItemProgress, PackedLine, Parcel
from webapp.models import (
    Allocation,
    Assignment,
    Inventory,
    Order,
    OrderItem,
    Pick,
    Product,
    ProductCode,
    Shipment,
    ShipmentLine,
    StockException,
    User,
)
from webapp.models.base import UtcDateTime, constant, table_of
from webapp.models.channel import channel_name, same_number
from webapp.models.order import note_is_unread
from webapp.models.prepared import Prepared
from webapp.services.reads.row_kinds import RowKind

_orders = table_of(Order).alias("o")
_items, _products, _codes = (
    table_of(model).alias(name) for model, name in ((OrderItem, "i"), (Product, "p"), (ProductCode, "c"))
)
_allocations, _places = table_of(Allocation).alias("a"), table_of(Inventory).alias("v")
_exceptions, _parcels, _lines, _picks = (
    table_of(StockException).alias("x"),
    table_of(Shipment).alias("s"),
    table_of(ShipmentLine).alias("l"),
    table_of(Pick).alias("k"),
)
_assignments, _users = table_of(Assignment).alias("h"), table_of(User).alias("u")
"""Short names, since psycopg parses a statement of over 4,096 characters again at each run."""


class _PlainKey(UserDefinedType[int]):
    """A key as a parameter without a cast: a statement has dozens, and has to stay short."""

    cache_ok = True

    def get_col_spec(self, **_options: Any) -> str:
        return "BIGINT"


_store_id = bindparam("s", type_=_PlainKey)
_order_id = bindparam("o", type_=_PlainKey)

Rows = Select[*tuple[Any, ...]]


class _Head(NamedTuple):
    """What the order's own row says."""

    id: int
    same_number: int
    """Orders of the store with this number: this one, and others."""
    upstream_changes: int
    order_number: str
    customer_name: str
    channel: str
    status: str
    hold: str | None
    version: int
    ordered_at: datetime
    ship_by: datetime
    note_is_unread: bool


class _ShipTo(NamedTuple):
    """Parcel data, first part: a row of the statement holds six texts."""

    ship_to_name: str
    ship_to_company: str
    ship_to_lines: str
    ship_to_postcode: str
    ship_to_city: str
    ship_to_region: str


class _Contact(NamedTuple):
    """Parcel data, second part."""

    ship_to_country: str
    phone: str
    email: str
    language: str
    shipping_method: str
    customer_note: str


class _Notes(NamedTuple):
    """Parcel data, third part; who read the packing note, who erased all of it, and the currency of the prices."""

    packing_note: str
    gift_text: str
    currency: str
    packing_note_read_by: str | None
    packing_note_read_at: datetime | None
    person_erased_by: str | None
    person_erased_at: datetime | None


class _Reserved(NamedTuple):
    """Units of an item reserved at a place; if none are, the units of its product at a place."""

    item_id: int
    inventory_id: int
    warehouse: str
    location: str
    quantity: int
    on_hand: int


class _Taught(NamedTuple):
    """A further code of an item's product, beside its own GTIN, and the units that it stands for."""

    item_id: int
    code: str
    units: int


class _Missing(NamedTuple):
    """An open stock exception of an item."""

    id: int
    item_id: int
    cause: str
    quantity: int


class _InParcel(NamedTuple):
    """Units of an item that were put into a parcel, and whether somebody undid it."""

    id: int
    parcel_id: int
    item_id: int
    quantity: int
    shipped_by: str
    shipped_at: datetime
    undone_by: str | None
    undone_at: datetime | None


class _Offered(NamedTuple):
    """What the shop asks for one of an item as it counts them, in millionths of the currency, and how many units one
    is."""

    item_id: int
    unit_price: int | None
    pack_units: int


ORDER, ITEM = RowKind(0, _Head), RowKind(1, ItemProgress)
ALLOCATION, MISSING = RowKind(2, _Reserved), RowKind(3, _Missing)
PACKED, PLACE = RowKind(4, PackedLine), RowKind(5, _Reserved)
SHIP_TO, CONTACT, NOTES = RowKind(6, _ShipTo), RowKind(7, _Contact), RowKind(8, _Notes)
PARCEL, IN_PARCEL = RowKind(9, Parcel), RowKind(10, _InParcel)
TAUGHT, OFFERED = RowKind(11, _Taught), RowKind(12, _Offered)
ASSIGNED = RowKind(13, OrderHolder)
PICKED = RowKind(14, PickedUnits)

_NO_TEXT: Final[ColumnElement[str]] = literal_column("''")


def _items_of_order() -> ColumnElement[bool]:
    return (_items.c.store_id == _store_id) & (_items.c.order_id == _order_id)


Among = Callable[[ColumnElement[int], Select[tuple[int]]], ColumnElement[bool]]


def _among_rows(column: ColumnElement[int], ids: Select[tuple[int]]) -> ColumnElement[bool]:
    return column.in_(ids)


def _among_array(column: ColumnElement[int], ids: Select[tuple[int]]) -> ColumnElement[bool]:
    """Compare with ids that are looked up first.

    Otherwise PostgreSQL may join the other way round; without fresh statistics (a store's first hour, a large import)
    that reads every allocation or shipped line of the store.
    """
    return column == any_(func.array(ids.scalar_subquery()))


def _packed_lines(among: Among) -> Rows:
    """Select the order's lines that nobody undid: those packed since a time, and the last one."""
    is_packed = _is_of_order(among) & _lines.c.undone_at.is_(None)
    last = select(_lines.c.id).where(is_packed).order_by(_lines.c.id.desc()).limit(constant(1)).scalar_subquery()
    is_recent = _lines.c.shipped_at >= bindparam("since", type_=UtcDateTime)
    return PACKED.select(_lines, item_id=_lines.c.order_item_id).where(is_packed, is_recent | (_lines.c.id == last))


def _parcels_and_lines(among: Among) -> Iterator[Rows]:
    """Select the order's parcels, and every line ever packed into them."""
    yield PARCEL.select(_parcels).where(_parcels.c.store_id == _store_id, _parcels.c.order_id == _order_id)
    line = IN_PARCEL.select(_lines, parcel_id=_lines.c.shipment_id, item_id=_lines.c.order_item_id)
    yield line.where(_is_of_order(among))


def _is_of_order(among: Among) -> ColumnElement[bool]:
    parcels = select(_parcels.c.id).where(_parcels.c.store_id == _store_id, _parcels.c.order_id == _order_id)
    return (_lines.c.store_id == _store_id) & among(_lines.c.shipment_id, parcels)


def _named() -> ColumnElement[str]:
    """Return the line's name; without one the catalogue's, or the line's code while its product is unknown."""
    code = func.coalesce(func.nullif(_items.c.sku, _NO_TEXT), _items.c.gtin, _NO_TEXT)
    return case(
        (_items.c.product_name != _NO_TEXT, _items.c.product_name),
        (_products.c.is_placeholder, code),
        else_=_products.c.name,
    )


def _progress_statement(
    among: Among, *, parcel_data: bool = False, parcels: bool = False
) -> CompoundSelect[*tuple[Any, ...]]:
    this_order = (_orders.c.store_id == _store_id) & (_orders.c.id == _order_id)
    order = ORDER.select(
        _orders,
        same_number=same_number(_orders),
        channel=channel_name(_orders),
        note_is_unread=note_is_unread(_orders),
    ).where(this_order)
    data = [kind.select(_orders).where(this_order) for kind in (SHIP_TO, CONTACT, NOTES)] if parcel_data else []
    items = (
        ITEM.select(
            _items,
            product_name=_named(),
            gtin=func.coalesce(_items.c.gtin, _NO_TEXT),
            is_placeholder=_products.c.is_placeholder,
            ordered=_items.c.quantity,
            shipped=_items.c.shipped_quantity,
            cancelled=_items.c.cancelled_quantity,
            returned=_items.c.returned_quantity,
            picture=_products.c.picture,
            product_sku=_products.c.sku,
            product_gtin=func.coalesce(_products.c.gtin, _NO_TEXT),
        )
        .join(_products, (_products.c.store_id == _items.c.store_id) & (_products.c.id == _items.c.product_id))
        .where(_items_of_order())
    )
    allocations = (
        ALLOCATION.select(
            _allocations,
            item_id=_allocations.c.order_item_id,
            warehouse=_places.c.warehouse,
            location=_places.c.location,
            on_hand=_places.c.quantity,
        )
        .join(
            _places,
            (_places.c.store_id == _allocations.c.store_id) & (_places.c.id == _allocations.c.inventory_id),
        )
        .where(
            _allocations.c.store_id == _store_id,
            among(_allocations.c.order_item_id, select(_items.c.id).where(_items_of_order())),
            _allocations.c.quantity > constant(0),
        )
    )
    missing = MISSING.select(_exceptions, item_id=_exceptions.c.order_item_id).where(
        _exceptions.c.store_id == _store_id,
        _exceptions.c.order_id == _order_id,
        _exceptions.c.state == constant(ExceptionState.OPEN),
    )
    packed = _parcels_and_lines(among) if parcels else (_packed_lines(among),)
    of_items = [_prices()] if parcels else [_places_of_unreserved(), _further_codes()]
    of_items += [] if parcel_data else [_picked(among)]
    return union_all(order, items, allocations, missing, _assigned(), *packed, *of_items, *data)


def _assigned() -> Rows:
    """Select whose the order is."""
    return (
        ASSIGNED.select(_assignments, person=_users.c.username)
        .join(_users, _users.c.id == _assignments.c.user_id)
        .where(_assignments.c.store_id == _store_id, _assignments.c.order_id == _order_id)
    )


def _prices() -> Rows:
    """Select the prices of the items, as far as the shop said them, and of which it sells packs."""
    price = type_coerce(_items.c.unit_price, BigInteger())
    return OFFERED.select(_items, item_id=_items.c.id, unit_price=price).where(
        _items_of_order(), or_(_items.c.unit_price.is_not(None), _items.c.pack_units != literal_column("1"))
    )


def _further_codes() -> Rows:
    """Select the codes of the items' products."""
    return (
        TAUGHT.select(_codes, item_id=_items.c.id)
        .join(_items, (_items.c.store_id == _codes.c.store_id) & (_items.c.product_id == _codes.c.product_id))
        .where(_items_of_order())
    )


def _picked(among: Among) -> Rows:
    """Select what people have picked of the items."""
    return PICKED.select(_picks, item_id=_picks.c.order_item_id).where(
        _picks.c.store_id == _store_id,
        among(_picks.c.order_item_id, select(_items.c.id).where(_items_of_order())),
    )


def _places_of_unreserved() -> Rows:
    """Select the places of the products of open items that have no unit reserved."""
    left = _items.c.quantity - _items.c.shipped_quantity - _items.c.cancelled_quantity
    reserved = select(func.count()).where(
        _allocations.c.store_id == _store_id,
        _allocations.c.order_item_id == _items.c.id,
        _allocations.c.quantity > constant(0),
    )
    return (
        PLACE.select(
            _places,
            item_id=_items.c.id,
            inventory_id=_places.c.id,
            on_hand=_places.c.quantity,
        )
        .join(_items, (_items.c.store_id == _places.c.store_id) & (_items.c.product_id == _places.c.product_id))
        .where(_items_of_order(), left > constant(0), reserved.correlate(_items).scalar_subquery() == constant(0))
    )


_AMONG: Final[dict[str, Among]] = {"sqlite": _among_rows, "postgresql": _among_array}
PROGRESS: Final = {
    (name, parcel_data): Prepared(_progress_statement(among, parcel_data=parcel_data))
    for name, among in _AMONG.items()
    for parcel_data in (False, True)
}
PICKS: Final = {name: Prepared(_picked(among)) for name, among in _AMONG.items()}
"""For pages, whose statement with the parcel data is long already."""
WITH_PARCELS: Final = {
    name: Prepared(_progress_statement(among, parcel_data=True, parcels=True)) for name, among in _AMONG.items()
}
"""One round trip and no ORM objects, since one of them runs for every screen of an order, and after every shipment."""
