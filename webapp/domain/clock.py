"""The one place that asks for the time."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime

_fixed_time: ContextVar[datetime | None] = ContextVar("told", default=None)


def utc_now() -> datetime:
    """Return the time now, with its zone: UTC."""
    return _fixed_time.get() or datetime.now(UTC)


@contextmanager
def time_is(moment: datetime) -> Iterator[None]:
    """Let ``utc_now`` return ``moment`` in the block, for work that tells of days gone by: the demo store's."""
    token = _fixed_time.set(moment)
    try:
        yield
    finally:
        _fixed_time.reset(token)
