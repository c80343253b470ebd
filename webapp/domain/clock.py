"""The only place that reads the clock."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime

_fixed_time: ContextVar[datetime | None] = ContextVar("fixed_time", default=None)


def utc_now() -> datetime:
    """Return the present time, aware and in UTC."""
    return _fixed_time.get() or datetime.now(UTC)


@contextmanager
def time_is(moment: datetime) -> Iterator[None]:
    """Let ``utc_now`` return ``moment`` inside the block. The demo store uses it to write history."""
    token = _fixed_time.set(moment)
    try:
        yield
    finally:
        _fixed_time.reset(token)
