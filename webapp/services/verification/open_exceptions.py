"""Invariant 4: stock exceptions are those that events opened and closed, and no larger than the need."""

from __future__ import annotations

from sqlalchemy import String, and_, exists, func, literal, or_, select, type_coerce

from webapp.domain.causes import UPSTREAM_CAUSES, ExceptionState
from webapp.domain.events import EventKind
from webapp.models import Allocation, OrderEvent, OrderItem, StockException
from webapp.models.base import table_of
from webapp.services.verification.event_columns import is_kind, text_of
from webapp.services.verification.findings import Check, Finds, Scope, row_grouped, row_named, rows_by

EVENTS, EXCEPTIONS = table_of(OrderEvent), table_of(StockException)
ITEMS = table_of(OrderItem)

_state, _cause = type_coerce(StockException.state, String), type_coerce(StockException.cause, String)


def exceptions_unlike_events(scope: Scope) -> Finds:
    """Find items with more or fewer exceptions than events that opened one."""
    events = rows_by(scope, OrderEvent.order_item_id, is_kind(EventKind.STOCK_SKIPPED, EventKind.CONTRADICTED))
    exceptions = rows_by(scope, StockException.order_item_id)
    expected, present = func.coalesce(events.c.rows, 0), func.coalesce(exceptions.c.rows, 0)
    return (
        select(
            OrderItem.store_id,
            OrderItem.id,
            OrderItem.order_id,
            expected.label("expected_exceptions"),
            present.label("found_exceptions"),
        )
        .outerjoin(events, row_grouped(OrderItem, events))
        .outerjoin(exceptions, row_grouped(OrderItem, exceptions))
        .where(scope.of(OrderItem), expected != present)
    )


def closings_unlike_exceptions(scope: Scope) -> Finds:
    """Find events of an exception closed by hand for which there is none with that cause, person, time and words."""
    closed = exists().where(
        StockException.store_id == OrderEvent.store_id,
        StockException.order_item_id == OrderEvent.order_item_id,
        _state == ExceptionState.CLOSED.value,
        _cause == text_of("cause"),
        StockException.closed_by == OrderEvent.actor,
        StockException.closed_at == OrderEvent.created_at,
        StockException.resolution == OrderEvent.reason,
    )
    return select(
        OrderEvent.store_id,
        OrderEvent.id,
        OrderEvent.order_item_id,
        text_of("cause").label("found_cause"),
        OrderEvent.reason.label("found_resolution"),
    ).where(scope.of(OrderEvent), is_kind(EventKind.EXCEPTION_CLOSED), ~closed)


def exceptions_above_need(scope: Scope) -> Finds:
    """Find open exceptions for want of stock of more units than their item has left and not reserved."""
    held = (
        select(func.coalesce(func.sum(Allocation.quantity), 0))
        .where(
            Allocation.store_id == StockException.store_id,
            Allocation.order_item_id == StockException.order_item_id,
        )
        .scalar_subquery()
    )
    need = OrderItem.quantity - OrderItem.shipped_quantity - OrderItem.cancelled_quantity - held
    return (
        select(
            StockException.store_id,
            StockException.id,
            StockException.order_item_id,
            need.label("expected_at_most"),
            StockException.quantity.label("found_quantity"),
        )
        .join(OrderItem, row_named(OrderItem, StockException, StockException.order_item_id))
        .where(
            scope.of(StockException),
            _state == literal(ExceptionState.OPEN.value),
            _cause.not_in([cause.value for cause in UPSTREAM_CAUSES]),
            StockException.quantity > need,
        )
    )


def half_open_exceptions(scope: Scope) -> Finds:
    """Find open exceptions that say how they were closed, and closed ones that do not."""
    is_open = _state == literal(ExceptionState.OPEN.value)
    closing = (StockException.closed_by, StockException.closed_at)
    return select(
        StockException.store_id,
        StockException.id,
        _state.label("state"),
        *(column.label(f"found_{column.key}") for column in closing),
        StockException.resolution.label("found_resolution"),
    ).where(
        scope.of(StockException),
        or_(
            and_(is_open, or_(*(column.is_not(None) for column in closing), StockException.resolution != "")),
            and_(~is_open, or_(*(column.is_(None) for column in closing), StockException.resolution == "")),
        ),
    )


CHECKS = (
    Check(
        4,
        "skip_has_exception",
        "An item has more or fewer stock exceptions than its events opened",
        ITEMS,
        exceptions_unlike_events,
    ),
    Check(
        5,
        "closing_has_exception",
        "No stock exception was closed as an event tells",
        EVENTS,
        closings_unlike_exceptions,
    ),
    Check(
        4,
        "exception_within_need",
        "An open stock exception is of more units than its item lacks",
        EXCEPTIONS,
        exceptions_above_need,
    ),
    Check(
        4,
        "exception_is_whole",
        "A stock exception is open and says how it was closed, or the reverse",
        EXCEPTIONS,
        half_open_exceptions,
    ),
)
