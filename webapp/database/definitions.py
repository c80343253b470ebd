"""Change the stored definition of a SQLite table without rewriting its rows."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import Connection


def rewrite_definition(connection: Connection, table_name: str, change: Callable[[str], str]) -> None:
    """Store the table's definition as ``change`` returns it, by the steps that SQLite documents for constraints.

    Rows, indexes, triggers and foreign keys stay as they are. If SQLite cannot parse the new definition, the statement
    fails at once and the migration is rolled back. Source: https://www.sqlite.org/lang_altertable.html, section 7.
    """
    before: str = connection.exec_driver_sql(
        "SELECT sql FROM sqlite_master WHERE type = 'table' AND name = ?", (table_name,)
    ).scalar_one()
    after = change(before)
    version = connection.exec_driver_sql("PRAGMA schema_version").scalar_one()
    connection.exec_driver_sql("PRAGMA writable_schema=ON")
    try:
        connection.exec_driver_sql(
            "UPDATE sqlite_master SET sql = ? WHERE type = 'table' AND name = ?", (after, table_name)
        )
        connection.exec_driver_sql(f"PRAGMA schema_version={version + 1}")
    finally:
        connection.exec_driver_sql("PRAGMA writable_schema=RESET")  # Switches it off and reloads the schema.
