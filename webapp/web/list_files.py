"""Sends a list as a file: CSV, or XLSX of the same rows."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Iterator
from enum import StrEnum
from functools import partial
from io import TextIOWrapper
from tempfile import SpooledTemporaryFile
from typing import IO, Final

import xlsxwriter
from flask import Response

from webapp.domain.errors import InvalidInput
from webapp.domain.spreadsheets import harmless, harmless_as_text
from webapp.domain.wording import say
from webapp.presenters.exports.tables import Row

Page = tuple[Iterable[Row], str | None]
"""Rows, and the next page's cursor."""

ReadPage = Callable[[str | None], Page]

_PIECE: Final = 64 * 1024
_IN_MEMORY: Final = 1024 * 1024
"""Bytes; a longer file is on the disk."""

_ROWS_OF_A_SHEET: Final = 1_048_576


class FileType(StrEnum):
    """What a list can be taken away as; the values are the names' endings."""

    CSV = "csv"
    XLSX = "xlsx"


_CONTENT_TYPES: Final = {
    FileType.CSV: "text/csv; charset=utf-8",
    FileType.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def send_list(name: str, header: Row, read: ReadPage, file_type: FileType) -> Response:
    """Send all pages as one file. A long one grows on the disk, not in memory. Raises InvalidInput for more rows than
    a sheet has."""
    file = SpooledTemporaryFile(_IN_MEMORY)  # noqa: SIM115 (closed once it is sent)
    try:
        (_write_csv if file_type is FileType.CSV else _write_xlsx)(file, header, _rows(read))
    except BaseException:
        file.close()
        raise
    file.seek(0, 2)
    make = _short if file.tell() <= _IN_MEMORY else _long
    response = make(file, _CONTENT_TYPES[file_type])
    response.headers.set("Content-Disposition", "attachment", filename=f"packbench-{name}.{file_type}")
    return response


def _rows(read: ReadPage) -> Iterator[Row]:
    cursor: str | None = None
    while True:
        rows, cursor = read(cursor)
        yield from rows
        if cursor is None:
            return


def _write_csv(file: IO[bytes], header: Row, rows: Iterable[Row]) -> None:
    table = TextIOWrapper(file, encoding="utf-8-sig", newline="")  # The mark tells spreadsheets that it is UTF-8.
    writer = csv.writer(table)
    writer.writerow(header)
    writer.writerows([harmless(cell) if isinstance(cell, str) else cell for cell in row] for row in rows)
    table.flush()
    table.detach()


def _write_xlsx(file: IO[bytes], header: Row, rows: Iterable[Row]) -> None:
    """Write one sheet. Each text is a text, even if it looks like a number, a date or a formula."""
    with xlsxwriter.Workbook(file, {"constant_memory": True}) as book:
        sheet, as_text = book.add_worksheet(), book.add_format({"num_format": "@"})
        sheet.freeze_panes(1, 0)
        sheet.write_row(0, 0, header)
        for number, row in enumerate(rows, start=1):
            if number >= _ROWS_OF_A_SHEET:
                raise InvalidInput(say("A sheet of Excel has no more rows. Take the list as CSV, or filter it first."))
            for column, cell in enumerate(row):
                if not isinstance(cell, str):
                    sheet.write_number(number, column, cell)
                elif cell:
                    sheet.write_string(number, column, harmless_as_text(cell), as_text)


def _short(file: SpooledTemporaryFile[bytes], content_type: str) -> Response:
    with file:
        file.seek(0)
        return Response(file.read(), content_type=content_type)


def _long(file: SpooledTemporaryFile[bytes], content_type: str) -> Response:
    length = file.tell()
    file.seek(0)
    response = Response(iter(partial(file.read, _PIECE), b""), content_type=content_type)
    response.content_length = length
    response.call_on_close(file.close)
    return response
