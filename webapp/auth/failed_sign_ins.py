"""Counts failed sign-ins, so that nobody can guess passwords for long."""

from __future__ import annotations

from itertools import product
from typing import Final

from flask import Flask, current_app
from limits import parse_many
from limits.storage import storage_from_string
from limits.strategies import FixedWindowRateLimiter
from werkzeug.exceptions import TooManyRequests

_EXTENSION: Final = "failed_sign_ins"


class FailedSignIns:
    """Counts failures per key (address or name) within each limit's window (``20 per minute``)."""

    def __init__(self, limits: str, storage_uri: str) -> None:
        self._limits = parse_many(limits)
        self._windows = FixedWindowRateLimiter(storage_from_string(storage_uri))

    def refuse_when_too_many(self, *keys: str) -> None:
        """Raise TooManyRequests if one of the keys has reached a limit."""
        if not all(self._windows.test(limit, key) for limit, key in product(self._limits, keys)):
            raise TooManyRequests

    def count(self, *keys: str) -> None:
        """Count one failure for each key."""
        for limit, key in product(self._limits, keys):
            self._windows.hit(limit, key)


def init_app(app: Flask) -> None:
    """Set up the counts. Raises ValueError or limits' ConfigurationError for a malformed setting."""
    app.extensions[_EXTENSION] = FailedSignIns(app.config["LOGIN_RATE_LIMIT"], app.config["RATELIMIT_STORAGE_URI"])


def failed_sign_ins() -> FailedSignIns:
    """Return this application's counts."""
    counts: FailedSignIns = current_app.extensions[_EXTENSION]
    return counts
