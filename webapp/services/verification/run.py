"""Run every check in one consistent view of the database and stream what breaks a rule."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from functools import cache
from typing import Any

from sqlalchemy import Connection, Engine, Table, func, select
from sqlalchemy.exc import DataError, DBAPIError
from sqlalchemy.orm import Session, scoped_session

from webapp.models import Store
from webapp.services.verification import (
    accountability,
    ledger,
    ledger_links,
    order_status,
    references,
    reservations,
    shipped_units,
    table_rules,
)
from webapp.services.verification.findings import STORE, Check, Finds, Scope, Summary, Violation

CHECKS: tuple[Check, ...] = (
    *ledger.CHECKS,
    *ledger_links.CHECKS,
    *reservations.CHECKS,
    *shipped_units.CHECKS,
    *order_status.CHECKS,
    *accountability.CHECKS,
    *references.CHECKS,
    *table_rules.CHECKS,
)

OnCheck = Callable[[Check, int, int], None]


@contextmanager
def snapshot(engine: Engine) -> Iterator[Connection]:
    """Open a connection of its own whose every statement sees the database as it is now; it cannot write.

    PostgreSQL: REPEATABLE READ, READ ONLY. SQLite: one deferred transaction. Writers are not held up by either.
    """
    options: dict[str, Any] = {}
    if engine.dialect.name == "postgresql":
        options = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
    with engine.connect().execution_options(**options) as connection, connection.begin():
        if engine.dialect.name == "postgresql":
            # We read every row to the end, through cursors: plan for that, not for the first rows.
            connection.exec_driver_sql("SET LOCAL cursor_tuple_fraction = 1.0")
        yield connection


def store_id_of(connection: Connection, code: str) -> int | None:
    """Return the id of the store with this code, None when there is none."""
    return connection.scalar(select(Store.id).where(Store.code == code))


def verify(
    db: Connection | Session | scoped_session[Session],
    store_id: int | None = None,
    *,
    summary: Summary | None = None,
    on_check: OnCheck | None = None,
) -> Iterator[Violation]:
    """Yield each row that breaks an invariant of DESIGN section 5, in the order of the checks, then by store and id.

    Looks at one store, or at all where ``store_id`` is None, and only at the database: a session's changes must be
    flushed. ``summary`` is filled as the checks run and complete when the last violation was read; ``on_check`` is
    called before each check with (check, its number from 1, number of checks). Reads within the transaction that is
    open: pass a ``snapshot`` while others write. Memory does not grow with the tables or the violations.

    A check that the rows themselves make impossible (a sum beyond 64 bits, text that is no text) is a violation
    that says so. Other database errors are raised.
    """
    connection = db if isinstance(db, Connection) else db.connection()
    scope = Scope(store_id is not None, connection.dialect.name)
    bound = {} if store_id is None else {STORE: store_id}
    summary = Summary() if summary is None else summary
    counted: dict[str, int] = {}
    for number, check in enumerate(CHECKS, 1):
        if on_check is not None:
            on_check(check, number, len(CHECKS))
        tally = summary.tallies[check.invariant]
        tally.rules += 1
        if check.table.name not in counted:
            counted[check.table.name] = connection.scalar(_count(check.table, scope), bound) or 0
        tally.rows[check.table.name] = counted[check.table.name]
        for violation in _violations(connection, check, scope, bound):
            tally.violations += 1
            yield violation


def _violations(connection: Connection, check: Check, scope: Scope, bound: dict[str, int]) -> Iterator[Violation]:
    # On PostgreSQL an error would end the transaction for the checks that follow: hence a savepoint.
    guard = connection.begin_nested() if scope.dialect == "postgresql" else nullcontext()
    try:
        with guard, connection.execute(_statement(check, scope), bound) as rows:
            for row in rows.mappings():
                yield Violation.from_row(check, dict(row))
    except DBAPIError as error:
        if not _rows_are_to_blame(error):
            raise
        yield Violation(
            check.invariant,
            check.rule,
            bound.get(STORE),
            check.table.name,
            None,
            f"This could not be checked, since the rows hold values that cannot be computed with: {check.sentence}",
            {"error": str(error.orig).strip()},
            {},
            {},
        )


@cache
def _statement(check: Check, scope: Scope) -> Finds:
    """Return the check's query as it is run; kept, since building it takes longer than running it on few rows."""
    broken = check.query(scope).subquery()
    return (
        select(*broken.c).order_by(broken.c.store_id, broken.c.id).execution_options(stream_results=True, yield_per=200)
    )


@cache
def _count(table: Table, scope: Scope) -> Finds:
    return select(func.count()).select_from(table).where(scope.of(table))


def _rows_are_to_blame(error: DBAPIError) -> bool:
    """Tell errors of values (overflow, bad encoding) from those of the connection, the schema or the disk."""
    if isinstance(error, DataError):
        return True
    words = str(error.orig)
    return isinstance(error.orig, sqlite3.OperationalError) and (
        "integer overflow" in words or "Could not decode" in words or "malformed JSON" in words
    )
