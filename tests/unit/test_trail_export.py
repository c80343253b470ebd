"""The trail as a table."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime, timedelta

import pytest

from webapp.domain.events import EventKind
from webapp.domain.ledger import TransactionType
from webapp.domain.spreadsheets import harmless
from webapp.domain.trail import Movement, TrailEvent, TrailItem
from webapp.presenters.trail.export import HEADER, trail_csv

AT = datetime(2026, 1, 1, 12, tzinfo=UTC)
LAMP = TrailItem(1, 1, "=HYPERLINK(1)", "-LMP", 5, 2, 0, 0)


@pytest.mark.parametrize("text", ["=1+1", "+49 30", "-x", "@cmd", "\tx", "\rx", "\n=1", "＝1+1", "＋1", "－1", "＠SUM"])
def test_text_that_would_be_a_formula_is_led_by_an_apostrophe(text: str) -> None:
    assert harmless(text) == f"'{text}"


@pytest.mark.parametrize("text", ["", "plain", "a=b", " =1", "two\nlines", "1＋1"])
def test_plain_text_stays_as_it_is(text: str) -> None:
    assert harmless(text) == text


@pytest.mark.parametrize(("text", "shown"), [("a\x1b[31mb", "a[31mb"), ("\x07=1", "'=1"), ("\x9d\u202e@x\x00", "'@x")])
def test_control_characters_are_left_out_and_hide_no_formula(text: str, shown: str) -> None:
    assert harmless(text) == shown


def test_rows_come_by_time_events_before_their_ledger_rows() -> None:
    shipped = TrailEvent(9, EventKind.SHIPPED, 1, "paula", "", {"quantity": 2, "remaining_quantity": 3}, "op", AT)
    early = TrailEvent(8, EventKind.RESERVED, 1, "max", "@why", {"quantity": 2}, "op0", AT - timedelta(hours=1))
    movement = Movement(
        4, TransactionType.FULFILL, -2, -2, 8, 3, "main", "A-1", 1, 1, "ORD-1", None, "op", "", "paula", AT
    )

    header, *rows = csv.reader(io.StringIO(trail_csv({1: LAMP}, [early, shipped], [movement])))

    assert tuple(header) == HEADER
    assert [row[9] for row in rows] == ["", "", "-2"]
    assert [row[2] for row in rows] == ["reserved", "shipped", "stock fulfill"]
    cells = dict(zip(header, rows[2], strict=True))
    assert (cells["on_hand_change"], cells["on_hand_before"], cells["on_hand_after"]) == ("-2", "10", "8")
    assert (cells["reserved_change"], cells["reserved_before"], cells["reserved_after"]) == ("-2", "5", "3")
    assert (cells["sku"], cells["product_name"]) == ("'-LMP", "'=HYPERLINK(1)")
    assert rows[0][header.index("reason")] == "'@why"
