"""Failed sign-ins are counted in the database, each before its password is checked."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.database.unit_of_work import unit_of_work
from webapp.domain.clock import time_is
from webapp.domain.errors import TooManyTries
from webapp.domain.sign_in_limits import Counter, TryLimit
from webapp.models import SignInTries
from webapp.services.people.sign_in_tries import check_tries, count_try, uncount_try

NOW = datetime(2026, 11, 30, 8, 0, tzinfo=UTC)
THREE = (TryLimit(3, 300),)
NAME, ADDRESS, OTHER = Counter("name", THREE), Counter("address", THREE), Counter("other", THREE)


def count(db: Session, *counters: Counter, seconds: float = 0) -> float:
    with time_is(NOW + timedelta(seconds=seconds)):
        return unit_of_work(db, lambda session: count_try(session, counters)).result


def kept(db: Session) -> dict[str, int]:
    db.rollback()
    return {row.key: len(row.tries) for row in db.execute(select(SignInTries.key, SignInTries.tries))}


def test_a_try_counts_for_the_name_and_for_the_address(db: Session) -> None:
    count(db, NAME, ADDRESS)
    count(db, NAME, OTHER)

    assert kept(db) == {"name": 2, "address": 1, "other": 1}


def test_a_try_over_the_limit_is_refused_until_the_first_is_over_and_counts_for_nothing(db: Session) -> None:
    for seconds in (0, 10, 20):
        count(db, NAME, ADDRESS, seconds=seconds)

    with pytest.raises(TooManyTries) as refused:
        count(db, NAME, OTHER, seconds=30)
    assert refused.value.retry_after == 270
    assert kept(db) == {"name": 3, "address": 3}

    with time_is(NOW + timedelta(seconds=299)), pytest.raises(TooManyTries):
        check_tries(db, [NAME])
    with time_is(NOW + timedelta(seconds=300)):
        check_tries(db, [NAME])
    count(db, NAME, seconds=300)
    assert kept(db)["name"] == 3


def test_a_right_password_takes_its_own_try_back_and_no_other(db: Session) -> None:
    count(db, NAME, ADDRESS)
    at = count(db, NAME, ADDRESS, seconds=1)

    unit_of_work(db, lambda session: uncount_try(session, [NAME, ADDRESS], at))
    unit_of_work(db, lambda session: uncount_try(session, [NAME, ADDRESS], at))

    assert kept(db) == {"name": 1, "address": 1}


def test_looking_whether_one_may_try_writes_nothing(db: Session) -> None:
    check_tries(db, [NAME, ADDRESS])

    assert kept(db) == {}


def test_old_rows_are_pruned(db: Session) -> None:
    for number in range(5):
        count(db, Counter(f"old {number}", THREE))

    count(db, NAME, seconds=301)

    assert kept(db) == {"name": 1}


def test_an_interrupted_try_leaves_nothing(db: Session) -> None:
    def stop(session: Session) -> None:
        count_try(session, [NAME])
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        unit_of_work(db, stop)

    assert kept(db) == {}


def test_the_wait_is_said_in_minutes_and_then_in_hours() -> None:
    advice = {wait: TooManyTries(wait).advice for wait in (1, 60, 61, 3540, 3541, 7201)}

    assert advice == {
        1: "Wait 1 minute, then try again.",
        60: "Wait 1 minute, then try again.",
        61: "Wait 2 minutes, then try again.",
        3540: "Wait 59 minutes, then try again.",
        3541: "Wait 1 hour, then try again.",
        7201: "Wait 3 hours, then try again.",
    }
