"""Invariant 3: an item's shipped units equal the ledger and the parcels. Source: docs/contract.md, "Invariants"."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Subquery, and_, case, func, or_, select
from sqlalchemy.orm import aliased

from webapp.domain.ledger import TransactionType
from webapp.models import OrderItem, Shipment, ShipmentLine
from webapp.models.base import table_of
from webapp.services.verification.findings import Check, Finds, Scope, row_grouped, row_named, units_by
from webapp.services.verification.ledger import Ledger, is_type

ITEMS = table_of(OrderItem)
LINES = table_of(ShipmentLine)


def _left_by_item(scope: Scope, kind: TransactionType) -> Subquery:
    """Sum the units that entries of ``kind`` put on hand (negative for shipping), by order item, reversals included."""
    return units_by(scope, Ledger.order_item_id, Ledger.quantity_change, is_type(kind))


def shipped_unlike_ledger(scope: Scope) -> Finds:
    """Find items whose shipped units differ from what their fulfill entries, reversals included, took from stock."""
    left = _left_by_item(scope, TransactionType.FULFILL)
    return _items_unlike(scope, left, -left.c.units, OrderItem.shipped_quantity, "shipped_quantity")


def shipped_unlike_parcels(scope: Scope) -> Finds:
    """Find items whose shipped units differ from the sum of their parcel lines, without undone lines."""
    packed = units_by(scope, ShipmentLine.order_item_id, ShipmentLine.quantity, ShipmentLine.undone_at.is_(None))
    return _items_unlike(scope, packed, packed.c.units, OrderItem.shipped_quantity, "shipped_quantity")


def _items_unlike(scope: Scope, counted: Subquery, units: Any, column: Any, name: str) -> Finds:
    expected = func.coalesce(units, 0)
    return (
        select(
            OrderItem.store_id,
            OrderItem.id,
            OrderItem.order_id,
            expected.label(f"expected_{name}"),
            column.label(f"found_{name}"),
        )
        .outerjoin(counted, row_grouped(OrderItem, counted))
        .where(scope.of(OrderItem), column != expected)
    )


def returned_below_ledger(scope: Scope) -> Finds:
    """Find items with fewer returned units than came back on hand (units written off never do)."""
    back = _left_by_item(scope, TransactionType.RETURN)
    return (
        select(
            OrderItem.store_id,
            OrderItem.id,
            OrderItem.order_id,
            back.c.units.label("expected_at_least_returned_quantity"),
            OrderItem.returned_quantity.label("found_returned_quantity"),
        )
        .join(back, row_grouped(OrderItem, back))
        .where(scope.of(OrderItem), back.c.units > OrderItem.returned_quantity)
    )


def units_outside_order(scope: Scope) -> Finds:
    """Find items whose shipped, cancelled or returned units are negative or too many."""
    numbers = ("quantity", "shipped_quantity", "cancelled_quantity", "returned_quantity")
    return select(
        OrderItem.store_id,
        OrderItem.id,
        OrderItem.order_id,
        *(getattr(OrderItem, name).label(f"found_{name}") for name in numbers),
    ).where(
        scope.of(OrderItem),
        or_(
            OrderItem.shipped_quantity < 0,
            OrderItem.cancelled_quantity < 0,
            OrderItem.returned_quantity < 0,
            OrderItem.returned_quantity > OrderItem.shipped_quantity,
            OrderItem.shipped_quantity + OrderItem.cancelled_quantity > OrderItem.quantity,
        ),
    )


def lines_in_other_parcels(scope: Scope) -> Finds:
    """Find parcel lines whose item belongs to another order than the parcel."""
    return (
        select(
            ShipmentLine.store_id,
            ShipmentLine.id,
            ShipmentLine.shipment_id,
            ShipmentLine.order_item_id,
            OrderItem.order_id.label("expected_order_id"),
            Shipment.order_id.label("found_order_id"),
        )
        .join(Shipment, row_named(Shipment, ShipmentLine, ShipmentLine.shipment_id))
        .join(OrderItem, row_named(OrderItem, ShipmentLine, ShipmentLine.order_item_id))
        .where(scope.of(ShipmentLine), Shipment.order_id != OrderItem.order_id)
    )


def lines_unlike_their_entries(scope: Scope) -> Finds:
    """Find operations whose parcel lines of an item differ from what the operation's fulfill entries took.

    Undone lines must have all their entries reversed, other lines none. The ``id`` is the first line's.
    """
    packed = (
        select(
            ShipmentLine.store_id,
            ShipmentLine.operation_id,
            ShipmentLine.order_item_id,
            func.min(ShipmentLine.id).label("id"),
            func.sum(ShipmentLine.quantity).label("packed"),
            func.sum(_where(ShipmentLine.undone_at.is_(None), ShipmentLine.quantity)).label("still_packed"),
        )
        .where(scope.of(ShipmentLine))
        .group_by(ShipmentLine.store_id, ShipmentLine.operation_id, ShipmentLine.order_item_id)
        .subquery()
    )
    reversal = aliased(Ledger)
    fulfilled = (
        select(
            Ledger.store_id,
            Ledger.operation_id,
            Ledger.order_item_id,
            func.sum(-Ledger.quantity_change).label("units"),
            func.sum(_where(reversal.id.is_(None), -Ledger.quantity_change)).label("standing"),
        )
        .outerjoin(reversal, and_(reversal.store_id == Ledger.store_id, reversal.reverses_id == Ledger.id))
        .where(scope.of(Ledger), is_type(TransactionType.FULFILL), Ledger.reverses_id.is_(None))
        .group_by(Ledger.store_id, Ledger.operation_id, Ledger.order_item_id)
        .subquery()
    )
    units, standing = func.coalesce(fulfilled.c.units, 0), func.coalesce(fulfilled.c.standing, 0)
    return (
        select(
            packed.c.store_id,
            packed.c.id,
            packed.c.order_item_id,
            packed.c.operation_id,
            units.label("expected_quantity"),
            standing.label("expected_not_undone"),
            packed.c.packed.label("found_quantity"),
            packed.c.still_packed.label("found_not_undone"),
        )
        .outerjoin(
            fulfilled,
            and_(
                fulfilled.c.store_id == packed.c.store_id,
                fulfilled.c.operation_id == packed.c.operation_id,
                fulfilled.c.order_item_id == packed.c.order_item_id,
            ),
        )
        .where(or_(packed.c.packed != units, packed.c.still_packed != standing))
    )


def _where(condition: ColumnElement[bool], value: Any) -> ColumnElement[Any]:
    return case((condition, value), else_=0)


CHECKS = (
    Check(
        3,
        "shipped_is_ledger_sum",
        "An item's shipped units are not what its fulfill ledger rows took from stock",
        ITEMS,
        shipped_unlike_ledger,
    ),
    Check(
        3,
        "shipped_is_parcel_sum",
        "An item's shipped units are not the sum of its parcel lines",
        ITEMS,
        shipped_unlike_parcels,
    ),
    Check(
        3,
        "returned_covers_ledger",
        "An item's returned units are fewer than its return ledger rows brought back",
        ITEMS,
        returned_below_ledger,
    ),
    Check(
        3,
        "units_within_order",
        "An item's shipped, cancelled or returned units are below 0 or more than there can be",
        ITEMS,
        units_outside_order,
    ),
    Check(3, "line_in_own_parcel", "A parcel line's item is of another order", LINES, lines_in_other_parcels),
    Check(
        3,
        "line_is_its_ledger_rows",
        "Parcel lines are not what the ledger rows of their operation took from stock and did not put back",
        LINES,
        lines_unlike_their_entries,
    ),
)
