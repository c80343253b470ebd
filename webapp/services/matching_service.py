"""Matching a marketplace GTIN that was unknown to a product, for every open line that carries it."""

from __future__ import annotations

import logging
from typing import TypedDict

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from webapp.domain.errors import InvalidInput, ProductNotFound
from webapp.domain.events import EventKind
from webapp.domain.products import PLACEHOLDER_GTIN
from webapp.domain.reasons import is_storable
from webapp.domain.skips import SkipReason
from webapp.domain.statuses import OPEN_STATUSES, RESERVING_STATUSES, OrderStatus
from webapp.models import GtinMatch, Order, OrderItem, Product
from webapp.services import locks, stock_exception_service
from webapp.services.derived_status import follow_units
from webapp.services.operation import Operation, touch
from webapp.services.shelves import Shelves

log = logging.getLogger("packbench.stock")

MATCHABLE_STATUSES = (*OPEN_STATUSES, OrderStatus.SHIPPED)
"""Orders whose lines can still ship once matched; a shipped one went out without them."""
MAX_GTIN = 64
"""Characters; what marketplaces send is not always a GTIN."""


class MatchResult(TypedDict):
    """What a match did: lines re-linked, orders touched, units reserved at once."""

    gtin: str
    product_id: int
    matched_items: int
    matched_orders: int
    reserved_units: int


def match_gtin(db: Session, store_id: int, gtin: str, product_id: int, actor: str = "system") -> MatchResult:
    """Link every open placeholder line with ``gtin`` to the product, and remember the GTIN for later imports.

    Open: units are still to ship, also where the order went out without them; such an order is open again.

    Lines of processing orders reserve at once, oldest order first; what is short opens an exception. Doing it again
    finds no line and changes nothing. Raises ProductNotFound, InvalidInput for a blank or the placeholder's GTIN.
    """
    gtin = gtin.strip()
    if not gtin or gtin == PLACEHOLDER_GTIN or len(gtin) > MAX_GTIN or not is_storable(gtin):
        raise InvalidInput("Give the GTIN that the marketplace sent; the placeholder's own cannot be matched.")
    locks.take_turn_to_write(db)
    product = db.scalar(
        select(Product).where(Product.store_id == store_id, Product.id == product_id, Product.is_placeholder.is_(False))
    )
    if product is None:
        raise ProductNotFound
    orders = locks.lock_orders(db, store_id, _orders_with(db, store_id, gtin))
    all_items = locks.lock_items(db, store_id, orders) if orders else []
    items = [
        item
        for item in all_items
        if item.product.is_placeholder
        and item.gtin == gtin
        and item.remaining_quantity
        and orders[item.order_id].status in MATCHABLE_STATUSES
    ]
    shelves = Shelves.lock(db, store_id, items, product_ids=[product_id])
    shelves.look_again(db, {item: item.remaining_quantity for item in items})
    operation = Operation(db, store_id, actor)
    _remember(db, store_id, gtin, product_id, actor)
    for item in items:
        item.product_id = product_id
    db.flush()
    for item in items:
        db.refresh(item, ["product"])
    stock_exception_service.settle(operation, items, f"Matched to {product.sku}", [SkipReason.PLACEHOLDER_PRODUCT])
    reserved = 0
    matched_orders = {item.order_id: orders[item.order_id] for item in items}
    for order in sorted(matched_orders.values(), key=lambda order: (order.ordered_at, order.id)):
        if order.status is OrderStatus.SHIPPED:  # It went out without this line, which can ship now.
            follow_units(operation, order, [item for item in all_items if item.order_id == order.id])
        reserved += _match_order(operation, order, [i for i in items if i.order_id == order.id], shelves, product)
    operation.write()
    log.info("Matched GTIN %s to product %s: %s items of %s orders", gtin, product_id, len(items), len(matched_orders))
    return MatchResult(
        gtin=gtin,
        product_id=product_id,
        matched_items=len(items),
        matched_orders=len(matched_orders),
        reserved_units=reserved,
    )


def _match_order(operation: Operation, order: Order, items: list[OrderItem], shelves: Shelves, product: Product) -> int:
    """Record the match on one order and reserve where it is processing; return the units reserved."""
    reserved, shortages = 0, []
    for item in items:
        operation.record(
            order, EventKind.ITEM_MATCHED, item=item, gtin=item.gtin, sku=product.sku, product_id=product.id
        )
        if order.status not in RESERVING_STATUSES:
            continue
        needed = shelves.needed_by(item)
        units = shelves.reserve(operation, order, item, needed)
        if units:
            operation.record(order, EventKind.RESERVED, item=item, quantity=units)
        if units < needed:
            shortages.append((item, shelves.why_short(item), needed - units))
        reserved += units
    touch(order, *items)
    if shortages:
        stock_exception_service.report(operation, order, shortages)
    return reserved


def _orders_with(db: Session, store_id: int, gtin: str) -> set[int]:
    """Ids of the orders with an unshipped placeholder line of this GTIN, read before the locks."""
    return set(
        db.scalars(
            select(OrderItem.order_id)
            .join(Product, (Product.store_id == OrderItem.store_id) & (Product.id == OrderItem.product_id))
            .join(Order, (Order.store_id == OrderItem.store_id) & (Order.id == OrderItem.order_id))
            .where(
                OrderItem.store_id == store_id,
                Order.status.in_(MATCHABLE_STATUSES),
                OrderItem.gtin == gtin,
                OrderItem.shipped_quantity + OrderItem.cancelled_quantity < OrderItem.quantity,
                Product.is_placeholder,
            )
        )
    )


def _remember(db: Session, store_id: int, gtin: str, product_id: int, actor: str) -> None:
    dialect = postgresql if db.get_bind().dialect.name == "postgresql" else sqlite
    statement = dialect.insert(GtinMatch).values(store_id=store_id, gtin=gtin, product_id=product_id, matched_by=actor)
    db.execute(
        statement.on_conflict_do_update(
            index_elements=["store_id", "gtin"],
            set_={"product_id": product_id, "matched_by": actor, "matched_at": statement.excluded.matched_at},
        )
    )
