"""What became of each backup: one small JSON file beside the archive, in the backup folder.

The folder is the only record. It stays readable when the database is lost, and knows when somebody removes an archive.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from webapp.backups.errors import AlreadyMaking
from webapp.backups.private_files import replacing
from webapp.domain.backups import Backup, BackupState
from webapp.processes import Locked, is_locked, lock

NAME: Final = re.compile(r"packbench-[0-9]{8}T[0-9]{6}Z(?:-[0-9]+)?", re.ASCII)
_LOCK: Final = "lock"
_STARTING: Final = "starting"


@contextmanager
def making(folder: Path) -> Iterator[None]:
    """Be the only one that makes backups in the folder. Raises AlreadyMaking, OSError."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with _locked(folder / _LOCK):
        yield


@contextmanager
def starting(folder: Path) -> Iterator[int]:
    """Be the only one that starts a backup; yield the lock, for the process to inherit. Raises AlreadyMaking, OSError.

    Without it, everybody who asks before the first process has begun would start another.
    """
    with _locked(folder / _STARTING) as held:
        yield held


@contextmanager
def _locked(path: Path) -> Iterator[int]:
    with ExitStack() as held:
        try:
            yielded = held.enter_context(lock(path))
        except Locked:
            raise AlreadyMaking from None
        yield yielded


def is_making(folder: Path) -> bool:
    """Return whether a process makes a backup in the folder now."""
    return is_locked(folder / _LOCK)


def archive_of(folder: Path, backup: Backup) -> Path:
    """Return where a backup's archive lies."""
    return folder / f"{backup.name}.tar.gz"


def write_record(folder: Path, backup: Backup) -> None:
    """Store what is known of a backup, all of it or nothing. Raises OSError."""
    text = json.dumps({**asdict(backup), "began_at": backup.began_at.isoformat()}, indent=1)
    with replacing(_record(folder, backup.name)) as file:
        file.write(text.encode())


def remove(folder: Path, backup: Backup) -> None:
    """Delete a backup: the archive first, so that a record without its archive is never taken for one."""
    archive_of(folder, backup).unlink(missing_ok=True)
    _record(folder, backup.name).unlink(missing_ok=True)


def list_backups(folder: Path) -> list[Backup]:
    """Return all backups and tries, the newest first.

    One that nobody makes any more has failed, and so has one whose archive is gone.
    """
    busy = is_making(folder)
    backups = [backup for path in folder.glob("packbench-*.json") if (backup := _read(path)) is not None]
    backups.sort(key=lambda backup: (backup.began_at, backup.name), reverse=True)
    return [_as_it_is(folder, backup, is_newest=not at, busy=busy) for at, backup in enumerate(backups)]


def _as_it_is(folder: Path, backup: Backup, *, is_newest: bool, busy: bool) -> Backup:
    if backup.state is BackupState.MAKING:
        return backup if is_newest and busy else _failed(backup, "it was interrupted")
    if backup.state is not BackupState.FAILED and not archive_of(folder, backup).is_file():
        return _failed(backup, "its file is gone")
    return backup


def _failed(backup: Backup, why: str) -> Backup:
    return Backup(backup.name, backup.began_at, BackupState.FAILED, backup.seconds, detail=why)


def _read(path: Path) -> Backup | None:
    """Return the backup that a file describes; None if it describes none."""
    try:
        values = json.loads(path.read_text(encoding="utf-8"))
        backup = Backup(
            name=path.stem,
            began_at=datetime.fromisoformat(values["began_at"]).astimezone(UTC),
            state=BackupState(values["state"]),
            seconds=float(values["seconds"]),
            bytes=int(values["bytes"]),
            orders=int(values["orders"]),
            detail=str(values["detail"]),
        )
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return backup if NAME.fullmatch(backup.name) else None


def _record(folder: Path, name: str) -> Path:
    return folder / f"{name}.json"
