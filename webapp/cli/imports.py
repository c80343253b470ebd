"""``flask import orders`` and ``flask import stock``: import files into a store and account for each row."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

import click
from flask import current_app
from flask.cli import AppGroup
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from webapp.cli.changes import run
from webapp.cli.console import Refused, echo
from webapp.cli.lookup import require_actor, require_store
from webapp.cli.mappings import mapping_command
from webapp.cli.progress import Progress
from webapp.database.unit_of_work import Once, fingerprint
from webapp.domain.clock import utc_now
from webapp.domain.control_characters import escape_controls
from webapp.domain.errors import DamagedFile, InvalidInput, PackbenchError
from webapp.domain.names import IMPORTER
from webapp.extensions import db
from webapp.services.imports.column_mappings import FileKind
from webapp.services.imports.formats import ORDER_FORMATS
from webapp.services.imports.order_format import OrderFormat
from webapp.services.imports.order_import import OrdersImported, import_orders
from webapp.services.imports.order_writing import Import, OrdersWritten
from webapp.services.imports.preview import Confidence, guess
from webapp.services.imports.reading import Source
from webapp.services.imports.report import FIRST_ROWS, LeftOutRow, Report, RowOutcome
from webapp.services.imports.saved_mappings import find_mapping
from webapp.services.imports.stock_import import StockImported, import_stock
from webapp.services.imports.stock_writing import StockWritten
from webapp.services.people.store_settings import read_settings

_NAMED_COLUMNS: Final = 10
"""That are not used; a file may have thousands."""

imports = AppGroup("import", help="Bring orders or stock in from a file.")
imports.add_command(mapping_command)

_file = click.argument("file", type=click.Path(path_type=Path))
_store = click.option("--store", "code", metavar="CODE", required=True, help="The store they belong to.")
_encoding = click.option("--encoding", default="", help="How the file's text is encoded, if it is not recognised.")
_delimiter = click.option("--delimiter", default="", help="What separates the columns, if it is not recognised.")
_actor = click.option("--actor", default=IMPORTER, show_default=True, help="Who imports, as the history will say.")


@imports.command("orders")
@_file
@_store
@click.option(
    "--format", "format_name", type=click.Choice(list(ORDER_FORMATS)), help="Whose columns, if the headers do not say."
)
@click.option("--mapping", "mapping_name", default="", help="The store's own mapping: see flask import mapping.")
@_encoding
@_delimiter
@_actor
def orders_command(
    file: Path, code: str, format_name: str | None, mapping_name: str, encoding: str, delimiter: str, actor: str
) -> None:
    """Import orders from a FILE: CSV, plain or gzip, XLSX or ODS.

    Each order is imported whole or not at all; orders that the store has already are left as they are. Every row that
    is not imported is listed with its reason. A damaged file changes nothing.
    """
    store = require_store(code)
    source = Source(file, encoding, _character(delimiter))
    settings = read_settings(db.session(), store.id)
    hours, starts, held = settings.ship_within_hours, settings.start_imported_orders, settings.reserve_orders_on_hold
    named = require_actor(store, actor, IMPORTER)
    with _reporting(f"import-orders-{code}") as (report, progress):
        table = ORDER_FORMATS[format_name] if format_name else None
        if mapping_name:
            table, source = _mapped(store.id, mapping_name, source)
        table = table or _recognised(source)
        job = Import(store.id, hours, source.name, table.name, named, ZoneInfo(store.time_zone), starts, held)
        result = import_orders(source, table, job, _write_orders, report, progress)
        progress.clear()
        _say_guess(source)
        _say_rows(report)
        _say_orders(result)


@imports.command("stock")
@_file
@_store
@click.option("--reference", default="", help="A delivery note's number: tells equal deliveries apart.")
@click.option("--again", is_flag=True, help="Add the rows too that came in before by other files: another delivery.")
@_encoding
@_delimiter
@_actor
def stock_command(
    file: Path, code: str, reference: str, again: bool, encoding: str, delimiter: str, actor: str
) -> None:
    """Add the units in a FILE to the store's stock: CSV, plain or gzip, XLSX or ODS.

    Products that are not known are made. Each row adds its units once, in whatever file it is given: a corrected,
    sorted or longer file adds what is new, and the rows that came in before are named. Every row that is not imported
    is listed with its reason. A damaged file changes nothing.
    """
    store = require_store(code)
    store_id, actor = store.id, require_actor(store, actor, IMPORTER)
    source = Source(file, encoding, _character(delimiter))

    def write(key: str, work: Callable[[Session], StockWritten]) -> tuple[StockWritten, bool]:
        once = Once(store_id, key, actor, fingerprint(key), of_anybody=True)
        outcome = run(work, once)
        return outcome.result, outcome.replayed

    with _reporting(f"import-stock-{code}") as (report, progress):
        result = import_stock(
            source, store_id, actor, write, report, progress, reference.strip(), is_another_delivery=again
        )
        progress.clear()
        _say_guess(source)
        _say_rows(report)
        _say_stock(result)


def _mapped(store_id: int, name: str, source: Source) -> tuple[OrderFormat, Source]:
    """Return the format of the store's mapping, and the source with what the mapping says of such files."""
    mapping = find_mapping(db.session(), store_id, name)
    table = mapping.as_format(name)
    if not isinstance(table, OrderFormat):
        raise InvalidInput(f"The mapping “{name}” is for files of {mapping.kind}.")
    return table, Source(source.path, source.encoding or mapping.encoding, source.delimiter or mapping.delimiter)


def _recognised(source: Source) -> OrderFormat:
    """Return the format that the file's headers name. Raises DamagedFile if they name none."""
    guessed = guess(source, FileKind.ORDERS)
    if guessed.confidence is not Confidence.CERTAIN:
        raise DamagedFile(
            "The headers are not those of a known format. Name the likeliest with --format, and the columns that it "
            f"lacks are named. The header reads: {escape_controls(', '.join(guessed.header)[:300])}"
        )
    echo(f"The headers are those of the format {guessed.format_name}.")
    return ORDER_FORMATS[guessed.format_name]


def _character(delimiter: str) -> str:
    return "\t" if delimiter.casefold() in ("tab", "\\t") else delimiter


def _say_guess(source: Source) -> None:
    """Say that the encoding was guessed: a wrong one spoils the letters with accents."""
    if source.recognize().is_guess:
        echo("The file is not in UTF-8 and was read as Windows-1252. Check a name with an accent, or give --encoding.")


def _write_orders(work: Callable[[Session], OrdersWritten]) -> OrdersWritten:
    return run(work).result


@contextmanager
def _reporting(name: str) -> Iterator[tuple[Report, Progress]]:
    """Open the report and show progress; turn an error into a sentence and exit code 1."""
    progress = Progress()
    try:
        report = Report(Path(current_app.config["REPORT_FOLDER"]), name, utc_now())
    except OSError as error:
        raise Refused(f"The report cannot be written, so nothing was imported: {error}") from error
    with report:
        try:
            yield report, progress
        except PackbenchError as error:
            progress.clear()
            if report.tally.read:
                _say_stopped(report)
                raise Refused(error.message) from error
            raise Refused(f"{error.message}\nNothing was imported.") from error
        except SQLAlchemyError as error:
            progress.clear()
            _say_stopped(report)
            raise Refused(f"The database failed: {str(error).splitlines()[0]}") from error


def _say_stopped(report: Report) -> None:
    echo(
        f"The import stopped after {report.tally.imported} imported rows, which stay. Give the same file again to "
        "go on: nothing is imported twice.",
        err=True,
    )


def _say_rows(report: Report) -> None:
    """Print how many rows were imported, remarks, reasons for the others, the first few rows, and where all are."""
    tally = report.tally
    if not tally.adds_up:
        raise Refused(f"Rows are missing from the account: {tally}. This is a fault in Packbench.")
    echo(f"Rows: read {tally.read} = imported {tally.imported} + skipped {tally.skipped} + rejected {tally.rejected}")
    for outcome in (RowOutcome.IMPORTED, RowOutcome.SKIPPED, RowOutcome.REJECTED):
        for (kind, reason), count in tally.reasons.most_common():
            if kind is outcome:
                rows = ", ".join(_say_row(one) for one in tally.first_rows[kind, reason])
                echo(f"  {outcome} {count:>7}  {reason} (rows {rows}{', …' if count > FIRST_ROWS else ''})")
    echo(f"Report: {report.path}")
    if report.rows_not_listed:
        echo(f"The report has room for only some of the rows: {report.rows_not_listed} more are counted above.")


def _say_row(one: LeftOutRow) -> str:
    value = escape_controls(one.value[:40])  # A line break in it would begin a line that this command seems to say.
    return str(one.row) if one.outcome is RowOutcome.SKIPPED or not one.value else f"{one.row} [{value}]"


def _say_unused(columns: Sequence[str]) -> None:
    """Print the first names of the columns that are not used."""
    if columns:
        others = len(columns) - _NAMED_COLUMNS
        names = ", ".join(escape_controls(name[:40]) for name in columns[:_NAMED_COLUMNS])
        echo(f"Columns not used: {names}{f' and {others} others' if others > 0 else ''}")


def _say_orders(result: OrdersImported) -> None:
    _say_unused(result.unused_columns)
    echo(
        f"Orders: {result.new_orders} new, {result.changed_orders} changed, {result.known_orders} unchanged, "
        f"{result.rejected_orders} rejected"
    )
    if result.started_orders:
        echo(
            f"Started: {result.started_orders} orders, {result.reserved_units} units reserved, "
            f"{result.waiting_units} wait for stock or a match."
        )
    if result.unmatched_lines:
        echo(f"{result.unmatched_lines} lines match no product of the store and wait to be matched.")
    if not result.new_orders and not result.changed_orders:
        alike = result.known_orders and not result.rejected_orders
        echo("Nothing changed" + (": every order of the file was already imported." if alike else "."))


def _say_stock(result: StockImported) -> None:
    _say_unused(result.unused_columns)
    echo(
        f"Stock: {result.units} units added, {result.new_products} new products, "
        f"{result.filled_units} of the units reserved at once for orders that waited"
    )
    if result.rows_before:
        echo(
            f"{result.rows_before} rows came in before by other files, so their units were not added again. If they "
            "are another delivery, give the file once more with --again: that adds these rows and no others."
        )
    elif result.is_repeat:
        echo(
            "Nothing changed: this stock was already imported. Another delivery with equal content? "
            "Give it a --reference of its own."
        )
