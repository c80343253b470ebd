"""A person changes their own password, with the present one; every other session of theirs ends."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.factories import PASSWORD
from tests.helpers.cast import NAMES, Cast, Part, also_in_other_store
from tests.helpers.client_fixtures import signed_in
from tests.helpers.markup import parse
from tests.helpers.sessions import A_PAGE, copied, is_signed_in
from webapp.auth.passwords import hash_password
from webapp.services.people import membership_service

PAGE = "/account/password"
NEW = "seven green bicycles"

As = Callable[[Part], FlaskClient]


def change(client: FlaskClient, present: str = PASSWORD, new: str = NEW, again: str | None = None) -> tuple[int, str]:
    """Send the form; return the status and the page's words."""
    form = {"present": present, "new": new, "again": new if again is None else again}
    answer = client.post(PAGE, data=form)
    return answer.status_code, parse(answer.text).words


def may_sign_in(app: Flask, part: Part, password: str) -> bool:
    form = {"username": NAMES[part], "password": password}
    return app.test_client().post("/login", data=form).status_code == 303


@pytest.fixture
def packer(client_as: As) -> FlaskClient:
    return client_as("packer")


class TestANewPassword:
    def test_replaces_the_old_one(self, app: Flask, packer: FlaskClient) -> None:
        status, _ = change(packer)

        assert status == 303
        assert "Your password is changed, and you are signed out everywhere else." in packer.get("/orders").text
        assert may_sign_in(app, "packer", NEW)
        assert not may_sign_in(app, "packer", PASSWORD)

    def test_ends_the_sessions_everywhere_but_here(self, client_as: As, packer: FlaskClient) -> None:
        elsewhere, colleague = client_as("packer"), client_as("manager")

        change(packer)

        assert is_signed_in(packer)
        assert not is_signed_in(elsewhere)
        assert is_signed_in(colleague)

    def test_ends_a_copy_of_this_browsers_cookie_too(self, app: Flask, packer: FlaskClient) -> None:
        thief = copied(app, packer)

        change(packer)

        assert not is_signed_in(thief)

    def test_leaves_the_person_in_the_store_where_they_were(self, app: Flask, db: Session, cast: Cast) -> None:
        also_in_other_store(db, cast, "packer")
        client = signed_in(app, NAMES["packer"])
        client.post("/store", data={"store_id": cast.other_store.id})

        change(client)

        assert cast.other_store.name in client.get(A_PAGE).text

    def test_sent_twice_changes_it_once_and_signs_nobody_in(self, app: Flask, packer: FlaskClient) -> None:
        change(packer)
        status, _ = change(packer)

        assert status == 422
        assert may_sign_in(app, "packer", NEW)

    def test_is_linked_in_the_menu(self, packer: FlaskClient) -> None:
        assert f'href="{PAGE}"' in packer.get("/orders").text

    def test_is_logged_without_either_password(self, packer: FlaskClient, capsys: pytest.CaptureFixture[str]) -> None:
        change(packer, present="my old guess")
        change(packer)

        log = capsys.readouterr().err
        assert f"WARNING security: event=password outcome=wrong_password name={NAMES['packer']}" in log
        assert f"INFO security: event=password outcome=changed name={NAMES['packer']} address=127.0.0.1" in log
        assert not any(word in log for word in (PASSWORD, NEW, "my old guess"))


class TestARefusal:
    @pytest.mark.parametrize(
        ("present", "new", "again", "sentence"),
        [
            ("", NEW, NEW, "Enter your present password."),
            (PASSWORD, "", "", "Enter a new password."),
            (PASSWORD, NEW, "", "Enter the new password again."),
            (PASSWORD, NEW, NEW + "x", "The two new passwords differ."),
            (PASSWORD, PASSWORD, PASSWORD, "The new password is the present one."),
            ("wrong", NEW, NEW, "This is not your present password."),
            ("p" * 1025, NEW, NEW, "This is not your present password."),
            (PASSWORD, "short", "short", "at least 8 characters"),
            (PASSWORD, "password1", "password1", "strangers try first"),
            (PASSWORD, f"{NAMES['packer']}-2026", f"{NAMES['packer']}-2026", "little more than the name"),
            (PASSWORD, "n" * 1025, "n" * 1025, "at most 1024 characters"),
        ],
    )
    def test_says_why_beside_the_field_and_changes_nothing(
        self, app: Flask, client_as: As, packer: FlaskClient, present: str, new: str, again: str, sentence: str
    ) -> None:
        elsewhere = client_as("packer")

        status, words = change(packer, present, new, again)

        assert status == 422
        assert sentence in words
        assert is_signed_in(elsewhere)
        assert may_sign_in(app, "packer", PASSWORD)

    def test_never_sends_a_password_back(self, packer: FlaskClient) -> None:
        answer = packer.post(PAGE, data={"present": PASSWORD, "new": NEW, "again": "x"})

        assert PASSWORD not in answer.text
        assert NEW not in answer.text

    def test_asks_more_of_a_manager(self, client_as: As) -> None:
        status, words = change(client_as("manager"), new="rT7#kq2xY-a")

        assert status == 422
        assert "needs at least 12 characters" in words
        assert "At least 12 characters" in words

    @pytest.mark.app_config(LOGIN_RATE_LIMIT="3 per minute")
    def test_comes_after_a_few_wrong_ones_even_to_the_right_one(self, app: Flask, client_as: As) -> None:
        packer, elsewhere, colleague = client_as("packer"), client_as("packer"), client_as("manager")

        statuses = [change(client, present="guess")[0] for client in (packer, elsewhere, packer, packer)]

        assert statuses == [422, 422, 422, 429]
        assert change(packer)[0] == 429
        assert change(colleague)[0] == 303
        assert may_sign_in(app, "packer", PASSWORD)

    def test_comes_to_who_is_not_signed_in(self, client: FlaskClient) -> None:
        assert client.post(PAGE, data={"present": PASSWORD, "new": NEW, "again": NEW}).status_code == 303
        assert client.get(PAGE).location == "/login?next=%2Faccount%2Fpassword"


@pytest.mark.both_engines
def test_of_two_changes_at_once_one_holds(app: Flask, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    together = Barrier(2)

    def wait_and_hash(password: str) -> str:
        together.wait(timeout=30)  # Both have checked the present password.
        return hash_password(password)

    monkeypatch.setattr("webapp.web.passwords.hash_password", wait_and_hash)
    tablets = [signed_in(app, NAMES["packer"]) for _ in range(2)]

    with ThreadPoolExecutor(2) as threads:
        statuses = list(threads.map(lambda one: change(one[1], new=f"{NEW} {one[0]}")[0], enumerate(tablets)))

    assert sorted(statuses) == [303, 409]
    holds = statuses.index(303)
    assert [may_sign_in(app, "packer", f"{NEW} {number}") for number in range(2)] == [holds == 0, holds == 1]
    assert [is_signed_in(tablet) for tablet in tablets] == [holds == 0, holds == 1]


def test_a_change_that_fails_halfway_leaves_the_old_password_and_sessions(
    app: Flask, client_as: As, monkeypatch: pytest.MonkeyPatch
) -> None:
    packer, elsewhere = client_as("packer"), client_as("packer")

    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(membership_service, "_end_sessions", stop)
    with pytest.raises(KeyboardInterrupt):
        change(packer)

    monkeypatch.undo()
    assert is_signed_in(packer)
    assert is_signed_in(elsewhere)
    assert may_sign_in(app, "packer", PASSWORD)
