"""How a trail's entries become operations: which ledger row belongs to which sentence."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from webapp.domain.events import EventKind
from webapp.domain.ledger import TransactionType
from webapp.domain.trail import Movement, TrailEntry, TrailEvent, TrailItem
from webapp.presenters.phrases.sentences import plain
from webapp.presenters.trail.operations import OperationView, present_operations

AT = datetime(2026, 1, 1, 12, tzinfo=UTC)
ITEMS = {1: TrailItem(1, 1, "Lamp", "LMP-1", 5, 2, 0, 0)}


def event(number: int, kind: EventKind, item_id: int | None = 1, reason: str = "", **details: Any) -> TrailEvent:
    return TrailEvent(number, kind, item_id, "paula", reason, details, "op", AT)


def movement(number: int, kind: TransactionType, on_hand: int, reserved: int) -> Movement:
    return Movement(
        number, kind, on_hand, reserved, 10, 5, "main", "A-1", 1, 1, "ORD-1", None, "op", "why", "paula", AT
    )


def operation(*entries: TrailEntry, now: datetime = AT) -> OperationView:
    (view,) = present_operations(entries, ITEMS, now)
    return view


def anchors(view: OperationView) -> list[tuple[str, list[str]]]:
    return [(line.anchor, [row.anchor for row in line.movements]) for line in view.lines]


def test_units_found_and_shipped_at_once_belong_to_their_own_sentences() -> None:
    found_units = event(1, EventKind.FOUND_ON_SHELF, quantity=1, warehouse="main", location="A-1")
    shipped = event(2, EventKind.SHIPPED, quantity=1, remaining_quantity=0)
    rows = [
        movement(1, TransactionType.ADJUST, 1, 0),
        movement(2, TransactionType.RESERVE, 0, 1),
        movement(3, TransactionType.FULFILL, -1, -1),
    ]

    view = operation(TrailEntry("op", 1, [found_units, shipped], rows))

    assert anchors(view) == [("event-2", ["movement-3"]), ("event-1", ["movement-1", "movement-2"])]


def test_a_ledger_row_that_no_event_tells_about_has_a_sentence_of_its_own() -> None:
    view = operation(TrailEntry("op", 1, [], [movement(1, TransactionType.RESERVE, 0, 3)]))

    assert anchors(view) == [("entry-1", ["movement-1"])]
    assert plain(view.lines[0].sentence) == "paula reserved 3 units of Lamp at A-1."
    assert view.lines[0].reason == "why"


def test_what_follows_from_the_rest_is_told_last() -> None:
    status = event(2, EventKind.STATUS_CHANGED, None, **{"from": "processing", "to": "shipped"})
    skipped = event(1, EventKind.STOCK_SKIPPED, quantity=1, cause="short_pick")
    short = event(3, EventKind.SHORT_PICKED, quantity=1)

    view = operation(TrailEntry("op", None, [status]), TrailEntry("op", 1, [skipped, short]))

    assert [line.anchor for line in view.lines] == ["event-3", "event-1", "event-2"]
    assert (view.icon, view.tone) == ("wrench", "warning")


def test_one_reason_for_several_lines_stands_once() -> None:
    cancelled = event(1, EventKind.CANCELLED, None, "Ordered twice", cancelled_quantity=5)
    status = event(2, EventKind.STATUS_CHANGED, None, "Ordered twice", **{"from": "pending", "to": "cancelled"})

    view = operation(TrailEntry("op", None, [cancelled, status]))

    assert [line.reason for line in view.lines] == ["Ordered twice", ""]


def test_different_reasons_stand_by_their_lines() -> None:
    first = event(1, EventKind.ITEM_CANCELLED, reason="Out of season", quantity=1)
    second = event(2, EventKind.STATUS_CHANGED, None, **{"from": "pending", "to": "cancelled"})

    view = operation(TrailEntry("op", 1, [first]), TrailEntry("op", None, [second]))

    assert view.reason == ""
    assert [line.reason for line in view.lines] == ["Out of season", ""]


def test_numbers_before_follow_from_the_change_and_the_number_after() -> None:
    view = operation(TrailEntry("op", 1, [], [replace(movement(1, TransactionType.FULFILL, -2, -2))]))

    (row,) = view.lines[0].movements
    assert (row.on_hand, row.reserved) == ((12, 10), (7, 5))


def test_several_lines_alike_are_told_in_one_sentence_and_then_one_by_one() -> None:
    first, second = (event(number, EventKind.SHIPPED, number, quantity=2) for number in (1, 2))

    view = operation(TrailEntry("op", 1, [first]), TrailEntry("op", 2, [second]))

    assert plain(view.heading) == "paula shipped 4 units of 2 items."
    assert [line.anchor for line in view.lines] == ["event-1", "event-2"]


def test_a_single_deed_is_its_own_heading_and_its_person_stands_out_once() -> None:
    shipped = event(1, EventKind.SHIPPED, quantity=2)
    status = event(2, EventKind.STATUS_CHANGED, None, **{"from": "processing", "to": "shipped"})

    view = operation(TrailEntry("op", 1, [shipped]), TrailEntry("op", None, [status]))

    assert view.heading == ()
    assert [next(part.text for part in line.sentence if part.is_strong) for line in view.lines] == [
        "paula",
        "Processing",
    ]


def test_a_status_that_was_set_is_told_before_what_it_reserved() -> None:
    reserved = event(1, EventKind.RESERVED, quantity=2)
    status = event(2, EventKind.STATUS_CHANGED, None, **{"from": "pending", "to": "processing"})

    view = operation(TrailEntry("op", 1, [reserved]), TrailEntry("op", None, [status]))

    assert [line.anchor for line in view.lines] == ["event-2", "event-1"]


@pytest.mark.parametrize(
    ("later", "words", "clock"),
    [
        (timedelta(hours=2), "2 hours ago", "12:00"),
        (timedelta(hours=13), "1 day ago", "12:00"),
        (timedelta(hours=37), "2 days ago", "12:00"),
        (timedelta(days=7), "7 days ago", "12:00"),
        (timedelta(days=8), "12:00", ""),
    ],
)
def test_days_ago_agree_with_the_day_above(later: timedelta, words: str, clock: str) -> None:
    view = operation(TrailEntry("op", 1, [event(1, EventKind.SHIPPED, quantity=1)]), now=AT + later)

    assert (view.at.words, view.at.clock) == (words, clock)
