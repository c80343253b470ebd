"""The server listens at an address of IPv6 as well."""

from __future__ import annotations

import socket
import subprocess
import sys
from pathlib import Path

import pytest

from tests.helpers.postgresql import free_port
from tests.helpers.server_fixtures import ROOT, environment
from tests.helpers.waiting import wait_until


@pytest.mark.parametrize("host", ["::1", "[::1]"])
def test_the_server_listens_at_an_address_of_ipv6(tmp_path: Path, host: str) -> None:
    port, log = free_port(), tmp_path / "log"
    settings = environment(f"sqlite:///{tmp_path}/none.db", HOST=host, PORT=str(port), SECRET_KEY="for these tests")
    command = [sys.executable, "-m", "gunicorn", "--config", "python:webapp.serving", "tests.helpers.naps:app"]

    subprocess.run([sys.executable, "-m", "webapp.serving"], cwd=ROOT, env=settings, check=True)
    with log.open("wb") as output:
        server = subprocess.Popen(command, cwd=ROOT, env=settings, stdout=output, stderr=output)
    try:
        wait_until(lambda: f"http://[::1]:{port} " in log.read_text(), "the server to start", seconds=30)
        with socket.create_connection(("::1", port), timeout=20) as client:
            client.sendall(b"GET /?0 HTTP/1.1\r\nHost: shop\r\nConnection: close\r\n\r\n")

            assert client.recv(4096).startswith(b"HTTP/1.1 200 OK")
    finally:
        server.terminate()
        server.wait()
