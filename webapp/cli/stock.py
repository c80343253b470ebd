"""``flask stock verify``: prove from the database that stock is right. Source: docs/contract.md, "Invariants"."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterator

import click
from flask.cli import AppGroup
from sqlalchemy import inspect
from sqlalchemy.exc import DBAPIError

from webapp.cli.console import Refused, echo
from webapp.cli.progress import Progress
from webapp.extensions import db, migrate
from webapp.models import Base
from webapp.services.people.store_lookup import store_with_code
from webapp.services.verification import INVARIANTS, Check, Summary, Violation, snapshot, verify_with_protection

stock = AppGroup("stock", help="Stock and its ledger.")


@stock.command("verify")
@click.option("--store", "code", metavar="CODE", help="Check one store only.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object instead of words.")
def verify_command(code: str | None, as_json: bool) -> None:
    """Check every invariant of stock, orders and ledger from the database alone.

    Ends with 0 and a summary, with 1 and each row that breaks a rule, or with 2 where nothing could be checked.
    """
    began = time.monotonic()
    try:
        summary = _verify(_store_id(code), as_json=as_json)
    except DBAPIError as error:
        raise NothingProved(f"The database cannot be read: {error.orig}") from error
    seconds = time.monotonic() - began
    if as_json:
        echo(json.dumps({"checked": summary.as_dict(), "seconds": round(seconds, 3), "ok": summary.ok})[1:])
    else:
        _print_summary(summary, "every store" if code is None else f"store {code}", seconds)
    sys.exit(0 if summary.ok else 1)


class NothingProved(Refused):
    """Nothing could be checked: ends the command with exit code 2."""

    exit_code = 2


def _verify(store_id: int | None, *, as_json: bool) -> Summary:
    """Run the checks and print the violations as they are found."""
    summary, progress = Summary(), Progress()

    def show(_check: Check, number: int, of: int) -> None:
        progress("checks", number - 1, of)

    with snapshot(db.engine) as connection:
        print_violations = _print_json if as_json else _print_words
        print_violations(
            _clearing(verify_with_protection(connection, store_id, summary, show, migrate.directory), progress)
        )
    progress.clear()
    return summary


def _store_id(code: str | None) -> int | None:
    """Return the id of the store to check, None for all. Raises NothingProved if there is nothing to check."""
    missing = Base.metadata.tables.keys() - inspect(db.engine).get_table_names()
    if missing:
        raise NothingProved(
            f"The database lacks the table {min(missing)}. Bring it up to date: flask --app wsgi db upgrade"
        )
    if code is None:
        return None
    store = store_with_code(db.session(), code)
    if store is None:
        raise NothingProved(f"There is no store with the code “{code}”. Nothing was checked.")
    return store.id


def _clearing(violations: Iterator[Violation], progress: Progress) -> Iterator[Violation]:
    """Clear the progress line before each violation is printed."""
    for violation in violations:
        progress.clear()
        yield violation


def _print_words(violations: Iterator[Violation]) -> None:
    for violation in violations:
        where = f"store {violation.store or violation.store_id}, {violation.table} {violation.id}"
        echo(f"Invariant {violation.invariant}, {where}: {violation.message} [{violation.rule}]")


def _print_json(violations: Iterator[Violation]) -> None:
    """Print the JSON object piece by piece, so that any number of violations fits in memory."""
    echo('{"violations": [', nl=False)
    for number, violation in enumerate(violations):
        echo((",\n" if number else "\n") + json.dumps(violation.as_dict()), nl=False)
    echo("],\n ", nl=False)


def _print_summary(summary: Summary, checked: str, seconds: float) -> None:
    echo(f"Checked {checked} in {seconds:.1f} s.")
    for number, tally in summary.tallies.items():
        verdict = f"BROKEN, {tally.violations} times" if tally.violations else "holds"
        rows = ", ".join(f"{rows:,} {table}" for table, rows in tally.rows.items())
        if len(tally.rows) > 3:
            rows = f"{sum(tally.rows.values()):,} rows of {len(tally.rows)} tables"
        echo(f"  {number}  {INVARIANTS[number]:<46}  {verdict:<18}  {tally.rules:>2} rules on {rows}")
    if summary.ok:
        echo("Stock is right: no row breaks an invariant.")
    else:
        echo(f"Stock is NOT right: {summary.violations} violations, listed above.")
