"""Recognises how a text file of rows is written: its encoding and its delimiter."""

from __future__ import annotations

import codecs
import csv
import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice
from typing import Final

from webapp.services.imports.preamble import from_titles

DELIMITERS: Final = ",;\t|"
UTF_8, CP1252 = "utf-8", "cp1252"

_UTF16: Final = {codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}
_SEPARATOR_LINE: Final = re.compile(r'"?sep=(.)"?[,;\t|]*\s*', re.IGNORECASE)
_FIRST_RECORDS: Final = 20

_FOREIGN: Final = re.compile(
    r"[^\W\d_][\u0192\u02c6\u2020\u2021\u2030\u2039\u203a\u02dc\u017d\u0160\u0178\u2018\u201a\u201e\u00b3\u00b9\u00bf\u00a4]"
    r"|[^\W\d_][\u201c\u201d\u2022\u00a6\u00a8\u00b7][^\W\d_]|[\u00c0-\u00ff]{4}"
)
"""Text that no Western European writes, and that other encodings become when they are read as Windows-1252: signs
inside of words, and words of nothing but accents."""


@dataclass(frozen=True, slots=True)
class Shape:
    """How a file is written. ``delimiter`` is one character; ``separator_line``: its first line is ``sep=;``."""

    encoding: str = UTF_8
    delimiter: str = ","
    separator_line: bool = False
    is_guess: bool = False
    """The encoding is only likely: names with accents are worth a look."""
    is_spreadsheet: bool = False


def is_encoding(name: str) -> bool:
    """Return whether there is an encoding with this name."""
    try:
        codecs.lookup(name)
    except (LookupError, ValueError):
        return False
    return True


def recognize_encoding(chunks: Iterable[bytes]) -> tuple[str, bool]:
    """Return the encoding of a file that comes in ``chunks``, and whether it is a guess.

    A byte order mark decides; without one a file is UTF-8 if it can be, else Windows-1252 if it reads like that. What
    is neither is called UTF-8, and its reader says where it is not.
    """
    decoder = codecs.getincrementaldecoder(UTF_8)()
    is_utf8, is_western = True, True
    for place, chunk in enumerate(chunks):
        if place == 0 and chunk[:2] in _UTF16:
            return _UTF16[chunk[:2]], False
        if is_utf8:
            try:
                decoder.decode(chunk)
            except UnicodeDecodeError:
                is_utf8 = False
        is_western = is_western and _is_western(chunk)
        if not (is_utf8 or is_western):
            break
    return (CP1252, True) if is_western and not is_utf8 else (UTF_8, False)


def _is_western(chunk: bytes) -> bool:
    if chunk.isascii():
        return True
    try:
        return _FOREIGN.search(chunk.decode(CP1252)) is None
    except UnicodeDecodeError:
        return False


def recognize_delimiter(beginning: str, *, is_whole: bool) -> tuple[str, bool]:
    """Return the delimiter of a file that begins so, and whether its first line is there to name it.

    Without such a line it is the one that makes the most columns in the most rows.
    """
    first = beginning.partition("\n")[0]
    if named := _SEPARATOR_LINE.fullmatch(first.rstrip("\r")):
        return named[1], True
    lines = beginning.splitlines(keepends=True)
    if not is_whole and len(lines) > 1:
        del lines[-1]
    return max(DELIMITERS, key=lambda delimiter: _cells_that_agree(lines, delimiter)), False


def _cells_that_agree(lines: Iterable[str], delimiter: str) -> int:
    """Count the cells of rows that are not longer than the header, which may lack cells at the end."""
    records = csv.reader(lines, delimiter=delimiter, strict=True)
    columns = cells = 0
    try:
        for _, record in islice(from_titles(enumerate(records)), _FIRST_RECORDS):
            columns = columns or len(record)
            if columns > 1 and not any(record[columns:]):
                cells += len(record[:columns])
    except csv.Error:
        pass
    return cells
