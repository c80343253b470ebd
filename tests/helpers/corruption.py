"""Damage that a database would refuse: in a copy without its guards, and rolled back at the end."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Engine, event

_NO_REFUSALS = {
    "sqlite": ("PRAGMA foreign_keys=OFF", "PRAGMA ignore_check_constraints=ON"),
    "postgresql": ("SET session_replication_role = replica",),
}


def remove_guards(engine: Engine) -> None:
    """Let no trigger, foreign key or CHECK refuse anything any more: once for all tests, since it takes long."""

    @event.listens_for(engine, "connect")
    def refuse_nothing(dbapi: Any, _record: object) -> None:
        for statement in _NO_REFUSALS[engine.dialect.name]:
            dbapi.cursor().execute(statement)
        dbapi.commit()

    with engine.begin() as connection:
        if engine.dialect.name == "sqlite":
            triggers = connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'trigger'")
            for name in triggers.scalars().all():
                connection.exec_driver_sql(f"DROP TRIGGER {name}")
        else:
            checks = "SELECT conrelid::regclass, conname FROM pg_constraint WHERE contype = 'c' AND conrelid <> 0"
            for table, name in connection.exec_driver_sql(checks).all():
                connection.exec_driver_sql(f"ALTER TABLE {table} DROP CONSTRAINT {name}")


@contextmanager
def without_guards(unguarded: Engine) -> Iterator[Connection]:
    """Open a transaction on the copy without guards, and roll it back afterwards."""
    with unguarded.connect() as connection, connection.begin() as transaction:
        try:
            yield connection
        finally:
            transaction.rollback()
