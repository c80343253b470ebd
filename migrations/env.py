"""Runs the migrations on the application's engine."""

from __future__ import annotations

import fcntl
import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

from alembic import context
from flask import current_app
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from webapp.database.append_only import prove_guards
from webapp.database.planner_statistics import complete_statistics

migrate = current_app.extensions["migrate"]
engine = migrate.db.engine
metadata = migrate.db.metadata

TURN_SECONDS: Final = 300.0
LOCK_MILLISECONDS: Final = 500
PAUSE_SECONDS: Final = 0.5
COLLISIONS: Final = ("55P03", "40P01")
"""SQLSTATEs of a lock that did not come in time, and of a deadlock."""
IN_TURN: Final = {"sqlite_begin": "IMMEDIATE", "patience": TURN_SECONDS}


def include_name(name: str | None, kind: str, _parents: Any) -> bool:
    """Leave SQLite's replacement of the (store_id, id) primary key out of comparisons: see webapp.models.base."""
    return not (engine.dialect.name == "sqlite" and kind == "unique_constraint" and str(name).startswith("tenant_key_"))


def compare_default(_context: Any, _reflected: Any, column: Any, *_rest: Any) -> bool | None:
    """Leave identities out on SQLite, where the rowid numbers rows. None means that Alembic compares as usual."""
    return False if column.identity is not None else None


def check_foreign_keys(*, ctx: Any, **_step: Any) -> None:
    """Refuse a migration that left dangling foreign keys, before it commits. Raises RuntimeError."""
    if ctx.connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall():
        raise RuntimeError("a migration broke foreign keys")


def check_guards(*, ctx: Any, heads: Any, **_step: Any) -> None:
    """Refuse a migration that left the ledger or the order events open to changes, before it commits. Raises
    GuardMissing."""
    if "0002" in {script.revision for script in ctx.script.walk_revisions("base", tuple(heads))}:
        prove_guards(ctx.connection)


def run_in_turn() -> None:
    """Run the migrations beside a shop that works, when it is their turn; several at once run one after the other.

    On SQLite each transaction waits at the write gate. On PostgreSQL a table's lock is waited for briefly and often:
    who waits for it stops everybody behind, and the shop would stand still as long as its slowest request takes.
    """
    if engine.dialect.name == "sqlite":
        with only_one_process(), engine.connect().execution_options(**IN_TURN) as connection:
            run(connection)
        return
    deadline = time.monotonic() + TURN_SECONDS
    while True:
        try:
            with engine.connect() as connection:
                run(connection)
            return
        except DBAPIError as error:
            if getattr(error.orig, "sqlstate", None) not in COLLISIONS or time.monotonic() > deadline:
                raise
            print("The tables are in use; the migrations wait for their turn.", file=sys.stderr)
            time.sleep(PAUSE_SECONDS)


@contextmanager
def only_one_process() -> Iterator[None]:
    """Wait until no other process migrates this SQLite file."""
    if not engine.url.database or engine.url.database == ":memory:":
        yield
        return
    file = os.open(f"{engine.url.database}-migrating", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
    finally:
        os.close(file)


def take_turn(connection: Connection) -> None:
    """On PostgreSQL wait until no other process migrates, and let nobody wait for long behind us."""
    if connection.dialect.name == "postgresql":
        connection.execute(text(f"SET LOCAL lock_timeout = '{LOCK_MILLISECONDS}ms'"))
        connection.execute(text("SELECT pg_advisory_xact_lock(hashtext('packbench migrations'))"))


def run(connection: Connection) -> None:
    """Run the migrations: on PostgreSQL in one transaction, on SQLite in one each.

    Alembic treats SQLite as unable to roll back schema changes, and commits after each migration: a failing one leaves
    nothing behind, and those before it stay.

    A batch change on SQLite rebuilds the table. With foreign keys on, dropping the old table would delete its children,
    so they are off while migrations run, and checked before each commit.
    """
    raw: Any = connection.connection.dbapi_connection
    lite = connection.dialect.name == "sqlite"
    if lite:
        raw.execute("PRAGMA foreign_keys=OFF")  # It has no effect inside a transaction.
    try:
        context.configure(
            connection=connection,
            target_metadata=metadata,
            include_name=include_name,
            **{
                **migrate.configure_args,
                "compare_type": True,
                "compare_server_default": compare_default if lite else True,
                "on_version_apply": [check_foreign_keys, check_guards] if lite else [check_guards],
            },
        )
        with context.begin_transaction():
            take_turn(connection)
            context.run_migrations()
            check_guards(ctx=context.get_context(), heads=context.get_context().get_current_heads())
        if lite:
            complete_statistics(connection)
            connection.commit()
    finally:
        if lite:
            connection.rollback()
            raw.execute("PRAGMA foreign_keys=ON")


if context.is_offline_mode():
    context.configure(url=engine.url, target_metadata=metadata, literal_binds=True, **migrate.configure_args)
    with context.begin_transaction():
        context.run_migrations()
else:
    run_in_turn()
