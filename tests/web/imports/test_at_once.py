"""Two things at once: a press beside a process that ends, two tabs, and a look while work begins."""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.helpers.cast import Part
from tests.services.imports.importing import native
from tests.web.imports.conftest import Desk
from webapp.models import ImportJobRow, Order
from webapp.processes import is_locked, lock
from webapp.services.imports.job_files import JobFiles
from webapp.web import import_starting


def count_orders(db: Session) -> int:
    db.rollback()
    return db.scalar(select(func.count()).select_from(Order)) or 0


def test_a_press_waits_for_the_process_whose_work_has_just_ended(
    desk: Desk, db: Session, folders: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = desk.sent("o.csv", native({"order_number": "N-1"}))
    [job] = db.scalars(select(ImportJobRow))
    process = ExitStack()
    process.enter_context(lock(JobFiles(folders / "IMPORT_FOLDER", job.store_id).starting_lock(job.id)))
    monkeypatch.setattr(time, "sleep", lambda _seconds: process.close())

    assert "The import is finished" in desk.press(address, "run")

    assert count_orders(db) == 1


def test_who_only_looks_whether_a_process_is_at_work_keeps_none_from_its_work(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "work"
    path.touch()
    with path.open() as onlooker:
        fcntl.flock(onlooker, fcntl.LOCK_SH)
        monkeypatch.setattr(time, "sleep", lambda _seconds: fcntl.flock(onlooker, fcntl.LOCK_UN))

        with lock(path):
            assert is_locked(path)


def test_of_two_tabs_that_import_the_same_file_one_starts_it(
    desk: Desk, db: Session, client_as: Callable[[Part], FlaskClient], monkeypatch: pytest.MonkeyPatch
) -> None:
    address = desk.sent("o.csv", native({"order_number": "N-1"}))
    started: list[int] = []
    monkeypatch.setattr(import_starting, "start_command", lambda *given: started.append(os.dup(given[3])))
    tabs = [client_as("manager") for _ in range(4)]

    with ThreadPoolExecutor(len(tabs)) as people:
        answers = list(people.map(lambda tab: tab.post(f"{address}/run").status_code, tabs))

    for inherited in started:
        os.close(inherited)
    assert answers == [303] * len(tabs)
    assert len(started) == 1
