"""Accounts for every row of an import: in a file while it runs, and in totals at the end."""

from __future__ import annotations

import csv
import time
from collections import Counter
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from types import TracebackType
from typing import Final
from uuid import uuid4

from webapp.domain.import_entries import Entry
from webapp.domain.import_jobs import REPORT_KEPT
from webapp.domain.spreadsheets import harmless
from webapp.domain.wording import say
from webapp.services.imports.entry_lists import EntryWriter

FIRST_ROWS: Final = 3
"""Rows that the tally lists per reason; the file lists all, up to ``MAX_SIZE``."""

MAX_SIZE: Final = 10 * 1024 * 1024
"""Characters of the file. More rows than fit are counted: a small file must not fill the disk with its report."""

_SHOWN = 100

OLDER: Final = say("an older state of this order: a newer one has come in before")
"""The reason for rows of an order of which the store knows something newer."""

ALREADY_IMPORTED: Final = say("already imported")
"""The reason for rows that an earlier import brought in."""


EMPTY_ROW: Final = say("empty row")
HEADER_AGAIN: Final = say("the header once more")


class RowOutcome(StrEnum):
    """What happened to a row."""

    IMPORTED = "imported"
    SKIPPED = "skipped"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True)
class LeftOutRow:
    """A row that was not imported, or imported with a remark. ``reason`` is one of a few sentences; ``value`` is what
    the row had there. Reports keep ``kept_value``: where it is a person's, only where it stands."""

    row: int
    order_number: str
    outcome: RowOutcome
    reason: str
    value: str = ""
    value_without_person: str | None = None
    """In place of a value that is a person's; None if it is not."""

    @property
    def kept_value(self) -> str:
        """Return what may stay for longer than the file."""
        return self.value if self.value_without_person is None else self.value_without_person


def skipped(row: int, order_number: str, reason: str, value: str = "") -> LeftOutRow:
    """Return the record of a row that needs no import."""
    return LeftOutRow(row, order_number, RowOutcome.SKIPPED, reason, value)


def rejected(
    row: int, order_number: str, reason: str, value: str = "", value_without_person: str | None = None
) -> LeftOutRow:
    """Return the record of a row that a person should check."""
    return LeftOutRow(row, order_number, RowOutcome.REJECTED, reason, value, value_without_person)


def noted(row: int, order_number: str, remark: str, value: str = "") -> LeftOutRow:
    """Return the remark on a row that was imported, but not exactly as it reads."""
    return LeftOutRow(row, order_number, RowOutcome.IMPORTED, remark, value)


@dataclass
class RowTally:
    """Rows by outcome: ``read`` = ``imported`` + ``skipped`` + ``rejected``."""

    read: int = 0
    imported: int = 0
    reasons: Counter[tuple[RowOutcome, str]] = field(default_factory=Counter)
    first_rows: dict[tuple[RowOutcome, str], list[LeftOutRow]] = field(default_factory=dict)

    @property
    def skipped(self) -> int:
        return self._left_out(RowOutcome.SKIPPED)

    @property
    def rejected(self) -> int:
        return self._left_out(RowOutcome.REJECTED)

    @property
    def adds_up(self) -> bool:
        """Return whether every row that was read has exactly one outcome."""
        return self.read == self.imported + self.skipped + self.rejected

    def _left_out(self, outcome: RowOutcome) -> int:
        return sum(count for (kind, _), count in self.reasons.items() if kind is outcome)


class Report:
    """The report of one import: a CSV file with each skipped, rejected or remarked row that fits, and the tally.

    The file is created first, so that an import never runs without a report; old ones are deleted. With ``entries`` it
    also lists what became of each order or row of stock. Raises OSError.
    """

    def __init__(self, folder: Path, name: str, started_at: datetime, entries: EntryWriter | None = None) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        remove_old_reports(folder)
        self.path = folder / f"{name}-{started_at:%Y%m%d-%H%M%S}-{uuid4().hex[:8]}.csv"
        self.tally = RowTally()
        self._entries = entries
        self._file = self.path.open("x", encoding="utf-8", newline="")
        self.rows_not_listed = 0
        self._lines = csv.writer(self._file)
        self._size = self._lines.writerow(["row", "order_number", "outcome", "reason", "value"])

    def __enter__(self) -> Report:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.rows_not_listed:
            self._lines.writerow(["", "", "", f"{self.rows_not_listed} more rows are counted and not listed", ""])
        self._file.close()
        if not self.tally.read:
            self.path.unlink()  # The import failed at once: nothing to report.
        if self._entries is not None:
            (self._entries.finish if self.tally.read and kind is None else self._entries.drop)()

    def add(self, imported: int, left_out: Iterable[LeftOutRow]) -> None:
        """Record the outcome of rows, once the database has them."""
        self.tally.imported += imported
        for one in left_out:
            self.tally.reasons[one.outcome, one.reason] += 1
            first_rows = self.tally.first_rows.setdefault((one.outcome, one.reason), [])
            if len(first_rows) < FIRST_ROWS:
                first_rows.append(one)
            self._list(one)
        self._file.flush()

    def list_entries(self, entries: Iterable[Entry]) -> None:
        """Add orders, or rows of stock, to the list of the import's page, if it has one."""
        if self._entries is not None:
            self._entries.add(entries)

    def _list(self, one: LeftOutRow) -> None:
        if self._size > MAX_SIZE:
            self.rows_not_listed += 1
            return
        number, value = harmless(one.order_number[:_SHOWN]), harmless(one.kept_value[:_SHOWN])
        self._size += self._lines.writerow([one.row, number, one.outcome, one.reason, value])


def remove_old_reports(folder: Path) -> None:
    """Delete reports that are older than ``REPORT_KEPT``: a cell in the wrong column may name a person."""
    before = time.time() - REPORT_KEPT.total_seconds()
    for path in folder.glob("import-*.csv"):
        with suppress(FileNotFoundError):  # Another import has just deleted it.
            if path.stat().st_mtime < before:
                path.unlink()


def forget_in_report(path: Path, order_number: str) -> None:
    """Take what the rows of an order said out of a report that is complete; without a report, nothing happens."""
    number = harmless(order_number[:_SHOWN])
    try:
        with path.open(encoding="utf-8", newline="") as file:
            lines = list(csv.reader(file))
    except FileNotFoundError:
        return
    if not any(line[1] == number and line[-1] for line in lines):
        return
    written = path.with_suffix(".writing")
    with written.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([*line[:-1], ""] if line[1] == number else line for line in lines)
    written.replace(path)
