"""Finds imports of the person's store, and starts their processes, at most one for each."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Final

from flask import current_app, flash, g

from webapp.config import ROOT
from webapp.database.unit_of_work import unit_of_work
from webapp.domain.import_jobs import AT_WORK, ImportJob, JobState
from webapp.extensions import db
from webapp.languages import _
from webapp.processes import NICENESS, Locked, is_locked, lock, start_command
from webapp.services.imports import jobs
from webapp.services.imports.job_files import JobFiles

_SECONDS_TO_END: Final = 3.0
"""For a process that has recorded the end of its work: it holds its locks until it is gone."""


def stored_files() -> JobFiles:
    """Return the uploaded files of the person's store."""
    return JobFiles(Path(current_app.config["IMPORT_FOLDER"]), g.store_id)


def find_job(job_id: int) -> ImportJob:
    """Return an import of the person's store. Raises ImportJobNotFound."""
    return jobs.find_job(db.session(), g.store_id, job_id)


def start_work(files: JobFiles, job: ImportJob, work: JobState, allowed: frozenset[JobState]) -> None:
    """Start ``work`` on the job, unless a process is at work on it or its state does not allow it.

    The process inherits the lock under which the row was changed, so there is no moment in which another could start.
    """
    with suppress(Locked), hold(files, job.id) as held:
        if is_locked(files.work_lock(job.id)):
            return
        begun = unit_of_work(db.session(), lambda session: jobs.begin(session, g.store_id, job.id, work, allowed))
        if not begun.result:
            return
        os.utime(files.path_of(job.id, job.file_hash))  # It is in use: nobody deletes it soon.
        files.remove_old()
        arguments = ["import", "job", str(g.store_id), str(job.id)]
        try:
            start_command(arguments, _environment(current_app.config), ROOT, held, _niceness())
        except OSError as error:
            current_app.logger.error("The process of an import cannot be started: %s", error)
            flash(_("The server cannot start the import now. Its log says why. Try again."), "danger")


def is_held(files: JobFiles, job_id: int) -> bool:
    """Return whether a process is at work on the import."""
    return is_locked(files.starting_lock(job_id)) or is_locked(files.work_lock(job_id))


@contextmanager
def hold(files: JobFiles, job_id: int) -> Iterator[int]:
    """Hold the lock under which an import may change. Raises Locked while a process is at work on it.

    A process whose work has ended is waited for: somebody who reads on the page that it ended may press at once.
    """
    before = time.monotonic() + _SECONDS_TO_END
    while is_held(files, job_id) and find_job(job_id).state not in AT_WORK and time.monotonic() < before:
        db.session().rollback()  # The next look is at the row as it is then.
        time.sleep(0.02)
    with lock(files.starting_lock(job_id)) as held:
        yield held


def _niceness() -> int:
    """Return the niceness of an import's process: on SQLite everybody waits for the one who writes, who so must not
    wait for a processor."""
    return 0 if db.engine.dialect.name == "sqlite" else NICENESS


def _environment(settings: Mapping[str, Any]) -> dict[str, str]:
    return {
        "DATABASE_URL": settings["SQLALCHEMY_DATABASE_URI"],
        **{name: str(settings[name]) for name in ("IMPORT_FOLDER", "REPORT_FOLDER", "PICTURE_FOLDER")},
    }
