"""Starts a backup from a web page: a process of its own, which goes on when the server is restarted."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from webapp.backups.errors import AlreadyMaking
from webapp.backups.installation import Installation
from webapp.backups.records import is_making, starting
from webapp.processes import start_command


def start_backup(settings: Mapping[str, Any], program_folder: Path) -> None:
    """Start ``flask backup create`` and return at once; the folder's records say what becomes of it.

    Raises AlreadyMaking, also while one that was started has not begun yet, and OSError if the folder cannot be used.
    """
    folder = Path(settings["BACKUP_FOLDER"])
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with starting(folder) as lock:
        if is_making(folder):
            raise AlreadyMaking
        _start(settings, program_folder, folder, lock)


def _start(settings: Mapping[str, Any], program_folder: Path, folder: Path, inherited_lock: int) -> None:
    installation = Installation.of(settings)
    environment = {
        "DATABASE_URL": installation.url,
        "PICTURE_FOLDER": str(installation.pictures),
        "BACKUP_FOLDER": str(folder),
        "BACKUP_KEEP": str(settings["BACKUP_KEEP"]),
        "BACKUP_CHECK_DATABASE_URL": installation.check_url,
    }
    start_command(["backup", "create"], environment, program_folder, inherited_lock)
