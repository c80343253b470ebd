"""While a command loads the sample data after the first start: the order list says so instead of "no orders"."""

from __future__ import annotations

from typing import Final

from flask import session

from webapp.domain.clock import utc_now

_STARTED: Final = "sample_started"
_LONGEST: Final = 120
"""Seconds after which nobody is told to wait any more: the command has failed, and the log says why."""


def remember_start() -> None:
    """Note in the person's session that sample data is being loaded from now on."""
    session[_STARTED] = int(utc_now().timestamp())


def is_loading() -> bool:
    """Return whether this person started the sample data a short time ago."""
    started = session.get(_STARTED)
    return isinstance(started, int) and utc_now().timestamp() - started < _LONGEST
