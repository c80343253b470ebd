"""Keyset cursors: where a page ended, as text for an address. A malformed cursor is refused, never guessed at."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Final, TypeVar

from webapp.domain.errors import InvalidInput
from webapp.domain.wording import say

T = TypeVar("T")

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


def page_of(rows: Sequence[T], limit: int, cursor_after: Callable[[T], str]) -> tuple[list[T], str | None]:
    """Split the rows (one more than a page holds) into a page and the cursor of the next page.

    The cursor encodes the page's last row; it is None on the last page.
    """
    page = list(rows[:limit])
    return page, cursor_after(page[-1]) if len(rows) > limit else None


def write_cursor(listing: str, *key: datetime | int | str) -> str:
    """Return the cursor of a list after the row with this key."""
    parts = [(part - _EPOCH) // timedelta(microseconds=1) if isinstance(part, datetime) else part for part in key]
    return base64.urlsafe_b64encode(json.dumps([listing, *parts]).encode()).decode().rstrip("=")


def read_cursor(cursor: str | None, listing: str, *kinds: type[datetime | int | str]) -> tuple[Any, ...] | None:
    """Return the key in a cursor of this list; None without a cursor (the first page).

    ``kinds`` are the types of the key's parts. Raises InvalidInput for anything else.
    """
    if not cursor:
        return None
    try:
        return decode_cursor(cursor, listing, *kinds)
    except ValueError:
        raise InvalidInput(say("This page of the list does not exist. Start again from its first page.")) from None


def decode_cursor(cursor: str, listing: str, *kinds: type[datetime | int | str]) -> tuple[Any, ...]:
    """Return the key in a cursor of this list, with parts of these ``kinds``. Raises ValueError for anything else."""
    try:
        padded = cursor.encode("ascii") + b"=" * (-len(cursor) % 4)
        of, *parts = json.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
        if of != listing:
            raise ValueError
        return tuple(_read(part, kind) for part, kind in zip(parts, kinds, strict=True))
    except (TypeError, OverflowError, RecursionError) as failure:
        raise ValueError from failure


def _read(part: object, kind: type[datetime | int | str]) -> datetime | int | str:
    """Return the part as ``kind``. Raises ValueError."""
    if kind is str:
        if isinstance(part, str) and "\0" not in part:
            part.encode()  # A database refuses a lone surrogate.
            return part
    elif type(part) is int and abs(part) < 2**63:
        return _EPOCH + timedelta(microseconds=part) if kind is datetime else part
    raise ValueError
