"""The one place that asks for the time."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime

_told: ContextVar[datetime | None] = ContextVar("told", default=None)


def utc_now() -> datetime:
    """Return the time now, with its zone: UTC."""
    return _told.get() or datetime.now(UTC)


@contextmanager
def time_is(moment: datetime) -> Iterator[None]:
    """Let ``utc_now`` return ``moment`` in the block, for work that tells of days gone by: the demo store's."""
    token = _told.set(moment)
    try:
        yield
    finally:
        _told.reset(token)
