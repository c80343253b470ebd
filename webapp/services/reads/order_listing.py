"""Lists of orders, a page at a time: keyset paging through an index, never OFFSET, never a count of everything."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final, NamedTuple

from sqlalchemy import ColumnElement, Row, Select, TextClause, bindparam, func, select, text, tuple_, union_all
from sqlalchemy.orm import Session

from webapp.domain.errors import InvalidInput
from webapp.domain.skips import ExceptionState
from webapp.domain.statuses import OPEN_STATUSES, OrderStatus
from webapp.models import Order, OrderItem, Shipment, StockException
from webapp.services.reads import order_search
from webapp.services.reads.cursors import decode_cursor, page_of, write_cursor

Listing = Select[*tuple[Any, ...]]

_Key = tuple[datetime, int]
"""(time, id) of the last order of the page before."""

_COLUMNS: Final = (
    Order.id,
    Order.order_number,
    Order.channel,
    Order.customer_name,
    Order.ordered_at,
    Order.ship_by,
    Order.status,
    Order.version,
)


class Sorting(StrEnum):
    """How a list is sorted; each has its index. The values are part of the cursors."""

    NEWEST = "newest"
    """Last ordered first: every order of the store."""

    DUE = "due"
    """Soonest to ship first: the orders of certain statuses."""

    DUE_LAST = "due_last"
    """The same orders, last to ship first: what is done is looked for among the latest."""

    PACKED = "packed"
    """Newest first by id: the orders in which a person packed something."""


class OrderRow(NamedTuple):
    """One order in a list; units are sums over its items."""

    id: int
    order_number: str
    channel: str
    customer_name: str
    ordered_at: datetime
    ship_by: datetime
    status: OrderStatus
    version: int
    item_count: int
    ordered_units: int
    shipped_units: int
    cancelled_units: int
    open_exceptions: int
    packed_by: str | None
    """Who has a parcel of it open; None where nobody has."""


@dataclass(frozen=True, slots=True)
class Page:
    """Some orders, and the cursor of those that come after them; None at the end."""

    rows: list[OrderRow]
    next_cursor: str | None
    is_cut: bool = False
    """A search matched more orders than were looked at: more words would find the rest."""


def list_orders(
    db: Session,
    store_id: int,
    *,
    statuses: Collection[OrderStatus] | None = None,
    number: str | None = None,
    due_before: datetime | None = None,
    packed_by: str | None = None,
    search: str = "",
    latest_first: bool = False,
    limit: int = 50,
    cursor: str | None = None,
) -> Page:
    """Return one page of a store's orders, in at most four statements whose cost does not grow with their number.

    Without ``statuses`` the newest come first; with them, the soonest to ship, or with ``latest_first`` the last.
    ``number`` is a whole order number. ``due_before`` keeps the orders promised for an earlier time, ``packed_by``
    those in which this person packed something (alone: newest first), ``search`` those that ``order_search`` finds.
    ``cursor`` is the ``next_cursor`` of the page before. Raises InvalidInput for a cursor that is not of this list.
    """
    sorting = _sorting(statuses, None if search.strip() else packed_by, latest_first)
    conditions = [Order.store_id == store_id]
    if number is not None:
        conditions.append(Order.order_number == number)
    if due_before is not None:
        conditions.append(Order.ship_by < due_before)
    wanted = _Wanted(conditions, statuses, sorting, limit + 1, _read_cursor(cursor, sorting))
    found = order_search.find_orders(db, store_id, search) if search.strip() else None
    if found:
        conditions.append(Order.id.in_(found.order_ids))
    if packed_by is not None and sorting is not Sorting.PACKED:
        conditions.append(_has_parcel_of(packed_by))
    if found:
        statement = _found(wanted)
    elif packed_by is not None and sorting is Sorting.PACKED:
        statement = _packed(wanted, store_id, packed_by)
    else:
        statement = _walked(wanted)
    rows, next_cursor = page_of(db.execute(statement).all(), limit, lambda row: _cursor_after(row, sorting))
    return Page(_with_units(db, store_id, rows), next_cursor, found is not None and found.is_cut)


@dataclass(frozen=True, slots=True)
class _Wanted:
    """Which orders, sorted how, how many, and after which."""

    conditions: Sequence[ColumnElement[bool]]
    statuses: Collection[OrderStatus] | None
    sorting: Sorting
    limit: int
    after: _Key | None


def _sorting(statuses: Collection[OrderStatus] | None, packed_by: str | None, latest_first: bool) -> Sorting:
    if statuses is None:
        return Sorting.NEWEST if packed_by is None else Sorting.PACKED
    return Sorting.DUE_LAST if latest_first else Sorting.DUE


def _walked(wanted: _Wanted) -> Listing:
    """Walk the index of the sorting; with several statuses one for each, merged, so none passes unwanted orders."""
    base = select(*_COLUMNS).where(*wanted.conditions)
    if wanted.statuses is None:
        return _sorted(base, Order, wanted)
    statuses = sorted(set(wanted.statuses))
    if statuses == sorted(OPEN_STATUSES):
        return _sorted(base.where(is_open()), Order, wanted)
    branches = [_sorted(base.where(Order.status == status), Order, wanted) for status in statuses]
    if len(branches) == 1:
        return branches[0]
    merged = union_all(*(select(branch.subquery()) for branch in branches)).subquery()
    return _sorted(select(merged), merged.c, wanted)


def _found(wanted: _Wanted) -> Listing:
    """Read the orders that a search found by their keys and sort those: never walk an index in search of them."""
    base = select(*_COLUMNS).where(*wanted.conditions)
    if wanted.statuses is not None:
        base = base.where(Order.status.in_(wanted.statuses))
    read = base.cte("found").prefix_with("MATERIALIZED")
    return _sorted(select(read), read.c, wanted)


def _packed(wanted: _Wanted, store_id: int, packed_by: str) -> Listing:
    """Walk the orders of a person's parcels, newest first; further conditions are checked on each of them."""
    walked = (
        select(Shipment.order_id)
        .join(Order, (Order.store_id == Shipment.store_id) & (Order.id == Shipment.order_id))
        .where(Shipment.store_id == store_id, Shipment.packed_by == packed_by)
        .where(*wanted.conditions)
        .group_by(Shipment.order_id)
        .order_by(Shipment.order_id.desc())
        .limit(wanted.limit)
    )
    if wanted.after:
        walked = walked.where(Shipment.order_id < wanted.after[1])
    packed = walked.subquery()
    return (
        select(*_COLUMNS)
        .join(packed, packed.c.order_id == Order.id)
        .where(Order.store_id == store_id)
        .order_by(packed.c.order_id.desc())
    )


def _has_parcel_of(packed_by: str) -> ColumnElement[bool]:
    return (
        select(Shipment.id)
        .where(Shipment.store_id == Order.store_id, Shipment.packed_by == packed_by, Shipment.order_id == Order.id)
        .correlate(Order)
        .exists()
    )


def is_open() -> TextClause:
    """Condition on ``orders``: something is still to be shipped.

    Spelled out rather than bound, so that the planner knows that the index of the open orders covers it.
    """
    words = ", ".join(f"'{status}'" for status in OPEN_STATUSES)
    return text(f"orders.status IN ({words})")


def _sorted(statement: Listing, columns: Any, wanted: _Wanted) -> Listing:
    """Sort and limit ``statement`` by its ``columns``, and begin after the page before."""
    at = columns.ordered_at if wanted.sorting is Sorting.NEWEST else columns.ship_by
    if wanted.sorting is Sorting.DUE:
        statement = statement.order_by(at, columns.id)
        if wanted.after:
            statement = statement.where(tuple_(at, columns.id) > wanted.after)
    else:
        statement = statement.order_by(at.desc(), columns.id.desc())
        if wanted.after:
            statement = statement.where(tuple_(at, columns.id) < wanted.after)
    return statement.limit(wanted.limit)


def _with_units(db: Session, store_id: int, rows: Sequence[Row[*tuple[Any, ...]]]) -> list[OrderRow]:
    if not rows:
        return []
    sums = db.execute(_UNITS, {"store_id": store_id, "order_ids": [row.id for row in rows]})
    units = {order_id: (*map(int, numbers), packed_by) for order_id, *numbers, packed_by in sums}
    return [OrderRow._make([*row, *units.get(row.id, (0, 0, 0, 0, 0, None))]) for row in rows]


def _open_exceptions() -> ColumnElement[int]:
    """Open stock exceptions of an order, as a subquery of its grouped items."""
    return (
        select(func.count())
        .where(
            StockException.store_id == OrderItem.store_id,
            StockException.order_id == OrderItem.order_id,
            text(f"stock_exceptions.state = '{ExceptionState.OPEN}'"),
        )
        .correlate(OrderItem)
        .scalar_subquery()
    )


def _packer() -> ColumnElement[str | None]:
    """Who packs an order now, as a subquery of its grouped items: the last by name, where there are several."""
    return (
        select(func.max(Shipment.packed_by))
        .where(
            Shipment.store_id == OrderItem.store_id,
            Shipment.order_id == OrderItem.order_id,
            Shipment.closed_at.is_(None),
        )
        .correlate(OrderItem)
        .scalar_subquery()
    )


_UNITS: Final = (
    select(
        OrderItem.order_id,
        func.count(),
        func.sum(OrderItem.quantity),
        func.sum(OrderItem.shipped_quantity),
        func.sum(OrderItem.cancelled_quantity),
        _open_exceptions(),
        _packer(),
    )
    .where(OrderItem.store_id == bindparam("store_id"), OrderItem.order_id.in_(bindparam("order_ids", expanding=True)))
    .group_by(OrderItem.store_id, OrderItem.order_id)
)


def _cursor_after(row: Row[*tuple[Any, ...]], sorting: Sorting) -> str:
    return write_cursor(sorting, row.ordered_at if sorting is Sorting.NEWEST else row.ship_by, row.id)


def _read_cursor(cursor: str | None, sorting: Sorting) -> _Key | None:
    """Return where the page before ended; None for the first page. Raises InvalidInput, for a blank cursor too."""
    if cursor is None:
        return None
    try:
        at, order_id = decode_cursor(cursor, sorting, datetime, int)
    except ValueError:
        raise InvalidInput("This cursor does not belong to this list. Start again without it.", cursor=cursor) from None
    return at, order_id
