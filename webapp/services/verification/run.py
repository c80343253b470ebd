"""Runs every check in one consistent view of the database and streams what breaks a rule."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

from sqlalchemy import Connection, Engine, NestedTransaction, Table, func, select
from sqlalchemy.exc import DataError, DBAPIError
from sqlalchemy.orm import Session, scoped_session

from webapp.models import Store
from webapp.services.verification import (
    accountability,
    channels,
    event_details,
    event_texts,
    event_units,
    kept_keys,
    ledger,
    ledger_links,
    matched_codes,
    merges,
    open_exceptions,
    order_status,
    parcels,
    people_and_times,
    picks,
    places_to_count,
    references,
    reservations,
    search_words,
    settings,
    shipped_units,
    starts,
    status_history,
    stored_answers,
    table_rules,
    versions,
)
from webapp.services.verification.findings import STORE, Check, Finds, Scope, Summary, Violation
from webapp.services.verification.protection import verify_protection, verify_revision
from webapp.services.verification.vanished_rows import vanished_rows

CHECKS: tuple[Check, ...] = (
    *ledger.CHECKS,
    *ledger_links.CHECKS,
    *places_to_count.CHECKS,
    *reservations.CHECKS,
    *shipped_units.CHECKS,
    *parcels.CHECKS,
    *order_status.CHECKS,
    *status_history.CHECKS,
    *open_exceptions.CHECKS,
    *accountability.CHECKS,
    *stored_answers.CHECKS,
    *kept_keys.CHECKS,
    *event_units.CHECKS,
    *event_details.CHECKS,
    *event_texts.CHECKS,
    *starts.CHECKS,
    *versions.CHECKS,
    *matched_codes.CHECKS,
    *merges.CHECKS,
    *people_and_times.CHECKS,
    *picks.CHECKS,
    *search_words.CHECKS,
    *channels.CHECKS,
    *settings.CHECKS,
    *references.CHECKS,
    *table_rules.CHECKS,
)

OnCheck = Callable[[Check, int, int], None]

_FEW_ROWS = 1000
_STREAM = {"yield_per": 200}


@contextmanager
def snapshot(engine: Engine) -> Iterator[Connection]:
    """Open a separate connection that sees the database at one moment, while others go on writing.

    PostgreSQL: REPEATABLE READ, READ ONLY. SQLite: one deferred transaction.
    """
    options: dict[str, Any] = {}
    if engine.dialect.name == "postgresql":
        options = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
    with engine.connect().execution_options(**options) as connection, connection.begin():
        if engine.dialect.name == "postgresql":
            # We read every row to the end through cursors, so plan for all rows, not for the first ones.
            connection.exec_driver_sql("SET LOCAL cursor_tuple_fraction = 1.0")
        yield connection


def verify(
    db: Connection | Session | scoped_session[Session],
    store_id: int | None = None,
    *,
    summary: Summary | None = None,
    on_check: OnCheck | None = None,
) -> Iterator[Violation]:
    """Yield each row that breaks one of docs/contract.md, "Invariants", by check, store and id.

    Checks one store, or all if ``store_id`` is None. It sees only the database, so a session's changes must be flushed.
    ``summary`` is filled as the checks run, and complete when the last violation was read; ``on_check`` is called
    before each check with (check, its number from 1, number of checks). Reads within the open transaction: pass a
    ``snapshot`` while others write. Memory does not grow with the tables or the violations.

    A check that the rows themselves break (a sum beyond 64 bits, invalid text) is reported as a violation. Other
    database errors are raised.
    """
    connection = db if isinstance(db, Connection) else db.connection()
    scope = Scope(store_id is not None, connection.dialect.name)
    bound = {} if store_id is None else {STORE: store_id}
    summary = Summary() if summary is None else summary
    counted: dict[str, int] = {}
    with _Tolerance(connection) as tolerance:
        for number, check in enumerate(CHECKS, 1):
            if on_check is not None:
                on_check(check, number, len(CHECKS))
            tally = summary.tallies[check.invariant]
            tally.rules += 1
            if check.table.name not in counted:
                counted[check.table.name] = connection.scalar(_count(check.table, scope), bound) or 0
            tally.rows[check.table.name] = counted[check.table.name]
            # A check finds at most one violation per row; in a small table a cursor costs more than it saves.
            options = _STREAM if counted[check.table.name] > _FEW_ROWS else {}
            try:
                with connection.execute(_statement(check, scope), bound, execution_options=options) as rows:
                    for row in rows.mappings():
                        wrong = check.report(dict(row))
                        if wrong is not None:
                            tally.violations += 1
                            yield Violation.from_row(check, wrong)
            except DBAPIError as error:
                if not _rows_are_to_blame(error):
                    raise
                tolerance.go_on()
                tally.violations += 1
                yield _unchecked(check, store_id, error)


def verify_with_protection(
    connection: Connection,
    store_id: int | None,
    summary: Summary,
    on_check: OnCheck,
    migrations_folder: str | None = None,
) -> Iterator[Violation]:
    """Yield what ``verify`` finds, then what concerns all stores: rows that vanished, and what no longer protects the
    rows: constraints, indexes, triggers, and the revision that they belong to, if ``migrations_folder`` tells it."""
    yield from verify(connection, store_id, summary=summary, on_check=on_check)
    tally = summary.tallies[0]
    groups = [vanished_rows(connection), verify_protection(connection)]
    if migrations_folder is not None:
        groups.append(verify_revision(connection, migrations_folder))
    for violations in groups:
        tally.rules += 1
        for violation in violations:
            tally.violations += 1
            yield violation


class _Tolerance:
    """A savepoint on PostgreSQL, where an error would otherwise end the transaction for the checks that follow."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._savepoint: NestedTransaction | None = None

    def __enter__(self) -> _Tolerance:
        if self._connection.dialect.name == "postgresql":
            self._savepoint = self._connection.begin_nested()
        return self

    def __exit__(self, error: type[BaseException] | None, *_: object) -> None:
        if self._savepoint is not None and self._savepoint.is_active:
            if error is None or error is GeneratorExit:
                self._savepoint.commit()
            else:
                self._savepoint.rollback()

    def go_on(self) -> None:
        """Roll back the error, so that the next check can run."""
        self.__exit__(DBAPIError)
        self.__enter__()


def _unchecked(check: Check, store_id: int | None, error: DBAPIError) -> Violation:
    return Violation(
        invariant=check.invariant,
        rule=check.rule,
        store_id=store_id,
        store=None,
        table=check.table.name,
        id=None,
        sentence=f"This could not be checked, since rows hold values that cannot be computed with: {check.sentence}",
        named={"error": str(error.orig).strip()},
        expected={},
        found={},
    )


@cache
def _statement(check: Check, scope: Scope) -> Finds:
    """Return the check's query as it is run. Cached: building takes longer than running on few rows."""
    broken = check.query(scope).subquery()
    return (
        select(*broken.c, Store.code.label("store"))
        .outerjoin(Store, Store.id == broken.c.store_id)
        .order_by(broken.c.store_id, broken.c.id)
    )


@cache
def _count(table: Table, scope: Scope) -> Finds:
    return select(func.count()).select_from(table).where(scope.of(table))


def _rows_are_to_blame(error: DBAPIError) -> bool:
    """Return whether the rows caused the error (overflow, bad encoding), not the connection, the schema or the disk."""
    if isinstance(error, DataError):
        return True
    words = str(error.orig)
    return isinstance(error.orig, sqlite3.OperationalError) and (
        "integer overflow" in words or "Could not decode" in words or "malformed JSON" in words
    )
