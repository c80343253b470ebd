"""What a client has not taken of its response yet: in memory, or on the disk if it is long."""

from __future__ import annotations

from tempfile import TemporaryFile
from typing import IO, Final

MIB: Final = 1024 * 1024
MOST_OF_ONE_IN_MEMORY: Final = MIB
"""Bytes of one response; every page fits. A long list as a file does not."""
_READ_AT_ONCE: Final = 256 * 1024


class LeftToSend:
    """Bytes that wait for a client, in their order."""

    def __init__(self) -> None:
        self._next = bytearray()
        self._file: IO[bytes] | None = None
        self._read = self._written = 0
        """Of the file."""

    def __len__(self) -> int:
        return len(self._next) + self.on_disk

    @property
    def on_disk(self) -> int:
        """Return how many of the bytes are in a file."""
        return self._written - self._read

    def add(self, data: memoryview) -> None:
        """Put bytes behind the others. Raises OSError if the disk is full."""
        if self._file is None and len(self._next) + len(data) <= MOST_OF_ONE_IN_MEMORY:
            self._next += data
            return
        if self._file is None:
            self._file = TemporaryFile()  # noqa: SIM115 (closed once all of it is read)
        self._file.seek(self._written)
        self._written += self._file.write(data)

    def beginning(self) -> bytearray:
        """Return the next bytes to send; blank once there are none."""
        if not self._next and self._file:
            self._file.seek(self._read)
            self._next += self._file.read(_READ_AT_ONCE)
            self._read += len(self._next)
            if not self.on_disk:
                self._close()
        return self._next

    def drop(self, count: int) -> None:
        """Forget so many bytes of the beginning: they are sent."""
        del self._next[:count]

    def clear(self) -> None:
        """Forget all of it."""
        self._next.clear()
        self._close()

    def _close(self) -> None:
        if self._file:
            self._file.close()
        self._file, self._read, self._written = None, 0, 0
