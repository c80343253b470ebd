"""The proxy of compose.yaml: Caddy with the file in deploy, in front of a program that notes what reaches it."""

from __future__ import annotations

import re
import socket
import ssl
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, suppress
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPResponse
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from tests.helpers.postgresql import free_port
from tests.helpers.waiting import wait_until
from webapp.config import ROOT

HOST = "packbench.test"
OPTIONS = """{{
	admin off
	local_certs
	skip_install_trust
	http_port {http}
	https_port {https}
	storage file_system {storage}
"""
MIB = 1024 * 1024
POST = b"POST /orders HTTP/1.1\r\nHost: packbench.test\r\n"
HALVES = {
    "half a head": POST + b"X-A: ",
    "half a body": POST + b"Content-Length: 100\r\n\r\nusername=",
    "endless chunks": POST + b"Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n",
}


@dataclass
class Program:
    """The program behind the proxy: the heads of the requests that reached it."""

    port: int = 0
    heads: list[dict[str, str]] = field(default_factory=list)


@dataclass(frozen=True)
class Proxy:
    """A running proxy."""

    http: int
    https: int
    certificate: Path

    def connect(self, port: int) -> socket.socket:
        """Connect to one of its ports, with TLS at the https port."""
        trust = ssl.create_default_context(cafile=self.certificate) if port == self.https else None
        plain = socket.create_connection(("127.0.0.1", port), timeout=20)
        return trust.wrap_socket(plain, server_hostname=HOST) if trust else plain

    def ask(
        self,
        port: int,
        headers: dict[str, str] | None = None,
        body: bytes | None = None,
        path: str = "/orders?page=2",
    ) -> HTTPResponse:
        """Send a request; ``headers`` win over the usual ones."""
        fields = {"Host": HOST, **(headers or {})}
        with closing(HTTPConnection("127.0.0.1", port)) as client:
            client.sock = self.connect(port)
            with suppress(BrokenPipeError, ConnectionResetError):  # It may answer before it has all of the body.
                client.request("GET" if body is None else "POST", path, body, fields)
            with client.getresponse() as answer:
                answer.read()
                return answer


@pytest.fixture(scope="module")
def program() -> Iterator[Program]:
    noted = Program()

    class Noting(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            length = int(self.headers.get("Content-Length", 0))
            if len(self.rfile.read(length)) < length:
                return  # Caddy has refused the rest, which was too long.
            noted.heads.append({name.lower(): value for name, value in self.headers.items()})
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        do_POST = do_GET  # noqa: N815 - the name that http.server looks for

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Noting) as server:
        noted.port = server.server_port
        Thread(target=server.serve_forever, daemon=True).start()
        yield noted
        server.shutdown()


Start = Callable[[dict[str, str]], Proxy]


@pytest.fixture(scope="module")
def start(program: Program, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Start]:
    """Run Caddy with deploy/Caddyfile, with some of its words replaced."""
    with ExitStack() as afterwards:

        def start(replaced: dict[str, str]) -> Proxy:
            folder, http, https = tmp_path_factory.mktemp("proxy"), free_port(), free_port()
            text = (ROOT / "deploy" / "Caddyfile").read_text()
            options = OPTIONS.format(http=http, https=https, storage=folder)
            ours = {"{\n": options, "packbench:8000": f"127.0.0.1:{program.port}", **replaced}
            for words, others in ours.items():
                assert words in text
                text = text.replace(words, others, 1)
            (folder / "Caddyfile").write_text(text)
            caddy_here, file = str(Path(sys.executable).with_name("caddy")), str(folder / "Caddyfile")
            command = [caddy_here, "run", "--adapter", "caddyfile", "--config", file]
            with (folder / "log").open("wb") as log:
                caddy = subprocess.Popen(command, env={"TRUSTED_HOSTS": HOST, "HOME": str(folder)}, stderr=log)
            afterwards.callback(caddy.wait)
            afterwards.callback(caddy.kill)
            proxy = Proxy(http, https, folder / "pki" / "authorities" / "local" / "root.crt")
            wait_until(lambda: _answers(proxy), f"Caddy to start; see {folder}/log")
            return proxy

        yield start


def _answers(proxy: Proxy) -> bool:
    with suppress(OSError):
        return proxy.ask(proxy.https).status == 200
    return False


@pytest.fixture(scope="module")
def proxy(start: Start) -> Proxy:
    return start({})


def test_http_leads_to_https_under_the_shop_s_own_name_only(proxy: Proxy) -> None:
    answer = proxy.ask(proxy.http)

    assert (answer.status, answer.headers["Location"]) == (308, f"https://{HOST}/orders?page=2")


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1", f"{HOST}.evil.example"])
def test_another_host_gets_neither_a_redirect_nor_the_program(proxy: Proxy, program: Program, host: str) -> None:
    program.heads.clear()

    answers = [proxy.ask(port, {"Host": host}) for port in (proxy.http, proxy.https)]

    assert [(answer.status, answer.headers["Location"]) for answer in answers] == [(400, None)] * 2
    assert program.heads == []


def test_the_program_hears_nothing_that_a_client_says_for_the_proxy(proxy: Proxy, program: Program) -> None:
    forged = {"X-Forwarded-For": "6.6.6.6", "X-Forwarded-Proto": "http", "X-Forwarded-Host": "evil.example"}

    proxy.ask(proxy.https, {**forged, "X-Request-ID": "chosen-by-a-client", "Forwarded": "for=6.6.6.6"})
    proxy.ask(proxy.https, {**forged, "Connection": ", ".join(forged)})

    for head in program.heads[-2:]:
        assert [head[f"x-forwarded-{name}"] for name in ("for", "proto", "host")] == ["127.0.0.1", "https", HOST]
        assert head["host"] == HOST
        assert head["x-request-id"] != "chosen-by-a-client"


def test_a_request_that_is_too_long_is_refused(proxy: Proxy, program: Program) -> None:
    assert proxy.ask(proxy.https, body=b"a" * MIB).status == 200
    assert proxy.ask(proxy.https, body=b"a" * (MIB + 1)).status == 413

    assert proxy.ask(proxy.https, {"X-A": "a" * 100_000}).status == 431
    assert not any("x-a" in head for head in program.heads)


def test_a_file_to_import_may_be_longer(proxy: Proxy) -> None:
    assert proxy.ask(proxy.https, body=b"a" * (3 * MIB), path="/imports").status == 200
    assert proxy.ask(proxy.https, body=b"a" * (3 * MIB), path="/stock/12/picture").status == 200
    for path in ("/imports/1", "/stock/12/codes", "/stock/12/picture/removal"):
        assert proxy.ask(proxy.https, body=b"a" * (3 * MIB), path=path).status == 413


def test_an_upload_may_last_as_long_as_it_is_given_and_is_answered_then() -> None:
    """Caddy's time for a response begins with the request's head: a shorter one would cut off an upload's."""
    minutes = dict(re.findall(r"(read_body|write) (\d+)m", (ROOT / "deploy" / "Caddyfile").read_text()))

    assert int(minutes["write"]) > int(minutes["read_body"]) >= 10


@pytest.mark.parametrize("half", HALVES.values(), ids=HALVES)
def test_half_requests_stay_at_the_proxy(proxy: Proxy, program: Program, half: bytes) -> None:
    program.heads.clear()
    with ExitStack() as clients:
        for _ in range(200):
            clients.enter_context(proxy.connect(proxy.https)).sendall(half)

        assert proxy.ask(proxy.https).status == 200

    assert len(program.heads) == 1


def test_a_client_that_sends_no_whole_head_is_cut_off_at_both_ports(start: Start) -> None:
    hasty = start({"read_header 10s": "read_header 1s"})

    for port in (hasty.http, hasty.https):
        for half in (b"", HALVES["half a head"]):
            with hasty.connect(port) as client:
                client.sendall(half)

                assert client.recv(4096) == b""
