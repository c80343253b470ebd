"""Somebody at a desk who sends files; the process behind an import runs within the test."""

from __future__ import annotations

import io
import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.helpers.cast import Part
from tests.helpers.markup import Element, parse
from tests.helpers.tablet import Answer, Tablet


@dataclass
class Desk:
    """A manager's desk: what they send, press and read."""

    tablet: Tablet
    started: list[list[str]] = field(default_factory=list)
    """Arguments of the processes that were started."""

    def send(self, *files: tuple[str, bytes | str], **fields: str) -> Answer:
        """Send files by the form."""
        content = [(io.BytesIO(one.encode() if isinstance(one, str) else one), name) for name, one in files]
        response = self.tablet.client.post("/imports", data={"file": content, **fields})
        self.tablet.db.rollback()
        return Answer(response)

    def sent(self, name: str, content: bytes | str) -> str:
        """Send a file, which must be taken; return the address of its import."""
        answer = self.send((name, content))
        assert answer.status == 303, answer.words
        return answer.location

    def press(self, address: str, action: str, **fields: str) -> str:
        """Press a button of an import's page; return what the page then says."""
        answer = self.tablet.post(f"{address}/{action}", dict(fields), htmx=False)
        assert (answer.status, answer.location) == (303, address)
        return self.words(address)

    def words(self, address: str) -> str:
        return self.panel(address).words

    def panel(self, address: str) -> Element:
        return parse(self.tablet.get(address).response.text).one("section", id="import-job")


@pytest.fixture
def folders(app: Flask, tmp_path: Path) -> Iterator[Path]:
    """The folders of uploads, reports and pictures."""
    for name in ("IMPORT_FOLDER", "REPORT_FOLDER", "PICTURE_FOLDER"):
        app.config[name] = str(tmp_path / name)
    yield tmp_path
    shutil.rmtree(tmp_path / "IMPORT_FOLDER", ignore_errors=True)


@pytest.fixture
def desk_of(
    app: Flask, client_as: Callable[[Part], FlaskClient], db: Session, folders: Path, monkeypatch: pytest.MonkeyPatch
) -> Callable[[Part], Desk]:
    """The desk of one of the cast. A process that they start has ended when their request is answered."""
    desks: list[Desk] = []

    def run_at_once(arguments: Sequence[str], *_rest: Any) -> None:
        for desk in desks:
            desk.started.append(list(arguments))
        with app.app_context():
            ended = app.test_cli_runner().invoke(args=arguments)
        assert ended.exit_code == 0, ended.output

    monkeypatch.setattr("webapp.web.import_starting.start_command", run_at_once)

    def sit_down(part: Part) -> Desk:
        desks.append(Desk(Tablet(client_as(part), db)))
        return desks[-1]

    return sit_down


@pytest.fixture
def desk(desk_of: Callable[[Part], Desk]) -> Desk:
    """Max's desk."""
    return desk_of("manager")
