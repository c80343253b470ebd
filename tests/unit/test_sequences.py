"""What happened stands in its order, by the numbers of its rows, even if the clocks disagree."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from webapp.domain.events import EventKind
from webapp.domain.ledger import TransactionType
from webapp.domain.sequences import Position, newest_first, positions
from webapp.domain.trail import Movement, TrailEvent

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)


def event(number: int, operation: str) -> TrailEvent:
    return TrailEvent(number, EventKind.SHIPPED, 1, "paula", "", {}, operation, NOON)


def movement(number: int, operation: str) -> Movement:
    kind = TransactionType.FULFILL
    return Movement(number, kind, -1, -1, 9, 4, "main", "A-1", 1, 1, "ORD-1", None, operation, "", "paula", NOON)


def test_an_operation_stands_where_its_first_rows_stand() -> None:
    events = [event(4, "b"), event(2, "a"), event(3, "a")]

    assert positions(events, [movement(7, "a"), movement(8, "a"), movement(9, "b")]) == {
        "a": Position(2, 7),
        "b": Position(4, 9),
    }


def test_movements_without_an_event_stand_behind_the_operation_before_them() -> None:
    events = [event(1, "a"), event(2, "status"), event(3, "b")]
    movements = [movement(5, "first"), movement(6, "a"), movement(7, "alone"), movement(8, "b")]

    place = positions(events, movements)

    assert sorted(place, key=lambda operation: place[operation]) == ["first", "a", "alone", "status", "b"]


@pytest.mark.parametrize(
    ("minutes", "chains", "expected"),
    [
        ({"a": 0, "b": 1}, [], ["b", "a"]),
        ({"a": 2, "b": 0}, [["a", "b"]], ["b", "a"]),
        ({"a": 2, "b": 0, "c": 1}, [["a", "b"]], ["b", "a", "c"]),
        ({"a": 3, "b": 0, "c": 1}, [["a", "b"], ["b", "c"]], ["c", "b", "a"]),
        ({"a": 0, "b": 0, "c": 0}, [["b", "c", "a"]], ["a", "c", "b"]),
        ({"a": 1, "b": 0}, [["a", "a", "b", "a"]], ["b", "a"]),
    ],
)
def test_nothing_stands_behind_what_it_followed(
    minutes: dict[str, int], chains: list[list[str]], expected: list[str]
) -> None:
    times = {operation: NOON + timedelta(minutes=minute) for operation, minute in minutes.items()}

    assert newest_first(times, chains) == expected


def test_numbers_that_contradict_each_other_lose_nothing() -> None:
    assert sorted(newest_first({"a": NOON, "b": NOON}, [["a", "b"], ["b", "a"]])) == ["a", "b"]
