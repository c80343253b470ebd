"""Matches the lines that waited for a product, now that the store has it or a code of it."""

from __future__ import annotations

import logging
from collections.abc import Collection
from typing import Any, Final, NamedTuple

from sqlalchemy import Row, func, or_, select
from sqlalchemy.orm import Session

from webapp.domain.products import PLACEHOLDER_SKU
from webapp.domain.unknown_lines import MATCHABLE_STATUSES, NO_GTIN
from webapp.models import Order, OrderItem, Product, ProductCode
from webapp.models.base import constant, table_of
from webapp.services.engine import locks
from webapp.services.engine.linking import LockedLines, ProductLink, code_of
from webapp.services.imports.product_matching import OrderedAs, ProductFinder

log = logging.getLogger("packbench.stock")

_items, _orders, _products = table_of(OrderItem), table_of(Order), table_of(Product)

_LINE: Final = (
    _items.c.id,
    _items.c.order_id,
    func.coalesce(_items.c.gtin, "").label("gtin"),
    _items.c.sku,
    _items.c.product_name,
    _orders.c.channel_id,
)


class _Codes(NamedTuple):
    """The codes of products, as lines may have them."""

    gtins: set[str]
    skus: set[str]


def lock_waiting_orders(
    db: Session,
    store_id: int,
    product_ids: Collection[int],
    codes: Collection[str] = (),
    also_order_ids: Collection[int] = (),
) -> None:
    """Lock what ``match_waiting_lines`` will lock once these products have these ``codes`` too: orders go before
    products everywhere, so who locks a product and then matches calls this first."""
    locks.take_turn_to_write(db)
    if locks.is_only_writer(db):
        return
    own = _codes_of(db, store_id, product_ids)
    new = {code for code in codes if code}
    sought = _Codes(own.gtins | new, own.skus | {code.lower() for code in new})
    order_ids = {*also_order_ids, *(row.order_id for row in _waiting_lines(db, store_id, sought))}
    if order_ids:
        locks.lock_orders(db, store_id, order_ids)
        locks.lock_inventory(db, store_id, product_ids)


def match_waiting_lines(db: Session, store_id: int, product_ids: Collection[int], actor: str = "system") -> int:
    """Link the open placeholder lines whose codes are those of these products, by the rules of an import; return how
    many. Orders in processing reserve at once, the oldest first.

    Lines whose codes name two products go on waiting for a person, and those whose SKU is the product's but whose GTIN
    is not, if it has one.
    """
    if not product_ids:
        return 0
    locks.take_turn_to_write(db)
    codes = _codes_of(db, store_id, product_ids)
    waiting = _waiting_lines(db, store_id, codes)
    links = _links(db, store_id, product_ids, codes, waiting) if waiting else {}
    if not links:
        return 0
    order_of = {row.id: row.order_id for row in waiting if row.id in links}
    linked = LockedLines.lock(db, store_id, actor, order_of).link(lambda item: links[item.id])
    skus = sorted({link.sku for link in links.values()})
    log.info("Matched %s items of %s orders that waited for products %s", linked.items, linked.orders, skus)
    return linked.items


def _links(
    db: Session, store_id: int, product_ids: Collection[int], codes: _Codes, waiting: Collection[Row[Any]]
) -> dict[int, ProductLink]:
    """Return by item id the links of the lines that are these products'."""
    products = {row.id: row for row in db.execute(_products_of(store_id, product_ids))}
    named = {row.id: _ordered_as(row) for row in waiting}
    finder = ProductFinder(db, store_id, named.values())
    links: dict[int, ProductLink] = {}
    for item_id, line in named.items():
        match = finder.find(line)
        product = products.get(match.product_id)
        if product is None:
            continue
        has_another_gtin = match.match_id is None and line.gtin and product.gtin and line.gtin not in codes.gtins
        if not has_another_gtin:
            code = code_of(line.gtin, line.sku)
            links[item_id] = ProductLink(product.id, product.sku, match.match_id, code, match.pack_units)
    return links


def _ordered_as(row: Row[Any]) -> OrderedAs:
    return OrderedAs("" if row.gtin in NO_GTIN else row.gtin, row.sku, row.product_name, row.channel_id)


def _codes_of(db: Session, store_id: int, product_ids: Collection[int]) -> _Codes:
    """Return the products' own codes and those that stand for one unit."""
    own = select(Product.gtin.label("code"), Product.sku).where(
        Product.store_id == store_id, Product.id.in_(product_ids), Product.is_placeholder.is_(False)
    )
    taught = select(ProductCode.code).where(
        ProductCode.store_id == store_id, ProductCode.product_id.in_(product_ids), ProductCode.units == 1
    )
    rows = db.execute(own).all()
    codes = {*db.scalars(taught), *(row.code for row in rows if row.code)}
    return _Codes(gtins=codes, skus={code.lower() for code in (*codes, *(row.sku for row in rows))})


def _waiting_lines(db: Session, store_id: int, codes: _Codes) -> list[Row[Any]]:
    placeholder = select(Product.id).where(Product.store_id == store_id, Product.is_placeholder).scalar_subquery()
    of_order = (_orders.c.store_id == _items.c.store_id) & (_orders.c.id == _items.c.order_id)
    by_sku = func.lower(_items.c.sku).in_(codes.skus) & (_items.c.sku != PLACEHOLDER_SKU)
    query = (
        select(*_LINE)
        .select_from(_items.join(_orders, of_order))
        .where(
            _items.c.store_id == store_id,
            OrderItem.has_units_left(),
            _items.c.product_id == placeholder,
            _orders.c.status.in_([constant(status) for status in MATCHABLE_STATUSES]),
            or_(_items.c.gtin.in_(codes.gtins), by_sku),
        )
    )
    return list(db.execute(query.order_by(_items.c.id)))


def _products_of(store_id: int, product_ids: Collection[int]) -> Any:
    return select(Product.id, Product.sku, Product.gtin).where(
        Product.store_id == store_id, Product.id.in_(product_ids)
    )
