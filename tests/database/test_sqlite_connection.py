"""Which statements enter SQLite's write gate, and when it opens again."""

from __future__ import annotations

import pytest
from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm import Session

from tests.database.conftest import STORE
from webapp.database.unit_of_work import begin_write
from webapp.database.write_gate import GateTimeout, WriteGate, gate_for

pytestmark = [pytest.mark.engines("sqlite"), pytest.mark.durable]

RENAME = text("UPDATE stores SET name = 'renamed'")
DANGLING = text("UPDATE orders SET store_id = 99")


@pytest.fixture
def gate(filled: Engine) -> WriteGate:
    return gate_for(str(filled.url.database))


def is_open(gate: WriteGate) -> bool:
    try:
        gate.enter(0.01)
    except GateTimeout:
        return False
    gate.leave()
    return True


@pytest.mark.parametrize(
    ("pragma", "value"), [("journal_mode", "wal"), ("synchronous", 2), ("foreign_keys", 1), ("busy_timeout", 2000)]
)
def test_every_connection_is_durable_and_checks_references(connection: Connection, pragma: str, value: object) -> None:
    assert connection.exec_driver_sql(f"PRAGMA {pragma}").scalar() == value


def test_a_reader_passes_no_gate_and_does_not_see_what_is_not_committed(filled: Engine, gate: WriteGate) -> None:
    with filled.connect() as writer, filled.connect() as reader:
        writer.execute(RENAME)

        assert reader.scalar(text(f"SELECT name FROM stores WHERE id = {STORE}")) == "A shop"
        assert not is_open(gate)


def test_a_new_connection_reads_while_somebody_else_writes(filled: Engine) -> None:
    with filled.connect() as writer:
        writer.execute(RENAME)
        filled.dispose()  # So that the next connection is a new one.

        with filled.connect() as reader:
            assert reader.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"


def test_reading_alone_leaves_the_gate_open(connection: Connection, gate: WriteGate) -> None:
    connection.execute(text("SELECT * FROM orders")).all()

    assert is_open(gate)


@pytest.mark.parametrize("end", ["commit", "rollback", "close", "invalidate"])
def test_the_gate_opens_when_the_transaction_ends(filled: Engine, gate: WriteGate, end: str) -> None:
    with filled.connect() as writer:
        writer.execute(RENAME)
        assert not is_open(gate)

        getattr(writer, end)()

        assert is_open(gate)


def test_the_gate_is_taken_at_the_beginning_of_a_unit_of_work(filled: Engine, gate: WriteGate) -> None:
    with Session(filled) as session:
        begin_write(session)

        assert not is_open(gate)
    assert is_open(gate)


def test_a_statement_that_fails_keeps_the_gate_until_the_rollback(filled: Engine, gate: WriteGate) -> None:
    with filled.connect() as writer:
        with pytest.raises(IntegrityError):
            writer.execute(DANGLING)
        assert not is_open(gate)

        writer.rollback()

        assert is_open(gate)


def test_a_commit_that_fails_changes_nothing_and_opens_the_gate_with_its_rollback(
    filled: Engine, gate: WriteGate
) -> None:
    with Session(filled) as session:
        session.execute(text("PRAGMA defer_foreign_keys=ON"))
        session.execute(DANGLING)

        with pytest.raises(IntegrityError):
            session.commit()

        session.rollback()
        assert is_open(gate)
        assert session.scalar(text(f"SELECT count(*) FROM orders WHERE store_id = {STORE}")) == 1


def test_who_finds_the_gate_shut_for_too_long_gets_the_error_of_a_locked_database(
    filled: Engine, gate: WriteGate, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("webapp.database.sqlite_connection.GATE_SECONDS", 0.01)
    gate.enter(1)
    try:
        with filled.connect() as writer, pytest.raises(OperationalError, match="database is locked"):
            writer.execute(RENAME)
    finally:
        gate.leave()
    assert is_open(gate)
