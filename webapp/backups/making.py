"""Makes a backup, checks it, and deletes old ones."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import datetime
from itertools import count
from pathlib import Path

from webapp.backups.archive import Manifest, write_archive
from webapp.backups.checking import OnCheck, check_archive
from webapp.backups.errors import NotPossible
from webapp.backups.installation import Installation
from webapp.backups.records import archive_of, list_backups, making, remove, write_record
from webapp.backups.working_folders import remove_left_overs, working_folder
from webapp.domain.backups import USABLE, Backup, BackupState
from webapp.domain.clock import utc_now


def make_backup(installation: Installation, folder: Path, keep: int = 0, on_check: OnCheck = lambda *_: None) -> Backup:
    """Make a backup while others work, check it by restoring it aside, and return what came of it.

    The database is copied before the pictures: pictures are never deleted, so each that the copy names is there.
    ``keep``: afterwards delete all but so many usable backups, the oldest first (0: delete none). A failure is
    recorded as well. Raises AlreadyMaking if another process makes one, OSError if the folder cannot be written.
    """
    with making(folder):
        remove_left_overs(folder)
        began, clock = utc_now(), time.monotonic()
        backup = Backup(_name(folder, began), began, BackupState.MAKING)
        write_record(folder, backup)
        with _recording_failure(folder, backup, clock):
            backup = _make(installation, folder, backup, on_check)
        backup = replace(backup, seconds=round(time.monotonic() - clock, 1))
        write_record(folder, backup)
        if keep:
            _delete_old(folder, keep)
        return backup


def _make(installation: Installation, folder: Path, backup: Backup, on_check: OnCheck) -> Backup:
    archive = archive_of(folder, backup)
    try:
        revision = installation.revision()
        manifest = Manifest(backup.began_at.isoformat(), installation.engine_name, revision)
        with working_folder(folder) as aside:
            installation.tools.copy_database(installation.url, aside / "database")
            write_archive(archive, manifest, aside / "database", installation.pictures)
    except NotPossible as reason:
        return replace(backup, state=BackupState.FAILED, detail=str(reason))
    finding = check_archive(archive, installation, revision, on_check)
    return replace(
        backup,
        state=finding.state,
        detail=finding.detail,
        orders=finding.orders,
        bytes=archive.stat().st_size,
    )


@contextmanager
def _recording_failure(folder: Path, backup: Backup, clock: float) -> Iterator[None]:
    """Record an error that ends the backup, such as a full disk, and let it pass on."""
    try:
        yield
    except BaseException as error:
        archive_of(folder, backup).unlink(missing_ok=True)
        seconds, detail = round(time.monotonic() - clock, 1), str(error) or type(error).__name__
        with suppress(OSError):  # Without this record the try counts as interrupted.
            write_record(folder, replace(backup, state=BackupState.FAILED, seconds=seconds, detail=detail))
        raise


def _delete_old(folder: Path, keep: int) -> None:
    """Delete all but the ``keep`` newest usable backups, and the records of tries that are older than those."""
    backups = list_backups(folder)
    usable = [backup for backup in backups if backup.state in USABLE]
    if len(usable) < keep:
        return
    oldest = usable[keep - 1].began_at
    for backup in backups:
        if backup.began_at < oldest:
            remove(folder, backup)


def _name(folder: Path, began: datetime) -> str:
    """Return a name that no backup has; the second one of a second gets a number."""
    stamp = f"packbench-{began:%Y%m%dT%H%M%SZ}"
    names = (stamp if not number else f"{stamp}-{number}" for number in count())
    return next(name for name in names if not (folder / f"{name}.json").exists())
