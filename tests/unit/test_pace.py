"""The pace at which a process starts requests."""

from __future__ import annotations

import math

from webapp.server.pace import MOST_YOUNG, YOUNG_SECONDS, Pace

ALMOST = YOUNG_SECONDS * 0.9


def started(pace: Pace[str], now: float) -> list[str]:
    """Return the requests that start now."""
    return list(iter(lambda: pace.next(now), None))


def line(*requests: str) -> Pace[str]:
    """Return a pace at which requests have arrived."""
    pace = Pace[str]()
    for request in requests:
        pace.arrive(request)
    return pace


def test_few_start_at_once_in_the_order_of_their_arrival() -> None:
    pace = line("a", "b", "c", "d")

    assert started(pace, 0) == ["a", "b"]
    assert started(pace, ALMOST) == []
    assert MOST_YOUNG == 2


def test_the_next_starts_when_one_is_finished() -> None:
    pace = line("a", "b", "c", "d")
    started(pace, 0)

    pace.leave("b")

    assert started(pace, 0) == ["c"]


def test_those_that_take_long_keep_nobody_from_starting() -> None:
    pace = line("a", "b", "c", "d", "e", "f")
    started(pace, 0)

    assert started(pace, YOUNG_SECONDS) == ["c", "d"]
    pace.leave("a")  # It counted no more.
    assert started(pace, YOUNG_SECONDS + ALMOST) == []
    assert started(pace, YOUNG_SECONDS * 2) == ["e", "f"]


def test_it_says_when_the_next_may_start() -> None:
    pace = line("a", "b")
    started(pace, 10)
    assert pace.seconds_to_next(10) == math.inf

    pace.arrive("c")

    assert math.isclose(pace.seconds_to_next(10), YOUNG_SECONDS)
    assert math.isclose(pace.seconds_to_next(10 + ALMOST), YOUNG_SECONDS - ALMOST)
    assert pace.seconds_to_next(11) == 0
    pace.leave("a")
    assert started(pace, 10) == ["c"]
    assert pace.seconds_to_next(10) == math.inf


def test_without_young_ones_nobody_waits() -> None:
    assert line("a").seconds_to_next(5) == 0


def test_a_connection_whose_request_is_finished_counts_again_with_its_next() -> None:
    pace = line("a", "b", "a")
    started(pace, 0)
    pace.leave("a")

    assert started(pace, ALMOST) == ["a"]
    assert started(pace, YOUNG_SECONDS) == []
    assert pace.seconds_to_next(YOUNG_SECONDS) == math.inf
