"""Invariant 3: parcels begin and end as the events of their order tell. Source: docs/contract.md, "Invariants"."""

from __future__ import annotations

from sqlalchemy import String, and_, exists, func, or_, select, type_coerce

from webapp.domain.events import EventKind
from webapp.domain.statuses import OPEN_STATUSES
from webapp.models import Order, OrderEvent, OrderItem, Shipment, ShipmentLine
from webapp.models.base import table_of
from webapp.services.verification.event_columns import is_kind, number_of
from webapp.services.verification.findings import Check, Finds, Scope, row_named

PARCELS, LINES = table_of(Shipment), table_of(ShipmentLine)


def parcels_begun_otherwise(scope: Scope) -> Finds:
    """Find parcels without a line, and those that began at another time than their first line."""
    first = (
        select(func.min(ShipmentLine.shipped_at))
        .where(ShipmentLine.store_id == Shipment.store_id, ShipmentLine.shipment_id == Shipment.id)
        .scalar_subquery()
    )
    return select(
        Shipment.store_id,
        Shipment.id,
        Shipment.order_id,
        first.label("expected_created_at"),
        Shipment.created_at.label("found_created_at"),
    ).where(scope.of(Shipment), or_(first.is_(None), first != Shipment.created_at))


def parcels_closed_without_event(scope: Scope) -> Finds:
    """Find closed parcels whose order has no event of that time."""
    event = exists().where(
        OrderEvent.store_id == Shipment.store_id,
        OrderEvent.order_id == Shipment.order_id,
        OrderEvent.created_at == Shipment.closed_at,
    )
    return select(Shipment.store_id, Shipment.id, Shipment.order_id, Shipment.closed_at.label("found_closed_at")).where(
        scope.of(Shipment), Shipment.closed_at.is_not(None), ~event
    )


def open_parcels_of_done_orders(scope: Scope) -> Finds:
    """Find open parcels of orders from which nothing more can ship."""
    is_left = exists().where(
        OrderItem.store_id == Order.store_id,
        OrderItem.order_id == Order.id,
        OrderItem.quantity > OrderItem.shipped_quantity + OrderItem.cancelled_quantity,
    )
    status = type_coerce(Order.status, String)
    return (
        select(Shipment.store_id, Shipment.id, Shipment.order_id, status.label("status"))
        .join(Order, row_named(Order, Shipment, Shipment.order_id))
        .where(
            scope.of(Shipment),
            Shipment.closed_at.is_(None),
            status.not_in([one.value for one in OPEN_STATUSES]),
            ~is_left,
        )
    )


def lines_without_event(scope: Scope) -> Finds:
    """Find parcel lines about whose units, person and time no event of a shipment tells."""
    event = exists().where(
        OrderEvent.store_id == ShipmentLine.store_id,
        OrderEvent.order_id == Shipment.order_id,
        OrderEvent.order_item_id == ShipmentLine.order_item_id,
        OrderEvent.operation_id == ShipmentLine.operation_id,
        is_kind(EventKind.SHIPPED),
        OrderEvent.actor == ShipmentLine.shipped_by,
        OrderEvent.created_at == ShipmentLine.shipped_at,
        number_of("quantity") == ShipmentLine.quantity,
    )
    return (
        select(
            ShipmentLine.store_id,
            ShipmentLine.id,
            ShipmentLine.order_item_id,
            ShipmentLine.quantity.label("found_quantity"),
            ShipmentLine.shipped_by.label("found_shipped_by"),
            ShipmentLine.shipped_at.label("found_shipped_at"),
        )
        .join(Shipment, row_named(Shipment, ShipmentLine, ShipmentLine.shipment_id))
        .where(and_(scope.of(ShipmentLine), ~event))
    )


CHECKS = (
    Check(3, "parcel_has_first_line", "A parcel did not begin with its first line", PARCELS, parcels_begun_otherwise),
    Check(
        3, "parcel_closed_by_event", "A parcel was closed when nothing happened", PARCELS, parcels_closed_without_event
    ),
    Check(
        3,
        "parcel_of_done_order",
        "A parcel is open, although nothing more can ship from its order",
        PARCELS,
        open_parcels_of_done_orders,
    ),
    Check(3, "line_has_event", "No event tells of a parcel line's units, person and time", LINES, lines_without_event),
)
