"""Reading what waits to be matched: lines on the placeholder product, by the GTIN that the marketplace sent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import ColumnElement, ScalarSelect, Select, func, select
from sqlalchemy.orm import Session

from webapp.domain.products import PLACEHOLDER_GTIN
from webapp.domain.unknown_lines import MATCHABLE_STATUSES, NO_GTIN, UnknownGtin, UnknownLine
from webapp.models import GtinMatch, Order, OrderItem, Product
from webapp.services.cursors import read_cursor, write_cursor

PAGE: Final = 50
"""GTINs on a page, and lines shown of one."""

_GTINS, _LINES = "unknown-gtins", "lines-without-gtin"

_units: ColumnElement[int] = OrderItem.quantity - OrderItem.shipped_quantity - OrderItem.cancelled_quantity


@dataclass(frozen=True, slots=True)
class GtinPage:
    """Some unknown GTINs, and the cursor of those that come after them."""

    gtins: list[UnknownGtin]
    next_cursor: str | None


@dataclass(frozen=True, slots=True)
class LinePage:
    """Some lines by their ids, and the cursor of those that come after them."""

    lines: list[UnknownLine]
    next_cursor: str | None


def list_unknown_gtins(db: Session, store_id: int, cursor: str | None = None, limit: int = PAGE) -> GtinPage:
    """Return a page of the GTINs that open lines carry and no product has, in one statement. Raises InvalidInput."""
    after = read_cursor(cursor, _GTINS, str)
    wanted = _grouped(store_id).order_by(OrderItem.gtin).limit(limit + 1)
    if after:
        wanted = wanted.where(OrderItem.gtin > after[0])
    rows = db.execute(wanted).all()
    page = [_gtin(row) for row in rows[:limit]]
    return GtinPage(page, write_cursor(_GTINS, page[-1].gtin) if len(rows) > limit else None)


def read_unknown_gtin(db: Session, store_id: int, gtin: str) -> UnknownGtin | None:
    """Return what waits for this GTIN; None when nothing does (any more)."""
    row = db.execute(_grouped(store_id).where(OrderItem.gtin == gtin)).one_or_none()
    return _gtin(row) if row else None


def lines_with(db: Session, store_id: int, gtin: str, limit: int = PAGE) -> list[UnknownLine]:
    """Return lines that carry this GTIN, the oldest orders first: what a match would link."""
    rows = db.execute(_lines(store_id).where(OrderItem.gtin == gtin).order_by(Order.ordered_at, Order.id).limit(limit))
    return [UnknownLine(*row) for row in rows]


def list_lines_without_gtin(db: Session, store_id: int, cursor: str | None = None, limit: int = PAGE) -> LinePage:
    """Return a page of lines that no GTIN can match, in one statement. Raises InvalidInput."""
    after = read_cursor(cursor, _LINES, int)
    wanted = (
        _lines(store_id).where(func.coalesce(OrderItem.gtin, "").in_(NO_GTIN)).order_by(OrderItem.id).limit(limit + 1)
    )
    if after:
        wanted = wanted.where(OrderItem.id > after[0])
    rows = db.execute(wanted).all()
    page = [UnknownLine(*row) for row in rows[:limit]]
    return LinePage(page, write_cursor(_LINES, page[-1].item_id) if len(rows) > limit else None)


def remembered_product(db: Session, store_id: int, gtin: str) -> tuple[int, str] | None:
    """Return (id, name) of the product that this GTIN was matched to before; later imports use it."""
    row = db.execute(
        select(Product.id, Product.name, Product.sku)
        .join(GtinMatch, (GtinMatch.store_id == Product.store_id) & (GtinMatch.product_id == Product.id))
        .where(GtinMatch.store_id == store_id, GtinMatch.gtin == gtin)
    ).one_or_none()
    return (row.id, row.name or row.sku) if row else None


def _gtin(row: Sequence[Any]) -> UnknownGtin:
    *words, units = row
    return UnknownGtin(*[*words, int(units)])  # PostgreSQL sums to a decimal.


def _waiting(store_id: int) -> list[ColumnElement[bool]]:
    return [
        OrderItem.store_id == store_id,
        OrderItem.shipped_quantity + OrderItem.cancelled_quantity < OrderItem.quantity,
        Order.status.in_(MATCHABLE_STATUSES),
        OrderItem.product_id == _placeholder_id(store_id),
    ]


def _placeholder_id(store_id: int) -> ScalarSelect[int]:
    """Id of the store's placeholder, found by the GTIN that no other product may have: it leads to its lines alone."""
    return select(Product.id).where(Product.store_id == store_id, Product.gtin == PLACEHOLDER_GTIN).scalar_subquery()


def _joined(statement: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:
    return statement.select_from(OrderItem).join(
        Order, (Order.store_id == OrderItem.store_id) & (Order.id == OrderItem.order_id)
    )


def _grouped(store_id: int) -> Select[*tuple[Any, ...]]:
    columns = (
        OrderItem.gtin,
        func.max(OrderItem.product_name),
        func.max(OrderItem.sku),
        func.count(),
        func.count(OrderItem.order_id.distinct()),
        func.sum(_units),
    )
    return (
        _joined(select(*columns))
        .where(*_waiting(store_id), OrderItem.gtin.is_not(None), OrderItem.gtin.not_in(NO_GTIN))
        .group_by(OrderItem.gtin)
    )


def _lines(store_id: int) -> Select[*tuple[Any, ...]]:
    columns = (
        OrderItem.id,
        Order.id,
        Order.order_number,
        Order.status,
        OrderItem.product_name,
        OrderItem.sku,
        _units,
    )
    return _joined(select(*columns)).where(*_waiting(store_id))
