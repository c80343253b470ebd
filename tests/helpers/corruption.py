"""Damage that the database would refuse: one connection switches the guards off and rolls back at the end."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, Engine


@contextmanager
def without_guards(engine: Engine) -> Iterator[Connection]:
    """Open a transaction in which no trigger, foreign key or CHECK refuses anything; roll it back afterwards.

    On PostgreSQL it locks the tables: other connections wait until it ends.
    """
    connection = engine.connect()
    connection.detach()  # SQLite keeps settings per connection, so it must not go back to the pool.
    try:
        with connection.begin() as transaction:
            (_open_sqlite if engine.dialect.name == "sqlite" else _open_postgresql)(connection)
            yield connection
            transaction.rollback()
    finally:
        connection.close()


def _open_sqlite(connection: Connection) -> None:
    connection.exec_driver_sql("PRAGMA defer_foreign_keys=ON")
    connection.exec_driver_sql("PRAGMA ignore_check_constraints=ON")
    for name in connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'trigger'").scalars().all():
        connection.exec_driver_sql(f"DROP TRIGGER {name}")


def _open_postgresql(connection: Connection) -> None:
    connection.exec_driver_sql("SET LOCAL session_replication_role = replica")
    checks = "SELECT conrelid::regclass, conname FROM pg_constraint WHERE contype = 'c' AND conrelid <> 0"
    for table, name in connection.exec_driver_sql(checks).all():
        connection.exec_driver_sql(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
