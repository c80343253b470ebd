"""Invariant 5: versions of orders and items have counted every operation. Source: docs/contract.md, "Tables"."""

from __future__ import annotations

from sqlalchemy import and_, distinct, func, select

from webapp.domain.events import EventKind
from webapp.models import Order, OrderEvent, OrderItem
from webapp.models.base import table_of
from webapp.services.verification.event_columns import is_kind
from webapp.services.verification.findings import Check, Finds, Scope, grouped_by, row_grouped, row_named

ITEMS, ORDERS = table_of(OrderItem), table_of(Order)


def versions_behind(scope: Scope) -> Finds:
    """Find items that changed in a version that their order has not reached."""
    return (
        select(
            OrderItem.store_id,
            OrderItem.id,
            Order.version.label("expected_at_most_version"),
            OrderItem.changed_in_version.label("found_version"),
        )
        .join(Order, row_named(Order, OrderItem, OrderItem.order_id))
        .where(scope.of(OrderItem), OrderItem.changed_in_version > Order.version)
    )


def versions_below_operations(scope: Scope) -> Finds:
    """Find orders with a lower version than their events' operations have raised it to. An import raises none."""
    operations = func.count(distinct(OrderEvent.operation_id)).label("changes")
    changes = grouped_by(scope, OrderEvent.order_id, operations, ~is_kind(EventKind.IMPORTED))
    return (
        select(
            Order.store_id,
            Order.id,
            Order.order_number,
            (1 + changes.c.changes).label("expected_at_least_version"),
            Order.version.label("found_version"),
        )
        .join(changes, row_grouped(Order, changes))
        .where(scope.of(Order), Order.version < 1 + changes.c.changes)
    )


def items_behind_their_events(scope: Scope) -> Finds:
    """Find items that changed last in a lower version than the operations up to their last event have raised."""
    last = grouped_by(scope, OrderEvent.order_item_id, func.max(OrderEvent.id).label("event_id"))
    before = (
        select(func.count(distinct(OrderEvent.operation_id)))
        .where(
            OrderEvent.store_id == OrderItem.store_id,
            OrderEvent.order_id == OrderItem.order_id,
            OrderEvent.id <= last.c.event_id,
            ~is_kind(EventKind.IMPORTED),
        )
        .correlate(OrderItem, last)
        .scalar_subquery()
    )
    return (
        select(
            OrderItem.store_id,
            OrderItem.id,
            OrderItem.order_id,
            (1 + before).label("expected_at_least_version"),
            OrderItem.changed_in_version.label("found_version"),
        )
        .join(last, row_grouped(OrderItem, last))
        .where(and_(scope.of(OrderItem), OrderItem.changed_in_version < 1 + before))
    )


CHECKS = (
    Check(5, "version_reached", "An item changed in a version that its order has not reached", ITEMS, versions_behind),
    Check(
        5,
        "version_counts_operations",
        "An order's version is lower than its events' operations have raised it to",
        ORDERS,
        versions_below_operations,
    ),
    Check(
        5,
        "item_version_follows",
        "An item changed last in a lower version than its last event's",
        ITEMS,
        items_behind_their_events,
    ),
)
