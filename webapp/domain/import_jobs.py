"""Imports on screens: what a file holds, how far its import is, and what came of it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final

from webapp.domain.wording import pack, unpack


class ImportKind(StrEnum):
    """What a file holds. The values are stored."""

    ORDERS = "orders"
    STOCK = "stock"
    PICTURES = "pictures"


class JobState(StrEnum):
    """How far an import is. The values are stored."""

    UPLOADED = "uploaded"
    """The file is here; nothing else has happened."""
    CHECKING = "checking"
    """A process tries the import out and keeps nothing of it."""
    CHECKED = "checked"
    """It is known what the import would change."""
    RUNNING = "running"
    STOPPED = "stopped"
    """It ended before the end of the file. What was imported stays; it can go on."""
    FINISHED = "finished"
    FAILED = "failed"
    """The file cannot be imported as it is."""


AT_WORK: Final = frozenset({JobState.CHECKING, JobState.RUNNING})
"""A process works, unless it has died."""

MAY_CHECK: Final = frozenset({JobState.UPLOADED, JobState.CHECKING, JobState.CHECKED, JobState.FAILED})
MAY_RUN: Final = frozenset({JobState.CHECKED, JobState.RUNNING, JobState.STOPPED})
"""From which states a check, or the import, may begin while no process is at work."""

MAPPED: Final = "mapping"
"""The format of a job whose mapping says which columns are which fields."""

FILE_KEPT: Final = timedelta(days=7)
"""How long an uploaded file stays after it was last used."""

REPORT_KEPT: Final = timedelta(days=30)
"""How long the report of an import stays, and what its page says of single rows."""


@dataclass(frozen=True, slots=True)
class RowsWithReason:
    """Rows with the same outcome for the same reason: how many, and the first few as (row, order number, value)."""

    outcome: str
    words: str
    rows: int
    first: tuple[tuple[int, str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Findings:
    """What an import did, or would do: its rows add up, ``counts`` are by name, ``reasons`` the largest first."""

    read: int = 0
    imported: int = 0
    skipped: int = 0
    rejected: int = 0
    counts: dict[str, int] = field(default_factory=dict)
    reasons: tuple[RowsWithReason, ...] = ()
    unused_columns: tuple[str, ...] = ()
    is_repeat: bool = False
    """Everything of it was imported before."""

    def stored(self) -> dict[str, Any]:
        """Return it as JSON."""
        return {
            "rows": [self.read, self.imported, self.skipped, self.rejected],
            "counts": self.counts,
            "reasons": [
                [one.outcome, pack(one.words), one.rows, [list(row) for row in one.first]] for one in self.reasons
            ],
            "unused_columns": list(self.unused_columns),
            "is_repeat": self.is_repeat,
        }

    def without_rows(self) -> Findings:
        """Return the numbers and reasons alone, without what single rows said."""
        return replace(self, reasons=tuple(replace(one, first=()) for one in self.reasons))

    def without_order(self, number: str) -> Findings:
        """Return it without what the order's rows said."""
        reasons = [
            replace(one, first=tuple((row, of, "" if of == number else value) for row, of, value in one.first))
            for one in self.reasons
        ]
        return replace(self, reasons=tuple(reasons))


def load_findings(stored: dict[str, Any]) -> Findings:
    """Return what ``Findings.stored`` kept."""
    read, imported, skipped, rejected = stored["rows"]
    reasons = tuple(
        RowsWithReason(outcome, unpack(words), rows, tuple((row, number, value) for row, number, value in first))
        for outcome, words, rows, first in stored["reasons"]
    )
    unused, is_repeat = tuple(stored["unused_columns"]), stored["is_repeat"]
    return Findings(read, imported, skipped, rejected, stored["counts"], reasons, unused, is_repeat)


@dataclass(frozen=True, slots=True)
class ImportJob:
    """An import as it stands."""

    id: int
    kind: ImportKind
    format: str
    """Whose columns the file has; blank if nobody has said and they were not recognised."""
    mapping: dict[str, Any] | None
    """Which columns are which fields, if no format says it, and its name: as it was when the file was last read so."""
    reference: str
    """Of a delivery of stock: what tells it apart from another with the same content."""
    file_name: str
    file_size: int
    file_hash: str
    state: JobState
    created_by: str
    created_at: datetime
    changed_at: datetime
    progress_of: str
    """What is being counted, such as ``rows read``."""
    progress_done: int
    progress_total: int
    """0: not known yet."""
    report: str
    """The name of the report's file; blank if there is none."""
    problem: str
    """Why it failed or stopped, as the program noted it."""
    expected: Findings | None
    """What the check found."""
    result: Findings | None
    """What the import did."""

    @property
    def mapping_name(self) -> str:
        """Return what the store calls the mapping by which the file is read; blank if it has no name."""
        return str((self.mapping or {}).get("name", ""))
