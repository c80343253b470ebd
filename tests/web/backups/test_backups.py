"""The page of backups: what it says of each state, who may see it, and its button."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.helpers.cast import Part
from tests.helpers.markup import parse
from tests.helpers.waiting import wait_until
from webapp.backups.records import archive_of, list_backups, making, write_record
from webapp.domain.backups import Backup, BackupState
from webapp.domain.clock import utc_now
from webapp.models import Store

Open = Callable[[Part], FlaskClient]

SOUND, FAILED = BackupState.SOUND, BackupState.FAILED


@pytest.fixture
def folder(app: Flask, tmp_path: Path) -> Path:
    """The backup folder."""
    folder = tmp_path / "backups"
    folder.mkdir()
    app.config["BACKUP_FOLDER"] = str(folder)
    return folder


@pytest.fixture
def admin(client_as: Open, db: Session, store: Store) -> FlaskClient:
    """An administrator for whom it is about noon, so that some hours ago is today."""
    store.time_zone = f"Etc/GMT{utc_now().hour - 12:+d}"
    db.commit()
    return client_as("admin")


def put(folder: Path, state: BackupState, hours: float, detail: str = "") -> Backup:
    """Put a backup into the folder that was made so many hours ago."""
    at = utc_now() - timedelta(hours=hours)
    has_file = state is not FAILED
    backup = Backup(f"packbench-{at:%Y%m%dT%H%M%SZ}", at, state, 2.0, 3_400_000 * has_file, 35 * has_file, detail)
    write_record(folder, backup)
    if has_file:
        archive_of(folder, backup).write_bytes(b"x")
    return backup


def asks_again(admin: FlaskClient, address: str) -> bool:
    """Return whether the page asks for news by itself."""
    return "hx-get" in parse(admin.get(address).text).one("section", id="backups").attributes


def words(admin: FlaskClient, address: str = "/backups") -> str:
    return parse(admin.get(address).text).one("section", id="backups").words


def test_without_any_it_says_what_to_do(admin: FlaskClient, folder: Path) -> None:
    assert "There is no backup yet" in words(admin)


@pytest.mark.parametrize(
    ("tries", "title"),
    [
        ([(SOUND, 3, "")], "The last backup is good: 3 hours ago"),
        ([(SOUND, 80, "")], "The last backup is old: 3 days ago"),
        ([(BackupState.UNCHECKED, 3, "no right")], "The last backup was not checked: 3 hours ago"),
        ([(FAILED, 1, "disk full"), (SOUND, 3, "")], "The last try failed; the last good backup: 3 hours ago"),
        ([(BackupState.BROKEN, 1, "wrong"), (SOUND, 3, "")], "The last try failed; the last good backup: 3 hours ago"),
        ([(FAILED, 1, "disk full")], "No backup can be used"),
    ],
)
def test_the_headline_says_whether_there_is_a_good_one(
    admin: FlaskClient, folder: Path, tries: list[tuple[BackupState, float, str]], title: str
) -> None:
    for state, hours, detail in tries:
        put(folder, state, hours, detail)

    text = words(admin)

    assert title in text
    for _state, _hours, detail in tries:
        assert detail in text
    assert words(admin, "/backups/panel") == text


def test_each_row_says_when_how_large_and_how_many_orders(admin: FlaskClient, folder: Path) -> None:
    backup = put(folder, SOUND, 3)

    [row] = parse(admin.get("/backups").text).all("li", css="backups__backup")

    assert "3 hours ago" in row.words
    assert "3 MB · 35 orders" in row.words
    assert backup.name in row.words


@pytest.mark.parametrize("part", ["packer", "manager", "supervisor"])
def test_others_neither_see_the_page_nor_start_one(client_as: Open, folder: Path, part: Part) -> None:
    client = client_as(part)

    assert [client.get("/backups").status_code, client.post("/backups").status_code] == [403, 403]
    assert "/backups" not in client.get("/orders").text
    assert list_backups(folder) == []


@pytest.mark.both_engines
def test_the_button_makes_one_in_a_process_of_its_own(
    app: Flask, admin: FlaskClient, folder: Path, tmp_path: Path
) -> None:
    app.config["PICTURE_FOLDER"] = str(tmp_path / "pictures")

    answer = admin.post("/backups")

    assert (answer.status_code, answer.headers["Location"]) == (303, "/backups?after=none")
    wait_until(
        lambda: any(one.state is not BackupState.MAKING for one in list_backups(folder)), "the backup", seconds=120
    )
    [made] = list_backups(folder)
    assert not asks_again(admin, "/backups?after=none")
    assert (made.state, made.detail) == (SOUND, "")
    assert "is good" in words(admin)


def test_asked_for_many_times_before_the_first_has_begun_only_one_process_starts(
    admin: FlaskClient, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    started = []

    def slow(_command: object, **options: Any) -> subprocess.Popen[bytes]:
        started.append(options)
        return real(["sleep", "60"], pass_fds=options["pass_fds"])

    real = subprocess.Popen
    monkeypatch.setattr("webapp.processes.subprocess.Popen", slow)
    processes: list[subprocess.Popen[bytes]] = []
    monkeypatch.setattr("webapp.processes._wait_for", processes.append)

    texts = [parse(admin.post("/backups", follow_redirects=True).text).words for _ in range(5)]

    assert len(started) == 1
    assert ["A backup is being made already" in text for text in texts] == [False] + [True] * 4
    processes[0].kill()
    processes[0].wait()
    assert "The backup has begun" in parse(admin.post("/backups", follow_redirects=True).text).words
    processes[1].kill()
    processes[1].wait()


def test_while_the_first_is_made_it_does_not_ask_for_one(admin: FlaskClient, folder: Path) -> None:
    started = words(admin, "/backups?after=none")
    with making(folder):
        write_record(folder, Backup("packbench-20991130T000000Z", utc_now(), BackupState.MAKING))
        seen = words(admin)

    for text in (started, seen):
        assert "The first backup is being made" in text
        assert "Make one now" not in text


def test_the_page_asks_for_news_until_the_backup_that_was_started_is_finished(admin: FlaskClient, folder: Path) -> None:
    before = put(folder, SOUND, 3)
    assert not asks_again(admin, "/backups")
    assert asks_again(admin, f"/backups?after={before.name}")
    assert asks_again(admin, f"/backups/panel?after={before.name}")

    with making(folder):
        write_record(folder, Backup("packbench-20991130T000000Z", utc_now(), BackupState.MAKING))
        assert asks_again(admin, f"/backups/panel?after={before.name}")
        assert asks_again(admin, "/backups")

    assert not asks_again(admin, f"/backups?after={before.name}")


def test_while_one_is_made_no_second_begins(admin: FlaskClient, folder: Path) -> None:
    with making(folder):
        write_record(folder, Backup("packbench-20991130T000000Z", utc_now(), BackupState.MAKING))
        answer = admin.post("/backups", follow_redirects=True)

    assert "A backup is being made already" in parse(answer.text).words
    assert len(list_backups(folder)) == 1


def test_a_folder_that_cannot_be_made_is_told_in_words(admin: FlaskClient) -> None:
    answer = admin.post("/backups", follow_redirects=True)

    assert "The folder for backups cannot be used." in parse(answer.text).words


@pytest.mark.parametrize(
    ("tries", "line"),
    [
        ([], "backup: none"),
        ([(SOUND, 3)], "backup: sound, 10800 seconds old"),
        ([(FAILED, 1), (SOUND, 3)], "backup: sound, 10800 seconds old; the last try: failed"),
        ([(FAILED, 1)], "backup: none; the last try: failed"),
    ],
)
def test_the_health_check_names_the_last_one(
    app: Flask, folder: Path, tries: list[tuple[BackupState, float]], line: str
) -> None:
    for state, hours in tries:
        put(folder, state, hours)

    answer = app.test_client().get("/readyz")

    assert answer.status_code == 200
    assert answer.text.replace("10801", "10800") == f"ready\n{line}\n"
