"""Several programs on one database: no change is lost, and a killed program loses only its own work."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Callable, Iterator

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from tests.database.writer import READ, add_one
from webapp.database.unit_of_work import unit_of_work

Program = subprocess.Popen[str]
StartWriter = Callable[..., Program]


@pytest.fixture
def start_writer(filled: Engine) -> Iterator[StartWriter]:
    """Start ``tests.database.writer`` on the test's database, until it waits to be told to go."""
    url = filled.url.render_as_string(hide_password=False)
    started: list[Program] = []

    def start(*task: str) -> Program:
        program = subprocess.Popen(
            [sys.executable, "-m", "tests.database.writer", url, *task],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        started.append(program)
        assert says(program) == "ready"
        return program

    yield start
    for program in started:
        program.kill()
        program.communicate()


def says(program: Program) -> str:
    assert program.stdout is not None
    return program.stdout.readline().strip()


def everything_said_by(program: Program) -> list[str]:
    """Return the lines not read yet, up to the program's end."""
    assert program.stdout is not None
    return program.stdout.read().split()


def let_go(program: Program) -> None:
    assert program.stdin is not None
    program.stdin.write("go\n")
    program.stdin.flush()


def version(engine: Engine) -> int:
    with engine.connect() as connection:
        return int(connection.scalar(READ))


def test_programs_and_threads_write_at_once_and_no_update_is_lost(filled: Engine, start_writer: StartWriter) -> None:
    before = version(filled)
    programs = [start_writer("raise", "40") for _ in range(3)]

    def write() -> None:
        with Session(filled) as session:
            for _ in range(40):
                unit_of_work(session, add_one)

    threads = [threading.Thread(target=write) for _ in range(3)]
    for program in programs:
        let_go(program)
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)

    assert [program.wait(60) for program in programs] == [0, 0, 0]
    assert version(filled) == before + 6 * 40


def test_a_program_killed_in_the_middle_leaves_nothing_and_holds_up_nobody(
    filled: Engine, start_writer: StartWriter
) -> None:
    before = version(filled)
    program = start_writer("hold")
    let_go(program)
    assert says(program) == "flushed"

    program.kill()
    program.wait()

    with Session(filled) as session:
        unit_of_work(session, add_one, patience=1.0)  # Busy, if the dead program's lock is there for longer.
    assert version(filled) == before + 1


@pytest.mark.parametrize("acknowledged", [1, 7, 50])
def test_what_was_acknowledged_survives_a_kill_and_what_was_not_is_whole_or_absent(
    filled: Engine, start_writer: StartWriter, acknowledged: int
) -> None:
    program = start_writer("pair")
    let_go(program)
    last = [says(program) for _ in range(acknowledged)][-1]

    program.kill()

    heard = int([last, *everything_said_by(program)][-1])
    with filled.connect() as connection:
        ledger = connection.scalars(
            text("SELECT seq FROM inventory_transactions WHERE store_id = 1 ORDER BY seq")
        ).all()
        on_shelf = connection.scalar(text("SELECT last_seq FROM inventory WHERE store_id = 1 AND id = 100"))
        if filled.dialect.name == "sqlite":
            assert connection.exec_driver_sql("PRAGMA integrity_check").scalar() == "ok"
    assert list(ledger) == list(range(1, on_shelf + 1))
    assert on_shelf - 1 in (heard, heard + 1)  # The row before the program's first is there from the start.
