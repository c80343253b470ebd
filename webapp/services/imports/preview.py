"""Guesses what a file is by its headers, and shows its first rows as an import would read them; writes nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import tzinfo
from enum import StrEnum
from typing import Final

from webapp.domain.errors import DamagedFile
from webapp.domain.wording import say
from webapp.services.imports.column_choice import FileColumns, look_at
from webapp.services.imports.column_mappings import ColumnMapping, FileKind, guess_mapping
from webapp.services.imports.columns import Field, TableFormat
from webapp.services.imports.drafts import DraftOrder
from webapp.services.imports.formats import ORDER_FORMATS, STOCK
from webapp.services.imports.order_drafts import draft_order
from webapp.services.imports.order_format import OrderFormat
from webapp.services.imports.order_rows import first_value
from webapp.services.imports.reading import Source, spool_orders, spool_stock
from webapp.services.imports.report import LeftOutRow, RowOutcome
from webapp.services.imports.spool import Group, Spool
from webapp.services.imports.stock_drafts import draft_stock
from webapp.services.imports.synonyms import names_an_order

FIRST_ROWS: Final = 20
"""Rows of a preview."""


NO_MAPPING: Final = ColumnMapping()


class Confidence(StrEnum):
    """How sure a guess is."""

    CERTAIN = "certain"
    """The headers are those of a format."""
    LIKELY = "likely"
    """Each field that an import needs has a column with a usual name."""
    UNSURE = "unsure"
    """A person has to say where the missing fields are."""


@dataclass(frozen=True)
class Guess:
    """What a file may be: a format by its name, or else a mapping to begin with.

    ``unmatched`` are the columns that nothing takes; ``missing`` the fields that an import needs and no column has.
    """

    kind: FileKind
    confidence: Confidence
    header: tuple[str, ...]
    unmatched: tuple[str, ...]
    format_name: str = ""
    mapping: ColumnMapping = NO_MAPPING
    missing: tuple[Field, ...] = ()

    @property
    def table(self) -> TableFormat:
        """Return the format to read the file with."""
        if self.format_name:
            return STOCK if self.kind is FileKind.STOCK else ORDER_FORMATS[self.format_name]
        return self.mapping.as_format("")


@dataclass(frozen=True)
class PreviewRow:
    """A row as an import reads it; ``outcome`` and ``reason`` say what becomes of it, as far as the file shows."""

    number: int
    values: Mapping[Field, str]
    outcome: RowOutcome
    reason: str = ""
    value: str = ""


@dataclass(frozen=True)
class Preview:
    """The first rows of a file; ``unused`` are the headers that no field takes."""

    rows: tuple[PreviewRow, ...]
    unused: tuple[str, ...]


def guess(source: Source, kind: FileKind | None = None, place: str = "") -> Guess:
    """Say what the file is by its header and first values; with ``kind`` only what it is among such files.

    ``place`` is where the units of a file of stock are that names no place. Raises DamagedFile.
    """
    file = look_at(source)
    header = file.header
    if not header:
        raise DamagedFile(say("The file is empty."))
    tables: list[tuple[FileKind, TableFormat]] = [(FileKind.ORDERS, one) for one in ORDER_FORMATS.values()]
    tables.append((FileKind.STOCK, STOCK))
    fitting = [(of, table) for of, table in tables if kind in (None, of) and table.is_recognised_in(header)]
    if fitting:
        of, table = min(fitting, key=lambda one: len(one[1].unused_in(header)))
        return Guess(of, Confidence.CERTAIN, header, table.unused_in(header), table.name)
    return min((_guess_mapping(file, one, place) for one in ([kind] if kind else FileKind)), key=_doubts)


def _doubts(one: Guess) -> tuple[bool, int]:
    """Return what speaks against a guess: fields that are missing, and columns that nothing takes.

    Files of stock seldom name places, and never orders.
    """
    names_orders = one.kind is FileKind.STOCK and any(map(names_an_order, one.unmatched))
    return bool(set(one.missing) - {Field.LOCATION}) or names_orders, len(one.unmatched)


def _guess_mapping(file: FileColumns, kind: FileKind, place: str) -> Guess:
    mapping = guess_mapping(file.header, kind, file.samples, place)
    table = mapping.as_format("")
    missing = tuple(table.missing_in(file.header))
    confidence = Confidence.UNSURE if missing else Confidence.LIKELY
    return Guess(kind, confidence, file.header, table.unused_in(file.header), "", mapping, missing)


def preview(source: Source, table: TableFormat, zone: tzinfo, most_rows: int = FIRST_ROWS) -> Preview:
    """Read the file's first rows by a format or by a mapping's ``as_format``; nothing is compared with the store.

    Raises DamagedFile, as the import would.
    """
    with Spool(table.columns) as spool:
        if isinstance(table, OrderFormat):
            dates, unused = spool_orders(source, table, zone, spool, _quiet, most_rows + 1)
            rows = [
                row for group in spool.groups() for row in _order_rows(group, draft_order(group, table, dates), table)
            ]
        else:
            unused = spool_stock(source, table, spool, _quiet, most_rows + 1)
            rows = []
            for group in spool.groups():
                [row] = group.rows
                draft = draft_stock(row)
                rows += _with_outcomes(group, [draft] if isinstance(draft, LeftOutRow) else [])
    return Preview(tuple(sorted(rows, key=lambda row: row.number)[:most_rows]), unused)


def _order_rows(group: Group, draft: DraftOrder | list[LeftOutRow], table: OrderFormat) -> list[PreviewRow]:
    rows = _with_outcomes(group, list(draft.passed_over) if isinstance(draft, DraftOrder) else draft)
    first = {name: first_value(group.rows, name) for name in table.may_differ}
    return [replace(row, values=_as_of_the_order(row.values, first)) for row in rows]


def _as_of_the_order(values: Mapping[Field, str], first: Mapping[Field, str]) -> Mapping[Field, str]:
    """Return a row's values with the order's own where rows may differ and the first counts."""
    return {**values, **{name: text for name, text in first.items() if values.get(name)}}


def _with_outcomes(group: Group, left_out: list[LeftOutRow]) -> list[PreviewRow]:
    by_row = {one.row: one for one in left_out}
    return [
        PreviewRow(row.number, row.values, one.outcome, one.reason, one.value)
        if (one := by_row.get(row.number))
        else PreviewRow(row.number, row.values, RowOutcome.IMPORTED)
        for row in group.rows
    ]


def _quiet(what: str, done: int, of: int) -> None:
    """Show no progress: a preview is short."""
