"""Guessed passwords, and forms sent by other sites."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.factories import PASSWORD
from tests.helpers.cast import NAMES
from webapp.auth.failed_sign_ins import FailedSignIns

SIGN_IN = {"username": NAMES["packer"], "password": PASSWORD}
A_PAGE = "/styleguide"


@pytest.mark.app_config(LOGIN_RATE_LIMIT="3 per minute")
class TestGuessingPasswords:
    @pytest.mark.usefixtures("cast")
    def test_ends_after_a_few_failures_even_with_the_right_password(self, client: FlaskClient) -> None:
        failed = [client.post("/login", data={**SIGN_IN, "password": "guess"}).status_code for _ in range(3)]
        answer = client.post("/login", data=SIGN_IN)

        assert failed == [422, 422, 422]
        assert answer.status_code == 429
        assert "Wait a minute" in answer.text

    @pytest.mark.usefixtures("cast")
    def test_is_counted_for_the_name_whatever_the_address(self, client: FlaskClient) -> None:
        for last in range(3):
            client.post("/login", data={**SIGN_IN, "password": "guess"}, environ_base={"REMOTE_ADDR": f"10.0.0.{last}"})

        assert client.post("/login", data=SIGN_IN, environ_base={"REMOTE_ADDR": "10.0.0.9"}).status_code == 429

    @pytest.mark.usefixtures("cast")
    def test_is_counted_for_the_name_whatever_blanks_stand_around_it(self, client: FlaskClient) -> None:
        typed = [blanks + NAMES["packer"] for blanks in (" ", "\t", " " * 64)]
        for last, username in enumerate(typed):
            guess = {"username": username, "password": "guess"}
            client.post("/login", data=guess, environ_base={"REMOTE_ADDR": f"10.0.0.{last}"})

        assert client.post("/login", data=SIGN_IN, environ_base={"REMOTE_ADDR": "10.0.0.9"}).status_code == 429

    @pytest.mark.usefixtures("cast")
    def test_does_not_count_those_who_know_theirs(self, app: Flask) -> None:
        answers = [app.test_client().post("/login", data=SIGN_IN).status_code for _ in range(6)]

        assert answers == [303] * 6


def test_a_limit_that_cannot_be_read_stops_the_start() -> None:
    with pytest.raises(ValueError, match="twenty"):
        FailedSignIns("twenty", "memory://")


@pytest.mark.app_config(WTF_CSRF_ENABLED=True)
class TestForgedForms:
    def sign_in(self, client: FlaskClient) -> None:
        form = client.get("/login").text
        token = form.split('name="csrf_token"')[1].split('value="')[1].split('"')[0]
        assert client.post("/login", data={**SIGN_IN, "csrf_token": token}).status_code == 303

    @pytest.mark.usefixtures("cast")
    def test_are_refused_while_one_is_signed_in(self, client: FlaskClient) -> None:
        self.sign_in(client)

        answer = client.post("/store", data={"store_id": "1"})

        assert answer.status_code == 400
        assert "This form has expired" in answer.text

    @pytest.mark.usefixtures("cast")
    def test_cannot_sign_anybody_in_or_out(self, client: FlaskClient) -> None:
        assert client.post("/login", data=SIGN_IN).status_code == 400

        self.sign_in(client)
        assert client.post("/logout").status_code == 400
        assert client.get(A_PAGE).status_code == 200

    @pytest.mark.usefixtures("cast")
    def test_from_an_ended_session_lead_to_the_sign_in(self, client: FlaskClient) -> None:
        answer = client.post("/store", data={"store_id": "1"})

        assert (answer.status_code, answer.location) == (303, "/login")

    @pytest.mark.usefixtures("cast")
    def test_every_page_hands_htmx_a_token_that_is_taken(self, client: FlaskClient) -> None:
        self.sign_in(client)
        page = client.get(A_PAGE).text
        token = page.split('{"X-CSRFToken": "')[1].split('"')[0]

        answer = client.post("/logout", headers={"X-CSRFToken": token, "HX-Request": "true"})

        assert answer.status_code == 303
