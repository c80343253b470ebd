"""A database's rows as plain values, to compare before and after."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Engine, select

from webapp.models import Base

Rows = dict[str, list[tuple[Any, ...]]]


def rows_of_store(engine: Engine, store_id: int) -> Rows:
    """Return every row of the store by table, each table sorted by its key."""
    return dict(_read(engine, store_id))


def _read(engine: Engine, store_id: int) -> Any:
    with engine.connect() as connection:
        for table in Base.metadata.sorted_tables:
            if "store_id" in table.c:
                mine = select(table).where(table.c.store_id == store_id).order_by(*table.primary_key.columns)
                yield table.name, [tuple(row) for row in connection.execute(mine)]
