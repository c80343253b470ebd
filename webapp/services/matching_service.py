"""Matches a marketplace's GTIN, SKU or line to a product, for every open line it stands for."""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any, TypedDict

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.database.insertion import insert_into
from webapp.domain.causes import Cause
from webapp.domain.errors import InvalidInput, ProductNotFound
from webapp.domain.events import EventKind
from webapp.domain.statuses import RESERVING_STATUSES, OrderStatus
from webapp.domain.system_reasons import SystemReason
from webapp.domain.unknown_lines import MATCHABLE_STATUSES, MatchBy, UnknownCode
from webapp.domain.wording import say
from webapp.models import GtinMatch, Order, OrderItem, Product
from webapp.services.engine import locks, stock_exceptions, writing
from webapp.services.engine.derived_status import update_status
from webapp.services.engine.locked_rows import LockedItem, LockedOrder
from webapp.services.engine.locked_stock import LockedStock
from webapp.services.engine.merged_products import present_products
from webapp.services.engine.operation import Operation
from webapp.services.reads import unknown_lines
from webapp.services.reads.product_codes import owners_of

log = logging.getLogger("packbench.stock")

_EVENT_CODE = {MatchBy.GTIN: "gtin", MatchBy.SKU: "line_sku"}
"""Key of the matched code in the order event's details; ``sku`` is the product's. A single line needs none."""


class MatchResult(TypedDict):
    """What a match did: lines linked, orders changed, units reserved at once, whether later imports know it."""

    product_id: int
    matched_items: int
    matched_orders: int
    reserved_units: int
    is_remembered: bool


def match_gtin(db: Session, store_id: int, gtin: str, product_id: int, actor: str = "system") -> MatchResult:
    """Link every open placeholder line with ``gtin`` to the product, and remember the GTIN for later imports.

    Works like ``match_lines``; raises InvalidInput for a blank GTIN or the placeholder's.
    """
    return match_lines(db, store_id, UnknownCode.require(MatchBy.GTIN, gtin), product_id, actor)


def match_sku(db: Session, store_id: int, sku: str, product_id: int, actor: str = "system") -> MatchResult:
    """Link every open placeholder line with ``sku`` (same case) and no GTIN to the product. Later imports do not use
    it.

    Works like ``match_lines``; raises InvalidInput for a blank SKU or the placeholder's.
    """
    return match_lines(db, store_id, UnknownCode.require(MatchBy.SKU, sku), product_id, actor)


def match_item(db: Session, store_id: int, item_id: int, product_id: int, actor: str = "system") -> MatchResult:
    """Link one open placeholder line without a GTIN to the product; works like ``match_lines``."""
    return match_lines(db, store_id, UnknownCode(MatchBy.ITEM, str(item_id)), product_id, actor)


def match_lines(
    db: Session, store_id: int, unknown: UnknownCode, product_id: int, actor: str = "system"
) -> MatchResult:
    """Link the open placeholder lines of ``unknown`` to the product; a GTIN is remembered for later imports, unless it
    is another product's own.

    A line is open while units are still to ship, even if the order shipped without it; such an order opens again. Lines
    of processing orders reserve at once, oldest order first; missing units open an exception. A second call finds no
    line and changes nothing. Raises ProductNotFound, ItemNotFound for an unknown item, and InvalidInput for an item
    with a GTIN, which must be matched for all its lines.
    """
    locks.take_turn_to_write(db)
    if unknown.by is MatchBy.ITEM and (gtin := unknown_lines.gtin_of_line(db, store_id, int(unknown.code))):
        raise InvalidInput(
            say("This line has the GTIN %(gtin)s. Match the GTIN: every line that carries it is linked.", gtin=gtin)
        )
    orders, all_items, items = _lock_waiting(db, store_id, unknown)
    # After the orders, as a merge locks them.
    product_id = present_products(db, store_id, [product_id]).get(product_id, product_id)
    product = db.scalar(
        select(Product).where(Product.store_id == store_id, Product.id == product_id, Product.is_placeholder.is_(False))
    )
    if product is None:
        raise ProductNotFound
    stock = LockedStock.lock(db, store_id, items, product_ids=[product_id])
    for item in items:
        item.product_id, item.is_placeholder = product_id, False
    writing.write(db, {"of_store": store_id}, {writing.LINKS: items}, {})
    stock.reload_new_places(db, {item: item.remaining_quantity for item in items})
    operation = Operation(db, store_id, actor)
    is_remembered = unknown.is_gtin and not _is_of_others(db, store_id, unknown.code, product_id)
    if is_remembered:
        _remember(operation, unknown.code, product_id)
    stock_exceptions.settle(operation, items, SystemReason.MATCHED(sku=product.sku), [Cause.PLACEHOLDER_PRODUCT])
    code = _EVENT_CODE.get(unknown.by)
    details = {**({code: unknown.code} if code else {}), "sku": product.sku, "product_id": product_id}
    reserved = 0
    of_order: dict[int, list[LockedItem]] = defaultdict(list)
    for item in items:
        of_order[item.order_id].append(item)
    for order in sorted((orders[key] for key in of_order), key=lambda order: (order.ordered_at, order.id)):
        if order.status is OrderStatus.SHIPPED:  # It shipped without this line, which can ship now.
            update_status(operation, order, [item for item in all_items if item.order_id == order.id])
        reserved += _match_order(operation, order, of_order[order.id], stock, details)
    operation.write()
    log.info(
        "Matched %s %s to product %s: %s items of %s orders",
        *(unknown.by, unknown.code, product_id, len(items), len(of_order)),
    )
    return MatchResult(
        product_id=product_id,
        matched_items=len(items),
        matched_orders=len(of_order),
        reserved_units=reserved,
        is_remembered=is_remembered,
    )


def _lock_waiting(
    db: Session, store_id: int, unknown: UnknownCode
) -> tuple[dict[int, LockedOrder], Sequence[LockedItem], list[LockedItem]]:
    """Lock the orders with lines to match; return them, all their items, and the lines that still wait."""
    rows = db.execute(
        select(OrderItem.order_id, OrderItem.id)
        .join(Order, (Order.store_id == OrderItem.store_id) & (Order.id == OrderItem.order_id))
        .where(*unknown_lines.waiting_for(store_id, unknown))
    ).all()
    orders = locks.lock_orders(db, store_id, {row.order_id for row in rows})
    all_items = locks.lock_items(db, store_id, orders) if orders else []
    ids = {row.id for row in rows}
    items = [
        item
        for item in all_items
        if item.id in ids
        and item.is_placeholder
        and item.remaining_quantity
        and orders[item.order_id].status in MATCHABLE_STATUSES
    ]
    return orders, all_items, items


def _match_order(
    operation: Operation, order: LockedOrder, items: list[LockedItem], stock: LockedStock, details: Mapping[str, Any]
) -> int:
    """Record the match on one order, and reserve if it is processing; return the units reserved."""
    reserved, skipped = 0, []
    for item in items:
        operation.record(order, EventKind.ITEM_MATCHED, item=item, **details)
        if order.status not in RESERVING_STATUSES:
            continue
        needed = stock.needed_by(item)
        units = stock.reserve(operation, order, item, needed)
        if units:
            operation.record(order, EventKind.RESERVED, item=item, quantity=units)
        if units < needed:
            skipped.append((item, stock.cause_of(item), needed - units))
        reserved += units
    operation.bump_version(order, *items)
    if skipped:
        stock_exceptions.report(operation, order, skipped)
    return reserved


def _is_of_others(db: Session, store_id: int, gtin: str, product_id: int) -> bool:
    """Return whether the GTIN is another product's and not this one's: then the match is of these lines alone."""
    owners = {owner.product_id for owner in owners_of(db, store_id, [gtin]).get(gtin, ())}
    return bool(owners) and product_id not in owners


def _remember(operation: Operation, gtin: str, product_id: int) -> None:
    """Remember the match under the operation's person and time: the events of the lines have both, too."""
    matched = {"product_id": product_id, "matched_by": operation.actor, "matched_at": operation.at}
    statement = insert_into(operation.db, GtinMatch).values(store_id=operation.store_id, gtin=gtin, **matched)
    operation.db.execute(statement.on_conflict_do_update(index_elements=["store_id", "gtin"], set_=matched))
