"""Reads the rows of an XLSX, ODS or XLS file, in a process of its own that may die of it."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
import zipfile
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import IO, Final

from webapp.domain.errors import DamagedFile
from webapp.domain.wording import say
from webapp.services.imports.zip_archives import names_in_zip, open_zip

MAX_UNPACKED: Final = 256 * 1024 * 1024
"""Bytes of all parts of the workbook together."""

MAX_PARTS: Final = 10_000
MAX_LINE: Final = 4 * 1024 * 1024
"""Bytes of a row."""

_OLE_MARK: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_PROGRAM: Final = Path(__file__).with_name("workbook_process.py")
_NUL: Final = say(
    "Row %(row)s of the sheet holds a NUL character: the file is damaged. Save the sheet as CSV and import that."
)
_TOO_WIDE: Final = say("Row %(row)s of the sheet has more than %(most)s columns.")
_PROTECTED: Final = say("The spreadsheet is damaged, or is protected by a password.")
_TOO_LARGE: Final = say("The spreadsheet is damaged, or too large to be read. Save the sheet as CSV and import that.")


_READERS: Final = threading.Semaphore(2)
"""Processes that read for people who look at a page, at once: each may take a gigabyte and a half."""

_SECONDS_TO_WAIT: Final = 20
_BUSY: Final = say("The server is reading other spreadsheets at the moment. Try again in a minute.")


def is_workbook(path: Path, head: bytes) -> bool:
    """Return whether a file that begins with ``head`` is a workbook, by its content and not by its name."""
    if head.startswith(_OLE_MARK):
        return True
    names = names_in_zip(path)
    return "content.xml" in names or any(name.startswith("xl/") for name in names)


def read_workbook(path: Path) -> Generator[tuple[int, list[str]]]:
    """Yield ``(row number, texts)`` of each row of the first sheet that has any; blank rows are left out.

    Raises DamagedFile, with a sentence, for what cannot be read or would take too much memory or time.
    """
    _refuse_flood(path)
    if not _READERS.acquire(timeout=_SECONDS_TO_WAIT):
        raise DamagedFile(_BUSY)
    try:
        yield from _read(path)
    finally:
        _READERS.release()


def _read(path: Path) -> Generator[tuple[int, list[str]]]:
    command = [sys.executable, "-I", str(_PROGRAM), str(path.resolve())]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)  # noqa: S603  Ours, no shell.
    try:
        if process.stdout is None:
            raise DamagedFile(_TOO_LARGE)
        yield from _rows(process.stdout)
        if process.wait() != 0:
            raise DamagedFile(_TOO_LARGE)
    finally:
        process.kill()
        process.communicate()


def _rows(lines: IO[bytes]) -> Iterator[tuple[int, list[str]]]:
    while line := lines.readline(MAX_LINE + 1):
        if not line.endswith(b"\n"):  # The process died while it wrote, or its row has no end.
            raise DamagedFile(_TOO_LARGE)
        answer = json.loads(line)
        if isinstance(answer, dict):
            raise DamagedFile(_TOO_WIDE.fill(**answer["too_wide"]) if answer["too_wide"] else _PROTECTED)
        number, texts = answer
        if any("\0" in text for text in texts):  # PostgreSQL cannot store it, and no shop means it.
            raise DamagedFile(_NUL.fill(row=number))
        yield number, texts


def _refuse_flood(path: Path) -> None:
    try:
        with open_zip(path) as archive:
            parts = archive.infolist()
    except zipfile.BadZipFile:  # An XLS file is none.
        return
    if len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > MAX_UNPACKED:
        raise DamagedFile(_TOO_LARGE)
