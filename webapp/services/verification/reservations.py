"""Invariant 2: reserved stock equals the orders' open allocations. Source: docs/contract.md, "Invariants"."""

from __future__ import annotations

from sqlalchemy import and_, func, or_, select

from webapp.models import Allocation, Inventory, OrderItem
from webapp.models.base import table_of
from webapp.services.verification.findings import Check, Finds, Scope, row_grouped, row_named, units_by
from webapp.services.verification.ledger import INVENTORY, Ledger
from webapp.services.verification.merges import was_of_product
from webapp.services.verification.undone_matches import was_matched

ALLOCATIONS = table_of(Allocation)


def reserved_unlike_allocations(scope: Scope) -> Finds:
    """Find inventory rows whose reserved units differ from the sum of their allocations."""
    allocations = units_by(scope, Allocation.inventory_id, Allocation.quantity)
    allocated = func.coalesce(allocations.c.units, 0)
    return (
        select(
            Inventory.store_id,
            Inventory.id,
            Inventory.product_id,
            allocated.label("expected_reserved_quantity"),
            Inventory.reserved_quantity.label("found_reserved_quantity"),
        )
        .outerjoin(allocations, row_grouped(Inventory, allocations))
        .where(scope.of(Inventory), Inventory.reserved_quantity != allocated)
    )


def reserved_outside_stock(scope: Scope) -> Finds:
    """Find inventory rows with fewer than 0 units reserved, or more than are on hand."""
    return select(
        Inventory.store_id,
        Inventory.id,
        Inventory.product_id,
        Inventory.quantity.label("found_quantity"),
        Inventory.reserved_quantity.label("found_reserved_quantity"),
    ).where(
        scope.of(Inventory),
        or_(Inventory.reserved_quantity < 0, Inventory.reserved_quantity > Inventory.quantity),
    )


def allocations_on_other_products(scope: Scope) -> Finds:
    """Find allocations of stock of another product than the item's; empty ones may be of one that it was of before."""
    was_of = or_(
        was_of_product(OrderItem, OrderItem.order_id, Inventory.product_id),
        was_matched(Allocation.store_id, OrderItem.id, Inventory.product_id),
    )
    is_former = and_(Allocation.quantity == 0, was_of)
    return (
        select(
            Allocation.store_id,
            Allocation.id,
            Allocation.order_item_id,
            Allocation.inventory_id,
            OrderItem.product_id.label("expected_product_id"),
            Inventory.product_id.label("found_product_id"),
        )
        .join(OrderItem, row_named(OrderItem, Allocation, Allocation.order_item_id))
        .join(Inventory, row_named(Inventory, Allocation, Allocation.inventory_id))
        .where(scope.of(Allocation), OrderItem.product_id != Inventory.product_id, ~is_former)
    )


def allocations_above_need(scope: Scope) -> Finds:
    """Find order items with more allocated units than remain to ship."""
    allocations = units_by(scope, Allocation.order_item_id, Allocation.quantity)
    remaining = OrderItem.quantity - OrderItem.shipped_quantity - OrderItem.cancelled_quantity
    return (
        select(
            OrderItem.store_id,
            OrderItem.id,
            OrderItem.order_id,
            remaining.label("expected_most_reserved"),
            allocations.c.units.label("found_reserved"),
        )
        .join(allocations, row_grouped(OrderItem, allocations))
        .where(scope.of(OrderItem), allocations.c.units > 0, allocations.c.units > remaining)
    )


def allocations_unlike_ledger(scope: Scope) -> Finds:
    """Find allocations that differ from what their entries reserved, shipped and released."""
    reserved_by_ledger = units_by(scope, Ledger.allocation_id, Ledger.reserved_change)
    held = func.coalesce(reserved_by_ledger.c.units, 0)
    return (
        select(
            Allocation.store_id,
            Allocation.id,
            Allocation.order_item_id,
            Allocation.inventory_id,
            held.label("expected_quantity"),
            Allocation.quantity.label("found_quantity"),
        )
        .outerjoin(reserved_by_ledger, row_grouped(Allocation, reserved_by_ledger))
        .where(scope.of(Allocation), Allocation.quantity != held)
    )


CHECKS = (
    Check(
        2,
        "reserved_is_allocated",
        "An inventory row's reserved units are not the sum of the open allocations on it",
        INVENTORY,
        reserved_unlike_allocations,
    ),
    Check(
        2,
        "reserved_within_on_hand",
        "An inventory row's reserved units are below 0 or above what is on hand",
        INVENTORY,
        reserved_outside_stock,
    ),
    Check(
        2,
        "allocation_of_own_product",
        "An allocation is on stock of another product",
        ALLOCATIONS,
        allocations_on_other_products,
    ),
    Check(
        2,
        "allocations_within_remaining",
        "An order item holds allocations on more units than remain to be shipped",
        table_of(OrderItem),
        allocations_above_need,
    ),
    Check(
        2,
        "allocation_is_ledger_sum",
        "An allocation does not hold what the ledger rows naming it come to",
        ALLOCATIONS,
        allocations_unlike_ledger,
    ),
)
