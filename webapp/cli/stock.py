"""``flask stock verify``: prove from the database that stock is right. Source: DESIGN sections 5 and 7."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterator

import click
from flask.cli import AppGroup
from sqlalchemy import inspect

from webapp.extensions import db
from webapp.services.verification import INVARIANTS, Check, Summary, Violation, snapshot, store_id_of, verify

QUIET_SECONDS = 2.0
"""A run that is over sooner shows no progress where nobody watches a terminal."""

stock = AppGroup("stock", help="Stock and its ledger.")


@stock.command("verify")
@click.option("--store", "code", metavar="CODE", help="Check one store only.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object instead of words.")
def verify_command(code: str | None, as_json: bool) -> None:
    """Check every invariant of stock, orders and ledger from the database alone.

    Ends with 0 and a summary, with 1 and each row that breaks a rule, or with 2 where nothing could be checked.
    """
    with snapshot(db.engine) as connection:
        if not inspect(connection).has_table("stores"):
            raise click.UsageError("The database has no tables yet. Make them first: flask --app wsgi db upgrade")
        store_id = None if code is None else store_id_of(connection, code)
        if code is not None and store_id is None:
            raise click.UsageError(f"There is no store with the code “{code}”. Nothing was checked.")
        summary, progress = Summary(), _Progress()
        violations = verify(connection, store_id, summary=summary, on_check=progress)
        report = _print_json if as_json else _print_words
        report(violations, summary, progress, code)
    sys.exit(0 if summary.ok else 1)


class _Progress:
    """Says on stderr which check runs: at once on a terminal, elsewhere after ``QUIET_SECONDS``."""

    def __init__(self) -> None:
        self._began = time.monotonic()
        self._on_terminal = sys.stderr.isatty()

    @property
    def seconds(self) -> float:
        """Seconds since the start."""
        return time.monotonic() - self._began

    def __call__(self, check: Check, number: int, of: int) -> None:
        if not self._on_terminal and self.seconds < QUIET_SECONDS:
            return
        words = f"Checking {number} of {of}: {check.table.name}, {check.rule}"
        click.echo(f"\r\x1b[K{words}" if self._on_terminal else words, err=True, nl=not self._on_terminal)

    def clear(self) -> None:
        """Wipe the line, so that what follows stands alone."""
        if self._on_terminal:
            click.echo("\r\x1b[K", err=True, nl=False)


def _print_words(violations: Iterator[Violation], summary: Summary, progress: _Progress, code: str | None) -> None:
    for violation in violations:
        progress.clear()
        click.echo(
            f"Invariant {violation.invariant}, store {violation.store_id}, {violation.table} {violation.id}: "
            f"{violation.message} [{violation.rule}]"
        )
    progress.clear()
    click.echo(f"Checked {'every store' if code is None else f'store {code}'} in {progress.seconds:.1f} s.")
    for number, tally in summary.tallies.items():
        verdict = "holds" if not tally.violations else f"BROKEN {tally.violations} times"
        click.echo(f"  {number}  {INVARIANTS[number]:<46} {verdict:<18} {tally.rules} rules")
        rows = ", ".join(f"{rows:,} {table}" for table, rows in tally.rows.items())
        if number in (1, 2, 3, 4, 5):
            click.echo(f"     {rows}")
    if summary.ok:
        click.echo("Stock is right: no row breaks an invariant.")
    else:
        click.echo(f"Stock is NOT right: {summary.violations} violations, listed above.")


def _print_json(violations: Iterator[Violation], summary: Summary, progress: _Progress, _code: str | None) -> None:
    """Print the object piece by piece, so that its length does not matter; the verdict comes last."""
    click.echo('{"violations": [', nl=False)
    for number, violation in enumerate(violations):
        progress.clear()
        click.echo(("," if number else "") + "\n" + json.dumps(violation.as_dict()), nl=False)
    progress.clear()
    rest = {"checked": summary.as_dict(), "seconds": round(progress.seconds, 3), "ok": summary.ok}
    click.echo("],\n" + json.dumps(rest)[1:])
