"""Finds the triggers that are not as the migrations made them: the append-only guards, and that of migration 0013."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from sqlalchemy import Connection

from webapp.database.append_only import TABLES, guards
from webapp.models import Base

_MARK: Final = "inventory_marks_product"
_MARKING: Final = (
    "UPDATE products SET has_place = true WHERE store_id = NEW.store_id AND id = NEW.product_id AND NOT has_place;"
)
"""The trigger of migration 0013: a product's first place marks the product."""

_MARKS: Final = {
    "sqlite": (f"CREATE TRIGGER {_MARK} AFTER INSERT ON inventory BEGIN {_MARKING} END",),
    "postgresql": (
        f"CREATE TRIGGER {_MARK} AFTER INSERT ON inventory FOR EACH ROW EXECUTE FUNCTION mark_product_with_place()",
        f"BEGIN {_MARKING} RETURN NULL; END",
    ),
}

_ALL_TRIGGERS: Final = {
    "sqlite": "SELECT tbl_name, name FROM sqlite_master WHERE type = 'trigger' ORDER BY 1, 2",
    "postgresql": "SELECT relname, tgname FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid "
    "WHERE NOT tgisinternal AND relnamespace = current_schema()::regnamespace ORDER BY 1, 2",
}


def wrong_triggers(connection: Connection) -> Iterator[tuple[str, str]]:
    """Yield table and name of each trigger that is missing, changed or switched off, and of each that is not ours."""
    engine = connection.dialect.name
    expected, standing = guards(connection)
    expected[_MARK] = _MARKS[engine]
    for name, trigger in expected.items():
        if standing.get(name) != trigger:
            yield next(table for table in (*TABLES, "inventory") if name.startswith(table)), name
    for table, name in connection.exec_driver_sql(_ALL_TRIGGERS[engine]):
        if name not in expected and table in Base.metadata.tables:
            yield table, name
