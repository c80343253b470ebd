"""Real servers in their own processes, and the CPU and memory they use."""

from __future__ import annotations

import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPException
from pathlib import Path
from time import monotonic, sleep
from typing import Any

import psutil
from sqlalchemy.engine import make_url

from bench.rig.cpu import Clock, family
from bench.rig.databases import environment
from bench.rig.programs import THIS, Program
from tests.helpers.postgresql import free_port


@dataclass(frozen=True)
class Server:
    """A running server: its port and its process."""

    port: int
    process: psutil.Process
    postmaster: psutil.Process | None

    def cpu_seconds(self) -> float:
        """CPU time (user and system) so far of the server's processes and of its PostgreSQL."""
        return self.clock().seconds() + self.database_clock().seconds()

    def clock(self) -> Clock:
        """The CPU clock of the server's processes."""
        return family([self.process])

    def database_clock(self) -> Clock:
        """The CPU clock of its PostgreSQL; zero on SQLite, which runs inside the server."""
        return family([self.postmaster] if self.postmaster else [])

    def peak_memory(self) -> int:
        """Peak resident memory of the largest worker, in bytes."""
        sizes = [0]
        for process in [self.process, *self.process.children(recursive=True)]:
            with Path(f"/proc/{process.pid}/status").open() as status:
                sizes += [int(line.split()[1]) * 1024 for line in status if line.startswith("VmHWM")]
        return max(sizes)


@contextmanager
def serve(application: str, url: str, *, program: Program = THIS, **settings: str) -> Iterator[Server]:
    """Serve ``application`` (``module:name``) as ``make run`` does, on a free port."""
    port = free_port()
    command = [program.python, "-m", "gunicorn", "--config", "python:webapp.serving", application]
    more = {"PORT": str(port), "LOGIN_RATE_LIMIT": "10000 per minute", **settings}
    process: subprocess.Popen[Any] = subprocess.Popen(
        command, cwd=program.root, env=environment(url, **more), stdout=subprocess.DEVNULL
    )
    try:
        _wait_for(port, process)
        yield Server(port, psutil.Process(process.pid), _postmaster(url))
    finally:
        process.terminate()
        process.wait(20)


def _wait_for(port: int, process: subprocess.Popen[Any]) -> None:
    deadline = monotonic() + 30
    while monotonic() < deadline and process.poll() is None:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=2):
                return
        except (OSError, HTTPException):
            sleep(0.05)
    sys.exit("The server did not start.")


def _postmaster(url: str) -> psutil.Process | None:
    """Return the PostgreSQL process that listens at ``url``; None for another engine."""
    port = make_url(url).port
    for connection in psutil.net_connections("tcp") if port else []:
        if connection.status == psutil.CONN_LISTEN and connection.laddr and connection.laddr.port == port:
            return psutil.Process(connection.pid)
    return None
