"""Sends a list as a file: CSV, or XLSX of the same rows."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Iterator
from enum import StrEnum
from functools import partial
from io import TextIOWrapper
from tempfile import SpooledTemporaryFile
from typing import IO, Final

from flask import Response

from webapp.domain.spreadsheets import harmless
from webapp.presenters.exports.tables import Row
from webapp.web.sheets import write_sheet

Page = tuple[Iterable[Row], str | None]
"""Rows, and the next page's cursor."""

ReadPage = Callable[[str | None], Page]

_PIECE: Final = 64 * 1024
_IN_MEMORY: Final = 1024 * 1024
"""Bytes; a longer file is on the disk."""


class FileType(StrEnum):
    """What a list can be taken away as; the values are the names' endings."""

    CSV = "csv"
    XLSX = "xlsx"


_CONTENT_TYPES: Final = {
    FileType.CSV: "text/csv; charset=utf-8",
    FileType.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def send_list(name: str, header: Row, read: ReadPage, file_type: FileType, prefix: str = "packbench-") -> Response:
    """Send all pages as one file. A long one grows on the disk, not in memory. Raises InvalidInput for more rows than
    a sheet has."""
    file = SpooledTemporaryFile(_IN_MEMORY)  # noqa: SIM115 (closed once it is sent)
    try:
        (_write_csv if file_type is FileType.CSV else write_sheet)(file, header, _rows(read))
    except BaseException:
        file.close()
        raise
    file.seek(0, 2)
    make = _short if file.tell() <= _IN_MEMORY else _long
    response = make(file, _CONTENT_TYPES[file_type])
    response.headers.set("Content-Disposition", "attachment", filename=f"{prefix}{name}.{file_type}")
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
