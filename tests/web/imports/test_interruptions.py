"""An import or a check that is at work, whose process died, or that somebody stops: it goes on where it was."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from tests.helpers.warehouse import Warehouse
from tests.web.imports.conftest import Desk
from tests.web.imports.test_imports import count, orders
from webapp.domain.import_jobs import JobState
from webapp.models import ImportJobRow, Order
from webapp.processes import lock
from webapp.services.imports import jobs
from webapp.services.imports.job_files import JobFiles
from webapp.services.imports.order_import import CHUNK_ORDERS


@pytest.mark.parametrize("which", ["starting_lock", "work_lock"])
def test_while_a_process_is_at_work_no_other_starts_and_the_page_asks_for_news(
    desk: Desk, db: Session, folders: Path, which: str
) -> None:
    address = desk.sent("o.csv", orders(1))
    [job] = db.scalars(select(ImportJobRow))
    files = JobFiles(folders / "IMPORT_FOLDER", job.store_id)
    db.execute(
        update(ImportJobRow).values(
            state=JobState.RUNNING, progress_of="orders done", progress_done=40, progress_total=100
        )
    )
    db.commit()

    with lock(getattr(files, which)(job.id)):
        words = desk.press(address, "run")
        assert "hx-get" in desk.panel(address).attributes

    assert "The import is running" in words
    assert "Orders: 40 / 100" in words
    assert len(desk.started) == 1


@pytest.mark.both_engines
def test_an_import_whose_process_died_is_noticed_and_goes_on(desk: Desk, db: Session, warehouse: Warehouse) -> None:
    address = desk.sent("o.csv", orders(1, 2, 3))
    desk.press(desk.sent("first.csv", orders(1)), "run")
    db.execute(update(ImportJobRow).where(ImportJobRow.id == 1).values(state=JobState.RUNNING))
    db.commit()

    words = desk.words(address)
    assert "The import was interrupted" in words
    assert "new order" not in words

    assert "The import is finished" in desk.press(address, "run")
    assert count(db, Order) == 3


def test_a_check_whose_process_died_is_made_again(desk: Desk, db: Session) -> None:
    address = desk.sent("o.csv", orders(1))
    db.execute(update(ImportJobRow).values(state=JobState.CHECKING))
    db.commit()
    assert "The check was interrupted" in desk.words(address)

    assert "Ready to import" in desk.press(address, "check")


def test_an_import_that_somebody_stops_keeps_what_it_has_and_goes_on(
    desk: Desk, db: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = desk.sent("o.csv", orders(*range(150)))
    noted = stopping_after_a_chunk(monkeypatch)

    words = desk.press(address, "run")

    assert "The import was interrupted" in words
    assert count(db, Order) == CHUNK_ORDERS
    assert ("orders done", CHUNK_ORDERS, 150) in noted


def test_a_check_that_somebody_stops_has_done_and_found_nothing(
    desk: Desk, db: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    stopping_after_a_chunk(monkeypatch)

    address = desk.sent("o.csv", orders(*range(150)))

    assert "The file is here" in desk.words(address)
    assert "new order" not in desk.words(address)
    assert "new order" not in desk.tablet.get("/imports").words
    assert count(db, Order) == 0


def stopping_after_a_chunk(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, int, int]]:
    """Let somebody stop the work once a chunk of orders is done; return a list that progress is noted in."""
    noted: list[tuple[str, int, int]] = []

    def stop_after_a_chunk(session: Session, store_id: int, job_id: int, what: str, done: int, of: int) -> bool:
        noted.append((what, done, of))
        if what == "orders done":
            jobs.stop(session, store_id, job_id)
        return what != "orders done"

    monkeypatch.setattr("webapp.cli.import_jobs._SECONDS_BETWEEN_NOTES", 0)
    monkeypatch.setattr("webapp.services.imports.jobs.note_progress", stop_after_a_chunk)
    return noted
