"""What became of a backup, and whether a person has to do something about it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final


class BackupState(StrEnum):
    """``sound``: restored aside, and ``stock verify`` found nothing. ``unchecked``: it could not be restored here."""

    MAKING = "making"
    SOUND = "sound"
    BROKEN = "broken"
    UNCHECKED = "unchecked"
    FAILED = "failed"


USABLE: Final = (BackupState.SOUND, BackupState.UNCHECKED)
OLD: Final = timedelta(days=2)
"""A nightly backup is younger; so one that is older says that nobody makes them any more."""


@dataclass(frozen=True, slots=True)
class Backup:
    """One backup, or one try. ``detail`` says in English what was found or what went wrong; it may be empty."""

    name: str
    began_at: datetime
    state: BackupState
    seconds: float = 0.0
    bytes: int = 0
    orders: int = 0
    detail: str = ""


def last_usable(backups: Iterable[Backup]) -> Backup | None:
    """Return the newest backup that can be restored, as far as is known; ``backups`` come the newest first."""
    return next((backup for backup in backups if backup.state in USABLE), None)


def last_finished(backups: Iterable[Backup]) -> Backup | None:
    """Return the newest try that is over, whatever came of it; ``backups`` come the newest first."""
    return next((backup for backup in backups if backup.state is not BackupState.MAKING), None)
