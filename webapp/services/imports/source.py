"""Reads an untrusted file of rows in bounded memory, with a sentence for each kind of damage: CSV, plain or gzip, or a
workbook."""

from __future__ import annotations

import codecs
import csv
import gzip
import os
import re
import stat
import zlib
from collections.abc import Generator, Iterator
from contextlib import closing, contextmanager, suppress
from io import BufferedReader, RawIOBase
from pathlib import Path
from typing import Any, Final, Protocol

from webapp.domain.control_characters import escape_controls
from webapp.domain.errors import DamagedFile
from webapp.domain.wording import Wording, say
from webapp.services.imports.file_shape import DELIMITERS, UTF_8, Shape, recognize_delimiter, recognize_encoding
from webapp.services.imports.preamble import from_titles
from webapp.services.imports.workbooks import is_workbook, read_workbook
from webapp.services.imports.zip_archives import names_in_zip

MAX_LINE_BYTES: Final = 1024 * 1024
"""A longer line or record counts as damage and is never read into memory completely."""

MAX_BYTES: Final = 256 * 1024 * 1024
"""Of a file, unpacked. A large shop's month of 42,481 rows has 3.7 MB."""

MAX_RATIO: Final = 100
"""How many times its size a gzip file may unpack to; that month unpacks to 6 times."""

MAX_ROWS: Final = 1_000_000
MAX_BLANK_LINES: Final = 100_000
_SMALL: Final = 1024 * 1024
"""Bytes that any gzip file may unpack to."""

_CHUNK: Final = 256 * 1024
_HEAD: Final = 256
_PDF: Final = re.compile(rb"%PDF-")
_WEB_PAGE: Final = re.compile(rb"(?:\xef\xbb\xbf)?\s*<(?:!doctype|html|head|body|table|meta|\?xml)\b", re.IGNORECASE)
_DOCUMENTS: Final = {
    _PDF: say("The file is a PDF, which has no rows. Export the list as CSV or XLSX, and import that."),
    _WEB_PAGE: say(
        "The file is a web page, whatever its name says. Open it in a spreadsheet program and save it as XLSX."
    ),
}
_GZIP_MARK, _ZIP_MARK = b"\x1f\x8b", b"PK\x03\x04"
_SAVE_AS: Final = say("Save it as CSV in UTF-8 and import that.")
_IN_PARTS: Final = say("Check that it is the right file. If it is, divide it and import its parts.")
_TOO_MANY_ROWS: Final = say("The file has more than %(most)s rows. %(advice)s")
_TOO_MANY_BLANK_LINES: Final = say("The file has more than %(most)s blank lines. %(advice)s")


def recognize(path: Path, encoding: str = "", delimiter: str = "") -> Shape:
    """Return how the file is written; an ``encoding`` or ``delimiter`` that is not blank is what somebody says.

    Raises DamagedFile if the file cannot be opened, or if there is no such encoding or delimiter.
    """
    if encoding:
        _check_encoding(encoding)
    if delimiter and delimiter not in DELIMITERS:
        raise DamagedFile(say("The delimiter is one of the characters , ; | or a tab."))
    if not path.is_file():
        return Shape(encoding or UTF_8, delimiter or DELIMITERS[0])  # A pipe can be read once only.
    if _is_workbook(path):
        return Shape(is_spreadsheet=True)
    likely, is_guess = (encoding, False) if encoding else recognize_encoding(_chunks(path))
    first = next(_chunks(path), b"")
    text = first.decode(likely, "ignore").removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    separator, is_named = recognize_delimiter(text, is_whole=len(first) < _CHUNK)
    return Shape(likely, delimiter or separator, separator_line=is_named, is_guess=is_guess)


def read_records(path: Path, shape: Shape | None = None) -> Iterator[tuple[int, list[str]]]:
    """Yield ``(line number, fields)`` of each record, the header first; blank lines and what stands above the header
    are no records.

    The number is the record's first line, from 1; of a workbook it is the row's. Raises DamagedFile, with a sentence
    for the person who gave the file, if the path or its content cannot be read as rows, or if it holds more than any
    shop's file does: a small gzip file may unpack to a flood.
    """
    shape = shape or recognize(path)
    rows = 0
    with closing(read_workbook(path) if shape.is_spreadsheet else _read_csv(path, shape)) as records:
        for number, record in from_titles(records):
            yield number, record
            rows += 1
            _refuse_above(MAX_ROWS, rows, _TOO_MANY_ROWS)


def _read_csv(path: Path, shape: Shape) -> Generator[tuple[int, list[str]]]:
    with _open(path) as (stream, size):
        utf16 = shape.encoding.startswith("utf-16")
        lines = _Lines(_InUtf8(stream, shape.encoding) if utf16 else stream, UTF_8 if utf16 else shape.encoding, size)
        records = csv.reader(lines, delimiter=shape.delimiter, strict=True)
        if shape.separator_line:
            next(lines, None)
        blank_lines = 0
        while True:
            start = lines.begin_record()
            try:
                record = next(records)
            except StopIteration:
                return
            except csv.Error as error:
                raise DamagedFile(_csv_sentence(str(error), start, lines.number)) from error
            if record:
                yield start, record
            else:
                blank_lines += 1
                _refuse_above(MAX_BLANK_LINES, blank_lines, _TOO_MANY_BLANK_LINES)


def _chunks(path: Path) -> Iterator[bytes]:
    """Yield the file's bytes, unpacked, as far as they can be read: the reader says what is wrong with the others."""
    with _open(path) as (stream, size), suppress(EOFError, OSError, zlib.error, DamagedFile):
        while chunk := stream.read(_CHUNK):
            size.add(len(chunk))
            yield chunk


def _refuse_above(most: int, present: int, sentence: Wording) -> None:
    if present > most:
        raise DamagedFile(sentence.fill(most=f"{most:,}", advice=_IN_PARTS))


class _Bytes(Protocol):
    def readline(self, size: int, /) -> bytes: ...

    def read(self, size: int, /) -> bytes: ...


class _InUtf8(BufferedReader):
    """The bytes of a UTF-16 stream as UTF-8, so that they have lines."""

    def __init__(self, stream: _Bytes, encoding: str) -> None:
        super().__init__(_Recoded(stream, encoding))


class _Recoded(RawIOBase):
    def __init__(self, stream: _Bytes, encoding: str) -> None:
        self._stream = stream
        self._decoder = codecs.getincrementaldecoder(encoding)()
        self._ready = b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        while not self._ready:
            chunk = self._stream.read(_CHUNK)
            try:
                self._ready = self._decoder.decode(chunk, final=not chunk).encode()
            except UnicodeError as error:
                raise DamagedFile(
                    say("The file begins as UTF-16 and does not go on so: it is damaged. %(advice)s", advice=_SAVE_AS)
                ) from error
            if not chunk:
                break
        piece = self._ready[: len(buffer)]
        self._ready = self._ready[len(piece) :]
        buffer[: len(piece)] = piece
        return len(piece)


class _Size:
    """Adds up the bytes of a file as they are read; ``packed`` is the size of a gzip file, None for any other."""

    def __init__(self, packed: int | None) -> None:
        self._bytes = 0
        self._most = MAX_BYTES if packed is None else min(MAX_BYTES, max(_SMALL, packed * MAX_RATIO))

    def add(self, count: int) -> None:
        """Count bytes. Raises DamagedFile when the file is too large."""
        self._bytes += count
        if self._bytes <= self._most:
            return
        if self._most == MAX_BYTES:
            raise DamagedFile(
                say("The file has more than %(most)s MiB. %(advice)s", most=MAX_BYTES // 1024**2, advice=_IN_PARTS)
            )
        raise DamagedFile(
            say(
                "The compressed file unpacks to more than %(most)s times its size, as no list of orders or stock does. "
                "Unpack it and look at what it holds.",
                most=MAX_RATIO,
            )
        )


class _Lines:
    """A stream's lines as text; ``number`` is the last returned line's."""

    def __init__(self, stream: _Bytes, encoding: str, size: _Size) -> None:
        self.number = 0
        self._size = size
        self._stream = stream
        self._encoding = encoding
        self._record_size = 0
        self._pieces: Iterator[str] = iter(())

    def begin_record(self) -> int:
        """Return the number of the line on which the next record begins."""
        self._record_size = 0
        return self.number + 1

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        line = next(self._pieces, None)
        if line is None:
            # csv needs lines to end at a lone carriage return too: the line ends of old Macintosh files.
            self._pieces = iter(re.split(r"(?<=\r)(?=[^\n])", self._read()))
            line = next(self._pieces)
        self.number += 1
        self._record_size += len(line)
        if self._record_size > MAX_LINE_BYTES:
            raise DamagedFile(
                say(
                    "The record that ends on line %(line)s is longer than 1 MiB. A quotation mark may be missing.",
                    line=self.number,
                )
            )
        return line

    def _read(self) -> str:
        number = self.number + 1
        try:
            raw = self._stream.readline(MAX_LINE_BYTES + 1)
        except (EOFError, gzip.BadGzipFile, zlib.error) as error:
            raise DamagedFile(
                say(
                    "The compressed file is damaged or was cut short: it can be read up to line %(line)s only.",
                    line=self.number,
                )
            ) from error
        except OSError as error:
            raise DamagedFile(say("The file cannot be read: %(why)s.", why=str(error.strerror or error))) from error
        if not raw:
            raise StopIteration
        if len(raw) > MAX_LINE_BYTES:
            raise DamagedFile(
                say("Line %(line)s is longer than 1 MiB. This is not a CSV file of orders or stock.", line=number)
            )
        self._size.add(len(raw))
        if b"\0" in raw:
            raise DamagedFile(
                say(
                    "Line %(line)s holds a NUL byte: the file is damaged, or is not text. %(advice)s",
                    line=number,
                    advice=_SAVE_AS,
                )
            )
        try:
            text = raw.decode(self._encoding)
        except UnicodeDecodeError as error:
            raise DamagedFile(
                say(
                    "Line %(line)s is not %(encoding)s (byte %(byte)s at place %(place)s). %(advice)s Or name its "
                    "encoding, for example: --encoding cp1252",
                    line=number,
                    encoding=self._encoding.upper(),
                    byte=f"0x{raw[error.start]:02X}",
                    place=error.start + 1,
                    advice=_SAVE_AS,
                )
            ) from error
        return text.removeprefix("\ufeff") if number == 1 else text


@contextmanager
def _open(path: Path) -> Iterator[tuple[_Bytes, _Size]]:
    """Open the file, and unpack it if its content is gzip, whatever its name."""
    name = escape_controls(path.name)  # The folder is the server's own, for a file that was sent.
    if path.is_dir():
        raise DamagedFile(say("%(file)s is a folder, not a file.", file=name))
    try:
        stream = path.open("rb")
    except FileNotFoundError:
        raise DamagedFile(say("There is no file %(file)s.", file=name)) from None
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or str(error)
        raise DamagedFile(say("%(file)s cannot be opened: %(why)s.", file=name, why=why)) from error
    with stream:
        head = stream.peek(_HEAD)[:_HEAD]
        _refuse_documents(head)
        if head.startswith(_ZIP_MARK):
            raise DamagedFile(_what_the_zip_is(stream))
        if head.startswith(_GZIP_MARK):
            with gzip.GzipFile(fileobj=stream, mode="rb") as unpacked, BufferedReader(unpacked) as lines:
                yield lines, _Size(_packed_size(stream))
        else:
            yield stream, _Size(None)


def _refuse_documents(head: bytes) -> None:
    """Raise DamagedFile for what begins like a document without rows: shops name web pages ``orders.xls``."""
    for pattern, sentence in _DOCUMENTS.items():
        if pattern.match(head):
            raise DamagedFile(sentence)


def _is_workbook(path: Path) -> bool:
    try:
        with path.open("rb") as stream:
            return is_workbook(path, stream.read(8))
    except OSError:
        return False


def _what_the_zip_is(stream: BufferedReader) -> str:
    """Say what a zip archive is, by the names in it, and what to do: shops export orders as zip, too."""
    names = names_in_zip(stream)
    if not names:
        return say("The file is a spreadsheet or another zip archive. %(advice)s", advice=_SAVE_AS)
    tables = [name for name in names if name.lower().endswith((".csv", ".csv.gz"))]
    if not tables:
        return say("The file is a zip archive without a CSV file. Give the CSV file itself.")
    return say(
        "The file is a zip archive. Unpack it and give %(file)s, which is in it.", file=escape_controls(tables[0][:100])
    )


def _packed_size(stream: BufferedReader) -> int | None:
    """Return a file's size; None for a pipe, which has none."""
    status = os.fstat(stream.fileno())
    return status.st_size if stat.S_ISREG(status.st_mode) else None


def _check_encoding(encoding: str) -> None:
    """Raise DamagedFile for an unknown encoding, or one that does not contain ASCII (a line end must be byte 10)."""
    plain = '\n,"\\ud800+AGE-'
    try:
        usable = plain.encode().decode(encoding) == plain
    except LookupError:
        raise DamagedFile(say("There is no encoding called %(encoding)s.", encoding=encoding)) from None
    except UnicodeError:
        usable = False
    if not usable:
        raise DamagedFile(
            say("Files in %(encoding)s cannot be read line by line. %(advice)s", encoding=encoding, advice=_SAVE_AS)
        )


def _csv_sentence(error: str, start: int, line: int) -> str:
    if "field limit" in error:
        limit = csv.field_size_limit()
        return say(
            "Line %(line)s: a field is longer than %(most)s characters. A quotation mark may be missing.",
            line=start,
            most=limit,
        )
    if "unexpected end of data" in error:
        return say(
            "Line %(line)s: a quotation mark is opened and never closed. The file may have been cut short.", line=start
        )
    if "expected after" in error:
        return say(
            "Line %(line)s: text follows a closing quotation mark. Write a quotation mark inside a field twice.",
            line=line,
        )
    return say("Line %(line)s cannot be read as CSV: %(why)s.", line=line, why=error)
