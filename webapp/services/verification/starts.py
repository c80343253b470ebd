"""Invariant 5: the start of an order tells of all units that its items need. Source: docs/contract.md, "Invariants"."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, or_, select
from sqlalchemy.orm import aliased

from webapp.domain.events import EventKind
from webapp.domain.statuses import OrderStatus
from webapp.models import OrderEvent, OrderItem
from webapp.models.base import table_of
from webapp.services.verification.event_columns import is_kind, number_of, text_of
from webapp.services.verification.findings import Check, Finds, Scope


def items_started_otherwise(scope: Scope) -> Finds:
    """Find items of which other units were reserved or missing when their order was started than they needed.

    Items for which more had happened before than a match or cancelled units are left out.
    """
    start = aliased(OrderEvent)
    is_before = OrderEvent.operation_id != start.operation_id
    is_own = and_(~is_before, is_kind(EventKind.RESERVED, EventKind.STOCK_SKIPPED))
    is_cancelled = and_(is_before, is_kind(EventKind.ITEM_CANCELLED))
    moves_nothing = (EventKind.ITEM_CANCELLED, EventKind.ITEM_MATCHED, EventKind.UNITS_ADDED, EventKind.PRODUCT_CHANGED)
    is_other = and_(is_before, ~is_kind(*moves_nothing))
    later = aliased(OrderEvent)
    added_later = (
        select(func.coalesce(func.sum(number_of("quantity", later)), 0))
        .where(
            later.store_id == OrderItem.store_id,
            later.order_id == OrderItem.order_id,
            later.order_item_id == OrderItem.id,
            is_kind(EventKind.UNITS_ADDED, of=later),
            later.id > start.id,
        )
        .correlate(OrderItem, start)
        .scalar_subquery()
    )
    needed = OrderItem.quantity - added_later
    covered, others = _sum(is_own | is_cancelled, number_of("quantity")), _sum(is_other, 1)
    return (
        select(
            OrderItem.store_id,
            OrderItem.id,
            OrderItem.order_id,
            covered.label("expected_quantity"),
            needed.label("found_quantity"),
        )
        .join(start, and_(start.store_id == OrderItem.store_id, start.order_id == OrderItem.order_id))
        .outerjoin(
            OrderEvent,
            and_(
                OrderEvent.store_id == OrderItem.store_id,
                OrderEvent.order_id == OrderItem.order_id,
                OrderEvent.order_item_id == OrderItem.id,
                or_(~is_before, OrderEvent.id < start.id),
            ),
        )
        .where(
            scope.of(OrderItem),
            is_kind(EventKind.STATUS_CHANGED, of=start),
            text_of("from", start) == OrderStatus.PENDING.value,
            text_of("to", start) == OrderStatus.PROCESSING.value,
        )
        .group_by(OrderItem.store_id, OrderItem.id, OrderItem.order_id, OrderItem.quantity, start.id)
        .having(and_(others == 0, covered != needed))
    )


def _sum(condition: ColumnElement[bool], units: Any) -> ColumnElement[Any]:
    return func.coalesce(func.sum(case((condition, units), else_=0)), 0)


CHECKS = (
    Check(
        5,
        "start_covers_item",
        "Other units of an item were reserved or missing when its order was started than it needed",
        table_of(OrderItem),
        items_started_otherwise,
    ),
)
