"""The folder of uploaded files: one for each store, each file named by its job, and its locks."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import IO, Final
from uuid import uuid4

from webapp.domain.control_characters import drop_controls
from webapp.domain.import_jobs import FILE_KEPT, ImportJob
from webapp.services.imports.entry_lists import forget_order

_PIECE: Final = 256 * 1024
_LONGEST_NAME: Final = 255


@dataclass(frozen=True, slots=True)
class StoredFile:
    """An uploaded file that waits in the folder for its job: what it is called by the person, and where it lies."""

    name: str
    size: int
    content_hash: str
    path: Path


class JobFiles:
    """One store's uploaded files. Only the owner of the process may read them."""

    def __init__(self, folder: Path, store_id: int) -> None:
        self._root = folder
        self._folder = folder / str(store_id)

    def receive(self, name: str, content: IO[bytes]) -> StoredFile:
        """Write an upload to the disk, in pieces. Raises OSError."""
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        path = self._folder / f"arriving-{uuid4().hex}"
        digest, size = sha256(), 0
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as kept:
            while piece := content.read(_PIECE):
                kept.write(piece)
                digest.update(piece)
                size += len(piece)
            kept.flush()
            os.fsync(kept.fileno())
        return StoredFile(shown_name(name), size, digest.hexdigest(), path)

    def keep(self, file: StoredFile, job_id: int) -> None:
        """Give the upload to its job."""
        file.path.replace(self.path_of(job_id, file.content_hash))

    def drop(self, file: StoredFile) -> None:
        """Delete an upload that no job needs."""
        file.path.unlink(missing_ok=True)

    def path_of(self, job_id: int, content_hash: str) -> Path:
        """Return where a job's file lies. In a database that was restored, another job may have its number."""
        return self._folder / f"{job_id}-{content_hash[:16]}"

    def has(self, job: ImportJob) -> bool:
        """Return whether the job's file is still there."""
        return self.path_of(job.id, job.file_hash).is_file()

    def entries_of(self, job: ImportJob) -> Path:
        """Return where the list lies of what became of the job's orders or rows."""
        return self.path_of(job.id, job.file_hash).with_suffix(".entries")

    def starting_lock(self, job_id: int) -> Path:
        """Return the lock under which work on the job is started; the process that is started inherits it."""
        return self._folder / f"{job_id}.starting"

    def work_lock(self, job_id: int) -> Path:
        """Return the lock of the process at work."""
        return self._folder / f"{job_id}.work"

    def turn_lock(self) -> Path:
        """Return the lock by which one import follows the other: all of them wait for the same database."""
        return self._root / "turn"

    @contextmanager
    def scratch(self) -> Iterator[Path]:
        """Yield an empty folder for what an import needs while it is at work; the caller has its turn.

        It is emptied before and after, so that a killed process leaves nothing for good.
        """
        folder = self._root / "scratch"
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def remove_old(self) -> None:
        """Delete what nobody has used for a while. The locks of a file stay as long as the file: a process that holds a
        deleted one would count as dead."""
        before = time.time() - FILE_KEPT.total_seconds()
        present = [path for path in self._folder.iterdir() if path.is_file()] if self._folder.is_dir() else []
        old = {path for path in present if _is_older(path, before)}
        jobs = {path.name.partition("-")[0] for path in present if not path.suffix and path not in old}
        for path in old:
            if path.stem not in jobs:
                path.unlink(missing_ok=True)

    def forget_order(self, order_number: str, is_at_work: Callable[[int], bool]) -> None:
        """Forget an order's customer in the lists, and delete the uploads that name the order.

        The files of a job that ``is_at_work`` stay as they are until ``remove_old``. Raises OSError, sqlite3.Error.
        """
        for entries in self._folder.glob("*.entries"):
            if is_at_work(int(entries.name.partition("-")[0])):
                continue
            if forget_order(entries, order_number):
                entries.with_suffix("").unlink(missing_ok=True)


def _is_older(path: Path, before: float) -> bool:
    try:
        return path.stat().st_mtime < before
    except FileNotFoundError:  # Somebody else has just deleted it.
        return False


def shown_name(name: str) -> str:
    """Return a file's name as people see it: without folders, and without what nobody can see."""
    last = drop_controls(name.replace("\\", "/").rpartition("/")[2]).strip()
    return last[-_LONGEST_NAME:] or "file"
