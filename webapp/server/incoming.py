"""The bytes of one request while they arrive: where its head and body end. Whether they are valid, gunicorn decides.

A file that somebody uploads goes to the disk as it arrives, so that memory does not grow with it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from enum import Enum, auto
from tempfile import TemporaryFile
from typing import IO, Final

from gunicorn.http.body import CHUNK_EXT_RE
from gunicorn.http.message import RFC9110_6_5_1_FORBIDDEN_TRAILER

MOST_HEAD_BYTES: Final = 64 * 1024
_MOST_LINE_BYTES: Final = 4096
_END_OF_HEAD: Final = re.compile(rb"\r?\n\r?\n")
_PIECE_BYTES: Final = 64 * 1024
_SIZE: Final = re.compile(rb"[0-9a-fA-F]{1,16}")
_TRAILER: Final = re.compile(rb"([!#$%&'*+.^_`|~0-9A-Za-z-]+):[\t -~\x80-\xff]*")
_LENGTH: Final = re.compile(rb"0*([0-9]{1,18})")


class Arrived(Enum):
    """How much of a request has arrived."""

    HEAD = auto()
    """Its head is not complete yet."""
    BODY = auto()
    """Its body is not complete yet."""
    WHOLE = auto()
    """All of it is here."""
    UNCLEAR = auto()
    """It does not say where it ends. gunicorn refuses it; what follows could be its body, so it is not read."""
    TOO_LONG = auto()
    """The body is longer than is accepted; the rest is not read."""
    HEAD_TOO_LONG = auto()


class Incoming:
    """The bytes of one request. Each byte is looked at once or twice, however slowly they come."""

    def __init__(self, most_body_bytes: int, uploads: Mapping[re.Pattern[bytes], int] | None = None) -> None:
        """``uploads`` are the addresses that take files, and how many bytes of a body each accepts."""
        self.data = bytearray()
        self.file: IO[bytes] | None = None
        """The request so far, in place of ``data``, if it is an upload."""
        self.progress = Arrived.HEAD
        self.method, self.target = b"", b""
        self.expects_go_ahead = False
        """Whether the client waits for "100 Continue" before it sends the body."""
        self._most = most_body_bytes
        self._uploads = uploads or {}
        self._arrived = 0
        self._searched = 0
        self._body = 0
        """Where the body begins; in a chunked body, where the next chunk begins."""
        self._end: int | None = None
        """Where the request ends; None for a chunked body."""
        self._limit = 0
        self._in_chunks = 0
        """Bytes of the chunks so far, without their sizes."""

    @property
    def is_chunked(self) -> bool:
        """Return whether the body says where it ends only as it arrives."""
        return self.progress is not Arrived.HEAD and self._end is None

    def feed(self, more: bytes) -> Arrived:
        """Add bytes that arrived; return how much of the request is here now."""
        self._arrived += len(more)
        if self.file:
            self.file.write(more)
        else:
            self.data += more
        if self.progress is Arrived.HEAD:
            self._look_for_head()
        if self.progress is Arrived.BODY:
            self._look_for_end()
        return self.progress

    @property
    def bytes_on_disk(self) -> int:
        """Return how much of the request is in its file; 0 if it is in memory."""
        return self._arrived if self.file else 0

    def pieces(self) -> Iterator[bytes]:
        """Yield the whole request."""
        if not self.file:
            yield bytes(self.data)
            return
        with self.file:
            self.file.seek(0)
            while piece := self.file.read(_PIECE_BYTES):
                yield piece

    def _look_for_head(self) -> None:
        end = _END_OF_HEAD.search(self.data, max(0, self._searched - 3))
        self._searched = len(self.data)
        if end is not None and end.end() <= MOST_HEAD_BYTES:
            self._read_head(bytes(self.data[: end.start()]), end.end())
        elif len(self.data) > MOST_HEAD_BYTES:
            self.progress = Arrived.HEAD_TOO_LONG

    def _read_head(self, head: bytes, end: int) -> None:
        """Find out from the head where the body ends."""
        first, *lines = head.lstrip(b"\r\n").split(b"\n")
        self.method, self.target = (*first.split(b" "), b"", b"")[:2]
        fields: dict[bytes, list[bytes]] = {}
        for line in lines:
            name, _, value = line.partition(b":")
            fields.setdefault(name.strip().lower(), []).append(value.strip())
        lengths, codings = fields.get(b"content-length", []), fields.get(b"transfer-encoding", [])
        expects = [value.lower() for value in fields.get(b"expect", [])]
        self.expects_go_ahead = expects == [b"100-continue"] and not first.rstrip().endswith(b"/1.0")
        self._body, self._limit = end, end + self._most
        length = _LENGTH.fullmatch(lengths[0]) if len(lengths) == 1 and not codings else None
        if length:
            self._end = end + int(length[1])
            self._take_to_disk()
            self.progress = Arrived.TOO_LONG if self._end > self._limit else Arrived.BODY
        elif [coding.lower() for coding in codings] == [b"chunked"] and not lengths:
            self.progress = Arrived.BODY
        else:
            self.progress = Arrived.UNCLEAR if lengths or codings else Arrived.WHOLE

    def _take_to_disk(self) -> None:
        """Go on in a file, if the body is too long for memory and its address takes files of this length."""
        path = self.target.partition(b"?")[0] if self.method == b"POST" else b""
        most = next((most for pattern, most in self._uploads.items() if pattern.fullmatch(path)), 0)
        if self._end is None or not self._limit < self._end <= self._body + most:
            return
        self._limit = self._body + most
        self.file = TemporaryFile()  # noqa: SIM115 (closed once its pieces are read)
        self.file.write(self.data)
        self.data.clear()

    def _look_for_end(self) -> None:
        if self._end is None:
            self._follow_chunks()
        elif self._arrived >= self._end:
            self.progress = Arrived.WHOLE
        if self.progress is Arrived.BODY and self._arrived > self._limit + _MOST_LINE_BYTES:
            self.progress = Arrived.TOO_LONG

    def _follow_chunks(self) -> None:
        while self._body < len(self.data):
            end_of_line = self.data.find(b"\r\n", self._body, self._body + _MOST_LINE_BYTES)
            if end_of_line < 0:
                if len(self.data) - self._body >= _MOST_LINE_BYTES:
                    self.progress = Arrived.UNCLEAR
                return
            line = bytes(self.data[self._body : end_of_line])
            size = line.partition(b";")[0].rstrip(b" \t")
            is_size = _SIZE.fullmatch(size) and CHUNK_EXT_RE.fullmatch(line, len(size))
            if self.data[self._body - 2 : self._body] != b"\r\n" or not is_size:
                self.progress = Arrived.UNCLEAR
                return
            if not int(size, 16):
                trailers = self.data.find(b"\r\n\r\n", end_of_line, end_of_line + _MOST_LINE_BYTES)
                if trailers >= 0:
                    lines = bytes(self.data[end_of_line + 2 : trailers])
                    self.progress = Arrived.WHOLE if _are_trailers(lines) else Arrived.UNCLEAR
                elif len(self.data) - end_of_line >= _MOST_LINE_BYTES:
                    self.progress = Arrived.UNCLEAR
                return
            self._body = end_of_line + 2 + int(size, 16) + 2
            self._in_chunks += int(size, 16)
            if self._in_chunks > self._most or self._body > self._limit + _MOST_LINE_BYTES:
                self.progress = Arrived.TOO_LONG
                return


def _are_trailers(lines: bytes) -> bool:
    """Return whether gunicorn will take these lines after a chunked body; if not, it ends the connection."""
    matches = [_TRAILER.fullmatch(line) for line in lines.split(b"\r\n")] if lines else []
    return all(one and one[1].decode().upper() not in RFC9110_6_5_1_FORBIDDEN_TRAILER for one in matches)
