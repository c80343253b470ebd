"""The first pass: reads a file's rows into the spool and checks their structure. Nothing is written to the store."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import tzinfo
from itertools import islice
from pathlib import Path
from typing import Final

from webapp.domain.errors import DamagedFile
from webapp.domain.wording import say
from webapp.services.imports.columns import Field, TableFormat, lay_out
from webapp.services.imports.dates import DateReader
from webapp.services.imports.file_shape import Shape
from webapp.services.imports.formats import ORDER_FORMATS
from webapp.services.imports.order_format import OrderFormat
from webapp.services.imports.source import read_records, recognize
from webapp.services.imports.spool import Spool

DATES: Final = (Field.ORDERED_AT, Field.SHIP_BY, Field.UPDATED_AT, Field.CANCELLED_AT)

Progress = Callable[[str, int, int], None]
"""Called now and then with the unit of counting, how many are done, and the total (0: unknown)."""


@dataclass(frozen=True)
class Source:
    """The file to import; a blank encoding or delimiter is recognised."""

    path: Path
    encoding: str = ""
    delimiter: str = ""

    @property
    def name(self) -> str:
        """Return the file's name as text that can be stored, whatever bytes it has."""
        return self.path.name.encode("utf-8", "replace").decode()

    def recognize(self) -> Shape:
        """Return how the file is written. Raises DamagedFile."""
        return recognize(self.path, self.encoding, self.delimiter)


def spool_orders(
    source: Source, table: OrderFormat, zone: tzinfo, spool: Spool, progress: Progress, most_rows: int | None = None
) -> tuple[DateReader, tuple[str, ...]]:
    """Read a file of orders into ``spool``; return the reader of its dates and the headers that are not used.

    Dates without a zone are in ``zone``. Reading ends after ``most_rows``, for a look at the file.

    Raises DamagedFile if any part of the file is damaged.
    """
    dates = DateReader(numeric=table.numeric_dates, zone=zone, order=table.date_order)
    others = [other for other in ORDER_FORMATS.values() if other is not table]

    def keep(number: int, values: dict[Field, str]) -> None:
        table.clean(values)
        for name in DATES:
            dates.notice(values.get(name, ""))
        for name, words in table.words.items():
            values[name] = words.read(values[name])
        _leave_out_refunds(values)
        key = values[Field.ORDER_NUMBER] or None
        if key is None and table.blank_number_continues and any(values.values()):
            key = spool.last_key
            values[Field.ORDER_NUMBER] = key or ""
        spool.add(key, number, values)

    return dates, _read_rows(source, table, keep, progress, others, most_rows)


def _leave_out_refunds(values: dict[Field, str]) -> None:
    """Take the units that the shop has refunded off the row's quantity, if the file has both as plain numbers."""
    ordered, refunded = values.get(Field.QUANTITY, ""), values.get(Field.REFUNDED_UNITS, "").removeprefix("-")
    if ordered.isdecimal() and refunded.isdecimal() and len(ordered + refunded) < 20:
        values[Field.QUANTITY] = str(max(int(ordered) - int(refunded), 0))


def spool_stock(
    source: Source, table: TableFormat, spool: Spool, progress: Progress, most_rows: int | None = None
) -> tuple[str, ...]:
    """Read a file of stock into ``spool``; return the headers that are not used. Raises DamagedFile."""

    def keep(number: int, values: dict[Field, str]) -> None:
        table.clean(values)
        spool.add(None, number, values)

    return _read_rows(source, table, keep, progress, most_rows=most_rows)


def _read_rows(
    source: Source,
    table: TableFormat,
    keep: Callable[[int, dict[Field, str]], None],
    progress: Progress,
    others: Iterable[TableFormat] = (),
    most_rows: int | None = None,
) -> tuple[str, ...]:
    records = read_records(source.path, source.recognize())
    header = next(records, None)
    if header is None:
        raise DamagedFile(say("The file is empty."))
    layout = lay_out(header[1], table, others)
    rows = 0
    for number, record in islice(records, most_rows):
        if any(record[layout.width :]):
            raise DamagedFile(
                say(
                    "Line %(line)s has %(fields)s fields and the header has %(width)s. The file is damaged, or a comma "
                    "stands in a field without quotation marks.",
                    line=number,
                    fields=len(record),
                    width=layout.width,
                ),
                line=number,
            )
        keep(number, layout.values(record + [""] * (layout.width - len(record))))  # Excel cuts blank cells at the end.
        rows += 1
        progress("rows read", rows, 0)
    if not rows:
        raise DamagedFile(say("The file has a header and no rows."))
    return layout.unused
