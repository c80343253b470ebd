"""Invariant 5: events tell of the units that ledger rows and items hold. Source: docs/contract.md, "Invariants"."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    and_,
    case,
    exists,
    func,
    literal,
    or_,
    select,
    union_all,
)

from webapp.domain.events import EventKind
from webapp.domain.ledger import TransactionType
from webapp.models import Order, OrderEvent, OrderItem
from webapp.models.base import table_of
from webapp.services.verification.event_columns import is_kind, number_of, text_of
from webapp.services.verification.findings import Check, Finds, Scope, row_grouped, rows_by, units_by
from webapp.services.verification.ledger import Ledger, is_type

ITEMS, ORDERS, LEDGER = (table_of(model) for model in (OrderItem, Order, Ledger))


def events_unlike_ledger(scope: Scope) -> Finds:
    """Find items whose events, in one operation, tell of other units than the ledger rows.

    Only of reserved units the ledger may have more, if the operation ships: what ships is reserved first.
    """
    what_event = case(
        (is_kind(EventKind.SHIPPED), "shipment"),
        (is_kind(EventKind.SHIPMENT_UNDONE), "undo"),
        (is_kind(EventKind.RETURNED, EventKind.RETURN_CORRECTED), "return"),
        (is_kind(EventKind.RELEASED, EventKind.SHORT_PICKED, EventKind.PRODUCT_CHANGED), "release"),
        else_="reservation",
    )
    kinds = (
        EventKind.SHORT_PICKED,
        EventKind.SHIPPED,
        EventKind.SHIPMENT_UNDONE,
        EventKind.RETURNED,
        EventKind.RETURN_CORRECTED,
        EventKind.RELEASED,
        EventKind.RESERVED,
        EventKind.BACKORDER_FILLED,
        EventKind.PRODUCT_CHANGED,
    )
    is_reversal = Ledger.reverses_id.is_not(None)
    what_row = case(
        (and_(is_type(TransactionType.FULFILL), is_reversal), "undo"),
        (is_type(TransactionType.FULFILL), "shipment"),
        (is_type(TransactionType.RETURN), "return"),
        (is_type(TransactionType.RELEASE), "release"),
        else_="reservation",
    )
    types = (TransactionType.FULFILL, TransactionType.RETURN, TransactionType.RELEASE, TransactionType.RESERVE)
    units = case(
        (is_type(TransactionType.RETURN), Ledger.quantity_change),
        (is_type(TransactionType.FULFILL), func.abs(Ledger.quantity_change)),
        else_=func.abs(Ledger.reserved_change),
    )
    at_a_place = func.coalesce(text_of("location"), "") != ""
    event_units = case(
        (and_(is_kind(EventKind.RETURN_CORRECTED), at_a_place), -number_of("quantity")),
        (is_kind(EventKind.RETURN_CORRECTED), 0),  # Written off: nothing came to a place.
        else_=number_of("quantity"),
    )
    zero, reservation = literal(0, BigInteger), literal("reservation")
    of_event = (OrderEvent.store_id, OrderEvent.operation_id, OrderEvent.order_item_id)
    names_item = OrderEvent.order_item_id.is_not(None)
    both = union_all(
        select(
            *of_event,
            what_event.label("what"),
            event_units.label("event_units"),
            zero.label("ledger_units"),
            zero.label("ships"),
        ).where(scope.of(OrderEvent), is_kind(*kinds), names_item),
        select(*of_event, reservation, number_of("reserved_elsewhere"), zero, zero).where(
            scope.of(OrderEvent), is_kind(EventKind.SHORT_PICKED), names_item
        ),
        select(*of_event, reservation, number_of("quantity"), zero, zero).where(
            scope.of(OrderEvent), is_kind(EventKind.PRODUCT_CHANGED), names_item
        ),
        select(*of_event, reservation, zero, zero, literal(1, BigInteger)).where(
            scope.of(OrderEvent), is_kind(EventKind.SHIPPED), names_item
        ),
        select(Ledger.store_id, Ledger.operation_id, Ledger.order_item_id, what_row, zero, units, zero).where(
            scope.of(Ledger),
            is_type(*types),
            Ledger.order_item_id.is_not(None),
        ),
    ).subquery()
    by_events, by_ledger = func.coalesce(func.sum(both.c.event_units), 0), func.sum(both.c.ledger_units)
    return (
        select(
            both.c.store_id,
            both.c.order_item_id.label("id"),
            both.c.operation_id,
            both.c.what,
            by_ledger.label("expected_units"),
            by_events.label("found_units"),
        )
        .group_by(both.c.store_id, both.c.order_item_id, both.c.operation_id, both.c.what)
        .having(or_(by_events > by_ledger, and_(func.max(both.c.ships) == 0, by_events != by_ledger)))
    )


def movements_without_event(scope: Scope) -> Finds:
    """Find ledger rows of an order's item about which no event of their operation, person and time tells."""
    event = exists().where(
        OrderEvent.store_id == Ledger.store_id,
        OrderEvent.order_id == Ledger.order_id,
        OrderEvent.order_item_id == Ledger.order_item_id,
        OrderEvent.operation_id == Ledger.operation_id,
        OrderEvent.actor == Ledger.created_by,
        OrderEvent.created_at == Ledger.created_at,
    )
    return select(Ledger.store_id, Ledger.id, Ledger.order_item_id, Ledger.operation_id).where(
        scope.of(Ledger), Ledger.order_item_id.is_not(None), ~event
    )


def cancelled_unlike_events(scope: Scope) -> Finds:
    """Find orders whose items have other cancelled units than their events tell of."""
    units = func.coalesce(number_of("cancelled_quantity"), number_of("quantity"), 0)
    kinds = is_kind(EventKind.CANCELLED, EventKind.ITEM_CANCELLED)
    by_events = units_by(scope, OrderEvent.order_id, units, kinds)
    items = units_by(scope, OrderItem.order_id, OrderItem.cancelled_quantity)
    expected, units_of_items = func.coalesce(by_events.c.units, 0), func.coalesce(items.c.units, 0)
    return (
        select(
            Order.store_id,
            Order.id,
            Order.order_number,
            expected.label("expected_cancelled_quantity"),
            units_of_items.label("found_cancelled_quantity"),
        )
        .outerjoin(items, row_grouped(Order, items))
        .outerjoin(by_events, row_grouped(Order, by_events))
        .where(scope.of(Order), expected != units_of_items)
    )


def returned_unlike_events(scope: Scope) -> Finds:
    """Find items with other returned units than their events tell of."""
    units = case((is_kind(EventKind.RETURN_CORRECTED), -number_of("quantity")), else_=number_of("quantity"))
    kinds = is_kind(EventKind.RETURNED, EventKind.WRITTEN_OFF, EventKind.RETURN_CORRECTED)
    by_events = units_by(scope, OrderEvent.order_item_id, units, kinds)
    expected = func.coalesce(by_events.c.units, 0)
    return (
        select(
            OrderItem.store_id,
            OrderItem.id,
            OrderItem.order_id,
            expected.label("expected_returned_quantity"),
            OrderItem.returned_quantity.label("found_returned_quantity"),
        )
        .outerjoin(by_events, row_grouped(OrderItem, by_events))
        .where(scope.of(OrderItem), OrderItem.returned_quantity != expected)
    )


def lines_that_vanished(scope: Scope) -> Finds:
    """Find orders with other items than the import wrote and the shop added: fewer, or more."""
    items = rows_by(scope, OrderItem.order_id)
    added = rows_by(scope, OrderEvent.order_id, is_kind(EventKind.UNITS_ADDED), text_of("is_new").is_not(None))
    present = func.coalesce(items.c.rows, 0) - func.coalesce(added.c.rows, 0)
    return (
        select(
            OrderEvent.store_id,
            OrderEvent.order_id.label("id"),
            number_of("rows").label("expected_items"),
            present.label("found_items"),
        )
        .outerjoin(items, and_(items.c.store_id == OrderEvent.store_id, items.c.row_id == OrderEvent.order_id))
        .outerjoin(added, and_(added.c.store_id == OrderEvent.store_id, added.c.row_id == OrderEvent.order_id))
        .where(scope.of(OrderEvent), is_kind(EventKind.IMPORTED), present != number_of("rows"))
    )


CHECKS = (
    Check(
        5,
        "events_are_ledger_units",
        "An item's events tell of other units than the ledger rows of their operation",
        ITEMS,
        events_unlike_ledger,
    ),
    Check(
        5,
        "movement_has_event",
        "No event tells about a ledger row of an order's item",
        LEDGER,
        movements_without_event,
    ),
    Check(
        5,
        "cancelled_is_event_sum",
        "An order's cancelled units are not those that its events tell of",
        ORDERS,
        cancelled_unlike_events,
    ),
    Check(
        5,
        "returned_is_event_sum",
        "An item's returned units are not those that its events tell of",
        ITEMS,
        returned_unlike_events,
    ),
    Check(5, "imported_items_exist", "An order has other items than its import wrote", ORDERS, lines_that_vanished),
)
