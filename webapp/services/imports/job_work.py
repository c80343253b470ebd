"""The work of a job: the same imports that the commands run, as a check or in earnest, and what they came to."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final, Protocol
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from webapp.domain.errors import DamagedFile
from webapp.domain.import_jobs import Findings, ImportJob, ImportKind, RowsWithReason
from webapp.domain.wording import say
from webapp.services.imports.order_format import OrderFormat
from webapp.services.imports.order_import import import_orders
from webapp.services.imports.order_writing import Import, OrdersWritten
from webapp.services.imports.picture_archives import unpack_pictures
from webapp.services.imports.reading import Progress, Source
from webapp.services.imports.recognition import source_of, table_of_job
from webapp.services.imports.report import Report, rejected
from webapp.services.imports.stock_import import import_stock
from webapp.services.imports.stock_writing import StockWritten
from webapp.services.picture_service import LeftOutFile, PicturesImported, import_pictures

_REASONS: Final = 50
"""Most reasons that a job keeps; the report has all rows."""


class Run(Protocol):
    """Runs ``work`` in a transaction of its own, once per ``key`` if it has one; returns its result, and whether it had
    run before."""

    def __call__(self, work: Callable[[Session], Any], key: str | None = None) -> tuple[Any, bool]: ...


@dataclass(frozen=True)
class UploadedFile(Source):
    """A file that was sent: histories call it what the person called it, not what the folder of imports calls it."""

    shown_name: str = ""

    @property
    def name(self) -> str:
        return self.shown_name


def uploaded(path: Path, job: ImportJob) -> UploadedFile:
    """Return the job's file at ``path``, to be read as the job says."""
    source = source_of(path, job.format, job.mapping)
    return UploadedFile(path, source.encoding, source.delimiter, job.file_name)


@dataclass(frozen=True, slots=True)
class StoreOfJob:
    """What an import has to know about its store."""

    id: int
    zone: ZoneInfo
    ship_within_hours: int
    starts_orders: bool
    starts_held: bool = True


@dataclass(frozen=True, slots=True)
class Folders:
    """Where pictures are kept, and an empty folder for the time of the work."""

    pictures: Path
    scratch: Path


def carry_out(
    db: Session,
    store: StoreOfJob,
    job: ImportJob,
    source: Source,
    folders: Folders,
    run: Run,
    report: Report,
    progress: Progress,
) -> Findings:
    """Import the job's file by ``run`` and account for every row in ``report``.

    A check gives a ``run`` that keeps nothing, and a folder for pictures that it deletes. Raises DamagedFile.
    """
    match job.kind:
        case ImportKind.ORDERS:
            return _orders(store, job, source, run, report, progress)
        case ImportKind.STOCK:
            return _stock(store, job, source, run, report, progress)
        case ImportKind.PICTURES:
            return _pictures(db, store, source, folders, run, report, progress)


def findings_of(
    report: Report, counts: dict[str, int], unused: tuple[str, ...] = (), *, repeat: bool = False
) -> Findings:
    """Return what the report's tally says, with these counts."""
    tally = report.tally
    reasons = tuple(
        RowsWithReason(
            outcome.value,
            words,
            rows,
            tuple((one.row, one.order_number, one.kept_value[:100]) for one in tally.first_rows[outcome, words]),
        )
        for (outcome, words), rows in tally.reasons.most_common(_REASONS)
    )
    return Findings(tally.read, tally.imported, tally.skipped, tally.rejected, counts, reasons, unused, repeat)


def _orders(
    store: StoreOfJob, job: ImportJob, source: Source, run: Run, report: Report, progress: Progress
) -> Findings:
    table = table_of_job(job.kind, job.format, job.mapping)
    if not isinstance(table, OrderFormat):
        raise DamagedFile(say("Say first what the file holds."))
    task = Import(
        store.id,
        store.ship_within_hours,
        job.file_name,
        table.name,
        job.created_by,
        store.zone,
        store.starts_orders,
        store.starts_held,
    )

    def write(work: Callable[[Session], OrdersWritten]) -> OrdersWritten:
        written: OrdersWritten = run(work)[0]
        return written

    imported = import_orders(source, table, task, write, report, progress)
    return findings_of(report, _counts(imported), imported.unused_columns)


def _stock(store: StoreOfJob, job: ImportJob, source: Source, run: Run, report: Report, progress: Progress) -> Findings:
    def write(key: str, work: Callable[[Session], StockWritten]) -> tuple[StockWritten, bool]:
        return run(work, key)

    table = table_of_job(job.kind, job.format, job.mapping)
    imported = import_stock(source, store.id, job.created_by, write, report, progress, job.reference, table)
    return findings_of(report, _counts(imported), imported.unused_columns, repeat=imported.is_repeat)


def _pictures(
    db: Session, store: StoreOfJob, source: Source, folders: Folders, run: Run, report: Report, progress: Progress
) -> Findings:
    unpacked = folders.scratch / "unpacked"
    unpacked.mkdir()
    unreadable = unpack_pictures(source.path, unpacked, progress)
    imported = import_pictures(db, store.id, unpacked, folders.pictures, lambda work: run(work)[0], progress)
    _report_pictures(report, imported, unreadable)
    return findings_of(report, {"new_pictures": imported.new, "known_pictures": imported.unchanged})


def _report_pictures(report: Report, imported: PicturesImported, unreadable: list[LeftOutFile]) -> None:
    left_out = [*unreadable, *imported.left_out]
    report.tally.read = imported.read + len(unreadable)
    report.add(
        imported.new + imported.unchanged,
        [rejected(number, "", one.reason, one.file) for number, one in enumerate(left_out, start=1)],
    )


def _counts(imported: Any) -> dict[str, int]:
    """Return the numbers of an import's result, by name."""
    return {name: value for name, value in asdict(imported).items() if type(value) is int}
