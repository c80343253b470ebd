"""``flask import job``: the process behind an import that somebody began on a screen."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

import click
from flask import current_app
from flask.cli import with_appcontext
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from webapp.cli.changes import run
from webapp.cli.console import Refused
from webapp.cli.lookup import require_tables
from webapp.database.patience import OF_COMMANDS
from webapp.database.rehearsal import rehearse
from webapp.database.unit_of_work import Once, fingerprint
from webapp.domain.clock import utc_now
from webapp.domain.errors import DamagedFile, PackbenchError
from webapp.domain.import_jobs import AT_WORK, Findings, ImportJob, ImportKind, JobState
from webapp.extensions import db
from webapp.models import Store
from webapp.processes import Locked, lock
from webapp.services.imports import jobs
from webapp.services.imports.entry_lists import EntryWriter
from webapp.services.imports.job_files import JobFiles
from webapp.services.imports.job_work import Folders, Run, StoreOfJob, carry_out, findings_of, uploaded
from webapp.services.imports.report import Report
from webapp.services.people.store_lookup import store_with_id
from webapp.services.people.store_settings import read_settings

_SECONDS_BETWEEN_NOTES: Final = 1.0
"""Of progress: each is a write, and a page asks every second or two."""


class _Stopped(Exception):
    """Somebody stopped the import."""


@click.command("job", hidden=True)
@click.argument("store_id", type=int)
@click.argument("job_id", type=int)
@with_appcontext
def job_command(store_id: int, job_id: int) -> None:
    """Work on the import JOB_ID as its row asks for. The page of imports starts this."""
    require_tables()
    store = store_with_id(db.session(), store_id)
    if store is None:
        raise Refused(f"There is no store {store_id}.")
    files = JobFiles(Path(current_app.config["IMPORT_FOLDER"]), store.id)
    try:
        with lock(files.work_lock(job_id)), lock(files.turn_lock(), wait=True), files.scratch() as scratch:
            db.session().rollback()  # It may have waited long; what it read before is old.
            _work(store, jobs.find_job(db.session(), store.id, job_id), files, scratch)
    except Locked:
        raise Refused("Another process works on this import.") from None


def _work(store: Store, job: ImportJob, files: JobFiles, scratch: Path) -> None:
    """Check or import the file, and record what came of it, however it ends."""
    if job.state not in AT_WORK:
        return
    checks = job.state is JobState.CHECKING
    folders = Folders(scratch / "kept" if checks else Path(current_app.config["PICTURE_FOLDER"]), scratch)
    with _report_of(store, job, files) as report:
        state, problem, findings = JobState.CHECKED if checks else JobState.FINISHED, "", None
        try:
            findings = carry_out(
                db.session(),
                _store_of(store),
                job,
                uploaded(files.path_of(job.id, job.file_hash), job),
                folders,
                _runner(store.id, job, checks=checks),
                report,
                _ProgressNotes(store.id, job.id),
            )
        except _Stopped:
            state, findings = JobState.STOPPED, _so_far(report)
        except PackbenchError as error:
            begun = bool(report.tally.imported) and not checks
            state = JobState.FAILED if isinstance(error, DamagedFile) and not begun else _broken_off(checks=checks)
            problem, findings = error.message, _so_far(report)
        except (SQLAlchemyError, sqlite3.Error, OSError) as error:  # The second is of the list or the scratch file.
            current_app.logger.error("Import %s of store %s broke off: %s", job.id, store.code, error)
            state, problem = _broken_off(checks=checks), str(error).splitlines()[0]
            findings = _so_far(report)
    run(lambda session: jobs.end(session, store.id, job.id, state, findings, _name_of(report), problem))


def _broken_off(*, checks: bool) -> JobState:
    return JobState.FAILED if checks else JobState.STOPPED


def _so_far(report: Report) -> Findings | None:
    """Return what was accounted for before the end; None if nothing was."""
    return findings_of(report, {}) if report.tally.read else None


def _name_of(report: Report) -> str:
    return report.path.name if report.path.exists() else ""


def _report_of(store: Store, job: ImportJob, files: JobFiles) -> Report:
    name = f"import-{job.kind}-{store.code}-{job.id}"
    entries = EntryWriter(files.entries_of(job)) if job.kind is not ImportKind.PICTURES else None
    return Report(Path(current_app.config["REPORT_FOLDER"]), name, utc_now(), entries)


def _store_of(store: Store) -> StoreOfJob:
    settings = read_settings(db.session(), store.id)
    return StoreOfJob(
        store.id,
        ZoneInfo(store.time_zone),
        settings.ship_within_hours,
        settings.start_imported_orders,
        settings.reserve_orders_on_hold,
    )


def _runner(store_id: int, job: ImportJob, *, checks: bool) -> Run:
    def run_work(work: Callable[[Session], Any], key: str | None = None) -> tuple[Any, bool]:
        once = Once(store_id, key, job.created_by, fingerprint(key), of_anybody=True) if key else None
        outcome = rehearse(db.session(), work, once, OF_COMMANDS) if checks else run(work, once)
        return outcome.result, outcome.replayed

    return run_work


class _ProgressNotes:
    """Notes the progress in the job's row now and then. Raises _Stopped once somebody has stopped it."""

    def __init__(self, store_id: int, job_id: int) -> None:
        self._store_id, self._job_id = store_id, job_id
        self._last = 0.0

    def __call__(self, what: str, done: int, of: int) -> None:
        now = time.monotonic()
        if now - self._last < _SECONDS_BETWEEN_NOTES:
            return
        self._last = now
        noted = run(lambda session: jobs.note_progress(session, self._store_id, self._job_id, what, done, of))
        if not noted.result:
            raise _Stopped
