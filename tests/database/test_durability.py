"""When a process doubts that what it reads would survive the loss of the server, and what ends the doubt."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from tests.database.test_unit_of_work import ONCE, NewSession, ship
from webapp.database.doubts import doubt, end_doubt, hear_of, in_doubt, present_doubt
from webapp.database.durability import confirm
from webapp.database.unit_of_work import unit_of_work
from webapp.domain.errors import Unavailable
from webapp.models.database_doubts import number_of_doubts


@pytest.fixture(autouse=True)
def certain() -> Iterator[None]:
    """Begin and end without a doubt."""
    end_doubt(present_doubt())
    yield
    end_doubt(present_doubt())


def test_a_confirmation_ends_the_doubt(filled: Engine, new_session: NewSession) -> None:
    doubt()

    confirm(new_session())

    assert not in_doubt()


def test_a_change_ends_the_doubt_even_if_it_changes_nothing(filled: Engine, new_session: NewSession) -> None:
    doubt()

    unit_of_work(new_session(), lambda _session: None)

    assert not in_doubt()


def test_a_newer_doubt_outlives_the_confirmation_of_an_older_one() -> None:
    doubt()
    older = present_doubt()
    doubt()

    end_doubt(older)

    assert in_doubt()


def test_workers_share_a_doubt() -> None:
    child = os.fork()
    if child == 0:
        doubt()
        os._exit(0)
    os.waitpid(child, 0)

    assert in_doubt()


def test_another_servers_doubt_is_heard_of_once() -> None:
    hear_of(7)
    end_doubt(present_doubt())

    heard = []
    for doubts in (7, 8, 8, 3):  # After a fail-over the numbers may begin lower.
        hear_of(doubts)
        heard.append(in_doubt())
        end_doubt(present_doubt())

    assert heard == [False, True, False, True]


@pytest.mark.engines("postgresql")
def test_a_doubt_is_told_at_once_and_without_a_commit(filled: Engine, new_session: NewSession) -> None:
    numbers = [doubts_so_far(new_session())]

    for _ in range(2):
        with filled.connect() as connection:
            connection.connection.driver_connection.tell_others()  # type: ignore[union-attr]
        numbers.append(doubts_so_far(new_session()))

    assert [number - numbers[0] for number in numbers] == [0, 1, 2]


def doubts_so_far(session: Session) -> int:
    """Return how often servers have doubted."""
    return session.scalars(select(number_of_doubts())).one()


@pytest.mark.engines("postgresql")
def test_a_change_whose_outcome_is_unknown_is_told(filled: Engine, new_session: NewSession) -> None:
    def cut(session: Session) -> None:
        ship(session)
        session.flush()
        process = session.scalar(text("SELECT pg_backend_pid()"))
        with filled.connect() as other:
            other.execute(text("SELECT pg_terminate_backend(:process, 5000)"), {"process": process})

    before = doubts_so_far(new_session())

    with pytest.raises(Unavailable):
        unit_of_work(new_session(), cut)

    assert doubts_so_far(new_session()) == before + 1


@pytest.mark.engines("postgresql")
def test_a_lost_connection_raises_a_doubt(filled: Engine) -> None:
    with pytest.raises(DBAPIError), filled.connect() as connection:
        connection.execute(text("SELECT pg_terminate_backend(pg_backend_pid())"))

    assert in_doubt()


@pytest.fixture
def synced(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The files that the program forced onto the disk."""
    names: list[str] = []

    def note(descriptor: int) -> None:
        names.append(Path(f"/proc/self/fd/{descriptor}").readlink().name)

    monkeypatch.setattr(os, "fsync", note)
    return names


@pytest.mark.engines("sqlite")
@pytest.mark.parametrize("read", [confirm, lambda session: unit_of_work(session, ship, ONCE)])
def test_sqlite_puts_on_the_disk_what_a_dead_process_may_have_left_in_memory(
    filled: Engine, new_session: NewSession, synced: list[str], read: Callable[[Session], object]
) -> None:
    unit_of_work(new_session(), ship, ONCE)
    doubt()

    read(new_session())

    assert synced == ["packbench.db-wal"]


@pytest.mark.engines("sqlite")
@pytest.mark.durable
def test_every_commit_of_sqlite_waits_for_the_disk(engine: Engine) -> None:
    with engine.connect() as connection:
        pragmas = [connection.scalar(text(f"PRAGMA {name}")) for name in ("journal_mode", "synchronous")]

    assert pragmas == ["wal", 2]
