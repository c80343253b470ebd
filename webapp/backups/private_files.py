"""Writes files that only their owner may read, and that the disk has for good."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO


@contextmanager
def replacing(target: Path) -> Iterator[IO[bytes]]:
    """Write a file that takes the place of ``target`` when the block ends well, and that the disk then has."""
    arriving = target.with_name(f".{target.name}.arriving")
    arriving.unlink(missing_ok=True)  # Of a process that was killed.
    try:
        with new_private_file(arriving) as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        arriving.replace(target)
        _sync_folder(target.parent)
    finally:
        arriving.unlink(missing_ok=True)


def new_private_file(path: Path) -> IO[bytes]:
    """Create a file that only its owner may read, and open it for writing."""
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
