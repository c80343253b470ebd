"""Imports that people began on a screen, as rows: who may begin what when, how far it is, what came of it.

Whether a process is at work on one says its lock, which ends with the process (``webapp.processes``); the row says what
was asked for. Every function that changes a row flushes and never commits.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from sqlalchemy import RowMapping, select, update
from sqlalchemy.orm import Session

from webapp.domain.clock import utc_now
from webapp.domain.errors import ImportJobNotFound
from webapp.domain.import_jobs import AT_WORK, REPORT_KEPT, Findings, ImportJob, JobState, load_findings
from webapp.domain.wording import pack_line, unpack_line
from webapp.models import ImportJobRow
from webapp.models.base import table_of
from webapp.models.rows import columns_of
from webapp.services.imports.job_files import StoredFile
from webapp.services.imports.recognition import Recognised

NEWEST_JOBS: Final = 20
"""Imports on the page, the newest."""

_LONGEST_PROBLEM: Final = 500

_jobs = table_of(ImportJobRow)


def create_job(db: Session, store_id: int, actor: str, file: StoredFile, holds: Recognised) -> int:
    """Record an uploaded file; return the job's id."""
    row = ImportJobRow(
        store_id=store_id,
        kind=holds.kind,
        format=holds.format,
        mapping=holds.mapping,
        file_name=file.name,
        file_size=file.size,
        file_hash=file.content_hash,
        state=JobState.UPLOADED,
        created_by=actor,
    )
    db.add(row)
    db.flush()
    return row.id


def find_job(db: Session, store_id: int, job_id: int) -> ImportJob:
    """Return a job of the store. Raises ImportJobNotFound."""
    row = db.execute(_select().where(_jobs.c.store_id == store_id, _jobs.c.id == job_id)).mappings().first()
    if row is None:
        raise ImportJobNotFound
    return _job(row)


def list_jobs(db: Session, store_id: int) -> list[ImportJob]:
    """Return the store's newest jobs, the newest first."""
    newest = _select().where(_jobs.c.store_id == store_id).order_by(_jobs.c.created_at.desc(), _jobs.c.id.desc())
    return [_job(one) for one in db.execute(newest.limit(NEWEST_JOBS)).mappings()]


def reports(db: Session, store_id: int) -> list[str]:
    """Return the reports of the store's imports that no process is writing, by the names of their files."""
    kept = select(_jobs.c.report).where(_jobs.c.store_id == store_id, _jobs.c.report != "")
    return list(db.scalars(kept))


def begin(db: Session, store_id: int, job_id: int, work: JobState, allowed: frozenset[JobState]) -> bool:
    """Set the job to ``work`` if its state is one of ``allowed``; return whether it was. Raises ImportJobNotFound.

    The caller holds the job's lock, so a job that is at work by its row has lost its process.
    """
    job = _locked(db, store_id, job_id)
    if job.state not in allowed:
        return False
    job.state, job.problem, job.progress_of, job.progress_done, job.progress_total = work, "", "", 0, 0
    _touch(job)
    db.flush()
    forget_old_rows(db, store_id)
    return True


def read_as(db: Session, store_id: int, job_id: int, holds: Recognised, reference: str) -> None:
    """Say how the file is to be read; what a check found before no longer holds.

    The caller holds the job's lock. Raises ImportJobNotFound; changes nothing once the import has begun.
    """
    job = _locked(db, store_id, job_id)
    if job.state in (JobState.RUNNING, JobState.STOPPED, JobState.FINISHED):
        return
    job.kind, job.format, job.reference, job.expected = holds.kind, holds.format, reference, None
    job.mapping = holds.mapping or job.mapping
    job.state = JobState.UPLOADED
    _touch(job)
    db.flush()


def forget_old_rows(db: Session, store_id: int) -> None:
    """Forget what the rows of old imports said; their reports are deleted as well (``REPORT_KEPT``). Leaves out imports
    that somebody changes at this moment."""
    before = utc_now() - REPORT_KEPT
    old = select(ImportJobRow).where(ImportJobRow.store_id == store_id, ImportJobRow.report != "")
    old = old.where(ImportJobRow.changed_at < before).order_by(ImportJobRow.id).with_for_update(skip_locked=True)
    for job in db.scalars(old.execution_options(populate_existing=True)):
        _change_findings(job, Findings.without_rows)
        job.report = ""
    db.flush()


def forget_order(db: Session, store_id: int, order_number: str) -> None:
    """Forget what the rows of an order said in the store's imports. Locks those with a report, by id; flushes."""
    kept = select(ImportJobRow).where(ImportJobRow.store_id == store_id, ImportJobRow.report != "")
    for job in db.scalars(kept.order_by(ImportJobRow.id).with_for_update().execution_options(populate_existing=True)):
        _change_findings(job, lambda findings: findings.without_order(order_number))
    db.flush()


def _change_findings(job: ImportJobRow, change: Callable[[Findings], Findings]) -> None:
    job.expected = change(load_findings(job.expected)).stored() if job.expected else None
    job.result = change(load_findings(job.result)).stored() if job.result else None


def note_progress(db: Session, store_id: int, job_id: int, what: str, done: int, total: int) -> bool:
    """Store how far the work is; return False if somebody has stopped it."""
    noted = db.execute(
        update(_jobs)
        .where(_jobs.c.store_id == store_id, _jobs.c.id == job_id, _jobs.c.state.in_(AT_WORK))
        .values(progress_of=what, progress_done=done, progress_total=total, changed_at=utc_now())
        .returning(_jobs.c.id)
    )
    return noted.first() is not None


def stop(db: Session, store_id: int, job_id: int) -> None:
    """Stop the work after the chunk that is being written. Raises ImportJobNotFound; a finished job stays finished."""
    job = _locked(db, store_id, job_id)
    if job.state in AT_WORK:
        job.state = JobState.STOPPED if job.state is JobState.RUNNING else JobState.UPLOADED
        _touch(job)
        db.flush()


def end(
    db: Session, store_id: int, job_id: int, state: JobState, findings: Findings | None, report: str, problem: str = ""
) -> None:
    """Record what came of the work. If somebody stopped it in the meantime, only what an import had done by then; a
    stopped check has found nothing."""
    job = _locked(db, store_id, job_id)
    if job.state is JobState.CHECKING:
        job.state, job.expected = state, findings.stored() if findings else job.expected
    elif job.state in (JobState.RUNNING, JobState.STOPPED):
        job.state = state if job.state is JobState.RUNNING else job.state
        job.result = findings.stored() if findings else job.result
    else:
        return
    job.report, job.problem = report or job.report, pack_line(problem, _LONGEST_PROBLEM)
    _touch(job)
    db.flush()


def _locked(db: Session, store_id: int, job_id: int) -> ImportJobRow:
    statement = select(ImportJobRow).where(ImportJobRow.store_id == store_id, ImportJobRow.id == job_id)
    job = db.scalars(statement.with_for_update().execution_options(populate_existing=True)).first()
    if job is None:
        raise ImportJobNotFound
    return job


def _touch(job: ImportJobRow) -> None:
    job.changed_at = utc_now()


def _select() -> Any:
    return select(*columns_of(ImportJob, _jobs))


def _job(row: RowMapping) -> ImportJob:
    expected, result = row["expected"], row["result"]
    return ImportJob(
        **{
            **row,
            "problem": unpack_line(row["problem"]),
            "expected": load_findings(expected) if expected else None,
            "result": load_findings(result) if result else None,
        }
    )
