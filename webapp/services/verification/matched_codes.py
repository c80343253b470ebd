"""Invariant 5: matched lines and matches are as the events tell. Source: docs/contract.md, "Invariants"."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, Final

from sqlalchemy import ColumnElement, String, Subquery, and_, exists, func, literal_column, or_, select, type_coerce
from sqlalchemy.orm import InstrumentedAttribute

from webapp.domain.events import EventKind
from webapp.domain.unknown_lines import MatchBy
from webapp.models import Match, OrderEvent, OrderItem, Product, ProductCodeChange
from webapp.models.base import table_of
from webapp.services.verification.event_columns import is_kind, number_of, text_of
from webapp.services.verification.findings import Check, Finds, Scope, row_named, seconds_between
from webapp.services.verification.merges import merged_of, product_after

EVENTS, ITEMS = table_of(OrderEvent), table_of(OrderItem)
MATCHES = table_of(Match)

_MOMENT: Final = 60
"""Seconds by which the events of a match may be later than it: both are of one request."""


def _of_14(code: ColumnElement[str] | InstrumentedAttribute[str | None]) -> ColumnElement[str]:
    """Return the last 14 characters of a code with zeros before it: events have GTINs as people saw them."""
    text = type_coerce(code, String)
    return func.substr(literal_column("'00000000000000'", String) + text, func.length(text) + 1)


def _last_matches(scope: Scope, *of: Any, kinds: Collection[EventKind] = (EventKind.ITEM_MATCHED,)) -> Subquery:
    """Select the last event of a match for each item, or for each match."""
    numbered = (
        select(
            OrderEvent.store_id,
            OrderEvent.id,
            OrderEvent.order_id,
            OrderEvent.order_item_id,
            OrderEvent.actor,
            OrderEvent.created_at,
            number_of("product_id").label("product_id"),
            text_of("sku").label("sku"),
            _of_14(text_of("gtin")).label("gtin"),
            text_of("line_sku").label("line_sku"),
            number_of("match_id").label("match_id"),
            text_of("is_own_code").label("is_own_code"),
            is_kind(EventKind.MATCH_UNDONE).label("is_undone"),
            func.row_number()
            .over(partition_by=(OrderEvent.store_id, *of), order_by=OrderEvent.id.desc())
            .label("from_the_last"),
        )
        .where(scope.of(OrderEvent), is_kind(*kinds), *(name.is_not(None) for name in of))
        .subquery()
    )
    return select(numbered).where(numbered.c.from_the_last == 1).subquery()


def matched_items_of_others(scope: Scope) -> Finds:
    """Find matched items of another product, or with another code, than the last match tells, and items of a product
    although the match was undone.

    A line whose product was merged is of the product that the event of the merge tells.
    """
    last = _last_matches(scope, OrderEvent.order_item_id, kinds=(EventKind.ITEM_MATCHED, EventKind.MATCH_UNDONE))
    placeholder = select(Product.id).where(Product.store_id == last.c.store_id, Product.is_placeholder)
    expected = func.coalesce(product_after(last), last.c.product_id)
    return (
        select(
            last.c.store_id,
            last.c.id,
            last.c.order_item_id,
            expected.label("expected_product_id"),
            OrderItem.product_id.label("found_product_id"),
        )
        .join(OrderItem, row_named(OrderItem, last.c, last.c.order_item_id))
        .outerjoin(Product, row_named(Product, last.c, last.c.product_id))
        .where(
            or_(
                and_(~last.c.is_undone, expected.is_distinct_from(OrderItem.product_id)),
                and_(last.c.is_undone, OrderItem.product_id != placeholder.correlate(last).scalar_subquery()),
                and_(last.c.sku.is_distinct_from(Product.sku), ~_was_sku(last)),
                and_(last.c.gtin.is_not(None), last.c.gtin.is_distinct_from(_of_14(OrderItem.gtin))),
                and_(last.c.line_sku.is_not(None), last.c.line_sku.is_distinct_from(OrderItem.sku)),
            )
        )
    )


def _was_sku(last: Subquery) -> ColumnElement[bool]:
    """Return whether the journal of codes has the SKU of a match: a product that is renamed journals its former one."""
    code = type_coerce(ProductCodeChange.code, String)
    return exists().where(
        ProductCodeChange.store_id == last.c.store_id,
        ProductCodeChange.product_id == last.c.product_id,
        code.in_([last.c.sku, _of_14(last.c.sku)]),
    )


def matches_unlike_events(scope: Scope) -> Finds:
    """Find matches that are missing, or that are not what the last event of a line that was matched tells.

    A match that no line waited for has no event, so one of another time than the last event may differ. A match to a
    product that was merged since leads to the one that it is now, unless it was undone: a merge leaves it as it was.
    """
    last = _last_matches(scope, number_of("match_id"))
    later = seconds_between(Match.matched_at, last.c.created_at, scope)
    return (
        select(
            last.c.store_id,
            last.c.match_id.label("id"),
            last.c.product_id.label("expected_product_id"),
            last.c.actor.label("expected_matched_by"),
            Match.product_id.label("found_product_id"),
            Match.matched_by.label("found_matched_by"),
            Match.matched_at.label("found_matched_at"),
        )
        .outerjoin(Match, row_named(Match, last.c, last.c.match_id))
        .where(
            or_(
                Match.id.is_(None),
                later > _MOMENT,
                and_(Match.undone_at.is_(None), Match.product_id != merged_of(last.c.product_id, last.c.store_id)),
                and_(Match.matched_at == last.c.created_at, Match.matched_by != last.c.actor),
            )
        )
    )


def gtins_without_match(scope: Scope) -> Finds:
    """Find GTINs that were matched, and of which there is no match; a product's own GTIN needs none."""
    last = _last_matches(scope, _of_14(text_of("gtin")))
    match = exists().where(
        Match.store_id == last.c.store_id, MATCHES.c.kind == MatchBy.GTIN, _of_14(Match.match_key) == last.c.gtin
    )
    columns = (last.c.store_id, last.c.id, last.c.gtin.label("expected_gtin"))
    return select(*columns).where(~match, last.c.is_own_code.is_(None))


def items_of_other_products(scope: Scope) -> Finds:
    """Find items whose codes name another product than theirs, although nobody matched them.

    Their own product's SKU and GTIN are others, and neither a match nor a merge of the two explains it, also one that
    was undone once the line was cancelled: what its event tells is checked with the merges.
    """
    named = table_of(Product).alias("named")
    matched = select(OrderEvent.id).where(
        OrderEvent.store_id == OrderItem.store_id,
        OrderEvent.order_id == OrderItem.order_id,
        OrderEvent.order_item_id == OrderItem.id,
        or_(is_kind(EventKind.ITEM_MATCHED), is_kind(EventKind.PRODUCT_CHANGED)),
    )
    of_gtin = select(Match.id).where(
        Match.store_id == OrderItem.store_id, MATCHES.c.kind == MatchBy.GTIN, Match.match_key == ITEMS.c.gtin
    )
    return (
        select(
            OrderItem.store_id,
            OrderItem.id,
            OrderItem.order_id,
            named.c.id.label("expected_product_id"),
            OrderItem.product_id.label("found_product_id"),
        )
        .join(Product, row_named(Product, OrderItem, OrderItem.product_id))
        .join(named, and_(named.c.store_id == OrderItem.store_id, named.c.sku == OrderItem.sku))
        .where(
            scope.of(OrderItem),
            ~Product.is_placeholder,
            named.c.id != OrderItem.product_id,
            merged_of(named.c.id, named.c.store_id) != merged_of(OrderItem.product_id, OrderItem.store_id),
            or_(OrderItem.gtin.is_(None), Product.gtin.is_(None), Product.gtin != OrderItem.gtin),
            ~matched.exists(),
            OrderItem.match_id.is_(None),
            ~of_gtin.exists(),
        )
    )


def packs_unlike_matches(scope: Scope) -> Finds:
    """Find items whose pack is not that of the match by which they have their product; without one it is one unit."""
    expected = func.coalesce(Match.pack_units, 1)
    return (
        select(
            OrderItem.store_id,
            OrderItem.id,
            OrderItem.order_id,
            expected.label("expected_pack_units"),
            OrderItem.pack_units.label("found_pack_units"),
        )
        .outerjoin(Match, row_named(Match, OrderItem, OrderItem.match_id))
        .where(scope.of(OrderItem), OrderItem.pack_units != expected)
    )


CHECKS = (
    Check(
        5,
        "match_is_event",
        "A matched item has another product or another code than the event of its match tells",
        EVENTS,
        matched_items_of_others,
    ),
    Check(
        5,
        "match_is_kept",
        "A match is missing, or is not what the last event of a line that was matched by it tells",
        MATCHES,
        matches_unlike_events,
    ),
    Check(5, "gtin_has_match", "A GTIN was matched, and there is no match of it", EVENTS, gtins_without_match),
    Check(
        5,
        "item_of_named_product",
        "An item's SKU is that of another product, and nobody matched it",
        ITEMS,
        items_of_other_products,
    ),
    Check(
        5,
        "pack_is_of_match",
        "One ordered unit of an item is other units of its product than its match says",
        ITEMS,
        packs_unlike_matches,
    ),
)
