"""The queue in front of SQLite's single writer is fair, survives killed processes, and never admits two."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from tests.helpers.waiting import wait_until
from webapp.database.write_gate import GateTimeout, WriteGate, close_gate_of, gate_for


@pytest.fixture
def gate(tmp_path: Path) -> Iterator[WriteGate]:
    database = tmp_path / "packbench.db"
    yield gate_for(database)
    close_gate_of(database)


def stand_in(gate: WriteGate, number: int) -> bool:
    return gate.waiting == number


def queue_up(gate: WriteGate, names: str, entered: list[str]) -> list[threading.Thread]:
    """Start a thread for each letter of ``names``, each once the one before is queued."""

    def enter_and_leave(name: str) -> None:
        gate.enter(10)
        entered.append(name)
        gate.leave()

    threads = []
    for position, name in enumerate(names, 1):
        thread = threading.Thread(target=enter_and_leave, args=(name,))
        thread.start()
        threads.append(thread)
        wait_until(partial(stand_in, gate, position), f"{name} to stand in the queue")
    return threads


def test_threads_enter_in_the_order_they_came(gate: WriteGate) -> None:
    gate.enter(1)
    entered: list[str] = []
    threads = queue_up(gate, "abcdefgh", entered)

    gate.leave()

    for thread in threads:
        thread.join(10)
    assert entered == list("abcdefgh")


def test_whoever_has_just_written_queues_up_again_behind_the_waiting(gate: WriteGate) -> None:
    gate.enter(1)
    entered: list[str] = []
    threads = queue_up(gate, "ab", entered)

    gate.leave()
    gate.enter(10)
    entered.append("again")
    gate.leave()

    for thread in threads:
        thread.join(10)
    assert entered == ["a", "b", "again"]


def test_a_thread_that_waits_too_long_is_told_and_leaves_the_queue(gate: WriteGate) -> None:
    gate.enter(1)
    errors: list[BaseException] = []

    def wait_in_vain() -> None:
        try:
            gate.enter(0.01)
        except GateTimeout as error:
            errors.append(error)

    thread = threading.Thread(target=wait_in_vain)
    thread.start()
    thread.join(10)

    assert len(errors) == 1
    assert gate.waiting == 0
    gate.leave()
    gate.enter(0.01)
    gate.leave()


def test_never_two_threads_are_inside(gate: WriteGate) -> None:
    inside, most, rounds = 0, 0, 0

    def go_in_and_out() -> None:
        nonlocal inside, most, rounds
        for _ in range(50):
            gate.enter(10)
            inside += 1
            most = max(most, inside)
            rounds += 1
            inside -= 1
            gate.leave()

    threads = [threading.Thread(target=go_in_and_out) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)

    assert (most, rounds) == (1, 400)


def test_one_process_has_one_gate_for_a_file_however_it_is_named(gate: WriteGate, tmp_path: Path) -> None:
    roundabout = tmp_path / "elsewhere" / ".." / "packbench.db"

    assert gate_for(str(roundabout)) is gate


def test_a_closed_gate_can_be_opened_again(gate: WriteGate, tmp_path: Path) -> None:
    gate.enter(1)
    gate.leave()

    close_gate_of(tmp_path / "packbench.db")

    again = gate_for(tmp_path / "packbench.db")
    assert again is not gate
    again.enter(1)
    again.leave()
