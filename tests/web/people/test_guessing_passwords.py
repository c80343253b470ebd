"""Guessed passwords: they end after a few failures, and a stranger's guesses lock nobody out of a device of theirs."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from tests.helpers.cast import NAMES
from tests.helpers.sessions import SIGN_IN
from webapp import create_app
from webapp.auth import known_devices
from webapp.auth.passwords import hash_password
from webapp.domain.clock import utc_now
from webapp.models import SignInTries
from webapp.services.people import membership_service

GUESS = {"username": NAMES["packer"], "password": "guess"}
THREE = pytest.mark.app_config(LOGIN_RATE_LIMIT="3 per minute")
"""And nine of a name from anywhere, and nine at an address."""


def post(client: FlaskClient, form: dict[str, str], address: str = "127.0.0.1") -> TestResponse:
    return client.post("/login", data=form, environ_base={"REMOTE_ADDR": address})


def statuses(client: FlaskClient, form: dict[str, str], times: int, address: str = "127.0.0.1") -> list[int]:
    return [post(client, form, address).status_code for _ in range(times)]


@THREE
@pytest.mark.usefixtures("cast")
class TestGuessing:
    def test_ends_after_a_few_failures_even_with_the_right_password(self, client: FlaskClient) -> None:
        assert statuses(client, GUESS, 3) == [422] * 3

        assert post(client, SIGN_IN).status_code == 429

    def test_is_refused_with_words_and_a_header_that_say_when_to_go_on(self, client: FlaskClient) -> None:
        at = utc_now()
        with time_machine.travel(at, tick=False):
            statuses(client, GUESS, 3)
        with time_machine.travel(at + timedelta(seconds=18), tick=False):
            answer = post(client, GUESS)

        assert answer.status_code == 429
        assert answer.headers["Retry-After"] == "42"
        assert "Wait 1 minute, then try again." in answer.text

    def test_may_go_on_when_the_time_is_over(self, client: FlaskClient) -> None:
        statuses(client, GUESS, 4)

        with time_machine.travel(utc_now() + timedelta(seconds=61)):
            assert post(client, SIGN_IN).status_code == 303

    def test_of_one_name_is_counted_whatever_the_address(self, client: FlaskClient) -> None:
        tried = [post(client, GUESS, f"10.0.0.{last}").status_code for last in range(12)]

        assert tried == [422] * 9 + [429] * 3

    def test_at_one_address_is_counted_whatever_the_name(self, client: FlaskClient) -> None:
        tried = [post(client, {**GUESS, "username": f"person-{number}"}).status_code for number in range(12)]

        assert tried == [422] * 9 + [429] * 3

    @pytest.mark.parametrize("written", ["  {}", "\u3000{}\t", "{}".upper(), "{}" + " " * 40])
    def test_is_counted_for_the_name_as_it_is_looked_up(self, client: FlaskClient, written: str) -> None:
        statuses(client, {**GUESS, "username": written.format(NAMES["packer"])}, 2)
        statuses(client, {**GUESS, "username": NAMES["packer"].upper()}, 1)

        assert post(client, SIGN_IN).status_code == 429

    def test_from_all_addresses_of_one_ipv6_network_counts_as_one(self, client: FlaskClient) -> None:
        tried = [post(client, GUESS, f"2001:db8::{last}").status_code for last in range(4)]

        assert tried == [422, 422, 422, 429]
        assert post(client, SIGN_IN, "2001:db8:0:1::1").status_code == 303

    def test_does_not_count_those_who_know_their_password(self, app: Flask) -> None:
        answers = [app.test_client().post("/login", data=SIGN_IN).status_code for _ in range(12)]

        assert answers == [303] * 12

    def test_does_not_count_a_form_without_a_password(self, client: FlaskClient) -> None:
        assert statuses(client, {**SIGN_IN, "password": ""}, 12) == [422] * 12

    def test_leaves_no_name_in_the_database(self, client: FlaskClient, db: Session) -> None:
        post(client, {"username": "my-secret-password", "password": "x"})

        kept = db.scalars(select(SignInTries)).all()
        assert len(kept) == 3
        assert all(len(row.key) == 64 and "secret" not in row.key for row in kept)


@THREE
@pytest.mark.usefixtures("cast")
class TestADeviceOnWhichAPersonSignedInBefore:
    @pytest.fixture
    def tablet(self, app: Flask) -> FlaskClient:
        """A tablet on which the packer and the manager have signed in and out."""
        client = app.test_client()
        for part in ("manager", "packer"):
            assert client.post("/login", data={**SIGN_IN, "username": NAMES[part]}).status_code == 303
            client.post("/logout")
        return client

    @pytest.mark.parametrize("part", ["packer", "manager"])
    def test_is_not_locked_by_a_strangers_guesses(self, tablet: FlaskClient, client: FlaskClient, part: str) -> None:
        form = {**SIGN_IN, "username": NAMES[part]}
        for last in range(4):
            statuses(client, {**form, "password": "guess"}, 3, f"10.0.0.{last}")
        statuses(client, {**GUESS, "username": "nobody"}, 9)

        assert post(client, form).status_code == 429
        assert post(tablet, form).status_code == 303

    def test_is_no_place_to_guess_for_long(self, tablet: FlaskClient) -> None:
        assert statuses(tablet, GUESS, 4) == [422, 422, 422, 429]

    def test_uses_up_nobody_elses_tries(self, tablet: FlaskClient, client: FlaskClient) -> None:
        statuses(tablet, GUESS, 4)

        assert post(client, SIGN_IN).status_code == 303

    def test_is_a_stranger_to_everybody_else(self, tablet: FlaskClient) -> None:
        form = {**SIGN_IN, "username": NAMES["admin"]}

        assert statuses(tablet, {**form, "password": "guess"}, 4) == [422, 422, 422, 429]
        assert post(tablet, form).status_code == 429

    def test_stays_known_after_a_new_password(self, tablet: FlaskClient, client: FlaskClient, db: Session) -> None:
        membership_service.set_password(db, NAMES["packer"], hash_password("another one"))
        db.commit()
        statuses(client, GUESS, 4)

        assert post(tablet, {**SIGN_IN, "password": "another one"}).status_code == 303

    def test_of_an_earlier_password_shares_a_limit_with_others_of_it(self, app: Flask, db: Session) -> None:
        devices = [app.test_client() for _ in range(4)]
        for device in devices:
            post(device, SIGN_IN)
        membership_service.set_password(db, NAMES["packer"], hash_password("another one"))
        db.commit()

        assert [statuses(device, GUESS, 3) for device in devices] == [[422] * 3] * 3 + [[429] * 3]

    @pytest.mark.parametrize("hours", [-1, 1])
    def test_is_known_to_a_server_with_another_clock(self, app: Flask, client: FlaskClient, hours: int) -> None:
        tablet = app.test_client()
        with time_machine.travel(utc_now() + timedelta(hours=hours)):
            post(tablet, SIGN_IN)
        statuses(client, GUESS, 4)

        assert post(client, SIGN_IN).status_code == 429
        assert post(tablet, SIGN_IN).status_code == 303

    @pytest.mark.parametrize("forged", ["", "x", "WyJhIix7IjEiOjF9XQ.aaaaaa.bbbb"])
    def test_cannot_be_made_up(self, client: FlaskClient, forged: str) -> None:
        client.set_cookie(known_devices.COOKIE, forged, path="/login")

        assert statuses(client, GUESS, 4) == [422, 422, 422, 429]
        assert post(client, SIGN_IN).status_code == 429

    def test_is_known_by_a_cookie_that_only_the_sign_in_gets(self, tablet: FlaskClient) -> None:
        cookie = tablet.get_cookie(known_devices.COOKIE, path="/login")

        assert cookie is not None
        assert (cookie.path, cookie.http_only, cookie.same_site) == ("/login", True, "Strict")
        assert NAMES["packer"] not in cookie.value


def test_a_limit_that_cannot_be_read_stops_the_start() -> None:
    with pytest.raises(ValueError, match="twenty"):
        create_app({"LOGIN_RATE_LIMIT": "twenty"})


class TestAProxyThatIsNotTrusted:
    @pytest.mark.parametrize("header", ["X-Forwarded-For", "X-Forwarded-Proto"])
    def test_is_warned_of_once(self, own_app: Flask, capsys: pytest.CaptureFixture[str], header: str) -> None:
        for _ in range(3):
            own_app.test_client().get("/healthz", headers={header: "203.0.113.9"})

        log = capsys.readouterr().err
        assert log.count("TRUSTED_PROXIES is 0") == 1
        assert f"WARNING A request from 127.0.0.1 has {header}" in log

    @pytest.mark.app_config(TRUSTED_PROXIES=1)
    def test_is_not_warned_of_when_it_is_trusted(self, client: FlaskClient, capsys: pytest.CaptureFixture[str]) -> None:
        client.get("/healthz", headers={"X-Forwarded-For": "203.0.113.9", "X-Forwarded-Proto": "http"})

        assert "TRUSTED_PROXIES" not in capsys.readouterr().err
