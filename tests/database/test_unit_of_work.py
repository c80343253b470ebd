"""One request's change happens completely or not at all, and once per key."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import Engine, func, select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from tests.database.conftest import OTHER_STORE, STORE
from tests.database.writer import READ, add_one
from webapp.database.patience import OF_COMMANDS
from webapp.database.unit_of_work import Once, Outcome, fingerprint, operation_id, unit_of_work
from webapp.database.write_gate import gate_for
from webapp.domain.errors import (
    Busy,
    IdempotencyKeyOfAnother,
    IdempotencyKeyReused,
    InsufficientInventory,
    OrderNotFound,
    StaleView,
    Unavailable,
)
from webapp.models import IdempotencyKey

ONCE = Once(store_id=STORE, key="tap-1", actor="paula", fingerprint=fingerprint("POST", "/orders/100", {"quantity": 2}))
NewSession = Callable[[], Session]


@pytest.fixture
def session(filled: Engine, new_session: NewSession) -> Session:
    return new_session()


@pytest.fixture
def version(filled: Engine) -> Callable[[], int]:
    """Return a function that reads the order's version as others see it."""

    def read() -> int:
        with filled.connect() as connection:
            return int(connection.scalar(READ))

    return read


def ship(session: Session) -> dict[str, Any]:
    """Stands for a service: changes the order and returns something that JSON can hold."""
    add_one(session)
    return {"version": session.scalar(READ)}


def refuse(session: Session) -> dict[str, Any]:
    """Stands for a service that changes something and then refuses."""
    add_one(session)
    raise InsufficientInventory("Only 3 available.", requested=5, available=3)


def key_rows(session: Session) -> list[IdempotencyKey]:
    session.rollback()
    return list(session.scalars(select(IdempotencyKey).where(IdempotencyKey.key == ONCE.key)))


def test_the_work_is_committed_and_its_result_returned(session: Session, version: Callable[[], int]) -> None:
    outcome = unit_of_work(session, ship)

    assert outcome == Outcome({"version": 2}, replayed=False, status=200)
    assert version() == 2
    assert not session.in_transaction()


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt, OrderNotFound])
def test_an_error_leaves_nothing(session: Session, version: Callable[[], int], error: type[BaseException]) -> None:
    def fail(open_session: Session) -> None:
        add_one(open_session)
        raise error

    with pytest.raises(error):
        unit_of_work(session, fail, ONCE)

    assert version() == 1
    assert key_rows(session) == []


def test_a_change_that_the_database_refuses_is_not_tried_again(session: Session) -> None:
    tries = []

    def dangle(open_session: Session) -> None:
        tries.append(1)
        open_session.execute(text("UPDATE order_items SET product_id = 999 WHERE store_id = 1"))

    with pytest.raises(IntegrityError):
        unit_of_work(session, dangle)

    assert len(tries) == 1


def test_what_the_caller_had_begun_to_read_does_not_stand_in_the_way(session: Session) -> None:
    session.execute(READ)

    assert unit_of_work(session, ship).result == {"version": 2}


def test_the_rows_of_one_request_share_an_operation_and_the_next_request_has_another(session: Session) -> None:
    def ask_twice(open_session: Session) -> list[str]:
        return [operation_id(open_session), operation_id(open_session)]

    first, second = unit_of_work(session, ask_twice).result, unit_of_work(session, ask_twice).result

    assert first[0] == first[1]
    assert first[0] != second[0]


def test_a_repeated_request_has_its_effect_once_and_gets_the_first_answer(
    session: Session, version: Callable[[], int]
) -> None:
    first = unit_of_work(session, ship, ONCE)

    again = unit_of_work(session, ship, ONCE)

    assert first == Outcome({"version": 2})
    assert again == Outcome({"version": 2}, replayed=True)
    assert version() == 2


def test_a_hundred_at_once_have_one_effect_and_one_answer(
    filled: Engine, new_session: NewSession, version: Callable[[], int]
) -> None:
    outcomes: list[Outcome[dict[str, Any]]] = []

    def send() -> None:
        session = new_session()
        outcomes.extend(unit_of_work(session, ship, ONCE) for _ in range(10))
        session.close()

    threads = [threading.Thread(target=send) for _ in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)

    assert [outcome.result for outcome in outcomes] == [{"version": 2}] * 100
    assert [outcome.replayed for outcome in outcomes].count(False) == 1
    assert version() == 2


def test_the_same_key_for_another_request_is_refused(session: Session, version: Callable[[], int]) -> None:
    unit_of_work(session, ship, ONCE)

    with pytest.raises(IdempotencyKeyReused):
        unit_of_work(session, ship, replace(ONCE, fingerprint=fingerprint("POST", "/orders/100", {"quantity": 3})))

    assert version() == 2


@pytest.mark.parametrize("keep_refusals", [False, True])
def test_a_key_of_somebody_else_is_refused_in_words(
    session: Session, version: Callable[[], int], keep_refusals: bool
) -> None:
    unit_of_work(session, ship, ONCE)

    with pytest.raises(IdempotencyKeyOfAnother, match="Somebody else"):
        unit_of_work(session, ship, replace(ONCE, actor="max", keep_refusals=keep_refusals))

    assert version() == 2
    assert [row.actor for row in key_rows(session)] == ["paula"]
    assert unit_of_work(session, ship, ONCE).replayed


def test_a_key_of_anybody_has_one_answer_for_all(session: Session, version: Callable[[], int]) -> None:
    unit_of_work(session, ship, replace(ONCE, of_anybody=True))

    assert unit_of_work(session, ship, replace(ONCE, of_anybody=True, actor="max")).replayed
    assert version() == 2


def test_another_store_may_use_the_same_key(session: Session, version: Callable[[], int]) -> None:
    unit_of_work(session, ship, ONCE)

    other = unit_of_work(session, ship, replace(ONCE, store_id=OTHER_STORE))

    assert not other.replayed
    assert version() == 3


def test_a_key_row_says_who_and_what_and_joins_the_rows_of_its_request(session: Session) -> None:
    operation = unit_of_work(session, lambda open_session: operation_id(open_session), ONCE).result

    (row,) = key_rows(session)
    assert (row.actor, row.fingerprint, row.operation_id) == ("paula", ONCE.fingerprint, operation)
    assert (row.status, row.result) == (200, operation)


def test_a_key_whose_request_was_refused_is_free_again(session: Session, version: Callable[[], int]) -> None:
    with pytest.raises(InsufficientInventory):
        unit_of_work(session, refuse, ONCE)

    assert unit_of_work(session, ship, ONCE) == Outcome({"version": 2})
    assert version() == 2


def test_a_kept_refusal_is_the_answer_to_every_repeat(session: Session, version: Callable[[], int]) -> None:
    kept = replace(ONCE, keep_refusals=True)
    with pytest.raises(InsufficientInventory):
        unit_of_work(session, refuse, kept)

    again = unit_of_work(session, ship, kept)

    assert (again.replayed, again.status) == (True, 409)
    assert again.result == {
        "code": "insufficient_inventory",
        "message": "Only 3 available.",
        "data": {"requested": 5, "available": 3},
    }
    assert version() == 1


def test_a_kept_refusal_of_a_key_that_was_reused_does_not_replace_the_first_answer(session: Session) -> None:
    kept = replace(ONCE, keep_refusals=True)
    unit_of_work(session, ship, kept)

    with pytest.raises(IdempotencyKeyReused):
        unit_of_work(session, ship, replace(kept, fingerprint="another"))

    assert unit_of_work(session, ship, kept).result == {"version": 2}


def test_an_error_of_ours_is_not_kept_as_an_answer(session: Session) -> None:
    def break_down(_session: Session) -> None:
        raise Unavailable("The shelf system is down.")

    with pytest.raises(Unavailable):
        unit_of_work(session, break_down, replace(ONCE, keep_refusals=True))

    assert key_rows(session) == []


def test_a_first_answer_that_came_in_between_wins_over_a_refusal(
    session: Session, new_session: NewSession, version: Callable[[], int]
) -> None:
    kept = replace(ONCE, keep_refusals=True)
    other = new_session()
    tries = []

    def lose_the_race(open_session: Session) -> dict[str, Any]:
        tries.append(1)
        open_session.rollback()  # As when this request never got its turn.
        assert not unit_of_work(other, ship, kept).replayed
        raise StaleView("2 shipped since.", seen=0, current=2)

    outcome = unit_of_work(session, lose_the_race, kept)

    assert outcome == Outcome({"version": 2}, replayed=True)
    assert len(tries) == 1
    assert version() == 2


def test_the_same_request_in_another_order_of_fields_has_the_same_fingerprint() -> None:
    assert fingerprint("POST", {"a": 1, "b": 2}) == fingerprint("POST", {"b": 2, "a": 1})
    assert fingerprint("POST", {"a": 1}) != fingerprint("POST", {"a": 2})


@pytest.mark.engines("sqlite")
def test_who_cannot_get_the_write_lock_is_told_that_nothing_happened(filled: Engine, session: Session) -> None:
    gate = gate_for(str(filled.url.database))
    gate.enter(1)
    try:
        with pytest.raises(Busy, match="Nothing was changed"):
            unit_of_work(session, ship, ONCE, patience=0.01)
    finally:
        gate.leave()

    assert unit_of_work(session, ship, ONCE) == Outcome({"version": 2})


@pytest.mark.engines("postgresql")
def test_who_cannot_lock_a_row_is_told_that_nothing_happened(filled: Engine, session: Session) -> None:
    tries: list[int] = []

    def work(db: Session) -> dict[str, object]:
        tries.append(1)
        return ship(db)

    with filled.begin() as holder:
        holder.execute(text("SELECT id FROM orders WHERE store_id = 1 FOR UPDATE"))
        with pytest.raises(Busy, match="Nothing was changed"):
            unit_of_work(session, work, ONCE, patience=0.01)

    assert len(tries) == 1, "a lock that does not come is not waited for six times"
    assert unit_of_work(session, work, ONCE) == Outcome({"version": 2})


@pytest.mark.engines("postgresql")
def test_a_person_waits_two_seconds_for_a_lock_and_a_command_longer(filled: Engine, session: Session) -> None:
    def patience(db: Session) -> str:
        return str(db.scalar(text("SHOW lock_timeout")))

    assert unit_of_work(session, patience).result == "2s"
    assert unit_of_work(session, patience, patience=OF_COMMANDS).result == "1min"
    assert unit_of_work(session, patience).result == "2s"


def test_no_keys_are_left_where_none_were_given(session: Session) -> None:
    before = session.scalar(select(func.count()).select_from(IdempotencyKey))

    unit_of_work(session, ship)

    assert session.scalar(select(func.count()).select_from(IdempotencyKey)) == before
