"""Invariant 1, the links: reversals reverse the entry they name, and entries agree with the rows they refer to."""

from __future__ import annotations

from sqlalchemy import String, and_, func, or_, select, type_coerce
from sqlalchemy.orm import aliased

from webapp.domain.ledger import TransactionType
from webapp.models import Allocation, Inventory, Order, OrderItem
from webapp.services.verification.findings import Check, Finds, Scope, row_named
from webapp.services.verification.ledger import LEDGER, Ledger, is_type, stored_type
from webapp.services.verification.merges import was_of_product
from webapp.services.verification.undone_matches import was_matched


def wrong_reversals(scope: Scope) -> Finds:
    """Find reversals that are not the exact opposite of an earlier entry of the same place and allocation."""
    original = aliased(Ledger)
    return (
        select(
            Ledger.store_id,
            Ledger.id,
            Ledger.inventory_id,
            Ledger.seq,
            Ledger.reverses_id,
            original.inventory_id.label("expected_inventory_id"),
            type_coerce(original.transaction_type, String).label("expected_transaction_type"),
            (-original.quantity_change).label("expected_quantity_change"),
            (-original.reserved_change).label("expected_reserved_change"),
            original.allocation_id.label("expected_allocation_id"),
            Ledger.inventory_id.label("found_inventory_id"),
            stored_type.label("found_transaction_type"),
            Ledger.quantity_change.label("found_quantity_change"),
            Ledger.reserved_change.label("found_reserved_change"),
            Ledger.allocation_id.label("found_allocation_id"),
        )
        .join(original, row_named(original, Ledger, Ledger.reverses_id))
        .where(
            scope.of(Ledger),
            or_(
                original.inventory_id != Ledger.inventory_id,
                original.seq >= Ledger.seq,
                type_coerce(original.transaction_type, String) != stored_type,
                original.quantity_change != -Ledger.quantity_change,
                original.reserved_change != -Ledger.reserved_change,
                original.allocation_id.is_distinct_from(Ledger.allocation_id),
                original.order_item_id.is_distinct_from(Ledger.order_item_id),
            ),
        )
    )


def reversed_twice(scope: Scope) -> Finds:
    """Find reversals of an entry that an earlier one has already reversed."""
    earlier = aliased(Ledger)
    return (
        select(Ledger.store_id, Ledger.id, Ledger.inventory_id, Ledger.seq, Ledger.reverses_id)
        .join(
            earlier,
            and_(
                earlier.store_id == Ledger.store_id,
                earlier.reverses_id == Ledger.reverses_id,
                earlier.id < Ledger.id,
            ),
        )
        .where(scope.of(Ledger), Ledger.reverses_id.is_not(None))
        .distinct()
    )


def unlike_named_place(scope: Scope) -> Finds:
    """Find entries whose product, warehouse or location differs from their inventory row's."""
    copied = ("product_id", "warehouse", "location")
    return (
        select(
            Ledger.store_id,
            Ledger.id,
            Ledger.inventory_id,
            *(getattr(Inventory, name).label(f"expected_{name}") for name in copied),
            *(getattr(Ledger, name).label(f"found_{name}") for name in copied),
        )
        .join(Inventory, row_named(Inventory, Ledger, Ledger.inventory_id))
        .where(scope.of(Ledger), or_(*(getattr(Ledger, name) != getattr(Inventory, name) for name in copied)))
    )


def unlike_named_order(scope: Scope) -> Finds:
    """Find entries whose order number or order differs from their order's and item's.

    Their product is the item's; or one that it was of until a later merge, or by a match that was undone, as an event
    tells.
    """
    of_undone_match = was_matched(Ledger.store_id, Ledger.order_item_id, Ledger.product_id)
    return (
        select(
            Ledger.store_id,
            Ledger.id,
            Ledger.order_item_id,
            func.coalesce(OrderItem.order_id, Ledger.order_id).label("expected_order_id"),
            func.coalesce(OrderItem.product_id, Ledger.product_id).label("expected_product_id"),
            Order.order_number.label("expected_order_number"),
            Ledger.order_id.label("found_order_id"),
            Ledger.product_id.label("found_product_id"),
            Ledger.order_number.label("found_order_number"),
        )
        .outerjoin(Order, row_named(Order, Ledger, Ledger.order_id))
        .outerjoin(OrderItem, row_named(OrderItem, Ledger, Ledger.order_item_id))
        .where(
            scope.of(Ledger),
            or_(
                Ledger.order_number.is_distinct_from(Order.order_number),
                and_(
                    OrderItem.id.is_not(None),
                    or_(
                        OrderItem.order_id.is_distinct_from(Ledger.order_id),
                        and_(
                            OrderItem.product_id != Ledger.product_id,
                            ~was_of_product(Ledger, Ledger.order_id, Ledger.product_id, since=Ledger.created_at),
                            ~of_undone_match,
                        ),
                    ),
                ),
            ),
        )
    )


def unlike_named_allocation(scope: Scope) -> Finds:
    """Find entries that reserve, ship or release without an allocation, or with another item's or place's."""
    allocated = (TransactionType.RESERVE, TransactionType.FULFILL, TransactionType.RELEASE)
    return (
        select(
            Ledger.store_id,
            Ledger.id,
            stored_type.label("transaction_type"),
            Ledger.allocation_id,
            Allocation.inventory_id.label("expected_inventory_id"),
            Allocation.order_item_id.label("expected_order_item_id"),
            Ledger.inventory_id.label("found_inventory_id"),
            Ledger.order_item_id.label("found_order_item_id"),
        )
        .outerjoin(Allocation, row_named(Allocation, Ledger, Ledger.allocation_id))
        .where(
            scope.of(Ledger),
            or_(
                and_(is_type(*allocated), Ledger.allocation_id.is_(None)),
                Allocation.inventory_id != Ledger.inventory_id,
                and_(Allocation.id.is_not(None), Allocation.order_item_id.is_distinct_from(Ledger.order_item_id)),
            ),
        )
    )


CHECKS = (
    Check(
        1,
        "reversal_mirrors",
        "A reversal is not the exact opposite of an earlier ledger row at the same place and allocation",
        LEDGER,
        wrong_reversals,
    ),
    Check(1, "reversed_once", "A ledger row is reversed a second time", LEDGER, reversed_twice),
    Check(
        1,
        "ledger_names_place",
        "A ledger row's product, warehouse or location is not its inventory row's",
        LEDGER,
        unlike_named_place,
    ),
    Check(
        1,
        "ledger_names_order",
        "A ledger row's order number, order or product is not that of the order and item it names",
        LEDGER,
        unlike_named_order,
    ),
    Check(
        1,
        "ledger_names_allocation",
        "A ledger row names no allocation, or the allocation of another item or place",
        LEDGER,
        unlike_named_allocation,
    ),
)
