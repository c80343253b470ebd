"""Reads a product's units on hand over the last days, from the ledger."""

from __future__ import annotations

from datetime import datetime, tzinfo
from typing import Any, Final, NamedTuple

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    CompoundSelect,
    Integer,
    Select,
    bindparam,
    func,
    literal_column,
    select,
    union_all,
)
from sqlalchemy.orm import Session

from webapp.domain.stock_history import DAYS, StockHistory, history_of, midnights
from webapp.models import Inventory
from webapp.models.base import UtcDateTime, table_of
from webapp.models.rows import rows_of, whole
from webapp.services.reads.trail_rows import ledger

_ON_HAND, _BEFORE = -1, -2
"""Row numbers that are not days: the units now, and whether anything moved before the first day."""

_places = table_of(Inventory)
_store_id = bindparam("store_id", type_=BigInteger)
_product_id = bindparam("product_id", type_=BigInteger)


def _begin(index: int) -> Any:
    return bindparam(f"begin_{index}", type_=UtcDateTime)


class _Sum(NamedTuple):
    """A day (or ``_ON_HAND``, ``_BEFORE``), its units, and how many rows they are the sum of."""

    day: int
    units: int
    lines: int


def _sum_up(day: int, units: ColumnElement[int]) -> Select[int, int, int]:
    return select(
        literal_column(str(day), Integer).label("day"),
        whole(func.coalesce(func.sum(units), 0)).label("units"),
        func.count().label("lines"),
    )


def _of_day(index: int) -> Select[int, int, int]:
    """Sum up one day: one range of the ledger's index of the product."""
    of_day = _sum_up(index, ledger.c.quantity_change).where(
        ledger.c.store_id == _store_id, ledger.c.product_id == _product_id, ledger.c.created_at >= _begin(index)
    )
    return of_day.where(ledger.c.created_at < _begin(index + 1)) if index + 1 < DAYS else of_day


def _statement() -> CompoundSelect[int, int, int]:
    on_hand = _sum_up(_ON_HAND, _places.c.quantity).where(
        _places.c.store_id == _store_id, _places.c.product_id == _product_id
    )
    earlier = (
        select(ledger.c.id)
        .where(ledger.c.store_id == _store_id, ledger.c.product_id == _product_id, ledger.c.created_at < _begin(0))
        .order_by(ledger.c.created_at)
        .limit(1)
        .subquery()
    )
    before = _sum_up(_BEFORE, literal_column("0", BigInteger)).select_from(earlier)
    return union_all(on_hand, before, *map(_of_day, range(DAYS)))


_HISTORY: Final = _statement()
"""One index range per day, so that days are the store's own on both engines and all numbers are of one moment."""


def read_history(db: Session, store_id: int, product_id: int, now: datetime, zone: tzinfo) -> StockHistory:
    """Return the product's units on hand at the end of each of the last days, as ``zone`` counts days.

    One statement. It reads only these days' ledger rows and counts back from the units now, so older rows cost nothing.
    """
    begins = midnights(now, zone)
    parameters: dict[str, Any] = {f"begin_{index}": begin for index, begin in enumerate(begins)}
    result = db.connection().execute(_HISTORY, {"store_id": store_id, "product_id": product_id, **parameters})
    sums = {each.day: each for each in rows_of(_Sum, result)}
    changes = {day: each.units for day, each in sums.items() if day >= 0 and each.lines}
    return history_of(begins, zone, sums[_ON_HAND].units, changes, has_earlier_movements=bool(sums[_BEFORE].lines))
