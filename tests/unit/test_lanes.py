"""Changes of one order, and changes in all, never take every thread."""

from __future__ import annotations

import pytest

from webapp.server.lanes import Lanes, lane_of

THREADS = 16


def started(lanes: Lanes[str]) -> list[str]:
    names = []
    while (name := lanes.next()) is not None:
        names.append(name)
    return names


def arrive(lanes: Lanes[str], lane: bytes, count: int) -> None:
    for number in range(count):
        lanes.arrive(lane, f"{lane.decode()}-{number}")


@pytest.mark.parametrize(
    ("method", "target", "lane"),
    [
        (b"GET", b"/orders/12", None),
        (b"HEAD", b"/orders/12", None),
        (b"POST", b"/orders/12/items/3/shipments", b"12"),
        (b"POST", b"/api/v1/store/orders/12/cancel", b"12"),
        (b"POST", b"/orders/12?x=1", b"12"),
        (b"POST", b"/order%73/12/shipments", b"12"),
        (b"POST", b"/orders/%31%32/shipments", b"12"),
        (b"POST", b"http://shop/orders/12/shipments", b"12"),
        (b"POST", b"http://shop", b""),
        (b"POST", b"/orders/12x", b""),
        (b"POST", b"/orders", b""),
        (b"POST", b"/login", b""),
        (b"", b"", b""),
    ],
)
def test_a_request_changes_an_order_something_else_or_nothing(method: bytes, target: bytes, lane: bytes | None) -> None:
    assert lane_of(method, target) == lane


def test_forty_taps_on_one_order_leave_threads_for_the_others() -> None:
    lanes = Lanes[str](THREADS, one_writer=False)
    arrive(lanes, b"1", 40)
    arrive(lanes, b"2", 1)

    assert started(lanes) == ["1-0", "1-1", "1-2", "1-3", "2-0"]


def test_changes_in_all_leave_threads_for_reading() -> None:
    lanes = Lanes[str](THREADS, one_writer=False)
    for order in range(40):
        arrive(lanes, str(order).encode(), 1)

    assert len(started(lanes)) == 12


def test_each_change_that_is_over_lets_the_next_of_its_order_in() -> None:
    lanes = Lanes[str](THREADS, one_writer=False)
    arrive(lanes, b"1", 6)
    started(lanes)

    assert lanes.leave(b"1", without_lock=False) == []
    assert started(lanes) == ["1-4"]


def test_who_stands_behind_one_that_got_no_lock_waits_no_longer() -> None:
    lanes = Lanes[str](THREADS, one_writer=False)
    arrive(lanes, b"1", 6)
    started(lanes)
    arrive(lanes, b"2", 6)
    started(lanes)

    assert lanes.leave(b"1", without_lock=True) == ["1-4", "1-5"]
    assert started(lanes) == []


def test_changes_of_no_order_do_not_wait_for_each_other() -> None:
    lanes = Lanes[str](THREADS, one_writer=False)
    arrive(lanes, b"", 20)

    assert len(started(lanes)) == 12
    assert lanes.leave(b"", without_lock=True) == []


def test_with_one_writer_all_changes_are_in_one_line() -> None:
    lanes = Lanes[str](THREADS, one_writer=True)
    for order in range(14):
        arrive(lanes, str(order).encode(), 1)

    assert len(started(lanes)) == 12
    assert lanes.leave(b"3", without_lock=True) == ["12-0", "13-0"]


@pytest.mark.parametrize("one_writer", [False, True])
def test_nothing_stays_of_the_changes_that_are_over(one_writer: bool) -> None:
    lanes = Lanes[str](THREADS, one_writer=one_writer)
    for order in (b"1", b"2", b""):
        arrive(lanes, order, 1)
        started(lanes)
        lanes.leave(order, without_lock=False)

    assert not lanes._running


def test_a_server_with_one_thread_still_works() -> None:
    lanes = Lanes[str](1, one_writer=False)
    arrive(lanes, b"1", 2)

    assert started(lanes) == ["1-0"]
    lanes.leave(b"1", without_lock=False)
    assert started(lanes) == ["1-1"]
