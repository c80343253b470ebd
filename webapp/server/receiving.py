"""A gunicorn worker whose threads never wait for a client.

gunicorn's threads read a request as slowly as the client sends it, so 16 half requests stop 16 threads. Here the main
loop collects each request, with a deadline for its head and for all of it, and hands it to a thread when it is whole.
Idle connections and closing ones stay in the loop as well: ADR 0028.
"""

from __future__ import annotations

import errno
import re
import select
import socket
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from functools import partial
from selectors import EVENT_READ, EVENT_WRITE
from types import MappingProxyType
from typing import Any, Final, cast

from gunicorn import http
from gunicorn.workers.gthread import ThreadWorker

from webapp.server.incoming import Arrived, Incoming
from webapp.server.lanes import LATE, Lanes, lane_of
from webapp.server.left_to_send import MIB
from webapp.server.pace import Pace
from webapp.server.unsent import Unsent
from webapp.server.visits import SEND_SECONDS, Visit, plain_answer

HEAD_SECONDS: Final = 10.0
REQUEST_SECONDS: Final = 30.0
"""For head and body together, from the first byte; an upload has as many again for each MiB that has arrived."""
LINGER_SECONDS: Final = 2.0
"""After the response, what a client still sends is thrown away: closing at once could destroy the response."""
MOST_COLLECTED_BYTES: Final = 64 * 1024 * 1024
"""Of requests that are not whole yet, in all."""
MOST_UPLOADS: Final = 4
"""That arrive at once."""
_MANY_BYTES: Final = 64 * 1024
_TICK_SECONDS: Final = 0.25
_OUT_OF_FILES: Final = (errno.EMFILE, errno.ENFILE)

REASONS: Final = {
    408: "Request Timeout",
    413: "Content Too Large",
    431: "Request Header Fields Too Large",
    503: "Service Unavailable",
}


class ReceivingWorker(ThreadWorker):  # type: ignore[misc]
    """See the module. A subclass may give ``most_body_bytes``, ``uploads`` and ``one_writer``."""

    most_body_bytes = 1024 * 1024
    uploads: Mapping[re.Pattern[bytes], int] = MappingProxyType({})
    """Addresses that take files, and how many bytes of a body each accepts."""
    one_writer = False
    wsgi: Callable[..., Iterable[bytes]]

    def init_process(self) -> None:
        """Set up, then serve until stopped."""
        self._receiving: dict[Visit, None] = {}
        self._lingering: dict[Visit, None] = {}
        self._not_taking: dict[Visit, None] = {}
        self._lanes = Lanes[Visit](self.cfg.threads, one_writer=self.one_writer)
        self._pace = Pace[Visit]()
        self._in_thread = threading.local()
        self._next_tick = 0.0
        super().init_process()

    def run(self) -> None:
        """Serve until stopped."""
        self._unsent = Unsent(self.poller, self._close)
        super().run()

    def load_wsgi(self) -> None:
        """Load the application, and note the status of its responses."""
        super().load_wsgi()
        self.wsgi = self._noting_status(self.wsgi)

    def accept(self, listener: socket.socket) -> None:
        """Accept a connection, and wait for its first byte without a thread."""
        if self.nr_conns >= self.worker_connections - 1:
            self._close_one()
        try:
            connection, client = listener.accept()
        except OSError as error:
            if error.errno in _OUT_OF_FILES:
                self._close_one()
            elif error.errno not in (errno.EAGAIN, errno.ECONNABORTED):
                raise
            return
        visit = Visit(self.cfg, connection, client, listener.getsockname())
        self.nr_conns += 1
        if self.cfg.is_ssl:  # Only gunicorn can read its own TLS.
            self.enqueue_req(visit)
            return
        visit.set_timeout()
        self.pending_conns.append(visit)
        self.poller.register(visit.sock, EVENT_READ, partial(self.on_pending_socket_readable, visit))

    def enqueue_req(self, conn: Visit) -> None:
        """Collect the request that begins to arrive."""
        if self.cfg.is_ssl:
            self.request_is_here()
            super().enqueue_req(conn)
            return
        if not _has_room(conn.sock):
            self._wait_for_room(conn)
            return
        left_over = conn.left_over
        conn.incoming, conn.parser = Incoming(self.most_body_bytes, self.uploads), None
        conn.first_byte = time.monotonic()
        conn.deadline = conn.first_byte + HEAD_SECONDS
        conn.sock.setblocking(False)
        if not left_over or self._take_in(conn, left_over):
            self._read(conn, conn.sock)

    def _wait_for_room(self, conn: Visit) -> None:
        """Read nothing more until the client has taken responses: a thread would wait for it to send the next one."""
        conn.sock.setblocking(False)
        conn.deadline = time.monotonic() + SEND_SECONDS
        self._not_taking[conn] = None
        self.poller.register(conn.sock, EVENT_WRITE, partial(self._go_on, conn))

    def _go_on(self, conn: Visit, _socket: object) -> None:
        if conn in self._not_taking:  # Else closed by an event of the same moment.
            self._stop_waiting_for_room(conn)
            self.enqueue_req(conn)

    def _stop_waiting_for_room(self, conn: Visit) -> None:
        del self._not_taking[conn]
        self.poller.unregister(conn.sock)

    def _read(self, conn: Visit, _socket: object) -> None:
        """Take what has arrived; wait for more until the request is whole."""
        if conn.incoming is None:  # Closed by an event of the same moment.
            return
        try:
            more = conn.sock.recv(_MANY_BYTES)
        except BlockingIOError:
            self._wait_for_more(conn)
            return
        except OSError:
            more = b""
        if not more:
            self._stop_receiving(conn)
            self._close(conn)
        elif self._take_in(conn, more):
            self._wait_for_more(conn)

    def _wait_for_more(self, conn: Visit) -> None:
        if conn not in self._receiving:
            self._receiving[conn] = None
            self.poller.register(conn.sock, EVENT_READ, partial(self._read, conn))

    def _take_in(self, conn: Visit, more: bytes) -> bool:
        """Add bytes to the request; return whether more must come. A whole one is handed over."""
        incoming = cast(Incoming, conn.incoming)
        try:
            before, now = incoming.progress, incoming.feed(more)
        except OSError:  # The disk is full.
            return self._refuse(conn, 503)
        if now is Arrived.HEAD_TOO_LONG:
            return self._refuse(conn, 431)
        if now is Arrived.TOO_LONG and incoming.is_chunked:  # The application would take what has arrived for all.
            return self._refuse(conn, 413)
        if now not in (Arrived.HEAD, Arrived.BODY):
            self._stop_receiving(conn)
            self._hand_over(conn, incoming)
            return False
        if len(incoming.data) > _MANY_BYTES and self._collected() > MOST_COLLECTED_BYTES:
            return self._refuse(conn, 503)
        if now is Arrived.BODY:
            conn.deadline = conn.first_byte + REQUEST_SECONDS * (1 + incoming.bytes_on_disk // MIB)
        if now is Arrived.BODY and before is Arrived.HEAD:
            if incoming.file and self._uploads_under_way() >= MOST_UPLOADS:
                return self._refuse(conn, 503)
            if incoming.expects_go_ahead:
                with suppress(OSError):
                    conn.sock.send(b"HTTP/1.1 100 Continue\r\n\r\n")
        return True

    def _collected(self) -> int:
        return sum(len(one.incoming.data) for one in self._receiving if one.incoming)

    def _uploads_under_way(self) -> int:
        return sum(one.incoming is not None and one.incoming.file is not None for one in self._receiving)

    def _hand_over(self, conn: Visit, incoming: Incoming) -> None:
        """Let a thread answer the request, now or when its lane is free. It reads from memory, or from disk."""
        conn.parser = http.get_parser(self.cfg, incoming.pieces(), conn.client)
        conn.initialized = conn.data_ready = True
        conn.complete = incoming.progress is Arrived.WHOLE and not incoming.file
        conn.late, conn.status = False, 0
        conn.lane = lane_of(incoming.method, incoming.target)
        self.request_is_here()
        if conn.lane is None:
            self._pace.arrive(conn)
        else:
            self._lanes.arrive(conn.lane, conn)
        self._start_next()

    def _start_next(self) -> None:
        while (conn := self._lanes.next()) is not None:
            self._pace.arrive(conn)
        while (conn := self._pace.next(time.monotonic())) is not None:
            super().enqueue_req(conn)

    def wait_for_and_dispatch_events(self, timeout: float) -> None:
        """Wait for events and handle them; start what waited only because others had just started."""
        super().wait_for_and_dispatch_events(min(timeout, self._pace.seconds_to_next(time.monotonic())))
        self._start_next()

    def request_is_here(self) -> None:
        """Note that a request is whole; ``finish_request`` follows."""

    def handle(self, conn: Visit) -> Any:
        """Answer the request, in a thread."""
        self._in_thread.visit = conn
        return super().handle(conn)

    def handle_request(self, req: Any, conn: Visit) -> Any:
        """Answer the request; say that the connection ends if some of the request was not read."""
        if self.cfg.is_ssl:
            return super().handle_request(req, conn)
        if not conn.complete:
            req.force_close()
        req._expected_100_continue = False  # The loop has said it, or wants no more.
        return super().handle_request(req, conn)

    def finish_request(self, conn: Visit, fs: Any) -> None:
        """Wait for the connection's next request, or close it. Then start what waited for this one."""
        if not self.cfg.is_ssl:
            self._pace.leave(conn)
            self._leave_lane(conn)
            self._start_next()
            if conn.sock.unsent:
                self._unsent.wait(conn, partial(self._go_on_after, conn, fs))
                return
        self._go_on_after(conn, fs)

    def _go_on_after(self, conn: Visit, fs: Any) -> None:
        """Wait for the next request on the connection, or close it."""
        if not self.cfg.is_ssl and (fs.cancelled() or fs.exception() or not fs.result() or not conn.complete):
            self._linger(conn)
        else:
            super().finish_request(conn, fs)

    def _leave_lane(self, conn: Visit) -> None:
        if conn.lane is None or conn.late:
            return
        for behind in self._lanes.leave(conn.lane, without_lock=conn.status == 503):
            behind.late = True
            self._pace.arrive(behind)

    def murder_pending(self) -> None:
        """Close connections whose time is over."""
        super().murder_pending()
        now = time.monotonic()
        if now < self._next_tick:
            return
        self._next_tick = now + _TICK_SECONDS
        for conn in [one for one in self._receiving if one.deadline <= now]:
            self._refuse(conn, 408)
        for conn in [one for one in self._lingering if one.deadline <= now]:
            self._stop_lingering(conn)
        self._unsent.give_up_late(now)
        for conn in [one for one in self._not_taking if one.deadline <= now]:
            self._stop_waiting_for_room(conn)
            self._close(conn)

    def _refuse(self, conn: Visit, status: int) -> bool:
        """Answer for the application, and close; return False, since nothing more is to come."""
        self._stop_receiving(conn)
        with suppress(OSError):
            conn.sock.send(plain_answer(status, REASONS[status]))
        self._linger(conn)
        return False

    def _close_one(self) -> None:
        """Make room for a new connection: close the one that has waited longest, idle ones first."""
        if self.pending_conns:
            conn = self.pending_conns.popleft()
        elif self.keepalived_conns:
            conn = self.keepalived_conns.popleft()
        elif self._receiving:
            conn = next(iter(self._receiving))
            self._stop_receiving(conn)
            self._close(conn)
            return
        elif self._not_taking:
            conn = next(iter(self._not_taking))
            self._stop_waiting_for_room(conn)
            self._close(conn)
            return
        else:
            self._unsent.give_up_one()
            return
        self.poller.unregister(conn.sock)
        self._close(conn)

    def on_pending_socket_readable(self, conn: Visit, client: socket.socket) -> None:
        """Begin with the first request, unless the connection was closed by an event of the same moment."""
        if conn in self.pending_conns:
            super().on_pending_socket_readable(conn, client)

    def on_client_socket_readable(self, conn: Visit, client: socket.socket) -> None:
        """Begin with the next request, unless the connection was closed by an event of the same moment."""
        if conn in self.keepalived_conns:
            super().on_client_socket_readable(conn, client)

    def _stop_receiving(self, conn: Visit) -> None:
        conn.incoming = None
        if conn in self._receiving:
            del self._receiving[conn]
            self.poller.unregister(conn.sock)

    def _linger(self, conn: Visit) -> None:
        try:
            conn.sock.shutdown(socket.SHUT_WR)
        except OSError:
            self._close(conn)
            return
        conn.sock.setblocking(False)
        conn.deadline = time.monotonic() + LINGER_SECONDS
        self._lingering[conn] = None
        self.poller.register(conn.sock, EVENT_READ, partial(self._throw_away, conn))

    def _throw_away(self, conn: Visit, _socket: object) -> None:
        if conn not in self._lingering:
            return
        try:
            if conn.sock.recv(_MANY_BYTES):
                return
        except BlockingIOError:
            return
        except OSError:
            pass
        self._stop_lingering(conn)

    def _stop_lingering(self, conn: Visit) -> None:
        del self._lingering[conn]
        self.poller.unregister(conn.sock)
        self._close(conn)

    def _close(self, conn: Visit) -> None:
        self.nr_conns -= 1
        conn.close()

    def _noting_status(self, application: Callable[..., Iterable[bytes]]) -> Callable[..., Iterable[bytes]]:
        def noting(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
            visit: Visit = self._in_thread.visit
            if visit.late:
                environ[LATE] = True

            def start(status: str, *rest: Any) -> Any:
                visit.status = int(status[:3])
                return start_response(status, *rest)

            return application(environ, start)

        return noting


def _has_room(client: socket.socket) -> bool:
    """Return whether the kernel has room for a response: at least a third of the client's buffer is free."""
    poll = select.poll()
    poll.register(client, select.POLLOUT)
    return bool(poll.poll(0))
