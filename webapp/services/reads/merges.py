"""Reads which products were merged, and what a merge of two would move."""

from __future__ import annotations

from typing import Final, NamedTuple

from sqlalchemy import case, func, or_, select
from sqlalchemy.orm import Session

from webapp.domain.merges import MergedTwin, OpenLines, OrderWithLines
from webapp.domain.unknown_lines import MATCHABLE_STATUSES
from webapp.models import Match, Order, OrderItem, Product, ProductMerge
from webapp.models.base import constant, table_of
from webapp.models.channel import shown_number
from webapp.models.match import IS_REMEMBERED
from webapp.models.rows import columns_of, pairs_of, rows_of, whole
from webapp.services.engine.backorders import reserved_units

SHOWN: Final = 25
"""Orders that a preview lists; the rest are counted."""

_merge, _other, _order = table_of(ProductMerge), table_of(Product), table_of(Order)


class _OrderCount(NamedTuple):
    """How many orders have open lines."""

    rows: int


def list_merges(db: Session, store_id: int, product_id: int) -> list[MergedTwin]:
    """Return the standing merges of a product, in one statement: the one that made it another product, and those of
    others into it."""
    other_id = case((_merge.c.product_id == product_id, _merge.c.present_id), else_=_merge.c.product_id)
    columns = columns_of(
        MergedTwin,
        _merge,
        product_id=_other.c.id,
        sku=_other.c.sku,
        name=_other.c.name,
        is_survivor=_merge.c.product_id == product_id,
    )
    result = db.execute(
        select(*columns)
        .join(_other, (_other.c.store_id == _merge.c.store_id) & (_other.c.id == other_id))
        .where(
            _merge.c.store_id == store_id,
            or_(_merge.c.product_id == product_id, _merge.c.present_id == product_id),
            _merge.c.undone_at.is_(None),
        )
        .order_by(_merge.c.id.desc())
    )
    return rows_of(MergedTwin, result)


def read_open_lines(db: Session, store_id: int, product_id: int) -> OpenLines:
    """Return the orders with open lines of a product, the soonest to ship first, in one statement."""
    left = OrderItem.quantity - OrderItem.shipped_quantity - OrderItem.cancelled_quantity
    columns = columns_of(
        OrderWithLines,
        _order,
        order_id=_order.c.id,
        order_number=shown_number(_order),
        units=whole(func.sum(left)),
        reserved=whole(func.sum(reserved_units())),
    )
    result = db.execute(
        select(func.count().over().label("rows"), *columns)
        .select_from(OrderItem)
        .join(_order, (_order.c.store_id == OrderItem.store_id) & (_order.c.id == OrderItem.order_id))
        .where(
            OrderItem.store_id == store_id,
            OrderItem.product_id == product_id,
            OrderItem.has_units_left(),
            _order.c.status.in_([constant(status) for status in MATCHABLE_STATUSES]),
        )
        .group_by(_order.c.store_id, _order.c.id)
        .order_by(_order.c.ship_by, _order.c.id)
        .limit(SHOWN)
    )
    pairs = pairs_of(_OrderCount, OrderWithLines, result)
    if not pairs:
        return OpenLines([], 0)
    altogether, _ = pairs[0]
    return OpenLines([order for _, order in pairs], altogether.rows)


def count_matches(db: Session, store_id: int, product_id: int) -> int:
    """Return how many matches to a product imports go by."""
    of_product = (Match.store_id == store_id, Match.product_id == product_id, IS_REMEMBERED)
    return db.scalar(select(func.count()).select_from(Match).where(*of_product)) or 0
