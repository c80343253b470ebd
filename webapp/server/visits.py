"""A client's connection, and what the server itself answers on it."""

from __future__ import annotations

import errno
import socket
from typing import Any, Final

from gunicorn import util
from gunicorn.workers.gthread import TConn

from webapp.security import OF_DOCUMENTS, OF_EVERYTHING
from webapp.server.incoming import Incoming
from webapp.server.left_to_send import LeftToSend

BUFFER_BYTES: Final = 256 * 1024
"""Of a response, kept by the kernel for a slow client; every page and file of ours fits."""
SEND_SECONDS: Final = 10.0
"""How long a client may take nothing of its response."""


class ClientSocket(socket.socket):
    """A client's socket. A response goes to the kernel as far as it has room; the rest waits in ``unsent``."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.unsent = LeftToSend()

    def setblocking(self, flag: bool, /) -> None:
        self.settimeout(SEND_SECONDS if flag else 0)

    def send(self, data: Any, flags: int = 0, /) -> int:
        try:
            return super().send(data, flags)
        except TimeoutError as slow:
            raise BrokenPipeError(errno.EPIPE, "the client does not take its response") from slow

    def sendall(self, data: Any, flags: int = 0, /) -> None:
        """Send all of it, at once or later (``send_unsent``); never wait."""
        rest = memoryview(data)
        if not self.unsent:
            rest = rest[self._send_at_once(rest, flags) :]
        if rest:
            self.unsent.add(rest)

    def sendfile(self, file: Any, offset: int = 0, count: int | None = None) -> int:
        """Send a file's content like any other: the kernel's way waits for the client. Our files are small."""
        file.seek(offset)
        content = file.read(-1 if count is None else count)
        self.sendall(content)
        return len(content)

    def send_unsent(self) -> int:
        """Send what the kernel has room for now; return how many bytes."""
        count = self._send_at_once(self.unsent.beginning())
        self.unsent.drop(count)
        return count

    def close(self) -> None:
        """Close the connection, and forget what it should have sent."""
        self.unsent.clear()
        super().close()

    def _send_at_once(self, data: Any, flags: int = 0) -> int:
        before = self.gettimeout()
        self.settimeout(0)
        try:
            return super().send(data, flags)
        except BlockingIOError:
            return 0
        finally:
            self.settimeout(before)


class Visit(TConn):  # type: ignore[misc]
    """A client's connection, and the request on it."""

    incoming: Incoming | None = None
    lane: bytes | None = None
    """Where the request counts as running; see ``webapp.server.lanes``."""
    late = False
    """The request waited in line behind one that got no lock."""
    complete = True
    """All of the request was read."""
    status = 0
    """Of the response."""
    deadline = 0.0
    last_moment = 0.0
    """When a slow client's response must be sent."""
    first_byte = 0.0

    def __init__(self, cfg: Any, connection: socket.socket, client: Any, server: Any) -> None:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, BUFFER_BYTES)
        super().__init__(cfg, ClientSocket(fileno=connection.detach()), client, server)

    @property
    def left_over(self) -> bytes:
        """Bytes of the next request that arrived with the last one."""
        return b"" if self.parser is None else bytes(self.parser.unreader.buf.getvalue())


def plain_answer(status: int, reason: str, message: str = "") -> bytes:
    """Return a whole response in plain text, with the headers that every response of ours has."""
    body = f"{status} {reason}\n{message}".encode("utf-8", "replace").strip() + b"\n"
    fields = {
        "Connection": "close",
        "Content-Type": "text/plain; charset=utf-8",
        "Content-Length": str(len(body)),
        "Cache-Control": "no-store",
        **dict(OF_EVERYTHING),
        **dict(OF_DOCUMENTS),
    }
    head = [f"HTTP/1.1 {status} {reason}", *(f"{name}: {value}" for name, value in fields.items()), "", ""]
    return "\r\n".join(head).encode("ascii") + body


def _write_error(client: socket.socket, status: int, reason: str, message: str) -> None:
    util.write_nonblock(client, plain_answer(status, reason, message))


util.write_error = _write_error  # gunicorn's own pages for malformed requests have no policy.
