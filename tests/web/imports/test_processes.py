"""The process behind an import is a real one here: it outlives its request, and may be killed."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.helpers.cast import Part
from tests.helpers.tablet import Tablet
from tests.helpers.waiting import wait_until
from tests.services.imports.importing import native
from tests.web.imports.conftest import Desk
from webapp.models import Order, OrderEvent

MANY = 3000


def test_a_process_that_is_killed_is_noticed_and_its_import_goes_on(
    client_as: Callable[[Part], FlaskClient], db: Session, folders: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    processes: list[subprocess.Popen[bytes]] = []
    monkeypatch.setattr("webapp.processes._wait_for", processes.append)
    desk = Desk(Tablet(client_as("manager"), db))

    def count() -> int:
        db.rollback()
        return db.scalar(select(func.count()).select_from(Order)) or 0

    address = desk.sent("many.csv", native(*({"order_number": f"N-{number}"} for number in range(MANY))))
    assert processes[0].wait(60) == 0
    assert "3,000 new orders" in desk.words(address)
    assert count() == 0

    assert "The import is running" in desk.press(address, "run")
    wait_until(lambda: count() > 0, "the first orders", seconds=60)
    processes[1].kill()
    processes[1].wait()
    before = count()
    assert "The import was interrupted" in desk.words(address)

    desk.press(address, "run")
    assert processes[2].wait(60) == 0

    assert "The import is finished" in desk.words(address)
    assert 0 < before < MANY
    assert count() == MANY
    assert db.scalar(select(func.count()).select_from(OrderEvent)) == MANY
