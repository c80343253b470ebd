"""Lists of orders, a page at a time: keyset paging through an index, never OFFSET, never a count of everything."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any, Final, NamedTuple

from sqlalchemy import Row, Select, func, literal_column, select, tuple_, union_all
from sqlalchemy.orm import InstrumentedAttribute, Session

from webapp.domain.errors import InvalidInput
from webapp.domain.statuses import OPEN_STATUSES, OrderStatus
from webapp.models import Order, OrderItem

MAX_LIMIT: Final = 200
"""Orders on one page, at most."""

Listing = Select[*tuple[Any, ...]]

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
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


@dataclass(frozen=True, slots=True)
class Page:
    """Some orders, and the cursor of those that come after them; None at the end."""

    rows: list[OrderRow]
    next_cursor: str | None


def list_orders(
    db: Session,
    store_id: int,
    *,
    statuses: Collection[OrderStatus] | None = None,
    number: str | None = None,
    limit: int = 50,
    cursor: str | None = None,
) -> Page:
    """Return one page of a store's orders, in two statements whose cost does not grow with the number of orders.

    Without ``statuses`` the newest come first; with them, the soonest to ship. ``number`` is a whole order number.
    ``cursor`` is the ``next_cursor`` of the page before. Raises InvalidInput for a cursor that is not of this list.
    """
    sorting = Sorting.NEWEST if statuses is None else Sorting.DUE
    found = db.execute(_page(store_id, sorting, statuses, number, limit + 1, _read_cursor(cursor, sorting))).all()
    rows = found[:limit]
    more = len(found) > limit
    return Page(_with_units(db, store_id, rows), _cursor_after(rows[-1], sorting) if more else None)


def _page(
    store_id: int,
    sorting: Sorting,
    statuses: Collection[OrderStatus] | None,
    number: str | None,
    limit: int,
    after: tuple[datetime, int] | None,
) -> Listing:
    base = select(*_COLUMNS).where(Order.store_id == store_id)
    if number is not None:
        base = base.where(Order.order_number == number)
    if statuses is None:
        return _sorted(base, sorting, limit, after)
    wanted = sorted(set(statuses))
    if wanted == sorted(OPEN_STATUSES):
        # Spelled out rather than bound: so the planner knows that the index of the open orders covers it.
        words = ", ".join(f"'{status}'" for status in OPEN_STATUSES)
        return _sorted(base.where(literal_column(f"orders.status IN ({words})")), sorting, limit, after)
    branches = [_sorted(base.where(Order.status == status), sorting, limit, after) for status in wanted]
    if len(branches) == 1:
        return branches[0]
    # One walk of the index for each status, merged: no walk passes orders that are not wanted.
    merged = union_all(*(select(branch.subquery()) for branch in branches)).subquery()
    return select(merged).order_by(merged.c.ship_by, merged.c.id).limit(limit)


def _sorted(statement: Listing, sorting: Sorting, limit: int, after: tuple[datetime, int] | None) -> Listing:
    column = _sort_column(sorting)
    if sorting is Sorting.DUE:
        statement = statement.order_by(column, Order.id)
        if after:
            statement = statement.where(tuple_(column, Order.id) > after)
    else:
        statement = statement.order_by(column.desc(), Order.id.desc())
        if after:
            statement = statement.where(tuple_(column, Order.id) < after)
    return statement.limit(limit)


def _sort_column(sorting: Sorting) -> InstrumentedAttribute[datetime]:
    return Order.ship_by if sorting is Sorting.DUE else Order.ordered_at


def _with_units(db: Session, store_id: int, rows: Sequence[Row[*tuple[Any, ...]]]) -> list[OrderRow]:
    if not rows:
        return []
    sums = db.execute(
        select(
            OrderItem.order_id,
            func.count(),
            func.sum(OrderItem.quantity),
            func.sum(OrderItem.shipped_quantity),
            func.sum(OrderItem.cancelled_quantity),
        )
        .where(OrderItem.store_id == store_id, OrderItem.order_id.in_([row.id for row in rows]))
        .group_by(OrderItem.order_id)
    )
    units = {
        order_id: (items, int(ordered), int(shipped), int(gone)) for order_id, items, ordered, shipped, gone in sums
    }
    return [OrderRow._make([*row, *units.get(row.id, (0, 0, 0, 0))]) for row in rows]


def _cursor_after(row: Row[*tuple[Any, ...]], sorting: Sorting) -> str:
    at: datetime = row.ship_by if sorting is Sorting.DUE else row.ordered_at
    text = json.dumps([sorting, (at - _EPOCH) // timedelta(microseconds=1), row.id])
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _read_cursor(cursor: str | None, sorting: Sorting) -> tuple[datetime, int] | None:
    """Return (time, id) of the last order of the page before; None for the first page. Raises InvalidInput."""
    if cursor is None:
        return None
    try:
        padded = cursor.encode("ascii") + b"=" * (-len(cursor) % 4)
        of, microseconds, order_id = json.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
        if of != sorting or type(microseconds) is not int or type(order_id) is not int or abs(order_id) >= 2**63:
            raise ValueError
        return _EPOCH + timedelta(microseconds=microseconds), order_id
    except (ValueError, TypeError, OverflowError, RecursionError, binascii.Error):
        raise InvalidInput("This cursor does not belong to this list. Start again without it.", cursor=cursor) from None
