"""The models' tables as a copy that ``create_all`` can build on either engine."""

from __future__ import annotations

from typing import Any

from sqlalchemy import MetaData, Table

from webapp.models import Base


def copy_of_models(engine_name: str, **table_options: Any) -> MetaData:
    """Return the tables in metadata of their own; ``table_options`` go to those led by ``store_id``."""
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
        if str(constraint.name).endswith("_whole"):  # Said of SQLite only, which the copy forgets.
            table.constraints.remove(constraint)
    if "store_id" in table.c:
        table.dialect_options["postgresql"].update(options)
