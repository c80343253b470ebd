"""Clients that send slowly, half or nothing hold nobody up."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from contextlib import suppress
from http.client import HTTPConnection

import pytest

from tests.helpers.server_fixtures import LiveServer, serve
from tests.helpers.waiting import wait_until

THREADS, MANY = 2, 40

HALVES = {
    "nothing": b"",
    "one byte": b"G",
    "half a head": b"POST /login HTTP/1.1\r\nHost: shop\r\nX-A: ",
    "half a body": b"POST /login HTTP/1.1\r\nHost: shop\r\nContent-Length: 100\r\n\r\nusername=",
    "endless chunks": b"POST /login HTTP/1.1\r\nHost: shop\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n",
    "a body without a token": b"POST /api/v1/store/orders/1/ship HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n{",
}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveServer]:
    """A server of few threads, with short deadlines, in front of a program that needs no database."""
    folder = tmp_path_factory.mktemp("half")
    settings = {"WEB_CONCURRENCY": "1", "THREADS": str(THREADS), "SECRET_KEY": "for these tests alone"}
    with serve(
        f"sqlite:///{folder}/none.db",
        folder,
        config="tests.helpers.hasty",
        application="tests.helpers.naps:app",
        **settings,
    ) as it:
        yield it


Open = Callable[[bytes], socket.socket]


@pytest.fixture
def send(server: LiveServer) -> Iterator[Open]:
    """Open a connection, send these bytes and keep it."""
    opened: list[socket.socket] = []

    def open_and_send(content: bytes) -> socket.socket:
        client = socket.create_connection(("127.0.0.1", int(server.url.rpartition(":")[2])), timeout=20)
        opened.append(client)
        client.sendall(content)
        return client

    yield open_and_send
    for client in opened:
        client.close()


def ask(server: LiveServer, body: bytes | None = None, seconds: float = 20) -> int:
    client = HTTPConnection("127.0.0.1", int(server.url.rpartition(":")[2]), timeout=seconds)
    client.request("GET" if body is None else "POST", "/?0", body)
    status = client.getresponse().status
    client.close()
    return status


def everything(client: socket.socket) -> bytes:
    """Return what the server sends until it closes."""
    parts = []
    with suppress(ConnectionResetError):
        while part := client.recv(4096):
            parts.append(part)
    return b"".join(parts)


@pytest.mark.parametrize("half", HALVES.values(), ids=HALVES)
def test_half_requests_leave_every_thread_to_the_others(server: LiveServer, send: Open, half: bytes) -> None:
    for _ in range(MANY):
        send(half)

    assert [ask(server), ask(server, b"whole")] == [200, 200]


def test_a_request_that_is_not_whole_in_time_is_refused_and_closed(server: LiveServer, send: Open) -> None:
    for half in list(HALVES.values())[1:]:
        answer = everything(send(half))

        assert answer.startswith(b"HTTP/1.1 408 ")
        assert b"X-Content-Type-Options: nosniff" in answer
        assert b"Content-Security-Policy: default-src" in answer


def test_sending_a_byte_now_and_then_does_not_lengthen_the_time(server: LiveServer, send: Open) -> None:
    client = send(HALVES["half a head"])
    answers: list[bytes] = []

    def dripped() -> bool:
        with suppress(OSError):
            client.send(b"x")
        client.setblocking(False)
        with suppress(BlockingIOError):
            answers.append(client.recv(4096))
        return bool(answers)

    wait_until(dripped, "the server to give up", seconds=20)

    assert answers[0].startswith(b"HTTP/1.1 408 ")


def test_a_request_in_pieces_is_answered(server: LiveServer, send: Open) -> None:
    client = send(b"POST /?0 HTTP/1.1\r\nHost: shop\r\nContent-Le")
    ask(server)
    client.sendall(b"ngth: 4\r\nExpect: 100-continue\r\n\r\n")
    assert client.recv(4096) == b"HTTP/1.1 100 Continue\r\n\r\n"

    client.sendall(b"bodyGET /?0 HTTP/1.1\r\nHost: shop\r\nConnection: close\r\n\r\n")

    answer = everything(client)
    assert answer.count(b"HTTP/1.1 200 OK") == 2
    assert b"100 Continue" not in answer, "it was said already"


@pytest.mark.parametrize("length", [b"100000", b"3000000"])
def test_a_client_that_takes_no_response_holds_no_thread(server: LiveServer, send: Open, length: bytes) -> None:
    for _ in range(MANY):
        send(b"GET /?0 HTTP/1.1\r\nHost: shop\r\nX-Bytes: " + length + b"\r\n\r\n")

    assert ask(server, seconds=5) == 200


def test_a_client_that_takes_a_long_response_slowly_gets_all_of_it(send: Open) -> None:
    client = send(b"GET /?0 HTTP/1.1\r\nHost: shop\r\nX-Bytes: 3000000\r\n\r\n")
    taken = 0
    while taken < 3_000_000:
        taken += len(client.recv(4096))
    client.sendall(b"GET /?0 HTTP/1.1\r\nHost: shop\r\nConnection: close\r\n\r\n")

    assert everything(client).count(b"HTTP/1.1 200 OK") == 1


def test_a_client_that_asks_and_asks_and_takes_nothing_holds_no_thread(server: LiveServer, send: Open) -> None:
    for _ in range(MANY):
        send(b"GET /?0 HTTP/1.1\r\nHost: shop\r\nX-Bytes: 100000\r\n\r\n" * 100)

    assert [ask(server) for _ in range(3)] == [200] * 3


def test_a_client_that_asks_for_much_at_once_gets_all_of_it(send: Open) -> None:
    client = send(b"GET /?0 HTTP/1.1\r\nHost: shop\r\nX-Bytes: 100000\r\n\r\n" * 100)
    client.sendall(b"GET /?0 HTTP/1.1\r\nHost: shop\r\nConnection: close\r\n\r\n")

    assert everything(client).count(b"HTTP/1.1 200 OK") == 101


@pytest.mark.parametrize(
    "head",
    [
        b"Content-Length: 9999999999999999999",
        b"Content-Length: 3000000",
        b"Transfer-Encoding: identity, chunked",
        b"Transfer-Encoding: chunked\r\n\r\n0;a\nb",
        b"Transfer-Encoding: chunked\r\n\r\n0\r\nA: b\n",
        b"Transfer-Encoding: chunked\r\n\r\n0\r\nContent-Length: 9",
    ],
    ids=["long length", "long body", "coding", "line feed in a chunk", "line feed in a trailer", "length in a trailer"],
)
def test_nothing_is_taken_for_the_next_request_that_may_be_a_body(send: Open, head: bytes) -> None:
    client = send(b"POST /?0 HTTP/1.1\r\nHost: shop\r\n" + head + b"\r\n\r\nGET /?0 HTTP/1.1\r\nHost: shop\r\n\r\n")

    answer = everything(client)

    assert answer.count(b"HTTP/1.1 ") == 1
    assert b"Connection: close" in answer


@pytest.mark.parametrize(
    ("content", "status"),
    [
        (b"GET / HTTP/9.9\r\n\r\n", b"400"),
        (b"GET / HTTP/1.1\r\nHost: shop\r\nA\r\n\r\n", b"400"),
        (b"GET /" + b"a" * 5000 + b" HTTP/1.1\r\nHost: shop\r\n\r\n", b"414"),
        (b"GET / HTTP/1.1\r\nHost: shop\r\nA: " + b"a" * 70_000, b"431"),
        (b"POST / HTTP/1.1\r\nHost: shop\r\nContent-Length: x\r\n\r\n", b"400"),
        (b"POST /?0 HTTP/1.1\r\nHost: shop\r\nTransfer-Encoding: chunked\r\n\r\n100001\r\n", b"413"),
    ],
    ids=["version", "head", "address", "long head", "length", "long chunks"],
)
def test_a_malformed_request_is_refused_with_the_headers_of_every_response(
    send: Open, content: bytes, status: bytes
) -> None:
    answer = everything(send(content))

    assert answer.split()[1] == status
    assert b"X-Content-Type-Options: nosniff" in answer
    assert b"Content-Security-Policy: default-src" in answer
    assert b"Content-Type: text/plain" in answer


def test_more_clients_than_there_is_room_for_do_not_shut_the_door(server: LiveServer, send: Open) -> None:
    clients = [send(b"") for _ in range(60)]

    assert ask(server) == 200
    assert len(clients) > 50, "more than worker_connections of tests.helpers.hasty"
