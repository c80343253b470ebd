"""Reads the lines to match on the placeholder product: by GTIN, else by SKU, else one by one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from sqlalchemy import ColumnElement, ScalarSelect, Select, String, cast, false, func, literal_column, select, union_all
from sqlalchemy.orm import Session

from webapp.domain.codes import code_key
from webapp.domain.errors import ItemNotFound
from webapp.domain.products import PLACEHOLDER_GTIN
from webapp.domain.unknown_lines import (
    MATCHABLE_STATUSES,
    NO_GTIN,
    NO_SKU,
    LikelyProduct,
    MatchBy,
    UnknownCode,
    UnknownLine,
    WaitingLines,
)
from webapp.models import Match, Order, OrderItem, Product, ProductMerge
from webapp.models.base import constant, table_of
from webapp.models.channel import channel_name, shown_number
from webapp.models.match import IS_REMEMBERED
from webapp.models.rows import AnyResult, columns_of, rows_of, whole
from webapp.services.reads.cursors import page_of, read_cursor, write_cursor
from webapp.services.reads.order_counts import MAX_COUNTED

PAGE: Final = 50
"""Codes per page, and lines shown of one code."""

_LINES: Final = "lines-without-code"

_items, _orders, _products = table_of(OrderItem), table_of(Order), table_of(Product)

name_code: Final = cast(_orders.c.channel_id, String) + literal_column("':'", String) + _items.c.name_key
"""The name of a line without GTIN and SKU, in its channel; NULL for other lines."""

_CODES: Final[dict[MatchBy, ColumnElement[Any]]] = {
    MatchBy.GTIN: _items.c.gtin,
    MatchBy.SKU: _items.c.sku,
    MatchBy.NAME: name_code,
    MatchBy.ITEM: _items.c.id,
}

_units: ColumnElement[int] = OrderItem.quantity - OrderItem.shipped_quantity - OrderItem.cancelled_quantity
_has_no_gtin: ColumnElement[bool] = func.coalesce(OrderItem.gtin, "").in_(NO_GTIN)

_CARRYING: Final[dict[MatchBy, ColumnElement[bool]]] = {
    MatchBy.GTIN: ~_has_no_gtin,
    MatchBy.SKU: _has_no_gtin & OrderItem.sku.not_in(NO_SKU),
    MatchBy.NAME: _items.c.name_key.is_not(None),
    MatchBy.ITEM: _has_no_gtin,
}
"""Which lines each kind of match covers: a line with a GTIN is matched by the GTIN only."""


@dataclass(frozen=True, slots=True)
class WaitingPage:
    """A page of codes with the lines that wait for them, and the next page's cursor."""

    codes: list[WaitingLines]
    next_cursor: str | None


@dataclass(frozen=True, slots=True)
class LinePage:
    """A page of lines by id, and the next page's cursor."""

    lines: list[UnknownLine]
    next_cursor: str | None


def list_waiting(db: Session, store_id: int, by: MatchBy, cursor: str | None = None, limit: int = PAGE) -> WaitingPage:
    """Return a page of the codes on open lines that match no product, in one statement. Raises InvalidInput."""
    listing, code = f"unknown-{by}", _CODES[by]
    after = read_cursor(cursor, listing, str)
    query = _grouped(store_id, by).order_by(code).limit(limit + 1)
    if after:
        query = query.where(code > after[0])
    codes = _read_codes(by, db.execute(query))
    return WaitingPage(*page_of(codes, limit, lambda waiting: write_cursor(listing, waiting.unknown.code)))


def count_waiting(db: Session, store_id: int) -> int:
    """Return how many open lines wait for a match, in one statement; ``MAX_COUNTED`` means as many or more."""
    some = _joined(OrderItem.id).where(*_waiting(store_id)).limit(constant(MAX_COUNTED)).subquery()
    return db.scalar(select(func.count()).select_from(some)) or 0


def read_waiting(db: Session, store_id: int, unknown: UnknownCode) -> WaitingLines | None:
    """Return the lines that wait for this match; None if there are none (any more)."""
    codes = _read_codes(unknown.by, db.execute(_grouped(store_id, unknown.by).where(_is(unknown))))
    return codes[0] if codes else None


def lines_with(db: Session, store_id: int, unknown: UnknownCode, limit: int = PAGE) -> list[UnknownLine]:
    """Return the lines that a match would link, oldest orders first."""
    lines = _joined(*_LINE).where(*waiting_for(store_id, unknown))
    return rows_of(UnknownLine, db.execute(lines.order_by(Order.ordered_at, Order.id).limit(limit)))


def list_lines_without_code(db: Session, store_id: int, cursor: str | None = None, limit: int = PAGE) -> LinePage:
    """Return a page of the lines with neither GTIN nor SKU nor name, in one statement. Raises InvalidInput."""
    after = read_cursor(cursor, _LINES, int)
    query = _joined(*_LINE).where(
        *_waiting(store_id), _has_no_gtin, OrderItem.sku.in_(NO_SKU), _items.c.name_key.is_(None)
    )
    if after:
        query = query.where(OrderItem.id > after[0])
    lines = rows_of(UnknownLine, db.execute(query.order_by(OrderItem.id).limit(limit + 1)))
    return LinePage(*page_of(lines, limit, lambda line: write_cursor(_LINES, line.item_id)))


def likely_product(db: Session, store_id: int, unknown: UnknownCode, sku: str) -> LikelyProduct | None:
    """Return the product to which the GTIN was matched before, else one that has it; without a GTIN, the product with
    the SKU. Of a product that was merged it is the one that stays; a retired one is none."""
    named, merge = table_of(Product).alias("named"), table_of(ProductMerge)
    by_code: ColumnElement[bool] = named.c.sku_key == code_key(sku)
    was_matched: ColumnElement[bool] = false()
    best_first = [named.c.sku != sku, named.c.id]
    if unknown.by is MatchBy.GTIN:
        matched = select(Match.product_id).where(
            Match.store_id == store_id, Match.kind == unknown.by, Match.match_key == unknown.key, IS_REMEMBERED
        )
        was_matched = func.coalesce(Product.id == matched.scalar_subquery(), false())
        having = select(Product.id).where(Product.store_id == store_id, Product.gtin == unknown.code)
        by_code = named.c.id.in_(union_all(matched, having))
        best_first = [was_matched.desc(), named.c.id]
    columns = columns_of(
        LikelyProduct,
        _products,
        product_id=_products.c.id,
        name=func.coalesce(func.nullif(_products.c.name, ""), _products.c.sku),
        was_matched=was_matched,
    )
    is_merged = (merge.c.store_id == store_id) & (merge.c.product_id == named.c.id) & merge.c.undone_at.is_(None)
    present = (Product.store_id == store_id) & (Product.id == func.coalesce(merge.c.present_id, named.c.id))
    query = (
        select(*columns)
        .select_from(named.outerjoin(merge, is_merged).join(_products, present))
        .where(named.c.store_id == store_id, by_code, Product.is_placeholder.is_(False), Product.retired_at.is_(None))
    )
    likely = rows_of(LikelyProduct, db.execute(query.order_by(*best_first).limit(1)))
    return likely[0] if likely else None


def gtin_of_line(db: Session, store_id: int, item_id: int) -> str:
    """Return a line's GTIN, blank without one. Raises ItemNotFound."""
    row = db.execute(select(OrderItem.gtin).where(OrderItem.store_id == store_id, OrderItem.id == item_id)).first()
    if row is None:
        raise ItemNotFound
    return "" if row.gtin is None or row.gtin in NO_GTIN else str(row.gtin)


def waiting_for(store_id: int, unknown: UnknownCode) -> list[ColumnElement[bool]]:
    """Return the conditions on order items, joined with their orders, that a match of ``unknown`` links."""
    return [*_waiting(store_id), _CARRYING[unknown.by], _is(unknown)]


def _is(unknown: UnknownCode) -> ColumnElement[bool]:
    if unknown.by is MatchBy.NAME:
        channel_id, key = unknown.code.split(":")
        return (_items.c.name_key == key) & (_orders.c.channel_id == int(channel_id))
    return _CODES[unknown.by] == (int(unknown.code) if unknown.by is MatchBy.ITEM else unknown.code)


def _waiting(store_id: int) -> list[ColumnElement[bool]]:
    return [
        OrderItem.store_id == store_id,
        OrderItem.has_units_left(),
        Order.status.in_([constant(status) for status in MATCHABLE_STATUSES]),
        OrderItem.product_id == _placeholder_id(store_id),
    ]


def _placeholder_id(store_id: int) -> ScalarSelect[int]:
    """Return a subquery of the store's placeholder id, by its GTIN, which no other product may have."""
    return select(Product.id).where(Product.store_id == store_id, Product.gtin == PLACEHOLDER_GTIN).scalar_subquery()


def _joined(*columns: Any) -> Select[Any]:
    return (
        select(*columns)
        .select_from(OrderItem)
        .join(Order, (Order.store_id == OrderItem.store_id) & (Order.id == OrderItem.order_id))
    )


class _Code(NamedTuple):
    """A code of open lines, and what waits for it."""

    code: str
    name: str
    sku: str
    lines: int
    orders: int
    units: int
    channel: str
    name_code: str


_CODE: Final = {
    by: columns_of(
        _Code,
        _items,
        code=cast(code, String),
        name=func.max(_items.c.product_name),
        sku=func.max(_items.c.sku),
        lines=func.count(),
        orders=func.count(_items.c.order_id.distinct()),
        units=whole(func.sum(_units)),
        channel=func.max(channel_name(_orders)) if by is MatchBy.NAME else literal_column("''", String),
        name_code=func.coalesce(func.max(name_code), "") if by is MatchBy.ITEM else literal_column("''", String),
    )
    for by, code in _CODES.items()
}


def _grouped(store_id: int, by: MatchBy) -> Select[Any]:
    return _joined(*_CODE[by]).where(*_waiting(store_id), _CARRYING[by]).group_by(_CODES[by])


def _read_codes(by: MatchBy, result: AnyResult) -> list[WaitingLines]:
    return [
        WaitingLines(
            unknown=UnknownCode.as_shown(by, row.code),
            name=row.name,
            sku=row.sku,
            lines=row.lines,
            orders=row.orders,
            units=row.units,
            channel=row.channel,
            name_code=row.name_code,
        )
        for row in rows_of(_Code, result)
    ]


_LINE: Final = columns_of(
    UnknownLine,
    _items,
    item_id=_items.c.id,
    order_id=_orders.c.id,
    order_number=shown_number(_orders),
    order_status=_orders.c.status,
    name=_items.c.product_name,
    units=_units,
)
