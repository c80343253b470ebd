"""The page of sessions: who sees which, and who may end them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, select, update
from sqlalchemy.orm import Session

from tests.factories import PASSWORD, make_user
from tests.helpers.cast import NAMES, Cast, Part, also_in_other_store
from tests.helpers.failures import Broken, breaking
from tests.helpers.markup import parse
from tests.helpers.sessions import is_signed_in
from tests.helpers.statements import counted
from webapp.domain.clock import utc_now
from webapp.models import PersonSession, User

pytestmark = pytest.mark.both_engines

Open = Callable[[Part], FlaskClient]


def rows_of(client: FlaskClient) -> list[str]:
    """The words of every row on the page."""
    return [row.words for row in parse(client.get("/sessions").text).all(css="sessions__session")]


def ids(db: Session, part: Part) -> list[int]:
    db.rollback()
    person = select(User.id).where(User.username == NAMES[part]).scalar_subquery()
    return list(db.scalars(select(PersonSession.id).where(PersonSession.user_id == person).order_by(PersonSession.id)))


def test_a_person_sees_their_own_browsers_this_one_first(client_as: Open) -> None:
    client_as("manager")
    first, last = client_as("packer"), client_as("packer")

    for client in (first, last):
        rows = rows_of(client)
        assert len(rows) == 2
        assert "This browser" in rows[0]
        assert "Chrome, Android" in rows[0]
        assert "Sign out" not in rows[0]
        assert "Sign out" in rows[1]


def test_a_person_sees_when_they_signed_in_last_and_before_that(app: Flask, cast: Cast, db: Session) -> None:
    form = {"username": NAMES["packer"], "password": PASSWORD}
    client = app.test_client()
    client.post("/login", data=form)
    first = client.get("/sessions").text
    db.execute(update(User).values(last_sign_in_at=utc_now() - timedelta(days=2)))
    db.commit()

    client.post("/login", data={**form, "password": "a guess"})
    client.post("/logout")
    client.post("/login", data=form)

    assert "Last sign-in:" in first
    assert "Before that:" not in first
    assert "Before that: 2 days ago" in parse(client.get("/sessions").text).words


def test_a_person_ends_one_of_their_own_and_only_that(client_as: Open, db: Session) -> None:
    here, lost, third = client_as("packer"), client_as("packer"), client_as("packer")

    answer = here.post(f"/sessions/{ids(db, 'packer')[1]}/sign-out")

    assert (answer.status_code, answer.location) == (303, "/sessions")
    assert "paula is signed out there." in here.get("/sessions").text
    assert [is_signed_in(one) for one in (here, lost, third)] == [True, False, True]


def test_a_person_ends_all_others_of_their_own(client_as: Open) -> None:
    here, others, manager = client_as("packer"), [client_as("packer") for _ in range(2)], client_as("manager")

    here.post("/sessions/others/sign-out")

    assert "2 other browsers are signed out." in here.get("/sessions").text
    assert not any(map(is_signed_in, others))
    assert is_signed_in(here)
    assert is_signed_in(manager)
    assert "everywhere else" not in here.get("/sessions").text


@pytest.mark.parametrize("part", ["packer", "manager", "supervisor"])
def test_who_is_no_administrator_neither_sees_nor_ends_others(client_as: Open, db: Session, part: Part) -> None:
    admin, client = client_as("admin"), client_as(part)

    assert len(rows_of(client)) == 1
    answer = client.post(f"/sessions/{ids(db, 'admin')[0]}/sign-out")

    assert answer.status_code == 303
    assert "has already ended" in client.get("/sessions").text
    assert is_signed_in(admin)


def test_an_administrator_sees_and_ends_everybodys_of_the_store_and_of_no_other(client_as: Open, db: Session) -> None:
    admin, packer, outsider = client_as("admin"), client_as("packer"), client_as("outsider")

    page = rows_of(admin)
    assert len(page) == 2
    assert NAMES["packer"] in page[1]
    for part in ("packer", "outsider"):
        admin.post(f"/sessions/{ids(db, part)[0]}/sign-out")

    assert not is_signed_in(packer)
    assert is_signed_in(outsider)


def test_ones_own_of_another_store_are_listed_and_ended_as_well(client_as: Open, db: Session, cast: Cast) -> None:
    here = client_as("packer")
    person = also_in_other_store(db, cast, "packer")
    elsewhere = PersonSession(store_id=cast.other_store.id, user_id=person.id, token_hash="x", device="")
    db.add(elsewhere)
    db.commit()

    rows = rows_of(here)
    assert "Unknown browser" in rows[1]
    assert cast.other_store.name in rows[1]
    here.post(f"/sessions/{elsewhere.id}/sign-out")

    assert len(ids(db, "packer")) == 1


def test_sessions_that_are_over_are_not_listed(client_as: Open, db: Session) -> None:
    admin = client_as("admin")
    for part in ("admin", "packer", "manager"):
        client_as(part)
    db.rollback()
    for row in db.scalars(select(PersonSession).where(PersonSession.id > 1)):
        row.seen_at = row.seen_at.replace(year=row.seen_at.year - 1)
    db.commit()

    assert len(rows_of(admin)) == 1


def test_ending_one_again_changes_nothing(client_as: Open, db: Session) -> None:
    here, lost = client_as("packer"), client_as("packer")
    path = f"/sessions/{ids(db, 'packer')[1]}/sign-out"

    here.post(path)
    here.get("/sessions")
    assert here.post(path).status_code == 303

    assert "has already ended" in here.get("/sessions").text
    assert not is_signed_in(lost)


@pytest.mark.parametrize("path", ["/sessions/{id}/sign-out", "/sessions/others/sign-out"])
def test_a_failure_ends_nothing(client_as: Open, db: Session, engine: Engine, path: str) -> None:
    here, lost = client_as("packer"), client_as("packer")

    with breaking(engine, "commit", 1), pytest.raises(Broken):
        here.post(path.format(id=ids(db, "packer")[1]))

    assert is_signed_in(lost)


def test_the_page_costs_the_same_statements_however_many_are_signed_in(
    client_as: Open, db: Session, cast: Cast, engine: Engine
) -> None:
    admin, costs = client_as("admin"), []
    for _ in range(2):
        with counted(engine) as statements:
            assert admin.get("/sessions").status_code == 200
        costs.append(len(statements))
        for _ in range(20):
            person = make_user(db, cast.store)
            db.add(PersonSession(store_id=cast.store.id, user_id=person.id, token_hash=f"x{person.id}", device=""))
        db.commit()

    assert costs == [3, 3]
