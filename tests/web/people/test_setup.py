"""The first start of an empty database, by the link that the server printed."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from tests.factories import make_store, make_user
from tests.helpers.failures import Broken, breaking
from tests.helpers.markup import parse
from webapp.auth.one_time import hash_of
from webapp.database.unit_of_work import unit_of_work
from webapp.domain.clock import utc_now
from webapp.domain.roles import Role
from webapp.models import Membership, SetupLink, Store, User
from webapp.services.people import setup_service
from webapp.services.people.store_settings import read_settings

LINK = "s" * 43
FORM = {
    "link": LINK,
    "store_name": "Tea & Tide",
    "code": "tea",
    "time_zone": "Europe/Luxembourg",
    "username": "nora",
    "password": "seven boats at dawn",
    "content": "own",
}


@pytest.fixture(autouse=True)
def link(db: Session) -> None:
    """A link that the server printed."""
    ends = utc_now() + timedelta(days=1)
    assert unit_of_work(db, lambda db: setup_service.add_link(db, hash_of(LINK), ends)).result


def people(db: Session) -> int:
    db.rollback()
    return db.scalars(select(func.count()).select_from(User)).one()


def test_every_page_says_how_to_get_the_link(client: FlaskClient) -> None:
    for path in ("/", "/orders", "/settings", "/login", "/setup"):
        page = client.get(path, follow_redirects=True)
        assert page.status_code == 200
        assert "This shop is not set up yet" in page.text
        assert "flask --app wsgi setup-link" in page.text
        assert 'name="password"' not in page.text


def test_the_link_makes_a_store_and_its_first_person_who_is_signed_in(
    client: FlaskClient, db: Session, capsys: pytest.CaptureFixture[str]
) -> None:
    page = parse(client.get(f"/setup?link={LINK}").text)
    assert page.one("input", id="code")["value"] == "main"

    answer = client.post("/setup", data=FORM)

    assert answer.location == "/people"
    assert "The shop is set up." in client.get("/people").text
    store = db.scalars(select(Store)).one()
    assert (store.code, store.name, store.time_zone) == ("tea", "Tea & Tide", "Europe/Luxembourg")
    assert db.scalars(select(Membership.role)).all() == [Role.ADMIN]
    log = capsys.readouterr().err
    assert "event=account outcome=made name=nora address=127.0.0.1 store=tea role=admin by=setup" in log
    assert LINK not in log


def test_who_also_does_the_daily_work_gets_a_second_account_as_a_manager(client: FlaskClient, db: Session) -> None:
    answer = client.post("/setup", data={**FORM, "manager": "nora-m"})

    page = client.get(answer.location).text
    assert "To invite people, sign in as nora." in page
    assert client.post("/setup", data=FORM).status_code == 404
    roles = db.execute(select(User.username, Membership.role).join(Membership, Membership.user_id == User.id)).all()
    assert sorted(map(tuple, roles)) == [("nora", Role.ADMIN), ("nora-m", Role.MANAGER)]
    client.post("/logout")
    sign_in = {"username": "nora", "password": FORM["password"]}
    assert client.post("/login", data=sign_in).location == "/exceptions"


@pytest.mark.parametrize(("chosen", "starts"), [({}, False), ({"start_imported_orders": "yes"}, True)])
def test_whether_imported_orders_start_is_asked(
    client: FlaskClient, db: Session, chosen: dict[str, str], starts: bool
) -> None:
    client.post("/setup", data={**FORM, **chosen})

    db.rollback()
    store = db.scalars(select(Store)).one()
    assert read_settings(db, store.id).start_imported_orders is starts


def test_afterwards_no_link_opens_anything(client: FlaskClient, app: Flask, db: Session) -> None:
    client.post("/setup", data=FORM)
    other = app.test_client()

    assert other.get(f"/setup?link={LINK}").status_code == 404
    assert other.get("/setup").status_code == 404
    answer = other.post("/setup", data={**FORM, "username": "mallory", "code": "evil"})

    assert answer.status_code == 404
    assert "If you used it yourself, sign in." in answer.text
    assert "not set up" not in other.get("/login").text
    assert (people(db), db.scalars(select(SetupLink)).all()) == (1, [])


def test_a_database_with_a_person_gets_no_link_and_takes_none(client: FlaskClient, db: Session) -> None:
    make_user(db, make_store(db))

    assert client.post("/setup", data=FORM).status_code == 404
    ends = utc_now() + timedelta(days=1)
    assert not unit_of_work(db, lambda db: setup_service.add_link(db, "another", ends)).result


@pytest.mark.parametrize("guess", ["x", "s" * 42, "s" * 44, "S" * 43, "' OR 1=1", "s" * 5000])
def test_a_guess_opens_nothing(client: FlaskClient, db: Session, guess: str) -> None:
    assert client.get("/setup", query_string={"link": guess}).status_code == 404
    assert client.post("/setup", data={**FORM, "link": guess}).status_code == 404
    assert people(db) == 0


def test_a_link_ends_after_a_day(client: FlaskClient, db: Session) -> None:
    with time_machine.travel(utc_now() + timedelta(days=1, seconds=1)):
        assert client.post("/setup", data=FORM).status_code == 404
    assert people(db) == 0


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("store_name", " ", "A store's name is 1 to 200 characters."),
        ("store_name", "x" * 201, "A store's name is 1 to 200 characters."),
        ("store_name", "a\u200bb", "A store's name is 1 to 200 characters."),
        ("code", "tea time", "A store's code is 1 to 32 letters"),
        ("code", "x" * 33, "A store's code is 1 to 32 letters"),
        ("time_zone", "", "Choose the store's time zone."),
        ("time_zone", "Mars/Olympus", "There is no time zone “Mars/Olympus”."),
        ("time_zone", "../../etc/passwd", "There is no time zone"),
        ("username", "", "A username is 1 to 64 letters"),
        ("manager", "no such name", "A username is 1 to 64 letters"),
        ("start_imported_orders", "maybe", "Choose one of the two."),
        ("manager", "NORA", "Choose another name than the administrator's."),
        ("password", "elevenchars", "at least 12 characters"),
        ("password", "Tea & Tide 1234", "little more than the name or the store"),
        ("password", "", "Enter a new password."),
    ],
)
def test_a_wrong_field_is_refused_and_the_others_stay(
    client: FlaskClient, db: Session, field: str, value: str, sentence: str
) -> None:
    answer = client.post("/setup", data={**FORM, field: value})

    page = parse(answer.text)
    assert answer.status_code == 422
    assert sentence in page.one(id=f"{field}-error").words
    if field != "store_name":
        assert page.one("input", id="store_name")["value"] == "Tea & Tide"
    assert people(db) == 0
    assert client.post("/setup", data=FORM).status_code == 303


def test_a_request_that_fails_leaves_nothing_and_the_link_opens_again(
    client: FlaskClient, db: Session, engine: Engine
) -> None:
    with breaking(engine, "commit", 1), pytest.raises(Broken):
        client.post("/setup", data=FORM)

    assert (people(db), db.scalars(select(Store)).all()) == (0, [])
    assert client.post("/setup", data=FORM).status_code == 303


def test_a_store_that_a_command_made_before_gets_its_first_person(client: FlaskClient, db: Session) -> None:
    make_store(db, "tea").name = "Tea & Tide"
    db.commit()

    assert client.post("/setup", data=FORM).status_code == 303
    assert db.scalars(select(Store.code)).all() == ["tea"]


def test_sample_data_is_loaded_beside_the_server(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[Any] = []
    monkeypatch.setattr("webapp.web.setup.start_command", lambda *how: started.append(how[0]))

    assert client.post("/setup", data={**FORM, "content": "sample"}).location == "/orders"
    assert started == [["demo", "--into", "tea"]]
    page = client.get("/orders").text
    assert "The sample orders are being made" in page
    with time_machine.travel(utc_now() + timedelta(minutes=3)):
        assert "are being made" not in client.get("/orders").text


def test_sample_data_that_cannot_be_loaded_leaves_the_shop_set_up(
    client: FlaskClient, db: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_how: Any) -> None:
        raise OSError("no processes left")

    monkeypatch.setattr("webapp.web.setup.start_command", fail)

    assert client.post("/setup", data={**FORM, "content": "sample"}).location == "/orders"
    assert "The sample data could not be loaded" in client.get("/orders").text
    assert people(db) > 0


@pytest.mark.app_config(WTF_CSRF_ENABLED=True)
def test_a_form_of_another_site_sets_nothing_up(client: FlaskClient, db: Session) -> None:
    assert client.post("/setup", data=FORM).status_code == 400
    assert people(db) == 0
