"""A copy of the models' tables that ``create_all`` can build on either engine."""

from __future__ import annotations

from typing import Any

from sqlalchemy import MetaData, Table

from webapp.models import Base


def copy_of_models(engine_name: str, **table_options: Any) -> MetaData:
    """Return the tables in new metadata; ``table_options`` apply to those whose key begins with ``store_id``."""
    metadata = MetaData(naming_convention=Base.metadata.naming_convention)
    for table in Base.metadata.sorted_tables:
        _fit(table.to_metadata(metadata), engine_name, table_options)
    return metadata


def _fit(table: Table, engine_name: str, options: dict[str, Any]) -> None:
    if engine_name == "sqlite":
        if "store_id" in table.c and "id" in table.c:
            table.c.id.autoincrement = False  # SQLite numbers no composite key: ADR 0003.
        return
    for constraint in list(table.constraints):
        if str(constraint.name).endswith("_whole"):  # Only for SQLite; the copy drops them.
            table.constraints.remove(constraint)
    if "store_id" in table.c:
        table.dialect_options["postgresql"].update(options)
