"""The ledger and the order events accept new rows and nothing else."""

from __future__ import annotations

import pytest
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from tests.database.conftest import STORE
from tests.database.refusals import assert_refused, copying, replacing, rows_in
from tests.database.rows import insert, row_of

APPEND_ONLY = pytest.mark.parametrize("name", ["inventory_transactions", "order_events"])
SQLITE = pytest.mark.engines("sqlite")
POSTGRESQL = pytest.mark.engines("postgresql")


@APPEND_ONLY
def test_a_new_row_is_taken(connection: Connection, name: str) -> None:
    insert(connection, name, row_of(name, STORE, 1))

    connection.commit()
    assert len(rows_in(connection, name)) == 3


@APPEND_ONLY
@pytest.mark.parametrize("change", ["reason = 'x'", "id = id + 50", "store_id = store_id"])
def test_update_is_refused(connection: Connection, name: str, change: str) -> None:
    assert_refused(connection, name, f"UPDATE {name} SET {change}")


@APPEND_ONLY
def test_delete_is_refused(connection: Connection, name: str) -> None:
    assert_refused(connection, name, f"DELETE FROM {name} WHERE store_id = {STORE}")


@APPEND_ONLY
@POSTGRESQL
@pytest.mark.parametrize("more", ["", " CASCADE", " RESTART IDENTITY CASCADE"])
def test_truncate_is_refused(connection: Connection, name: str, more: str) -> None:
    assert_refused(connection, name, f"TRUNCATE {name}{more}")


@APPEND_ONLY
@POSTGRESQL
def test_truncating_what_it_refers_to_does_not_empty_it(connection: Connection, name: str) -> None:
    with pytest.raises(DBAPIError, match="is append-only"):
        connection.execute(text("TRUNCATE orders CASCADE"))

    connection.rollback()
    assert len(rows_in(connection, name)) == 2


@APPEND_ONLY
@SQLITE
def test_replacing_by_the_key_is_refused(connection: Connection, name: str) -> None:
    assert_refused(connection, name, replacing(name, f"store_id = {STORE}", id="id"))


@APPEND_ONLY
@SQLITE
def test_replacing_from_another_store_by_the_row_number_is_refused(connection: Connection, name: str) -> None:
    other = f"(SELECT id FROM {name} WHERE store_id = {STORE})"
    assert_refused(connection, name, replacing(name, f"store_id <> {STORE}", id=other))


@SQLITE
def test_replacing_a_ledger_row_by_its_sequence_is_refused(connection: Connection) -> None:
    name = "inventory_transactions"
    assert_refused(connection, name, replacing(name, f"store_id = {STORE}", id="id + 50"))


@SQLITE
def test_replacing_a_reversal_by_what_it_reverses_is_refused(connection: Connection) -> None:
    name = "inventory_transactions"
    original = row_of(name, STORE)["id"]
    insert(connection, name, row_of(name, STORE, 1, reverses_id=original, quantity_change=-10))

    assert_refused(connection, name, replacing(name, "reverses_id IS NOT NULL", id="id + 50", seq="seq + 50"))


@APPEND_ONLY
@SQLITE
@pytest.mark.parametrize("pragma", ["recursive_triggers=ON", "recursive_triggers=OFF"])
def test_update_or_replace_is_refused_with_and_without_recursive_triggers(
    connection: Connection, name: str, pragma: str
) -> None:
    connection.execute(text(f"PRAGMA {pragma}"))

    assert_refused(connection, name, f"UPDATE OR REPLACE {name} SET id = id")
    assert_refused(connection, name, replacing(name, f"store_id = {STORE}", id="id"))


@APPEND_ONLY
def test_an_upsert_does_not_update(connection: Connection, name: str, engine_name: str) -> None:
    key = "id" if engine_name == "sqlite" else "store_id, id"  # SQLite finds no key with the rowid among others.
    again = copying(name, f"store_id = {STORE}", id="id")

    assert_refused(connection, name, f"{again} ON CONFLICT ({key}) DO UPDATE SET reason = 'x'")
