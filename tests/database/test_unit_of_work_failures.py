"""How the unit of work handles deadlocks, lost connections and commits in doubt, each provoked for real."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
from sqlalchemy import Engine, create_engine, event, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from tests.database.rows import insert_all
from tests.database.test_unit_of_work import ONCE, NewSession, ship
from tests.database.writer import READ, add_one
from tests.helpers.databases import PostgresqlDatabases
from tests.helpers.postgresql import temporary_server
from tests.helpers.requirements import missing
from tests.helpers.waiting import wait_until
from webapp.database.engine import engine_options, prepare
from webapp.database.unit_of_work import Outcome, unit_of_work
from webapp.domain.errors import Unavailable

pytestmark = pytest.mark.engines("postgresql")

MY_PID = text("SELECT pg_backend_pid()")


def lock_order(session: Session, order_store: int) -> None:
    session.execute(text("SELECT id FROM orders WHERE store_id = :store FOR UPDATE"), {"store": order_store})


def terminate(engine: Engine, pid: int) -> None:
    with engine.connect() as other:
        other.execute(text("SELECT pg_terminate_backend(:pid, 5000)"), {"pid": pid})


def test_the_loser_of_a_deadlock_is_run_again_and_both_succeed(filled: Engine, new_session: NewSession) -> None:
    both_hold_one = threading.Barrier(2, timeout=10)
    runs: list[int] = []
    failures: list[BaseException] = []

    def work_on(first: int, second: int) -> None:
        tries = 0

        def work(session: Session) -> None:
            nonlocal tries
            tries += 1
            runs.append(first)
            lock_order(session, first)
            if tries == 1:
                both_hold_one.wait()
            lock_order(session, second)
            add_one(session)

        try:
            unit_of_work(new_session(), work)
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=work_on, args=stores) for stores in ((1, 2), (2, 1))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)

    assert failures == []
    assert len(runs) >= 3, "on a busy machine the loser may come back before the winner woke, and lose again"
    with filled.connect() as connection:
        assert connection.scalar(READ) == 3


def test_a_deadlock_that_never_ends_reaches_the_caller_after_six_tries(
    filled: Engine, new_session: NewSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    tries: list[int] = []

    def always_deadlocked(session: Session) -> None:
        tries.append(1)
        session.execute(text("DO $$ BEGIN RAISE EXCEPTION 'again' USING ERRCODE = 'deadlock_detected'; END $$"))

    with pytest.raises(OperationalError, match="again"):
        unit_of_work(new_session(), always_deadlocked)

    assert len(tries) == 6


def test_a_serialization_failure_is_run_again(filled: Engine, new_session: NewSession) -> None:
    tries: list[int] = []

    def fail_once(session: Session) -> dict[str, object]:
        tries.append(1)
        if len(tries) == 1:
            session.execute(text("DO $$ BEGIN RAISE EXCEPTION 'x' USING ERRCODE = 'serialization_failure'; END $$"))
        return ship(session)

    assert unit_of_work(new_session(), fail_once).result == {"version": 2}
    assert len(tries) == 2


def test_a_connection_lost_before_the_commit_is_replaced_and_the_work_run_again(
    filled: Engine, new_session: NewSession
) -> None:
    tries: list[int] = []

    def lose_the_first_connection(session: Session) -> dict[str, object]:
        tries.append(1)
        add_one(session)
        if len(tries) == 1:
            terminate(filled, int(session.scalar(MY_PID) or 0))
        return ship(session)

    assert unit_of_work(new_session(), lose_the_first_connection, ONCE) == Outcome({"version": 3})
    assert len(tries) == 2


def test_a_connection_lost_in_the_commit_is_an_unknown_outcome_that_the_same_key_settles(
    filled: Engine, new_session: NewSession
) -> None:
    session = new_session()
    runs: list[int] = []

    def work(open_session: Session) -> dict[str, object]:
        runs.append(1)
        answer = ship(open_session)
        if len(runs) == 1:
            pid = int(open_session.scalar(MY_PID) or 0)
            event.listen(filled, "commit", lambda _connection: terminate(filled, pid), once=True)
        return answer

    with pytest.raises(Unavailable, match="safe to repeat"):
        unit_of_work(session, work, ONCE)
    assert len(runs) == 1

    assert unit_of_work(session, work, ONCE).result == {"version": 2}
    with filled.connect() as connection:
        assert connection.scalar(READ) == 2


@pytest.fixture
def with_a_lost_standby() -> Iterator[Engine]:
    """A server of its own whose commits wait for a standby that is not there."""
    with temporary_server() as server_url:
        if server_url is None:
            missing("POSTGRESQL", "This test starts a PostgreSQL of its own, and there are no programs for it.")
        url = PostgresqlDatabases(server_url).migrated()
        engine = create_engine(url, **engine_options(url, pool_size=4))
        prepare(engine)
        with engine.begin() as connection:
            insert_all(connection, 1)
            insert_all(connection, 2)
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as admin:
            admin.execute(text("ALTER SYSTEM SET synchronous_commit = 'on'"))
            admin.execute(text("ALTER SYSTEM SET synchronous_standby_names = 'the_lost_one'"))
            admin.execute(text("SELECT pg_reload_conf()"))
        engine.dispose()
        yield engine
        engine.dispose()


def test_a_commit_that_no_standby_confirms_stays_an_unknown_outcome_however_often_the_key_is_sent(
    with_a_lost_standby: Engine,
) -> None:
    engine = with_a_lost_standby
    answers: list[object] = []

    def send() -> None:
        with Session(engine) as session:
            try:
                answers.append(unit_of_work(session, ship, ONCE))
            except Unavailable as error:
                answers.append(str(error))

    def cancel_the_wait() -> bool:
        with engine.connect() as admin:
            waiting = "SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE wait_event = 'SyncRep'"
            return bool(admin.execute(text(waiting)).all())

    for _ in range(2):
        thread = threading.Thread(target=send)
        thread.start()
        wait_until(cancel_the_wait, "the commit to wait for its standby")
        thread.join(10)

    unknown = "The database did not confirm the change. Send the same request again: it is safe to repeat."
    assert answers == [unknown, unknown]
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as admin:
        admin.execute(text("ALTER SYSTEM RESET synchronous_standby_names"))
        admin.execute(text("SELECT pg_reload_conf()"))
    send()
    assert answers[2:] == [Outcome({"version": 2}, replayed=True)]
