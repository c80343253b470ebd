"""A response never waits for its client: what the kernel has no room for is sent later."""

from __future__ import annotations

import io
import socket
from collections.abc import Iterator

import pytest

from webapp.server.left_to_send import MOST_OF_ONE_IN_MEMORY
from webapp.server.visits import ClientSocket

MUCH = bytes(range(256)) * 20_000


@pytest.fixture
def pair() -> Iterator[tuple[ClientSocket, socket.socket]]:
    """Our end of a connection, and the client's."""
    ours, theirs = socket.socketpair()
    with ClientSocket(fileno=ours.detach()) as client, theirs:
        yield client, theirs


def taken(ours: ClientSocket, theirs: socket.socket, size: int) -> bytes:
    """Let the client take so many bytes, while the rest is sent as there is room."""
    content = bytearray()
    while len(content) < size:
        ours.send_unsent()
        content += theirs.recv(100_000)
    return bytes(content)


def test_what_has_room_is_sent_at_once(pair: tuple[ClientSocket, socket.socket]) -> None:
    ours, theirs = pair

    ours.sendall(b"all of it")

    assert not ours.unsent
    assert theirs.recv(100) == b"all of it"


def test_the_rest_waits_without_blocking_and_comes_in_order(pair: tuple[ClientSocket, socket.socket]) -> None:
    ours, theirs = pair
    ours.setblocking(True)

    ours.sendall(MUCH)
    ours.sendall(b"the end")

    assert 0 < len(ours.unsent) < len(MUCH)
    assert taken(ours, theirs, len(MUCH) + 7) == MUCH + b"the end"
    assert not ours.unsent


def test_a_long_response_waits_on_the_disk_and_leaves_no_file(pair: tuple[ClientSocket, socket.socket]) -> None:
    ours, theirs = pair

    for _ in range(3):
        ours.sendall(MUCH)

    assert len(ours.unsent) - ours.unsent.on_disk <= MOST_OF_ONE_IN_MEMORY
    assert taken(ours, theirs, 3 * len(MUCH)) == 3 * MUCH
    assert (len(ours.unsent), ours.unsent.on_disk) == (0, 0)
    ours.sendall(b"the next one")
    assert theirs.recv(100) == b"the next one"


def test_a_client_that_goes_away_leaves_nothing(pair: tuple[ClientSocket, socket.socket]) -> None:
    ours, _ = pair
    ours.sendall(MUCH)

    ours.close()

    assert not ours.unsent


def test_a_file_is_sent_like_any_other_content(pair: tuple[ClientSocket, socket.socket]) -> None:
    ours, theirs = pair
    ours.sendall(MUCH)

    assert ours.sendfile(io.BytesIO(b"012345"), offset=1, count=3) == 3

    assert taken(ours, theirs, len(MUCH) + 3) == MUCH + b"123"


def test_a_client_that_is_gone_is_an_error(pair: tuple[ClientSocket, socket.socket]) -> None:
    ours, theirs = pair
    ours.sendall(MUCH)
    theirs.close()

    with pytest.raises(OSError, match=r"(?i)(pipe|reset)"):
        ours.send_unsent()
