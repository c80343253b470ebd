"""Rows that vanished from tables of which nothing is ever deleted: on SQLite their ids leave gaps."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from sqlalchemy import Connection, func, select, text

from webapp.models import (
    Allocation,
    InventoryTransaction,
    OrderEvent,
    OrderItem,
    Shipment,
    ShipmentLine,
    StockException,
)
from webapp.models.base import Base, table_of
from webapp.services.verification.findings import Violation

_KEPT: Final[tuple[type[Base], ...]] = (
    OrderItem,
    Allocation,
    InventoryTransaction,
    OrderEvent,
    Shipment,
    ShipmentLine,
    StockException,
)
"""Tables of which the program deletes nothing. Orders and places are left out: an insert that does nothing because the
row is there uses up an id."""

_NUMBERS: Final = text("SELECT seq FROM sqlite_sequence WHERE name = :name")
"""SQLite's own note of the last id that a table gave."""

_SENTENCE: Final = "Rows are gone from a table of which nothing is ever deleted: ids are missing before this one"


def vanished_rows(connection: Connection) -> Iterator[Violation]:
    """Yield each row before which ids are missing, and the next id to be given if the last rows are gone.

    Ids are numbered over all stores, so a gap has no store. On PostgreSQL a change that was refused leaves gaps too,
    and nothing can be told from them.
    """
    if connection.dialect.name != "sqlite":
        return
    for model in _KEPT:
        table = table_of(model)
        with connection.execute(_first_after_missing(table), execution_options={"yield_per": 200}) as result:
            for row in result.mappings():
                yield _violation(table.name, row["id"], row["before"])
        last = connection.scalar(select(func.max(table.c.id))) or 0
        latest = connection.scalar(_NUMBERS, {"name": table.name}) or 0
        if last < latest:
            yield _violation(table.name, latest + 1, last)


def _violation(table: str, row_id: int, before: int) -> Violation:
    return Violation(
        invariant=0,
        rule="ids_without_gap",
        store_id=None,
        store=None,
        table=table,
        id=row_id,
        sentence=_SENTENCE,
        named={},
        expected={"id_before": row_id - 1},
        found={"id_before": before},
    )


def _first_after_missing(table: Any) -> Any:
    numbered = select(table.c.id, func.lag(table.c.id, 1, 0).over(order_by=table.c.id).label("before")).subquery()
    return select(numbered.c.id, numbered.c.before).where(numbered.c.id != numbered.c.before + 1)
