"""The security log says who signed in or was refused, from where, and tells no secret."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.factories import PASSWORD, make_token, make_user
from tests.helpers.cast import NAMES, Cast, Part
from tests.helpers.client_fixtures import ApiClient
from webapp.models import User

Lines = Callable[[], list[str]]

PACKER, MANAGER = NAMES["packer"], NAMES["manager"]


@pytest.fixture
def lines(capsys: pytest.CaptureFixture[str]) -> Lines:
    """Return the level and words of the security log's lines since the last call."""
    return lambda: re.findall(r"\] (\w+ security: .+)$", capsys.readouterr().err, re.MULTILINE)


def sign_in(client: FlaskClient, username: str, password: str = PASSWORD) -> int:
    form = {"username": username, "password": password}
    return client.post("/login", data=form, environ_base={"REMOTE_ADDR": "192.0.2.7"}).status_code


@pytest.mark.usefixtures("cast")
class TestASignIn:
    def test_that_works_is_logged_with_name_address_and_store(self, client: FlaskClient, lines: Lines) -> None:
        sign_in(client, PACKER)

        assert lines() == [f"INFO security: event=sign_in outcome=done name={PACKER} address=192.0.2.7 store=MAIN"]

    def test_with_a_wrong_password_is_a_warning(self, client: FlaskClient, lines: Lines) -> None:
        sign_in(client, PACKER, "my guess")

        assert lines() == [f"WARNING security: event=sign_in outcome=wrong_password name={PACKER} address=192.0.2.7"]

    @pytest.mark.app_config(LOGIN_RATE_LIMIT="1 per minute")
    def test_over_the_limit_is_a_warning(self, client: FlaskClient, lines: Lines) -> None:
        sign_in(client, PACKER, "my guess")
        sign_in(client, PACKER)

        assert lines()[1:] == [
            f"WARNING security: event=sign_in outcome=too_many_tries name={PACKER} address=192.0.2.7"
        ]

    def test_to_a_closed_account_or_without_a_store_says_so(
        self, client: FlaskClient, db: Session, lines: Lines
    ) -> None:
        db.scalars(select(User).where(User.username == PACKER)).one().is_active = False
        db.commit()
        make_user(db, None, username="stranded")

        sign_in(client, PACKER)
        sign_in(client, "stranded")

        assert [line.split()[3] for line in lines()] == ["outcome=account_closed", "outcome=no_store"]

    @pytest.mark.parametrize(
        "typed", ["my secret password", "name=ada address=10.0.0.1", "line\nbreak \x1b[31m", "аdmin", "'\"\\"]
    )
    def test_under_a_name_that_nobody_has_shows_a_mark_in_its_place(
        self, client: FlaskClient, capsys: pytest.CaptureFixture[str], typed: str
    ) -> None:
        for username in (typed, typed, f"{typed}2"):
            sign_in(client, username)

        log = capsys.readouterr().err
        marks = re.findall(r"outcome=unknown_name name=unknown:([0-9a-f]{8}) address=192.0.2.7$", log, re.MULTILINE)
        assert len(marks) == 3
        assert marks[0] == marks[1] != marks[2]
        assert typed not in log
        assert "secret" not in log

    @pytest.mark.app_config(LOG_LEVEL="ERROR")
    def test_is_logged_whatever_else_is_not(self, client: FlaskClient, lines: Lines) -> None:
        sign_in(client, PACKER)

        assert len(lines()) == 1

    def test_leaves_no_password_in_the_log(self, client: FlaskClient, capsys: pytest.CaptureFixture[str]) -> None:
        sign_in(client, PACKER)
        sign_in(client, PACKER, "a-wrong-one")

        log = capsys.readouterr().err
        assert PASSWORD not in log
        assert "a-wrong-one" not in log


class TestSessions:
    def test_signing_out_and_changing_stores_are_logged(
        self, client_as: Callable[[Part], FlaskClient], cast: Cast, lines: Lines
    ) -> None:
        client = client_as("packer")
        lines()

        client.post("/store", data={"store_id": cast.store.id})
        client.post("/store", data={"store_id": cast.other_store.id})
        client.post("/logout")
        client.post("/logout")

        assert lines() == [
            f"INFO security: event=store_change outcome=done name={PACKER} address=127.0.0.1 store=MAIN",
            f"WARNING security: event=store_change outcome=refused name={PACKER} address=127.0.0.1",
            f"INFO security: event=sign_out outcome=done name={PACKER} address=127.0.0.1",
        ]


class TestRefusals:
    def test_of_a_role_name_the_person_and_the_page(
        self, client_as: Callable[[Part], FlaskClient], lines: Lines
    ) -> None:
        client = client_as("packer")
        lines()

        client.get("/activity")

        assert lines() == [
            f"WARNING security: event=access outcome=refused name={PACKER} address=127.0.0.1 role=packer path=/activity"
        ]

    def test_of_a_programs_role_name_its_token(self, api_as: Callable[[Part], ApiClient], lines: Lines) -> None:
        answer = api_as("supervisor").post("/orders/1/cancel")

        assert answer.status_code == 403
        assert lines()[0].startswith("WARNING security: event=access outcome=refused name=token:")

    @pytest.mark.app_config(WTF_CSRF_ENABLED=True)
    def test_of_a_forged_form_name_who_was_signed_in(
        self, app: Flask, client_as: Callable[[Part], FlaskClient], client: FlaskClient, lines: Lines
    ) -> None:
        app.config["WTF_CSRF_ENABLED"] = False
        signed_in = client_as("packer")
        app.config["WTF_CSRF_ENABLED"] = True
        lines()

        signed_in.post("/logout")
        client.post("/login", data={"username": PACKER, "password": PASSWORD})

        assert lines() == [
            f"WARNING security: event=form outcome=refused name={PACKER} address=127.0.0.1 path=/logout",
            "WARNING security: event=form outcome=refused name=- address=127.0.0.1 path=/login",
        ]

    def test_of_a_token_show_nothing_of_it(
        self, client: FlaskClient, db: Session, cast: Cast, capsys: pytest.CaptureFixture[str]
    ) -> None:
        token = make_token(db, cast.store)

        for words in (f"Bearer {token[:-1]}x", "Bearer ü", f"Basic {token}"):
            client.get("/api/v1/store/orders", headers={"Authorization": words.encode().decode("latin-1")})

        log = capsys.readouterr().err
        assert log.count("security: event=token_use outcome=refused name=- address=127.0.0.1") == 3
        assert token[5:20] not in log

    def test_of_somebody_without_token_or_session_are_none(self, client: FlaskClient, lines: Lines) -> None:
        client.get("/api/v1/store/orders")
        client.get("/orders")

        assert lines() == []
