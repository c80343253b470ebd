"""Why a backup is not made, or not restored; each message says it in words."""

from __future__ import annotations


class NoBackup(Exception):
    """The file is no backup, or a damaged one."""


class NotPossible(Exception):
    """A database cannot be copied from or restored to this place; nothing is known against the backup."""


class AlreadyMaking(Exception):
    """Another process makes a backup in this folder."""
