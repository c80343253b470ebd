"""The database itself keeps the stores apart, and every key begins with the store."""

from __future__ import annotations

import pytest
from sqlalchemy import Connection, ForeignKeyConstraint, PrimaryKeyConstraint, Table, UniqueConstraint
from sqlalchemy.exc import DBAPIError

from tests.database.conftest import OTHER_STORE, STORE
from tests.database.rows import insert, row_of
from webapp.models import Base

TENANT_TABLES = [table for table in Base.metadata.sorted_tables if "store_id" in table.c]
DIRECTORY = {"setup_links", "sign_in_tries", "stores", "users"}
"""Tables about no single store: see docs/adr/0003-tenant-keys-and-partitioning.md."""

SEARCHED_ACROSS_STORES = {"ix_memberships_user_id", "ix_one_time_links_user_id", "ix_sessions_user_id"}
"""At sign-in a person has a name, but no store yet; and a new password ends a person's sessions and links in every
store."""

POINTERS = [
    (table.name, constraint.column_keys[1], constraint.referred_table.name)
    for table in TENANT_TABLES
    for constraint in sorted(table.foreign_key_constraints, key=lambda key: str(key.name))
    if len(constraint.column_keys) == 2
]
"""(table, column, table it points to) of every foreign key between tables of a store."""


@pytest.mark.parametrize(("table", "column", "target"), POINTERS)
def test_a_row_may_point_to_a_row_of_its_own_store(
    connection: Connection, table: str, column: str, target: str
) -> None:
    needed = ("users", "memberships", "orders", "order_items")
    for name in needed:
        insert(connection, name, row_of(name, STORE, 1))

    if table not in needed:
        own = row_of(target, STORE, 1 if target == "order_items" else 0)["id"]
        insert(connection, table, row_of(table, STORE, 1, **{column: own}))

    connection.commit()


@pytest.mark.parametrize(("table", "column", "target"), POINTERS)
def test_a_row_that_points_into_another_store_is_refused(
    connection: Connection, table: str, column: str, target: str
) -> None:
    for name in {"users", "order_items"} - {table}:
        insert(connection, name, row_of(name, STORE, 1))

    with pytest.raises(DBAPIError, match=r"FOREIGN KEY constraint failed|violates foreign key constraint"):
        insert(connection, table, row_of(table, STORE, 1, **{column: row_of(target, OTHER_STORE)["id"]}))


def test_all_tables_but_the_directory_belong_to_a_store() -> None:
    assert {table.name for table in Base.metadata.sorted_tables} - {table.name for table in TENANT_TABLES} == DIRECTORY


@pytest.mark.parametrize("table", TENANT_TABLES, ids=lambda table: table.name)
def test_the_store_leads_every_key_and_index(table: Table) -> None:
    keys = [key for key in table.constraints if isinstance(key, PrimaryKeyConstraint | UniqueConstraint)]
    indexes = [index for index in table.indexes if index.name not in SEARCHED_ACROSS_STORES]

    assert [next(iter(key.columns)).name for key in (*keys, *indexes)] == ["store_id"] * len([*keys, *indexes])


@pytest.mark.parametrize("table", TENANT_TABLES, ids=lambda table: table.name)
def test_foreign_keys_between_tables_of_a_store_carry_the_store(table: Table) -> None:
    for key in table.constraints:
        if isinstance(key, ForeignKeyConstraint) and key.referred_table.name not in DIRECTORY:
            assert key.column_keys[0] == "store_id"
