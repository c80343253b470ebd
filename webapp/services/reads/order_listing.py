"""Lists orders page by page: keyset paging through an index, never OFFSET, never a count of everything."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import lru_cache
from typing import Any, Final, NamedTuple

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Connection,
    Integer,
    Result,
    Select,
    bindparam,
    select,
    tuple_,
    union_all,
)
from sqlalchemy.orm import Session

from webapp.domain.errors import InvalidInput
from webapp.domain.holds import Hold
from webapp.domain.listed_orders import ListedOrder
from webapp.domain.statuses import OPEN_STATUSES, OrderStatus
from webapp.domain.wording import say
from webapp.models import Order, Shipment
from webapp.models.base import UtcDateTime, constant, table_of
from webapp.models.channel import channel_code, shown_number
from webapp.models.prepared import Fetched, Prepared, Values
from webapp.models.rows import columns_of, rows_of
from webapp.services.reads import order_search
from webapp.services.reads.cursors import decode_cursor, page_of, write_cursor
from webapp.services.reads.order_units import NONE, read_units

Listing = Select[*tuple[Any, ...]]

_Key = tuple[datetime, int]
"""(time, id) of the last order on the page before."""

_orders, _parcels = table_of(Order), table_of(Shipment)
_store_id, _limit = bindparam("store_id", type_=BigInteger), bindparam("limit", type_=Integer)
_of_store = _orders.c.store_id == _store_id

_CONDITIONS: Final[dict[str, ColumnElement[bool]]] = {
    "order_number": _orders.c.order_number == bindparam("order_number"),
    "due_before": _orders.c.ship_by < bindparam("due_before"),
    "packed_by": select(_parcels.c.id)
    .where(
        _parcels.c.store_id == _orders.c.store_id,
        _parcels.c.packed_by == bindparam("packed_by"),
        _parcels.c.order_id == _orders.c.id,
    )
    .correlate(_orders)
    .exists(),
    "matches": _orders.c.id.in_(bindparam("matches", expanding=True)),
}
"""Conditions that narrow a list, by the name of their parameter."""


_IS_OPEN: Final = _orders.c.status.in_([constant(status) for status in OPEN_STATUSES])
_HELD: Final = {True: [_IS_OPEN, _orders.c.hold.is_not(None)], False: [_orders.c.hold.is_(None)]}


class Sorting(StrEnum):
    """A list's sort order; each has its index. Cursors contain these values."""

    NEWEST = "newest"
    """Last ordered first: all orders of the store."""

    DUE = "due"
    """Soonest to ship first: orders with certain statuses."""

    DUE_LAST = "due_last"
    """The same orders, last to ship first: people look for finished orders among the latest."""

    PACKED = "packed"
    """Highest id first: orders in which a person packed something."""


class OrderHead(NamedTuple):
    """What an order's own row gives to a ``ListedOrder``; ``OrderUnits`` gives the rest."""

    id: int
    order_number: str
    shown_number: str
    channel: str
    external_id: str
    customer_name: str
    ordered_at: datetime
    ship_by: datetime
    status: OrderStatus
    hold: Hold | None
    version: int


_COLUMNS: Final = columns_of(OrderHead, _orders, shown_number=shown_number(_orders), channel=channel_code(_orders))


@dataclass(frozen=True, slots=True)
class Page:
    """A page of orders, and the next page's cursor; None at the end."""

    rows: list[ListedOrder]
    next_cursor: str | None
    is_cut: bool = False
    """The search matched more orders than it read; another word would find the rest."""


def has_orders(db: Session, store_id: int) -> bool:
    """Return whether the store has any order."""
    return db.scalar(select(Order.id).where(Order.store_id == store_id).limit(1)) is not None


def list_orders(
    db: Session,
    store_id: int,
    *,
    statuses: Collection[OrderStatus] | None = None,
    number: str | None = None,
    due_before: datetime | None = None,
    packed_by: str | None = None,
    search: str = "",
    held: bool | None = None,
    latest_first: bool = False,
    limit: int = 50,
    cursor: str | None = None,
) -> Page:
    """Return one page of a store's orders, in at most four statements whose cost does not grow with the store.

    Without ``statuses`` the newest orders come first; with them the soonest to ship, or with ``latest_first`` the last.
    ``number`` is a complete order number, ``due_before`` keeps orders promised earlier, ``packed_by`` orders in which
    this person packed something (alone: newest first), ``search`` those that ``order_search`` finds, ``held`` only
    orders on hold, or those that are not: both among open ones. ``cursor`` is the
    ``next_cursor`` of the page before. Raises InvalidInput for a cursor of another list.
    """
    sorting = _sorting(statuses, None if search.strip() else packed_by, latest_first)
    after = _read_cursor(cursor, sorting)
    matches = order_search.find_orders(db, store_id, search) if search.strip() else None
    values: dict[str, object] = {"order_number": number, "due_before": due_before, "packed_by": packed_by}
    if matches:
        values["matches"] = list(matches.order_ids)
    if after:
        values["after_time"], values["after_id"] = after
    filters = {name: value for name, value in values.items() if value is not None}
    walked = None if statuses is None else tuple(sorted(set(statuses)))
    shape = _Shape(sorting, walked, frozenset(filters), held)
    result = _run(db.connection(), shape, {"store_id": store_id, "limit": limit + 1, **filters})
    heads, next_cursor = page_of(rows_of(OrderHead, result), limit, lambda last: _cursor_after(last, sorting))
    return Page(_with_units(db, store_id, heads), next_cursor, matches is not None and matches.is_cut)


@dataclass(frozen=True, slots=True)
class _Shape:
    """A list's filters without their values: each shape is one statement, built once."""

    sorting: Sorting
    statuses: tuple[OrderStatus, ...] | None
    filters: frozenset[str]
    """Names of the parameters that narrow the list or say where it begins."""
    held: bool | None = None

    def conditions(self, *left_out: str) -> list[ColumnElement[bool]]:
        """Return the conditions on the orders themselves."""
        return [
            _of_store,
            *(condition for name, condition in _CONDITIONS.items() if name in self.filters - {*left_out}),
            *([] if self.held is None else _HELD[self.held]),
        ]


def _sorting(statuses: Collection[OrderStatus] | None, packed_by: str | None, latest_first: bool) -> Sorting:
    if statuses is None:
        return Sorting.NEWEST if packed_by is None else Sorting.PACKED
    return Sorting.DUE_LAST if latest_first else Sorting.DUE


def _run(connection: Connection, shape: _Shape, values: Values) -> Fetched | Result[Any]:
    if "matches" in shape.filters:  # As many parameters as there are matches.
        return connection.execute(_searched(shape), values)
    return _listing(shape).run(connection, values)


@lru_cache(256)
def _listing(shape: _Shape) -> Prepared:
    return Prepared(_packed(shape) if shape.sorting is Sorting.PACKED else _walked(shape))


def _walked(shape: _Shape) -> Listing:
    """Scan the sort order's index; several statuses are one scan each, merged, so that no other order is read."""
    base = select(*_COLUMNS).where(*shape.conditions())
    if shape.statuses is None:
        return _sorted(base, _orders.c, shape)
    if shape.statuses == tuple(sorted(OPEN_STATUSES)) and not shape.held:
        return _sorted(base.where(is_open()), _orders.c, shape)
    branches = [
        _sorted(base.where(_orders.c.status == constant(status)), _orders.c, shape) for status in shape.statuses
    ]
    if len(branches) == 1:
        return branches[0]
    merged = union_all(*(select(branch.subquery()) for branch in branches)).subquery()
    return _sorted(select(merged), merged.c, shape)


@lru_cache(256)
def _searched(shape: _Shape) -> Listing:
    """Read the orders that a search found by key and sort them, instead of scanning an index for them."""
    base = select(*_COLUMNS).where(*shape.conditions())
    if shape.statuses is not None:
        base = base.where(_orders.c.status.in_([constant(status) for status in shape.statuses]))
    read = base.cte("hits").prefix_with("MATERIALIZED")
    return _sorted(select(read), read.c, shape)


def _packed(shape: _Shape) -> Listing:
    """Scan the orders of a person's parcels, newest first; other conditions are checked per order."""
    walked = (
        select(_parcels.c.order_id)
        .join(_orders, (_orders.c.store_id == _parcels.c.store_id) & (_orders.c.id == _parcels.c.order_id))
        .where(_parcels.c.store_id == _store_id, _parcels.c.packed_by == bindparam("packed_by"))
        .where(*shape.conditions("packed_by"))
        .group_by(_parcels.c.order_id)
        .order_by(_parcels.c.order_id.desc())
        .limit(_limit)
    )
    if "after_id" in shape.filters:
        walked = walked.where(_parcels.c.order_id < bindparam("after_id"))
    packed = walked.subquery()
    return (
        select(*_COLUMNS)
        .join(packed, packed.c.order_id == _orders.c.id)
        .where(_of_store)
        .order_by(packed.c.order_id.desc())
    )


def is_open() -> ColumnElement[bool]:
    """Return the condition that an order is open; with one on its hold, partial indexes serve it."""
    return _IS_OPEN


def _sorted(statement: Listing, columns: Any, shape: _Shape) -> Listing:
    """Sort and limit ``statement`` by its ``columns``, starting after the page before."""
    at = columns.ordered_at if shape.sorting is Sorting.NEWEST else columns.ship_by
    place, is_ascending = tuple_(at, columns.id), shape.sorting is Sorting.DUE
    if "after_id" in shape.filters:
        after = tuple_(bindparam("after_time", type_=UtcDateTime), bindparam("after_id", type_=BigInteger))
        statement = statement.where(place > after if is_ascending else place < after)
    order = (at, columns.id) if is_ascending else (at.desc(), columns.id.desc())
    return statement.order_by(*order).limit(_limit)


def _with_units(db: Session, store_id: int, heads: Sequence[OrderHead]) -> list[ListedOrder]:
    if not heads:
        return []
    units = read_units(db, store_id, [head.id for head in heads])
    return [ListedOrder(*head, *units.get(head.id, NONE)) for head in heads]


def _cursor_after(last: OrderHead, sorting: Sorting) -> str:
    return write_cursor(sorting, last.ordered_at if sorting is Sorting.NEWEST else last.ship_by, last.id)


def _read_cursor(cursor: str | None, sorting: Sorting) -> _Key | None:
    """Return the cursor's key; None for the first page. Raises InvalidInput, for a blank cursor too."""
    if cursor is None:
        return None
    try:
        at, order_id = decode_cursor(cursor, sorting, datetime, int)
    except ValueError:
        raise InvalidInput(
            say("This cursor does not belong to this list. Start again without it."), cursor=cursor
        ) from None
    return at, order_id
