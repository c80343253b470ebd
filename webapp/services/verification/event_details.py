"""Invariant 5: what order events say is what their operations' rows hold. Source: docs/contract.md, "Invariants"."""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    ColumnElement,
    String,
    and_,
    case,
    exists,
    func,
    literal,
    or_,
    select,
    type_coerce,
)
from sqlalchemy.orm import aliased

from webapp.domain.events import EventKind
from webapp.domain.ledger import TransactionType
from webapp.models import OrderEvent, OrderItem, ShipmentLine
from webapp.models.base import table_of
from webapp.services.verification.event_columns import is_kind, number_of, text_of
from webapp.services.verification.findings import Check, Finds, Scope, row_named
from webapp.services.verification.ledger import LEDGER, Ledger, is_type, stored_type

EVENTS = table_of(OrderEvent)


def of_same_step(rows: Any) -> ColumnElement[bool]:
    """Return the condition that ``rows`` (ledger rows, or parcel lines) are of an event's operation and item."""
    return and_(
        rows.store_id == OrderEvent.store_id,
        rows.operation_id == OrderEvent.operation_id,
        rows.order_item_id == OrderEvent.order_item_id,
    )


def at_place_of_event() -> ColumnElement[bool]:
    """Return the condition that a ledger row is of the place that an event names."""
    return and_(Ledger.warehouse == text_of("warehouse"), Ledger.location == text_of("location"))


def events_of_other_rows(scope: Scope) -> Finds:
    """Find events of undone, returned, found and missing units without a row of the same units and place."""
    undone = exists().where(
        ShipmentLine.store_id == OrderEvent.store_id,
        ShipmentLine.order_item_id == OrderEvent.order_item_id,
        ShipmentLine.quantity == number_of("quantity"),
        ShipmentLine.shipped_by == text_of("shipped_by"),
        ShipmentLine.undone_by == OrderEvent.actor,
        ShipmentLine.undone_at == OrderEvent.created_at,
    )
    units, quantity = number_of("quantity"), Ledger.quantity_change
    movement = exists().where(
        of_same_step(Ledger),
        at_place_of_event(),
        or_(
            and_(is_kind(EventKind.RETURNED), is_type(TransactionType.RETURN), quantity == units),
            and_(is_kind(EventKind.FOUND_ON_SHELF), is_type(TransactionType.ADJUST), quantity == units),
            and_(is_kind(EventKind.SHORT_PICKED), is_type(TransactionType.RELEASE), Ledger.reserved_change == -units),
            and_(is_kind(EventKind.SHORT_PICKED), is_type(TransactionType.SET), units == 0),
        ),
    )
    kinds = (EventKind.RETURNED, EventKind.FOUND_ON_SHELF, EventKind.SHORT_PICKED)
    return events_of(scope).where(
        or_(and_(is_kind(EventKind.SHIPMENT_UNDONE), ~undone), and_(is_kind(*kinds), ~movement)),
    )


def events_of(scope: Scope) -> Finds:
    """Select a scope's events, with what a violation shows of them."""
    return select(
        OrderEvent.store_id,
        OrderEvent.id,
        OrderEvent.order_id,
        type_coerce(OrderEvent.kind, String).label("kind"),
        number_of("quantity").label("found_quantity"),
    ).where(scope.of(OrderEvent))


def corrections_of_no_return(scope: Scope) -> Finds:
    """Find corrections that name no return of their item, or leave other units of it than are left."""
    booked, corrections = aliased(OrderEvent), aliased(OrderEvent)
    corrected = (
        select(func.coalesce(func.sum(number_of("quantity", corrections)), 0))
        .where(
            corrections.store_id == OrderEvent.store_id,
            corrections.order_id == OrderEvent.order_id,
            corrections.id <= OrderEvent.id,
            is_kind(EventKind.RETURN_CORRECTED, of=corrections),
            number_of("event_id", corrections) == number_of("event_id"),
        )
        .scalar_subquery()
    )
    left = number_of("quantity", booked) - corrected
    return (
        select(
            OrderEvent.store_id,
            OrderEvent.id,
            OrderEvent.order_id,
            number_of("event_id").label("return_id"),
            left.label("expected_left_quantity"),
            number_of("left_quantity").label("found_left_quantity"),
        )
        .outerjoin(
            booked,
            and_(
                booked.store_id == OrderEvent.store_id,
                booked.id == number_of("event_id"),
                booked.order_item_id == OrderEvent.order_item_id,
                is_kind(EventKind.RETURNED, EventKind.WRITTEN_OFF, of=booked),
            ),
        )
        .where(
            scope.of(OrderEvent),
            is_kind(EventKind.RETURN_CORRECTED),
            or_(
                booked.id.is_(None),
                left.is_distinct_from(number_of("left_quantity")),
                *(
                    func.coalesce(text_of(name, booked), "") != func.coalesce(text_of(name), "")
                    for name in ("warehouse", "location")
                ),
            ),
        )
    )


def shipments_with_other_rest(scope: Scope) -> Finds:
    """Find shipments whose event leaves other units of the item than were ordered and not shipped or cancelled."""
    spent = case(
        (is_kind(EventKind.SHIPPED, EventKind.ITEM_CANCELLED), number_of("quantity")),
        (is_kind(EventKind.SHIPMENT_UNDONE, EventKind.UNITS_ADDED), -number_of("quantity")),
        else_=0,
    )
    of_item = (OrderEvent.store_id, OrderEvent.order_item_id)
    added = case((is_kind(EventKind.UNITS_ADDED), number_of("quantity")), else_=0)
    shipment = (
        select(
            OrderEvent.store_id,
            OrderEvent.id,
            OrderEvent.order_item_id,
            type_coerce(OrderEvent.kind, String).label("kind"),
            number_of("remaining_quantity").label("remaining"),
            func.sum(spent).over(partition_by=of_item, order_by=OrderEvent.id, rows=(None, 0)).label("spent"),
            func.sum(added).over(partition_by=of_item).label("added"),
        )
        .where(
            scope.of(OrderEvent),
            is_kind(EventKind.SHIPPED, EventKind.SHIPMENT_UNDONE, EventKind.ITEM_CANCELLED, EventKind.UNITS_ADDED),
            OrderEvent.order_item_id.is_not(None),
        )
        .subquery()
    )
    expected = OrderItem.quantity - shipment.c.added - shipment.c.spent
    return (
        select(
            shipment.c.store_id,
            shipment.c.id,
            shipment.c.order_item_id,
            expected.label("expected_remaining_quantity"),
            shipment.c.remaining.label("found_remaining_quantity"),
        )
        .join(OrderItem, row_named(OrderItem, shipment.c, shipment.c.order_item_id))
        .where(shipment.c.kind == literal(EventKind.SHIPPED.value), shipment.c.remaining.is_distinct_from(expected))
    )


def cancellations_of_other_units(scope: Scope) -> Finds:
    """Find cancelled orders of which other units had shipped than their event tells. Nothing ships after it."""
    shipped = (
        select(func.coalesce(func.sum(OrderItem.shipped_quantity), 0))
        .where(OrderItem.store_id == OrderEvent.store_id, OrderItem.order_id == OrderEvent.order_id)
        .scalar_subquery()
    )
    return select(
        OrderEvent.store_id,
        OrderEvent.id,
        OrderEvent.order_id,
        shipped.label("expected_shipped_quantity"),
        number_of("shipped_quantity").label("found_shipped_quantity"),
    ).where(
        scope.of(OrderEvent),
        is_kind(EventKind.CANCELLED),
        number_of("shipped_quantity").is_distinct_from(shipped),
    )


def corrections_without_event(scope: Scope) -> Finds:
    """Find corrections of stock for an order's item about which no event of a kind that corrects stock tells."""
    kinds = (EventKind.FOUND_ON_SHELF, EventKind.SHORT_PICKED, EventKind.RETURN_CORRECTED)
    event = exists().where(of_same_step(Ledger), OrderEvent.order_id == Ledger.order_id, is_kind(*kinds))
    return select(Ledger.store_id, Ledger.id, Ledger.order_item_id, stored_type.label("transaction_type")).where(
        scope.of(Ledger),
        is_type(TransactionType.ADJUST, TransactionType.SET),
        Ledger.order_item_id.is_not(None),
        ~event,
    )


CHECKS = (
    Check(
        5,
        "event_has_row",
        "No parcel line or ledger row has the units, the place or the person that an event tells of",
        EVENTS,
        events_of_other_rows,
    ),
    Check(
        5,
        "correction_of_return",
        "A corrected return is not one of the item's, or leaves other units of it than are left",
        EVENTS,
        corrections_of_no_return,
    ),
    Check(
        5,
        "remaining_follows_events",
        "A shipment's event leaves other units of the item than were ordered and not yet shipped or cancelled",
        EVENTS,
        shipments_with_other_rest,
    ),
    Check(
        5,
        "cancellation_of_shipped",
        "A cancellation's event tells of other shipped units than the order has",
        EVENTS,
        cancellations_of_other_units,
    ),
    Check(
        5,
        "correction_has_event",
        "No event of a find, a short pick or a corrected return tells about a correction for an order's item",
        LEDGER,
        corrections_without_event,
    ),
)
