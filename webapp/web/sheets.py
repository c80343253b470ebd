"""Writes rows as an XLSX file of one sheet.

The library makes the workbook; the cells are written here, straight into its sheet: it takes seven times as long for
each, and a list of 100,000 lines has a million and a half.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterable, Iterator
from io import BytesIO
from itertools import islice
from typing import IO, Final
from xml.sax.saxutils import escape

import xlsxwriter
from xlsxwriter.utility import xl_col_to_name

from webapp.domain.errors import InvalidInput
from webapp.domain.spreadsheets import harmless_as_text
from webapp.domain.wording import say
from webapp.presenters.exports.tables import Row

_ROWS_OF_A_SHEET: Final = 1_048_576
_LONGEST_TEXT: Final = 32_767
"""Characters of a cell; Excel calls a file with a longer one damaged."""

_ROWS_OF_A_PIECE: Final = 200
"""Rows that are packed together."""

_COMPRESSION: Final = 1
"""A higher level takes three times as long and saves a third."""

_SHEET: Final = "xl/worksheets/sheet1.xml"
_END_OF_ROWS: Final = b"</sheetData>"
_SIZE: Final = re.compile(rb"<dimension [^>]*/>")
"""How many rows and columns the sheet has. It may be missing, and must not be wrong."""

_MEANS_ANOTHER: Final = re.compile("_(?=x[0-9a-fA-F]{4}_)|[\r\ufffe\uffff]")
"""What Excel reads as the code of a character, and characters that XML does not have, or does not keep."""


def write_sheet(file: IO[bytes], header: Row, rows: Iterable[Row]) -> None:
    """Write the sheet into ``file``. Each text is a text, even if it looks like a number, a date or a formula.

    Raises InvalidInput for more rows than a sheet has.
    """
    with (
        zipfile.ZipFile(_with_header(header)) as begun,
        zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=_COMPRESSION) as book,
    ):
        for part in begun.namelist():
            if part != _SHEET:
                book.writestr(part, begun.read(part))
        before, end, after = _SIZE.sub(b"", begun.read(_SHEET)).partition(_END_OF_ROWS)
        with book.open(_SHEET, "w", force_zip64=True) as sheet:
            sheet.write(before)
            lines = _lines(rows, [xl_col_to_name(number) for number in range(len(header))])
            while piece := "".join(islice(lines, _ROWS_OF_A_PIECE)):
                sheet.write(piece.encode())
            sheet.write(end + after)


def _with_header(header: Row) -> BytesIO:
    """Return a workbook whose sheet has only its header; its first format, number 1, is that of texts."""
    begun = BytesIO()
    with xlsxwriter.Workbook(begun, {"constant_memory": True}) as book:
        sheet, as_text = book.add_worksheet(), book.add_format({"num_format": "@"})
        sheet.freeze_panes(1, 0)
        sheet.write_row(0, 0, header, as_text)
    return begun


def _lines(rows: Iterable[Row], columns: list[str]) -> Iterator[str]:
    for number, row in enumerate(rows, start=2):
        if number > _ROWS_OF_A_SHEET:
            raise InvalidInput(say("A sheet of Excel has no more rows. Take the list as CSV, or filter it first."))
        cells = [
            f'<c r="{column}{number}" s="1" t="inlineStr"><is><t xml:space="preserve">{_text(cell)}</t></is></c>'
            if isinstance(cell, str)
            else f'<c r="{column}{number}"><v>{cell}</v></c>'
            for column, cell in zip(columns, row, strict=True)
            if cell != ""
        ]
        yield f'<row r="{number}">{"".join(cells)}</row>'


def _text(cell: str) -> str:
    return escape(_MEANS_ANOTHER.sub(_code_of, harmless_as_text(cell)[:_LONGEST_TEXT]))


def _code_of(one: re.Match[str]) -> str:
    return f"_x{ord(one[0]):04X}_"
