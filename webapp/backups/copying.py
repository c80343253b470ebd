"""What can go wrong while a database is copied or restored."""

from __future__ import annotations


class CannotCopy(Exception):
    """The database could not be copied; the message says why."""


class CannotRestore(Exception):
    """There is no place to restore into; the message says why."""
