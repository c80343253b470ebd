"""Invariant 5: merged products hold nothing, and lines have the products that the events of merges tell. Source:
docs/contract.md, "Invariants"."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, String, Subquery, and_, exists, func, literal, or_, select, type_coerce, union_all
from sqlalchemy.orm import aliased

from webapp.domain.events import EventKind
from webapp.domain.unknown_lines import MATCHABLE_STATUSES
from webapp.models import Inventory, Match, Order, OrderEvent, OrderItem, Product, ProductCode, ProductMerge
from webapp.models.base import table_of
from webapp.services.verification.event_columns import is_kind, number_of
from webapp.services.verification.findings import Check, Finds, Scope, row_named

MERGES, ITEMS = table_of(ProductMerge), table_of(OrderItem)


def was_of_product(item: Any, order_id: Any, product_id: Any, since: Any = None) -> ColumnElement[bool]:
    """Return whether an event tells that a line was of this product, until the moment ``since`` or later."""
    moments = () if since is None else (OrderEvent.created_at >= since,)
    return exists().where(
        OrderEvent.store_id == item.store_id,
        OrderEvent.order_id == order_id,
        OrderEvent.order_item_id == (item.id if item is OrderItem else item.order_item_id),
        is_kind(EventKind.PRODUCT_CHANGED),
        number_of("former_product_id") == product_id,
        *moments,
    )


def merged_of(product_id: Any, store_id: Any) -> ColumnElement[int]:
    """Return the product that another one is since its merge; itself without one."""
    present = (
        select(ProductMerge.present_id)
        .where(
            ProductMerge.store_id == store_id,
            ProductMerge.product_id == product_id,
            ProductMerge.undone_at.is_(None),
        )
        .scalar_subquery()
    )
    return func.coalesce(present, product_id)


def _last_changes(scope: Scope) -> Subquery:
    """Select the last event of each line that changed its product, unless a match came since, or was undone."""
    numbered = (
        select(
            OrderEvent.store_id,
            OrderEvent.id,
            OrderEvent.order_item_id,
            number_of("product_id").label("product_id"),
            is_kind(EventKind.PRODUCT_CHANGED).label("is_merge"),
            func.row_number()
            .over(partition_by=(OrderEvent.store_id, OrderEvent.order_item_id), order_by=OrderEvent.id.desc())
            .label("from_the_last"),
        )
        .where(
            scope.of(OrderEvent),
            is_kind(EventKind.PRODUCT_CHANGED, EventKind.ITEM_MATCHED, EventKind.MATCH_UNDONE),
        )
        .subquery()
    )
    return select(numbered).where(numbered.c.from_the_last == 1, numbered.c.is_merge).subquery()


def lines_unlike_their_last_change(scope: Scope) -> Finds:
    """Find lines of another product than their last change tells."""
    last = _last_changes(scope)
    return (
        select(
            last.c.store_id,
            last.c.order_item_id.label("id"),
            last.c.product_id.label("expected_product_id"),
            OrderItem.product_id.label("found_product_id"),
        )
        .join(OrderItem, row_named(OrderItem, last.c, last.c.order_item_id))
        .where(last.c.product_id.is_distinct_from(OrderItem.product_id))
    )


def changes_without_merge(scope: Scope) -> Finds:
    """Find changes of a line's product that no merge of the two explains, neither of this operation nor an earlier."""
    one, other = number_of("former_product_id"), number_of("product_id")
    merge = exists().where(
        ProductMerge.store_id == OrderEvent.store_id,
        ProductMerge.merged_at <= OrderEvent.created_at,
        or_(
            ProductMerge.product_id == one,
            and_(ProductMerge.product_id == other, ProductMerge.survivor_id == one),
        ),
    )
    return select(
        OrderEvent.store_id, OrderEvent.id, OrderEvent.order_id, one.label("former_product_id"), other.label("to_id")
    ).where(scope.of(OrderEvent), is_kind(EventKind.PRODUCT_CHANGED), ~merge)


def merged_products_with_something(scope: Scope) -> Finds:
    """Find standing merges whose product still has stock, open lines, codes or matches, or is not retired."""
    left = union_all(
        _left("stock", Inventory, Inventory.quantity != 0),
        _left("code", ProductCode),
        _left("match", Match, Match.undone_at.is_(None)),
        select(OrderItem.store_id, OrderItem.product_id, literal("open line", String).label("what"))
        .join(Order, row_named(Order, OrderItem, OrderItem.order_id))
        .where(
            OrderItem.has_units_left(),
            type_coerce(Order.status, String).in_([status.value for status in MATCHABLE_STATUSES]),
        ),
        select(Product.store_id, Product.id, literal("place on the lists", String)).where(Product.retired_at.is_(None)),
    ).subquery()
    return (
        select(ProductMerge.store_id, ProductMerge.id, ProductMerge.product_id, left.c.what.label("found_left"))
        .join(left, and_(left.c.store_id == ProductMerge.store_id, left.c.product_id == ProductMerge.product_id))
        .where(scope.of(ProductMerge), ProductMerge.undone_at.is_(None))
    )


def _left(what: str, model: Any, *conditions: ColumnElement[bool]) -> Any:
    return select(model.store_id, model.product_id, literal(what, String).label("what")).where(*conditions)


def merges_that_lead_nowhere(scope: Scope) -> Finds:
    """Find standing merges into the product itself, or into one that was merged, too."""
    next_one = aliased(ProductMerge)
    merged_too = exists().where(
        next_one.store_id == ProductMerge.store_id,
        next_one.product_id == ProductMerge.present_id,
        next_one.undone_at.is_(None),
    )
    return select(
        ProductMerge.store_id,
        ProductMerge.id,
        ProductMerge.product_id,
        ProductMerge.present_id.label("found_present_id"),
    ).where(
        scope.of(ProductMerge),
        ProductMerge.undone_at.is_(None),
        or_(merged_too, ProductMerge.product_id == ProductMerge.present_id),
    )


def product_after(last: Any) -> ColumnElement[int]:
    """Return the product that a line got by the last change after the event ``last``; NULL without one."""
    later = aliased(OrderEvent)
    return (
        select(number_of("product_id", later))
        .where(
            later.store_id == last.c.store_id,
            later.order_item_id == last.c.order_item_id,
            later.order_id == last.c.order_id,
            later.id > last.c.id,
            is_kind(EventKind.PRODUCT_CHANGED, of=later),
        )
        .order_by(later.id.desc())
        .limit(1)
        .scalar_subquery()
    )


CHECKS = (
    Check(
        5,
        "line_follows_merge",
        "A line has another product than the last event that changed it tells",
        ITEMS,
        lines_unlike_their_last_change,
    ),
    Check(
        5,
        "change_has_merge",
        "A line's product was changed, and no merge of the two products explains it",
        table_of(OrderEvent),
        changes_without_merge,
    ),
    Check(
        5,
        "merged_holds_nothing",
        "A merged product still has stock, an open line, a code or a match, or is not retired",
        MERGES,
        merged_products_with_something,
    ),
    Check(
        5,
        "merge_leads_somewhere",
        "A merged product leads to itself, or to a product that was merged, too",
        MERGES,
        merges_that_lead_nowhere,
    ),
)
