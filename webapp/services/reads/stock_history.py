"""Reads a product's units on hand over the last days, from the ledger."""

from __future__ import annotations

from datetime import datetime, tzinfo
from typing import Any, Final

from sqlalchemy import BigInteger, CompoundSelect, Select, bindparam, func, literal_column, select, union_all
from sqlalchemy.orm import Session

from webapp.domain.stock_history import DAYS, StockHistory, history_of, midnights
from webapp.models import Inventory
from webapp.models.base import UtcDateTime, table_of
from webapp.services.reads.trail_rows import ledger

_ON_HAND, _BEFORE = -1, -2
"""Row numbers that are not days: the units now, and whether anything moved before the first day."""

_places = table_of(Inventory)
_store_id = bindparam("store_id", type_=BigInteger)
_product_id = bindparam("product_id", type_=BigInteger)


def _begin(index: int) -> Any:
    return bindparam(f"begin_{index}", type_=UtcDateTime)


def _of_day(index: int) -> Select[Any]:
    """Sum up one day: one range of the ledger's index of the product."""
    of_day = select(
        literal_column(str(index)), func.coalesce(func.sum(ledger.c.quantity_change), 0), func.count()
    ).where(ledger.c.store_id == _store_id, ledger.c.product_id == _product_id, ledger.c.created_at >= _begin(index))
    return of_day.where(ledger.c.created_at < _begin(index + 1)) if index + 1 < DAYS else of_day


def _statement() -> CompoundSelect[Any]:
    on_hand = select(literal_column(str(_ON_HAND)), func.coalesce(func.sum(_places.c.quantity), 0), func.count()).where(
        _places.c.store_id == _store_id, _places.c.product_id == _product_id
    )
    earlier = (
        select(ledger.c.id)
        .where(ledger.c.store_id == _store_id, ledger.c.product_id == _product_id, ledger.c.created_at < _begin(0))
        .order_by(ledger.c.created_at)
        .limit(1)
        .subquery()
    )
    before: Select[*tuple[Any, ...]] = select(
        literal_column(str(_BEFORE)), literal_column("0"), func.count()
    ).select_from(earlier)
    return union_all(on_hand, before, *map(_of_day, range(DAYS)))


_HISTORY: Final = _statement()
"""One index range per day, so that days are the store's own on both engines and all numbers are of one moment."""


def read_history(db: Session, store_id: int, product_id: int, now: datetime, zone: tzinfo) -> StockHistory:
    """Return the product's units on hand at the end of each of the last days, as ``zone`` counts days.

    One statement. It reads only these days' ledger rows and counts back from the units now, so older rows cost nothing.
    """
    begins = midnights(now, zone)
    parameters: dict[str, Any] = {f"begin_{index}": begin for index, begin in enumerate(begins)}
    rows = db.connection().execute(_HISTORY, {"store_id": store_id, "product_id": product_id, **parameters})
    sums = {index: (int(units), int(count)) for index, units, count in rows}
    changes = {index: units for index, (units, count) in sums.items() if index >= 0 and count}
    return history_of(begins, zone, sums[_ON_HAND][0], changes, moved_before=bool(sums[_BEFORE][1]))
