"""Invariant 1, the numbers: stock equals the ledger's sums, in order, with each type's signs."""

from __future__ import annotations

from typing import Any, cast

from sqlalchemy import (
    ColumnElement,
    String,
    and_,
    case,
    false,
    func,
    or_,
    select,
    type_coerce,
)

from webapp.domain.ledger import SIGNS, TransactionType
from webapp.models import Inventory, InventoryTransaction, Product
from webapp.models.base import table_of
from webapp.services.verification.findings import Check, Finds, Scope

Ledger = InventoryTransaction
LEDGER = table_of(Ledger)
INVENTORY = table_of(Inventory)
stored_type = type_coerce(Ledger.transaction_type, String)
"""The type as text, so that an unknown type is reported instead of raising an error."""


def is_type(*types: TransactionType, of: Any = Ledger) -> ColumnElement[bool]:
    """Return the condition that a ledger row is of one of these types."""
    return type_coerce(of.transaction_type, String).in_([one.value for one in types])


def _by_place(value: Any) -> ColumnElement[Any]:
    """Return the window function ``value`` over each inventory row's entries, in order."""
    return cast(
        ColumnElement[Any],
        value.over(partition_by=(Ledger.store_id, Ledger.inventory_id), order_by=(Ledger.seq, Ledger.id)),
    )


def gaps_in_seq(scope: Scope) -> Finds:
    """Find entries whose ``seq`` does not follow the one before (the first is 1)."""
    numbered = (
        select(
            Ledger.store_id,
            Ledger.id,
            Ledger.inventory_id,
            Ledger.seq,
            _by_place(func.lag(Ledger.seq, 1, 0)).label("before"),
        )
        .where(scope.of(Ledger))
        .subquery()
    )
    return select(
        numbered.c.store_id,
        numbered.c.id,
        numbered.c.inventory_id,
        (numbered.c.before + 1).label("expected_seq"),
        numbered.c.seq.label("found_seq"),
    ).where(numbered.c.seq != numbered.c.before + 1)


def wrong_running_sums(scope: Scope) -> Finds:
    """Find entries where ``quantity_after`` or ``reserved_after`` starts to differ from the running sum.

    One wrong number shifts all later entries of its place by the same units, so only a change of the difference counts:
    one edit is one finding.
    """
    running = (
        select(
            Ledger.store_id,
            Ledger.id,
            Ledger.inventory_id,
            Ledger.seq,
            Ledger.quantity_after,
            Ledger.reserved_after,
            _running(Ledger.quantity_change).label("quantity_sum"),
            _running(Ledger.reserved_change).label("reserved_sum"),
        )
        .where(scope.of(Ledger))
        .subquery()
    )
    window: dict[str, Any] = {
        "partition_by": (running.c.store_id, running.c.inventory_id),
        "order_by": (running.c.seq, running.c.id),
    }
    off_quantity = running.c.quantity_after - running.c.quantity_sum
    off_reserved = running.c.reserved_after - running.c.reserved_sum
    compared = select(
        *running.c,
        off_quantity.label("off_quantity"),
        off_reserved.label("off_reserved"),
        func.lag(off_quantity, 1, 0).over(**window).label("off_quantity_before"),
        func.lag(off_reserved, 1, 0).over(**window).label("off_reserved_before"),
    ).subquery()
    row = compared.c
    return select(
        row.store_id,
        row.id,
        row.inventory_id,
        row.seq,
        row.quantity_sum.label("expected_quantity_after"),
        row.reserved_sum.label("expected_reserved_after"),
        row.quantity_after.label("found_quantity_after"),
        row.reserved_after.label("found_reserved_after"),
    ).where(
        or_(
            and_(row.off_quantity != 0, row.off_quantity != row.off_quantity_before),
            and_(row.off_reserved != 0, row.off_reserved != row.off_reserved_before),
        )
    )


def _running(column: Any) -> ColumnElement[Any]:
    return cast(
        ColumnElement[Any],
        func.sum(column).over(
            partition_by=(Ledger.store_id, Ledger.inventory_id), order_by=(Ledger.seq, Ledger.id), rows=(None, 0)
        ),
    )


def _sums(scope: Scope) -> Any:
    return (
        select(
            Ledger.store_id,
            Ledger.inventory_id,
            func.sum(Ledger.quantity_change).label("quantity"),
            func.sum(Ledger.reserved_change).label("reserved"),
            func.max(Ledger.seq).label("last_seq"),
        )
        .where(scope.of(Ledger))
        .group_by(Ledger.store_id, Ledger.inventory_id)
        .subquery()
    )


def stock_unlike_sums(scope: Scope) -> Finds:
    """Find inventory rows that differ from the sum of their entries (0, and ``last_seq`` 0, without entries)."""
    sums = _sums(scope)
    quantity, reserved, last_seq = (func.coalesce(sums.c[name], 0) for name in ("quantity", "reserved", "last_seq"))
    return (
        select(
            Inventory.store_id,
            Inventory.id,
            Inventory.product_id,
            quantity.label("expected_quantity"),
            reserved.label("expected_reserved_quantity"),
            last_seq.label("expected_last_seq"),
            Inventory.quantity.label("found_quantity"),
            Inventory.reserved_quantity.label("found_reserved_quantity"),
            Inventory.last_seq.label("found_last_seq"),
        )
        .outerjoin(sums, and_(sums.c.store_id == Inventory.store_id, sums.c.inventory_id == Inventory.id))
        .where(
            scope.of(Inventory),
            or_(
                Inventory.quantity != quantity, Inventory.reserved_quantity != reserved, Inventory.last_seq != last_seq
            ),
        )
    )


def stock_unlike_last_entry(scope: Scope) -> Finds:
    """Find inventory rows that differ from the numbers after their last entry."""
    sums = _sums(scope)
    return (
        select(
            Inventory.store_id,
            Inventory.id,
            Ledger.id.label("last_entry"),
            Ledger.quantity_after.label("expected_quantity"),
            Ledger.reserved_after.label("expected_reserved_quantity"),
            Inventory.quantity.label("found_quantity"),
            Inventory.reserved_quantity.label("found_reserved_quantity"),
        )
        .join(sums, and_(sums.c.store_id == Inventory.store_id, sums.c.inventory_id == Inventory.id))
        .join(
            Ledger,
            and_(
                Ledger.store_id == sums.c.store_id,
                Ledger.inventory_id == sums.c.inventory_id,
                Ledger.seq == sums.c.last_seq,
            ),
        )
        .where(
            scope.of(Inventory),
            or_(Ledger.quantity_after != Inventory.quantity, Ledger.reserved_after != Inventory.reserved_quantity),
        )
    )


def wrong_signs(scope: Scope) -> Finds:
    """Find entries with changes that their type does not allow, by the domain's table of signs."""
    turned = case((Ledger.reverses_id.is_(None), 1), else_=-1)
    legal = case(
        *(
            (
                is_type(kind),
                and_(*signs(turned * Ledger.quantity_change, turned * Ledger.reserved_change)),
            )
            for kind, signs in SIGNS.items()
        ),
        else_=false(),
    )
    return select(
        Ledger.store_id,
        Ledger.id,
        Ledger.inventory_id,
        Ledger.seq,
        stored_type.label("transaction_type"),
        Ledger.reverses_id,
        Ledger.quantity_change.label("found_quantity_change"),
        Ledger.reserved_change.label("found_reserved_change"),
    ).where(scope.of(Ledger), ~legal)


def products_wrong_about_places(scope: Scope) -> Finds:
    """Find products whose ``has_place`` is wrong."""
    has_one = (
        select(Inventory.id)
        .where(Inventory.store_id == Product.store_id, Inventory.product_id == Product.id)
        .correlate(Product)
        .exists()
    )
    return select(
        Product.store_id,
        Product.id,
        has_one.label("expected_has_place"),
        Product.has_place.label("found_has_place"),
    ).where(scope.of(Product), Product.has_place != has_one)


CHECKS = (
    Check(
        1, "seq_dense", "A ledger row does not follow the one before: seq has a gap or a repeat", LEDGER, gaps_in_seq
    ),
    Check(
        1,
        "running_sums",
        "A ledger row's numbers after the change are not the running sums of the changes",
        LEDGER,
        wrong_running_sums,
    ),
    Check(1, "signs", "A ledger row's changes are not those of its type", LEDGER, wrong_signs),
    Check(
        1,
        "sums",
        "An inventory row is not the sum of its ledger rows, or its last_seq is not their last",
        INVENTORY,
        stock_unlike_sums,
    ),
    Check(
        1,
        "last_entry",
        "An inventory row is not what its last ledger row left",
        INVENTORY,
        stock_unlike_last_entry,
    ),
    Check(
        1,
        "product_has_place",
        "A product says that it has a place and has none, or the reverse",
        table_of(Product),
        products_wrong_about_places,
    ),
)
