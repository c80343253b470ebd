"""Cursors: our own are read back, anything else is refused."""

from __future__ import annotations

import base64
import json
from datetime import UTC, datetime

import pytest

from webapp.domain.errors import InvalidInput
from webapp.services.reads.cursors import page_of, read_cursor, write_cursor

AT = datetime(2026, 1, 2, 3, 4, 5, 678901, tzinfo=UTC)


def encoded(*parts: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(parts).encode()).decode().rstrip("=")


def test_a_cursor_holds_the_key_of_the_last_row() -> None:
    cursor = write_cursor("trail", AT, "operation ü", 7)

    assert read_cursor(cursor, "trail", datetime, str, int) == (AT, "operation ü", 7)


@pytest.mark.parametrize(
    ("read", "page", "cursor"),
    [("", "", None), ("ab", "ab", None), ("abc", "abc", None), ("abcd", "abc", "after c")],
)
def test_a_page_has_a_cursor_only_where_one_row_more_was_read(read: str, page: str, cursor: str | None) -> None:
    assert page_of(read, 3, lambda last: f"after {last}") == (list(page), cursor)


@pytest.mark.parametrize("cursor", [None, ""])
def test_the_first_page_has_none(cursor: str | None) -> None:
    assert read_cursor(cursor, "trail", int) is None


@pytest.mark.parametrize(
    "cursor",
    [
        "garbage",
        "é",
        "====",
        encoded("stock", 1),
        encoded("trail"),
        encoded("trail", 1, 2),
        encoded("trail", "1"),
        encoded("trail", True),
        encoded("trail", 1.5),
        encoded("trail", 2**63),
        encoded("trail", None),
        base64.urlsafe_b64encode(b'"trail"').decode(),
        base64.urlsafe_b64encode(b"[" * 5000).decode(),
    ],
)
def test_what_is_no_cursor_of_the_list_is_refused(cursor: str) -> None:
    with pytest.raises(InvalidInput):
        read_cursor(cursor, "trail", int)


@pytest.mark.parametrize("text", ["a\0b", "\ud800"])
def test_text_that_no_database_takes_is_refused(text: str) -> None:
    with pytest.raises(InvalidInput):
        read_cursor(encoded("stock", text), "stock", str)


def test_a_time_beyond_the_calendar_is_refused() -> None:
    with pytest.raises(InvalidInput):
        read_cursor(encoded("trail", 2**62), "trail", datetime)
