"""Invariant 4: each order's status follows from its changes of status. Source: docs/contract.md, "Invariants"."""

from __future__ import annotations

from sqlalchemy import (
    String,
    Subquery,
    and_,
    case,
    func,
    or_,
    select,
    type_coerce,
)

from webapp.domain.events import EventKind
from webapp.domain.statuses import OrderStatus
from webapp.models import Order, OrderEvent
from webapp.models.base import table_of
from webapp.services.verification.event_columns import is_kind, text_of
from webapp.services.verification.findings import Check, Finds, Scope, row_named

EVENTS, ORDERS = table_of(OrderEvent), table_of(Order)


def _imported(scope: Scope) -> Subquery:
    """Select the orders that an import made: they begin as pending."""
    return (
        select(OrderEvent.store_id, OrderEvent.order_id)
        .where(scope.of(OrderEvent), is_kind(EventKind.IMPORTED))
        .distinct()
        .subquery()
    )


def status_unlike_last_event(scope: Scope) -> Finds:
    """Find orders whose status is not the one that their last change of status led to."""
    changes = (
        select(
            OrderEvent.store_id,
            OrderEvent.order_id,
            text_of("to").label("to"),
            func.row_number()
            .over(partition_by=(OrderEvent.store_id, OrderEvent.order_id), order_by=OrderEvent.id.desc())
            .label("from_the_last"),
        )
        .where(scope.of(OrderEvent), is_kind(EventKind.STATUS_CHANGED))
        .subquery()
    )
    last = select(changes).where(changes.c.from_the_last == 1).subquery()
    imported = _imported(scope)
    expected = func.coalesce(last.c.to, OrderStatus.PENDING.value)
    status = type_coerce(Order.status, String)
    return (
        select(
            Order.store_id,
            Order.id,
            Order.order_number,
            expected.label("expected_status"),
            status.label("found_status"),
        )
        .outerjoin(last, row_named(Order, last.c, last.c.order_id))
        .outerjoin(imported, row_named(Order, imported.c, imported.c.order_id))
        .where(
            scope.of(Order),
            or_(last.c.order_id.is_not(None), imported.c.order_id.is_not(None)),
            status != expected,
        )
    )


def status_changes_out_of_line(scope: Scope) -> Finds:
    """Find changes of status that do not begin where the one before ended."""
    before = func.lag(text_of("to")).over(
        partition_by=(OrderEvent.store_id, OrderEvent.order_id), order_by=OrderEvent.id
    )
    changes = (
        select(
            OrderEvent.store_id,
            OrderEvent.id,
            OrderEvent.order_id,
            text_of("from").label("from"),
            before.label("before"),
        )
        .where(scope.of(OrderEvent), is_kind(EventKind.STATUS_CHANGED))
        .subquery()
    )
    imported = _imported(scope)
    begins_pending = case((imported.c.order_id.is_not(None), OrderStatus.PENDING.value))
    expected = func.coalesce(changes.c.before, begins_pending, changes.c["from"])
    return (
        select(
            changes.c.store_id,
            changes.c.id,
            changes.c.order_id,
            expected.label("expected_from"),
            changes.c["from"].label("found_from"),
        )
        .outerjoin(
            imported,
            and_(imported.c.store_id == changes.c.store_id, imported.c.order_id == changes.c.order_id),
        )
        .where(or_(changes.c["from"].is_(None), changes.c["from"] != expected))
    )


CHECKS = (
    Check(
        4,
        "status_is_last_event",
        "An order's status is not the one that its last change of status led to",
        ORDERS,
        status_unlike_last_event,
    ),
    Check(
        4,
        "status_changes_follow",
        "A change of status does not begin where the one before ended",
        EVENTS,
        status_changes_out_of_line,
    ),
)
