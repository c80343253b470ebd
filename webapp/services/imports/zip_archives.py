"""Opens zip archives of strangers: one that lists millions of files would fill the memory before any is unpacked."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import IO, Final

MOST_LIST_BYTES: Final = 2 * 1024 * 1024
"""Of the list of an archive's files: more than 10,000 of them."""


class _Limited:
    """A file of which no more than ``most`` bytes are read at once: ``zipfile`` reads the list of the files so."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream
        self.most: int | None = MOST_LIST_BYTES
        self.seek, self.tell, self.seekable = stream.seek, stream.tell, stream.seekable

    def read(self, size: int = -1, /) -> bytes:
        if self.most is not None and not 0 <= size <= self.most:
            size = self.most  # Too few bytes for ``zipfile``, which then calls the archive damaged.
        return self._stream.read(size)


@contextmanager
def open_zip(file: Path | IO[bytes]) -> Iterator[zipfile.ZipFile]:
    """Open an archive to be read. Raises what ``zipfile`` does, and BadZipFile if it lists too many files."""
    with file.open("rb") if isinstance(file, Path) else nullcontext(file) as stream:
        limited = _Limited(stream)
        with zipfile.ZipFile(limited) as archive:
            limited.most = None
            yield archive


def names_in_zip(file: Path | IO[bytes]) -> list[str]:
    """Return the names in a zip archive; none for any other file, or one that cannot be read."""
    try:
        with open_zip(file) as archive:
            return archive.namelist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        return []
