"""Invariant 4: each order's status agrees with its items, or an open stock exception says why not."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import ColumnElement, String, and_, case, false, func, literal, or_, select, type_coerce

from webapp.domain.causes import ExceptionState
from webapp.domain.statuses import OrderStatus
from webapp.models import Allocation, Order, OrderItem, StockException
from webapp.models.base import table_of
from webapp.services.verification.findings import Check, Finds, Scope, row_named, units


@dataclass(frozen=True)
class Totals:
    """One order's totals, as SQL: its items; units shipped, remaining and allocated; and items with units remaining but
    no open stock exception."""

    items: Any
    shipped: Any
    remaining: Any
    held: Any
    unexplained: Any


Rule = tuple[str, Callable[[Totals], ColumnElement[bool]]]


def _complete(of: Totals) -> ColumnElement[bool]:
    return or_(
        and_(of.shipped > 0, of.remaining == 0, of.held == 0),
        and_(of.remaining > 0, of.unexplained == 0),
        of.items == 0,
    )


_UNTOUCHED: Final[Rule] = (
    "nothing shipped and something remaining",
    lambda of: and_(of.shipped == 0, or_(of.remaining > 0, of.items == 0)),
)
_NOTHING_LEFT: Final[Rule] = (
    "something shipped, nothing remaining and nothing reserved, or an open exception for each item that remains",
    _complete,
)
RULES: Final[dict[OrderStatus, Rule]] = {
    OrderStatus.PENDING: _UNTOUCHED,
    OrderStatus.PROCESSING: _UNTOUCHED,
    OrderStatus.PARTIALLY_SHIPPED: (
        "something shipped and something remaining",
        lambda of: and_(of.shipped > 0, of.remaining > 0),
    ),
    OrderStatus.SHIPPED: _NOTHING_LEFT,
    OrderStatus.DELIVERED: _NOTHING_LEFT,
    OrderStatus.CANCELLED: (
        "nothing remaining and nothing reserved",
        lambda of: and_(of.remaining == 0, of.held == 0),
    ),
    OrderStatus.REFUNDED: (
        "nothing reserved, and nothing remaining unless something shipped or an open exception says why",
        lambda of: and_(of.held == 0, or_(of.remaining == 0, of.shipped > 0, of.unexplained == 0)),
    ),
}
"""For each status the condition on its items, in words and in SQL. An order without items has nothing to ship."""


def status_unlike_items(scope: Scope) -> Finds:
    """Find orders whose status does not follow from their items, with the totals."""
    excused = (
        select(StockException.store_id, StockException.order_item_id)
        .where(
            scope.of(StockException), type_coerce(StockException.state, String) == literal(ExceptionState.OPEN.value)
        )
        .distinct()
        .subquery()
    )
    remaining = OrderItem.quantity - OrderItem.shipped_quantity - OrderItem.cancelled_quantity
    by_order = (
        select(
            OrderItem.store_id,
            OrderItem.order_id,
            func.count().label("items"),
            func.sum(OrderItem.shipped_quantity).label("shipped"),
            func.sum(remaining).label("remaining"),
            func.sum(case((and_(remaining > 0, excused.c.order_item_id.is_(None)), 1), else_=0)).label("unexplained"),
        )
        .outerjoin(excused, and_(excused.c.store_id == OrderItem.store_id, excused.c.order_item_id == OrderItem.id))
        .where(scope.of(OrderItem))
        .group_by(OrderItem.store_id, OrderItem.order_id)
        .subquery()
    )
    allocations = (
        select(OrderItem.store_id, OrderItem.order_id, units(Allocation.quantity).label("held"))
        .join(OrderItem, row_named(OrderItem, Allocation, Allocation.order_item_id))
        .where(scope.of(Allocation))
        .group_by(OrderItem.store_id, OrderItem.order_id)
        .subquery()
    )
    totals = Totals(
        items=func.coalesce(by_order.c["items"], 0),
        shipped=func.coalesce(by_order.c.shipped, 0),
        remaining=func.coalesce(by_order.c.remaining, 0),
        held=func.coalesce(allocations.c.held, 0),
        unexplained=func.coalesce(by_order.c.unexplained, 0),
    )
    status = type_coerce(Order.status, String)
    agrees = case(
        *((status == literal(expected.value), rule(totals)) for expected, (_, rule) in RULES.items()),
        else_=false(),
    )
    words = case(*((status == literal(expected.value), literal(words)) for expected, (words, _) in RULES.items()))
    return (
        select(
            Order.store_id,
            Order.id,
            Order.order_number,
            status.label("status"),
            words.label("expected_units"),
            totals.items.label("found_items"),
            totals.shipped.label("found_shipped"),
            totals.remaining.label("found_remaining"),
            totals.held.label("found_reserved"),
            totals.unexplained.label("found_unexplained_items"),
        )
        .outerjoin(by_order, and_(by_order.c.store_id == Order.store_id, by_order.c.order_id == Order.id))
        .outerjoin(allocations, and_(allocations.c.store_id == Order.store_id, allocations.c.order_id == Order.id))
        .where(scope.of(Order), ~agrees)
    )


def exceptions_of_other_orders(scope: Scope) -> Finds:
    """Find stock exceptions whose item belongs to another order."""
    return (
        select(
            StockException.store_id,
            StockException.id,
            StockException.order_item_id,
            OrderItem.order_id.label("expected_order_id"),
            StockException.order_id.label("found_order_id"),
        )
        .join(OrderItem, row_named(OrderItem, StockException, StockException.order_item_id))
        .where(scope.of(StockException), OrderItem.order_id != StockException.order_id)
    )


CHECKS = (
    Check(
        4,
        "status_agrees",
        "An order's status does not agree with its items",
        table_of(Order),
        status_unlike_items,
    ),
    Check(
        4,
        "exception_of_own_order",
        "A stock exception's item is of another order",
        table_of(StockException),
        exceptions_of_other_orders,
    ),
)
