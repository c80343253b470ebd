"""Invariant 5: the rows of one operation have one person and one time. Source: docs/contract.md, "Invariants"."""

from __future__ import annotations

from typing import Final

from sqlalchemy import (
    String,
    Subquery,
    exists,
    func,
    literal,
    null,
    select,
    type_coerce,
    union_all,
)

from webapp.domain.causes import ExceptionState
from webapp.domain.events import EventKind
from webapp.models import IdempotencyKey, OrderEvent, Shipment, ShipmentLine, StockException
from webapp.models.base import table_of
from webapp.services.verification.event_columns import is_kind, text_of
from webapp.services.verification.findings import Check, Finds, Scope, row_named, seconds_between
from webapp.services.verification.ledger import Ledger

EVENTS, LINES = table_of(OrderEvent), table_of(ShipmentLine)
PARCELS, EXCEPTIONS = table_of(Shipment), table_of(StockException)

_SECONDS_OF_A_REQUEST: Final = 600
"""More than any request lasts. One that waits for a lock can write rows of two moments."""


def _rows_of_operations(scope: Scope) -> Subquery:
    """Select the person and the time of every row that an operation wrote. An idempotency key has its own time."""
    return union_all(
        select(
            OrderEvent.store_id, OrderEvent.operation_id, OrderEvent.actor.label("who"), OrderEvent.created_at
        ).where(scope.of(OrderEvent)),
        select(Ledger.store_id, Ledger.operation_id, Ledger.created_by, Ledger.created_at).where(scope.of(Ledger)),
        select(
            ShipmentLine.store_id, ShipmentLine.operation_id, ShipmentLine.shipped_by, ShipmentLine.shipped_at
        ).where(scope.of(ShipmentLine)),
        select(IdempotencyKey.store_id, IdempotencyKey.operation_id, IdempotencyKey.actor, null()).where(
            scope.of(IdempotencyKey)
        ),
    ).subquery()


def operations_of_several_people(scope: Scope) -> Finds:
    """Find operations whose rows name different people."""
    rows = _rows_of_operations(scope)
    first, last = func.min(rows.c.who), func.max(rows.c.who)
    return (
        select(
            rows.c.store_id,
            rows.c.operation_id.label("id"),
            first.label("found_person"),
            last.label("found_another"),
        )
        .group_by(rows.c.store_id, rows.c.operation_id)
        .having(first != last)
    )


def operations_at_several_times(scope: Scope) -> Finds:
    """Find operations whose rows have times further apart than one request lasts."""
    rows = _rows_of_operations(scope)
    first, last = func.min(rows.c.created_at), func.max(rows.c.created_at)
    seconds = seconds_between(first, last, scope)
    return (
        select(
            rows.c.store_id,
            rows.c.operation_id.label("id"),
            first.label("found_time"),
            last.label("found_another"),
        )
        .group_by(rows.c.store_id, rows.c.operation_id)
        .having(seconds > _SECONDS_OF_A_REQUEST)
    )


def parcels_of_others(scope: Scope) -> Finds:
    """Find parcel lines that somebody else shipped than who packed the parcel."""
    return (
        select(
            ShipmentLine.store_id,
            ShipmentLine.shipment_id.label("id"),
            ShipmentLine.id.label("line_id"),
            ShipmentLine.shipped_by.label("expected_packed_by"),
            Shipment.packed_by.label("found_packed_by"),
        )
        .join(Shipment, row_named(Shipment, ShipmentLine, ShipmentLine.shipment_id))
        .where(scope.of(ShipmentLine), ShipmentLine.shipped_by != Shipment.packed_by)
    )


def undone_lines_without_event(scope: Scope) -> Finds:
    """Find undone parcel lines about whose undo, its person and its time no event tells."""
    has_event = exists().where(
        OrderEvent.store_id == ShipmentLine.store_id,
        OrderEvent.order_id == Shipment.order_id,
        OrderEvent.order_item_id == ShipmentLine.order_item_id,
        is_kind(EventKind.SHIPMENT_UNDONE),
        OrderEvent.actor == ShipmentLine.undone_by,
        OrderEvent.created_at == ShipmentLine.undone_at,
    )
    return (
        select(
            ShipmentLine.store_id,
            ShipmentLine.id,
            ShipmentLine.undone_by.label("found_undone_by"),
            ShipmentLine.undone_at.label("found_undone_at"),
        )
        .join(Shipment, row_named(Shipment, ShipmentLine, ShipmentLine.shipment_id))
        .where(scope.of(ShipmentLine), ShipmentLine.undone_at.is_not(None), ~has_event)
    )


def exceptions_without_event(scope: Scope) -> Finds:
    """Find stock exceptions about whose opening, its person and its time no event tells."""
    has_event = exists().where(
        OrderEvent.store_id == StockException.store_id,
        OrderEvent.order_id == StockException.order_id,
        OrderEvent.order_item_id == StockException.order_item_id,
        is_kind(EventKind.STOCK_SKIPPED, EventKind.CONTRADICTED),
        text_of("cause") == type_coerce(StockException.cause, String),
        OrderEvent.actor == StockException.opened_by,
        OrderEvent.created_at == StockException.opened_at,
    )
    return select(
        StockException.store_id,
        StockException.id,
        StockException.opened_by.label("found_opened_by"),
        StockException.opened_at.label("found_opened_at"),
    ).where(scope.of(StockException), ~has_event)


def closings_without_event(scope: Scope) -> Finds:
    """Find closed stock exceptions whose order has no event by that person at that time."""
    has_event = exists().where(
        OrderEvent.store_id == StockException.store_id,
        OrderEvent.order_id == StockException.order_id,
        OrderEvent.actor == StockException.closed_by,
        OrderEvent.created_at == StockException.closed_at,
    )
    return select(
        StockException.store_id,
        StockException.id,
        StockException.closed_by.label("found_closed_by"),
        StockException.closed_at.label("found_closed_at"),
    ).where(
        scope.of(StockException),
        type_coerce(StockException.state, String) == literal(ExceptionState.CLOSED.value),
        ~has_event,
    )


CHECKS = (
    Check(
        5,
        "operation_has_one_person",
        "The rows of one operation name different people",
        EVENTS,
        operations_of_several_people,
    ),
    Check(
        5,
        "operation_has_one_time",
        "The rows of one operation have different times",
        EVENTS,
        operations_at_several_times,
    ),
    Check(5, "packer_is_shipper", "A parcel's packer is not who shipped its lines", PARCELS, parcels_of_others),
    Check(5, "undo_has_event", "No event tells who undid a parcel line, and when", LINES, undone_lines_without_event),
    Check(
        5,
        "exception_has_event",
        "No event tells who opened a stock exception, and when",
        EXCEPTIONS,
        exceptions_without_event,
    ),
    Check(
        5,
        "closing_has_event",
        "No event of the order is by who closed a stock exception, at that time",
        EXCEPTIONS,
        closings_without_event,
    ),
)
