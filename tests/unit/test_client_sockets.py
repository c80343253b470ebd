"""A thread waits for a client only when the kernel takes no byte more."""

from __future__ import annotations

import select
import socket

import pytest

from webapp.server import visits
from webapp.server.visits import ClientSocket


def test_the_end_of_a_response_does_not_wait_while_there_is_room(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(visits, "SEND_SECONDS", 0.05)
    ours, theirs = socket.socketpair()
    with ClientSocket(fileno=ours.detach()) as client, theirs:
        room = select.poll()
        room.register(client, select.POLLOUT)
        client.setblocking(False)
        while room.poll(0):
            client.send(b"." * 1000)
        client.setblocking(True)

        client.sendall(b"the end")

        with pytest.raises(BrokenPipeError):
            client.sendall(b"." * 10_000_000)
