"""The schema can be partitioned by store: every table of a store loads partitioned by hash of ``store_id``.

``stores`` and ``users`` are not partitioned: they are a small directory that every host copies or reads from one host.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from alembic.migration import MigrationContext
from alembic.operations import Operations
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, create_engine, text
from sqlalchemy.exc import DBAPIError

from tests.database.rows import insert, insert_all, row_of
from tests.helpers.databases import PostgresqlDatabases
from tests.helpers.tables import copy_of_models
from webapp.config import ROOT
from webapp.models import Base

PARTITIONS = 4
STORES = range(1, 9)
GUARDED = ("inventory_transactions", "order_events")
TENANT_TABLES = [table.name for table in Base.metadata.sorted_tables if "store_id" in table.c]


@pytest.fixture(scope="module")
def built(postgresql_databases: PostgresqlDatabases) -> Iterator[Engine]:
    """A database with the models' tables, partitioned, guarded, and with a row of each for several stores."""
    engine = create_engine(postgresql_databases.empty())
    with engine.begin() as connection:
        _build(connection)
        for store_id in STORES:
            insert_all(connection, store_id)
    yield engine
    engine.dispose()


@pytest.fixture
def partitioned(built: Engine) -> Iterator[Connection]:
    """A connection to it; what a test writes is rolled back."""
    with built.connect() as connection:
        yield connection


def _build(connection: Connection) -> None:
    copy_of_models("postgresql", partition_by="HASH (store_id)").create_all(connection)
    for name in TENANT_TABLES:
        for remainder in range(PARTITIONS):
            part = f"FOR VALUES WITH (MODULUS {PARTITIONS}, REMAINDER {remainder})"
            connection.execute(text(f"CREATE TABLE {name}_{remainder} PARTITION OF {name} {part}"))
    guards = ScriptDirectory(str(ROOT / "migrations")).get_revision("0002").module
    with Operations.context(MigrationContext.configure(connection)):
        guards.upgrade()
    for partition in guarded_partitions():  # Row triggers reach the partitions; this one each needs for itself.
        connection.execute(
            text(
                f"CREATE TRIGGER {partition}_no_truncate BEFORE TRUNCATE ON {partition} "
                "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
            )
        )


def guarded_partitions() -> list[str]:
    return [f"{name}_{remainder}" for name in GUARDED for remainder in range(PARTITIONS)]


def partitions_with_rows(connection: Connection, name: str, store_id: int) -> set[str]:
    rows = connection.execute(text(f"SELECT tableoid::regclass::text FROM {name} WHERE store_id = {store_id}"))
    return {row[0].removeprefix(name) for row in rows}


def assert_refused(connection: Connection, statement: str) -> None:
    with pytest.raises(DBAPIError, match="is append-only"), connection.begin_nested():
        connection.execute(text(statement))


def test_the_rows_of_a_store_lie_together_and_the_stores_apart(partitioned: Connection) -> None:
    homes = {
        store_id: set().union(*(partitions_with_rows(partitioned, name, store_id) for name in TENANT_TABLES))
        for store_id in STORES
    }

    assert all(len(home) == 1 for home in homes.values())
    assert len(set.union(*homes.values())) > 1


def test_rows_are_numbered(partitioned: Connection) -> None:
    row = row_of("orders", 3, 1)
    del row["id"]

    insert(partitioned, "orders", row)

    numbers = text("SELECT id FROM orders WHERE store_id = 3 AND order_number = :number")
    assert partitioned.scalar(numbers, {"number": row["order_number"]}) > 0


def test_a_number_is_unique_in_its_store_and_free_in_others(partitioned: Connection) -> None:
    insert(partitioned, "orders", row_of("orders", 1, 1, order_number="ORD-7"))
    insert(partitioned, "orders", row_of("orders", 2, 1, order_number="ORD-7"))

    with pytest.raises(DBAPIError, match="violates unique constraint"):
        insert(partitioned, "orders", row_of("orders", 2, 2, order_number="ORD-7"))


def test_a_row_that_points_into_another_store_is_refused(partitioned: Connection) -> None:
    elsewhere = row_of("orders", 2)["id"]

    with pytest.raises(DBAPIError, match="violates foreign key constraint"):
        insert(partitioned, "order_items", row_of("order_items", 1, 1, order_id=elsewhere))


@pytest.mark.parametrize("name", GUARDED)
def test_the_guards_hold_on_a_table_and_on_each_of_its_partitions(partitioned: Connection, name: str) -> None:
    homes = {suffix for store_id in STORES for suffix in partitions_with_rows(partitioned, name, store_id)}

    for part in ["", *homes]:
        assert_refused(partitioned, f"UPDATE {name}{part} SET reason = 'x'")
        assert_refused(partitioned, f"DELETE FROM {name}{part}")
    for part in ["", *(f"_{remainder}" for remainder in range(PARTITIONS))]:
        assert_refused(partitioned, f"TRUNCATE {name}{part} CASCADE")
