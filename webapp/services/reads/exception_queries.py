"""Reads open stock exceptions, page by page: those whose orders are to ship soonest first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, String, case, func, literal_column, select, tuple_, type_coerce, union_all
from sqlalchemy.orm import Session

from webapp.domain.causes import Cause, ExceptionState
from webapp.domain.errors import ExceptionNotFound
from webapp.domain.events import EventKind
from webapp.domain.open_exceptions import OpenException
from webapp.models import Inventory, Order, OrderEvent, OrderItem, Product, StockException
from webapp.models.base import constant, table_of
from webapp.models.channel import shown_number
from webapp.models.rows import columns_of, rows_of
from webapp.services.reads.cursors import page_of, read_cursor, write_cursor
from webapp.services.reads.order_counts import MAX_COUNTED
from webapp.services.reads.unknown_lines import name_code

PAGE: Final = 50
"""Exceptions per page."""

_LISTING = "exceptions by ship-by"
_PLACES = "places"

_IS_OPEN: Final = StockException.state == constant(ExceptionState.OPEN)


_exceptions, _orders, _items, _products = map(table_of, (StockException, Order, OrderItem, Product))

_NAME: Final = case(
    (_items.c.product_name != "", _items.c.product_name), (_products.c.is_placeholder, ""), else_=_products.c.name
)
"""The line's name; without one the catalogue's, as on the pick screen."""

_OPEN: Final = columns_of(
    OpenException,
    _exceptions,
    exception_id=_exceptions.c.id,
    order_id=_orders.c.id,
    order_number=shown_number(_orders),
    order_status=_orders.c.status,
    item_id=_items.c.id,
    product_id=_items.c.product_id,
    product_name=_NAME,
    sku=_items.c.sku,
    gtin=_items.c.gtin,
    name_code=name_code,
    remaining_quantity=_items.c.quantity - _items.c.shipped_quantity - _items.c.cancelled_quantity,
    customer_name=_orders.c.customer_name,
    ship_by=_orders.c.ship_by,
    listed_at=_exceptions.c.ship_by,
    picture=_products.c.picture,
)


@dataclass(frozen=True, slots=True)
class ExceptionPage:
    """A page of open exceptions, and the next page's cursor."""

    exceptions: list[OpenException]
    next_cursor: str | None


@dataclass(frozen=True, slots=True)
class TaskCounts:
    """How many exceptions are open, by cause, and how many places are to be counted."""

    exceptions: Mapping[Cause, int]
    places_to_count: int


def list_exceptions(
    db: Session, store_id: int, cause: Cause | None = None, cursor: str | None = None, limit: int = PAGE
) -> ExceptionPage:
    """Return a page of a store's open exceptions, in at most two statements. Raises InvalidInput for a foreign
    cursor."""
    after = read_cursor(cursor, _LISTING, datetime, int)
    key = (StockException.ship_by, StockException.id)
    query = (
        select(*_OPEN)
        .join(Order, (Order.store_id == StockException.store_id) & (Order.id == StockException.order_id))
        .join(
            OrderItem, (OrderItem.store_id == StockException.store_id) & (OrderItem.id == StockException.order_item_id)
        )
        .join(Product, (Product.store_id == OrderItem.store_id) & (Product.id == OrderItem.product_id))
        .where(StockException.store_id == store_id, _IS_OPEN)
        .order_by(*key)
        .limit(limit + 1)
    )
    if cause is not None:
        query = query.where(StockException.cause == cause)
    if after:
        query = query.where(tuple_(*key) > after)
    read = rows_of(OpenException, db.execute(query))
    page, next_cursor = page_of(read, limit, lambda last: write_cursor(_LISTING, last.listed_at, last.exception_id))
    return ExceptionPage(_with_short_places(db, store_id, page), next_cursor)


def count_tasks(db: Session, store_id: int) -> TaskCounts:
    """Count the open exceptions by cause and the places to count, in one statement that reads at most ``MAX_COUNTED``
    of each.

    If the sum of the exceptions reaches ``MAX_COUNTED``, there may be more, and the single counts mean nothing.
    """
    exceptions = (
        select(type_coerce(StockException.cause, String).label("name"))
        .where(StockException.store_id == store_id, _IS_OPEN)
        .limit(constant(MAX_COUNTED))
        .subquery()
    )
    places = (
        select(literal_column("1"))
        .select_from(Inventory)
        .where(Inventory.store_id == store_id, Inventory.count_cause.is_not(None))
        .limit(constant(MAX_COUNTED))
        .subquery()
    )
    by_cause = select(exceptions.c.name, func.count()).group_by(exceptions.c.name)
    name: ColumnElement[str] = literal_column(f"'{_PLACES}'", String)
    to_count = select(name, func.count()).select_from(places)
    counted: dict[str, int] = dict(db.execute(union_all(by_cause, to_count)).all())
    places_to_count = counted.pop(_PLACES)
    return TaskCounts({Cause(name): number for name, number in counted.items()}, places_to_count)


def check_exists(db: Session, store_id: int, exception_id: int) -> None:
    """Raise ExceptionNotFound if the store has no such exception, open or closed."""
    query = select(StockException.id).where(StockException.store_id == store_id, StockException.id == exception_id)
    if db.scalar(query) is None:
        raise ExceptionNotFound


def _with_short_places(db: Session, store_id: int, exceptions: Sequence[OpenException]) -> list[OpenException]:
    """Add the place of the newest report to each short pick."""
    short = [exception for exception in exceptions if exception.cause is Cause.SHORT_PICK]
    if not short:
        return list(exceptions)
    reports: Sequence[Any] = db.execute(
        select(OrderEvent.order_item_id, OrderEvent.details)
        .where(
            OrderEvent.store_id == store_id,
            OrderEvent.order_id.in_({exception.order_id for exception in short}),
            OrderEvent.kind == EventKind.SHORT_PICKED,
        )
        .order_by(OrderEvent.id)
    ).all()
    places = {item_id: (details["warehouse"], details["location"]) for item_id, details in reports}
    return [
        replace(exception, short_at=places.get(exception.item_id)) if exception.cause is Cause.SHORT_PICK else exception
        for exception in exceptions
    ]
