"""Worker processes share requests, whichever accepted the connection."""

from __future__ import annotations

import os
import signal
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection
from pathlib import Path

import pytest

from tests.helpers.server_fixtures import LiveServer, serve
from tests.helpers.waiting import wait_until


@pytest.fixture
def server(tmp_path: Path) -> Iterator[LiveServer]:
    settings = {"WEB_CONCURRENCY": "2", "SECRET_KEY": "for this test alone"}
    with serve(f"sqlite:///{tmp_path}/none.db", tmp_path, application="tests.helpers.naps:app", **settings) as it:
        wait_until(lambda: len(workers(it)) == 2, "both workers")
        yield it


def workers(server: LiveServer) -> list[int]:
    return [
        int(pid) for pid in Path(f"/proc/{server.process.pid}/task/{server.process.pid}/children").read_text().split()
    ]


Connect = Callable[[int], list[HTTPConnection]]


@pytest.fixture
def connect(server: LiveServer) -> Iterator[Connect]:
    """Open this many connections one after the other, and keep them."""
    opened: list[HTTPConnection] = []

    def connect(number: int) -> list[HTTPConnection]:
        clients = [HTTPConnection("127.0.0.1", int(server.url.rpartition(":")[2]), timeout=20) for _ in range(number)]
        opened.extend(clients)
        for client in clients:
            ask(client)
        return clients

    yield connect
    for client in opened:
        client.close()


def ask(client: HTTPConnection, seconds: float = 0) -> int:
    """Return the process that answered after a nap."""
    client.request("GET", f"/?{seconds}")
    return int(client.getresponse().read())


def ask_all(clients: list[HTTPConnection], seconds: float) -> Counter[int]:
    with ThreadPoolExecutor(len(clients)) as people:
        return Counter(people.map(lambda client: ask(client, seconds), clients))


def test_requests_at_once_are_shared_by_both_workers(connect: Connect) -> None:
    clients = connect(8)
    kept = [client.sock for client in clients]

    answers = [ask_all(clients, 0.3) for _ in range(3)]

    assert all(min(shares.values()) >= 3 and len(shares) == 2 for shares in answers), answers
    assert [client.sock for client in clients] == kept, "the clients noticed"


def test_one_client_stays_with_one_worker(connect: Connect) -> None:
    [client] = connect(1)

    assert len({ask(client) for _ in range(20)}) == 1


def test_a_reload_loses_no_request(server: LiveServer, connect: Connect) -> None:
    before = set(workers(server))
    clients = connect(8)

    with ThreadPoolExecutor(8) as people:
        answers = [people.submit(ask, client, 0.5) for client in clients]
        os.kill(server.process.pid, signal.SIGHUP)
        assert len([answer.result() for answer in answers]) == 8

    wait_until(lambda: len(workers(server)) == 2 and not before & set(workers(server)), "the new workers")
    shares = ask_all(connect(8), 0.3)
    assert len(shares) == 2, shares


def test_a_killed_worker_is_replaced_and_shares_again(server: LiveServer, connect: Connect) -> None:
    victim = workers(server)[0]

    os.kill(victim, signal.SIGKILL)

    wait_until(lambda: len(workers(server)) == 2 and victim not in workers(server), "a new worker")
    assert sum(ask_all(connect(8), 0.3).values()) == 8
    assert set(ask_all(connect(8), 0.3)) == set(workers(server))
