"""``flask import mapping``: say which columns of a file are which fields, and keep it under a name."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

import click
from flask.cli import with_appcontext

from webapp.cli.changes import change
from webapp.cli.console import Refused, echo
from webapp.cli.lookup import require_actor, require_store
from webapp.domain.control_characters import escape_controls
from webapp.domain.errors import PackbenchError
from webapp.domain.names import IMPORTER
from webapp.services.imports.column_mappings import ColumnMapping, DateOrder, FileKind, field_called, guess_mapping
from webapp.services.imports.columns import Field
from webapp.services.imports.preview import Preview, guess, preview
from webapp.services.imports.reading import Source
from webapp.services.imports.saved_mappings import save_mapping


@click.command("mapping")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--store", "code", metavar="CODE", required=True, help="The store that keeps it.")
@click.option("--name", required=True, help="What to call it, for --mapping.")
@click.option("--kind", type=click.Choice([kind.value for kind in FileKind]), default="orders", show_default=True)
@click.option("--column", "columns", multiple=True, metavar="FIELD=TITLE", help="Titles with + between are one field.")
@click.option("--constant", "constants", multiple=True, metavar="FIELD=TEXT", help="What every row has.")
@click.option(
    "--date-order", type=click.Choice([order.value for order in DateOrder]), default="", help="Which number is the day."
)
@click.option("--decimal-sign", type=click.Choice(["", ",", "."]), default="", help="What 2,0 or 2.0 means 2 by.")
@click.option("--delimiter", default="", help="What separates the columns, if it is not recognised.")
@click.option("--encoding", default="", help="How the text is encoded, if it is not recognised.")
@click.option("--actor", default=IMPORTER, show_default=True)
@with_appcontext
def mapping_command(
    file: Path,
    code: str,
    name: str,
    kind: str,
    columns: tuple[str, ...],
    constants: tuple[str, ...],
    date_order: str,
    decimal_sign: str,
    delimiter: str,
    encoding: str,
    actor: str,
) -> None:
    """Save how FILE is to be read, and show its first rows so.

    What --column and --constant do not say is guessed from the headers.
    """
    store = require_store(code)
    source = Source(file, encoding, delimiter)
    try:
        guessed = guess_mapping(guess(source).header, FileKind(kind))
        mapping = _with_entries(guessed, columns, constants)
        mapping = replace(
            mapping,
            date_order=DateOrder(date_order),
            decimal_sign=decimal_sign,
            delimiter=delimiter,
            encoding=encoding,
        )
        shown = preview(source, mapping.as_format(name), ZoneInfo(store.time_zone), most_rows=5)
    except PackbenchError as error:
        raise Refused(error.message) from error
    named = require_actor(store, actor, IMPORTER)
    kept = change(partial(save_mapping, store_id=store.id, name=name, mapping=mapping, actor=named))
    _show(mapping, shown)
    echo(f"Saved. Use it with: --mapping “{kept}”")


def _with_entries(mapping: ColumnMapping, columns: tuple[str, ...], constants: tuple[str, ...]) -> ColumnMapping:
    """Return the mapping with what the options say, instead of what was guessed for these fields."""
    texts = {field_called(one.partition("=")[0]): one.partition("=")[2] for one in constants}
    titles = {field_called(one.partition("=")[0]): tuple(one.partition("=")[2].split("+")) for one in columns}
    kept = {field: choice for field, choice in mapping.columns.items() if field not in texts}
    return replace(mapping, columns=kept | titles, constants=texts)


def _show(mapping: ColumnMapping, shown: Preview) -> None:
    for field in Field:
        if titles := mapping.columns.get(field):
            echo(f"  {field}: {escape_controls(' + '.join(titles))}")
        elif field in mapping.constants:
            echo(f"  {field}: always {escape_controls(mapping.constants[field])}")
    for row in shown.rows:
        cells = ", ".join(f"{field} {text[:40]}" for field, text in row.values.items() if text)
        reason = f": {row.reason}" if row.reason else ""
        echo(f"Row {row.number} {row.outcome}{reason}: {escape_controls(cells)}")
    if shown.unused:
        echo(f"Columns not used: {escape_controls(', '.join(shown.unused)[:300])}")
