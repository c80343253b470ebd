"""Attempts to change append-only tables, which the database must refuse."""

from __future__ import annotations

import pytest
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from tests.database.conftest import STORE
from tests.database.rows import row_of


def rows_in(connection: Connection, name: str) -> list[tuple[object, ...]]:
    return [tuple(row) for row in connection.execute(text(f"SELECT * FROM {name} ORDER BY store_id, id"))]


def assert_refused(connection: Connection, name: str, statement: str) -> None:
    """Run ``statement``; the guard must refuse it, and every row must be unchanged."""
    before = rows_in(connection, name)
    connection.commit()

    with pytest.raises(DBAPIError, match=f"{name} is append-only"):
        connection.execute(text(statement))

    connection.rollback()
    assert rows_in(connection, name) == before


def assert_append_only(connection: Connection, name: str) -> None:
    """Try every way of changing the table's rows."""
    assert_refused(connection, name, f"UPDATE {name} SET reason = 'x'")
    assert_refused(connection, name, f"DELETE FROM {name} WHERE store_id = {STORE}")
    if connection.dialect.name == "sqlite":
        assert_refused(connection, name, replacing(name, f"store_id = {STORE}", id="id"))
    else:
        assert_refused(connection, name, f"TRUNCATE {name} CASCADE")


def replacing(name: str, where: str, **values: str) -> str:
    """Return the INSERT OR REPLACE that ``copying`` would insert."""
    return copying(name, where, **values).replace("INSERT INTO", "INSERT OR REPLACE INTO")


def copying(name: str, where: str, **values: str) -> str:
    """Return an INSERT of the rows ``where`` again, with SQL expressions for some columns."""
    columns = list(row_of(name, STORE, 0)) + (["reverses_id"] if name == "inventory_transactions" else [])
    columns_sql = ", ".join(values.get(column, column) for column in columns)
    return f"INSERT INTO {name} ({', '.join(columns)}) SELECT {columns_sql} FROM {name} WHERE {where}"
