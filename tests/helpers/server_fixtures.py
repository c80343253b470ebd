"""Fixtures: the real server in its own process, on the test's database."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest
from flask import Flask

from tests.helpers.databases import ServedDatabase
from tests.helpers.waiting import wait_until

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class LiveServer:
    """A running server at ``url``; ``process`` is its handle."""

    url: str
    process: subprocess.Popen[bytes]
    log: Path


def environment(database_url: str, **settings: str) -> dict[str, str]:
    """Return the environment of a server or command on the test's database, with these settings."""
    return {**os.environ, "DATABASE_URL": database_url, "LOGIN_RATE_LIMIT": "10000 per minute", **settings}


@contextmanager
def serve(
    database_url: str, folder: Path, *, config: str = "webapp.serving", application: str = "wsgi:app", **settings: str
) -> Iterator[LiveServer]:
    """Run gunicorn on a free port until the block ends; fail if it logged a traceback.

    The listening socket is created here and handed over, so that no other program can take the port, and requests that
    come before the workers are up wait for them.
    """
    log = folder / "server.log"
    with socket.create_server(("127.0.0.1", 0), backlog=512) as listening, log.open("wb") as output:
        port = listening.getsockname()[1]
        command = [sys.executable, "-m", "gunicorn", "--config", f"python:{config}", "--bind"]
        process = subprocess.Popen(
            [*command, f"fd://{listening.fileno()}", application],
            pass_fds=[listening.fileno()],
            env=environment(database_url, **settings),
            cwd=ROOT,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
    server = LiveServer(f"http://127.0.0.1:{port}", process, log)
    try:
        _wait_until_it_answers(server)
        yield server
    finally:
        os.killpg(process.pid, signal.SIGKILL)  # Its database is dropped anyway; a graceful stop takes a second.
        process.wait()
    assert "Traceback" not in log.read_text(), log.read_text()


def _wait_until_it_answers(server: LiveServer) -> None:
    try:
        with urlopen(f"{server.url}/healthz", timeout=30):
            pass
    except HTTPError as answer:
        answer.close()
    except OSError as error:
        raise RuntimeError(f"the server did not start: {server.log.read_text()}") from error


FOLDERS = {"PICTURE_FOLDER": "pictures", "IMPORT_FOLDER": "imports", "REPORT_FOLDER": "reports"}
"""The settings that name a server's folders, and where they are in its own."""


@dataclass
class SharedServer:
    """One server for many tests in turn; each finds an empty database and empty folders."""

    server: LiveServer
    database: ServedDatabase
    folder: Path
    _log_read: int = 0

    @property
    def pictures(self) -> Path:
        return self.folder / "pictures"

    def begin(self) -> None:
        """Remove what the last test left behind."""
        self.database.empty()
        for name in FOLDERS.values():
            shutil.rmtree(self.folder / name, ignore_errors=True)

    def end(self) -> None:
        """Wait until the server has finished this test's requests; fail if it logged a traceback meanwhile."""
        _wait_until_it_answers(self.server)  # Requests are started in order of arrival.
        wait_until(self._is_idle, "the server to finish its requests")
        log_text = self.server.log.read_bytes()
        new, self._log_read = log_text[self._log_read :], len(log_text)
        assert b"Traceback" not in new, new.decode()

    def _is_idle(self) -> bool:
        notes = (self.folder / "requests").read_bytes()
        return notes.count(b"+") == notes.count(b"-")


ServerOf = Callable[[str, dict[str, str]], SharedServer]


@pytest.fixture(scope="session")
def server_of(
    database_of: Callable[[str], ServedDatabase], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[ServerOf]:
    """The run's servers by engine and settings, each started at first use."""
    started: dict[tuple[object, ...], SharedServer] = {}
    with ExitStack() as afterwards:

        def start(engine: str, settings: dict[str, str]) -> SharedServer:
            folder, database = tmp_path_factory.mktemp("server"), database_of(engine)
            folders = {name: str(folder / each) for name, each in FOLDERS.items()}
            paths = {"REQUEST_NOTES": str(folder / "requests"), **folders}
            served = serve(database.url, folder, config="tests.helpers.serving", **paths, **settings)
            return SharedServer(afterwards.enter_context(served), database, folder)

        def server(engine: str, settings: dict[str, str]) -> SharedServer:
            key = (engine, *sorted(settings.items()))
            if key not in started:
                started[key] = start(engine, settings)
            return started[key]

        yield server


@pytest.fixture
def shared_server(engine_name: str, server_of: ServerOf, request: pytest.FixtureRequest) -> SharedServer:
    """The server of the test's engine and ``server`` marker, emptied."""
    marker = request.node.get_closest_marker("server")
    served = server_of(engine_name, marker.kwargs if marker else {})
    served.begin()
    return served


@pytest.fixture
def picture_folder(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """Folder of the test's pictures; if the test has a server, the server's."""
    if "live_server" in request.fixturenames:
        served: SharedServer = request.getfixturevalue("shared_server")
        return served.pictures
    return tmp_path / "pictures"


@pytest.fixture
def live_server(app: Flask, shared_server: SharedServer) -> Iterator[LiveServer]:
    """The real server on the test's database, for races and browsers; ``@pytest.mark.server(NAME="value")`` changes
    settings."""
    app.config |= {name: str(shared_server.folder / each) for name, each in FOLDERS.items()}
    yield shared_server.server
    shared_server.end()
