"""Fixtures: the real server, in a process of its own, on the test's database."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest
from flask import Flask

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class LiveServer:
    """A server that answers at ``url``; ``process`` is its handle."""

    url: str
    process: subprocess.Popen[bytes]
    log: Path


def environment(database_url: str, **settings: str) -> dict[str, str]:
    """Return the environment of a server or command on the test's database: ours, and these settings."""
    return {**os.environ, "DATABASE_URL": database_url, "LOGIN_RATE_LIMIT": "10000 per minute", **settings}


@contextmanager
def serve(database_url: str, folder: Path, **settings: str) -> Iterator[LiveServer]:
    """Run gunicorn on a free port until the block ends; fail when it logged a traceback.

    The listening socket is made here and handed over, so that no other program can take the port in between, and a
    request that comes before the workers are up waits for them.
    """
    log = folder / "server.log"
    with socket.create_server(("127.0.0.1", 0), backlog=512) as listening, log.open("wb") as output:
        port = listening.getsockname()[1]
        command = [sys.executable, "-m", "gunicorn", "--config", "python:webapp.serving", "--bind"]
        process = subprocess.Popen(
            [*command, f"fd://{listening.fileno()}", "wsgi:app"],
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
        os.killpg(process.pid, signal.SIGKILL)  # Its database goes away with it; a polite stop takes a second.
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


@pytest.fixture
def live_server(app: Flask, database_url: str, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[LiveServer]:
    """The real server on the test's database, for races and browsers; ``@pytest.mark.server(NAME="value")`` sets."""
    marker = request.node.get_closest_marker("server")
    app.config["PICTURE_FOLDER"] = str(tmp_path / "pictures")
    same = {name: app.config[name] for name in ("SECRET_KEY", "PICTURE_FOLDER")}
    with serve(database_url, tmp_path, **same, **(marker.kwargs if marker else {})) as it:
        yield it
