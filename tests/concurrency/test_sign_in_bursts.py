"""Many sign-ins at the same moment: no more passwords are checked than the limit allows."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from flask import Flask

from tests.factories import PASSWORD
from tests.helpers.cast import NAMES, Cast
from webapp.auth import accounts

pytestmark = [pytest.mark.both_engines, pytest.mark.app_config(LOGIN_RATE_LIMIT="10 per 5 minutes; 50 per day")]

AT_ONCE = 64


def sign_in_at_once(app: Flask, passwords: list[str], names: list[str]) -> list[int]:
    """Return the answers' statuses, in the order of the passwords."""
    together = Barrier(len(passwords))

    def sign_in(number: int) -> int:
        client = app.test_client()
        together.wait(timeout=30)
        form = {"username": names[number % len(names)], "password": passwords[number]}
        return client.post("/login", data=form).status_code

    with ThreadPoolExecutor(len(passwords)) as threads:
        return list(threads.map(sign_in, range(len(passwords))))


@pytest.fixture
def checked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The passwords that were checked."""
    passwords: list[str] = []

    def check(_hash: str | None, password: str) -> bool:
        passwords.append(password)
        return password == PASSWORD

    monkeypatch.setattr(accounts, "verify_password", check)
    return passwords


def test_a_burst_of_guesses_of_one_name_ends_at_the_limit(app: Flask, cast: Cast, checked: list[str]) -> None:
    answers = sign_in_at_once(app, ["guess"] * AT_ONCE, [NAMES["packer"]])

    assert sorted(answers) == [422] * 10 + [429] * (AT_ONCE - 10)
    assert len(checked) == 10


def test_a_burst_of_one_guess_for_many_names_ends_at_three_times_the_limit(
    app: Flask, cast: Cast, checked: list[str]
) -> None:
    answers = sign_in_at_once(app, ["guess"] * AT_ONCE, [f"person-{number}" for number in range(AT_ONCE)])

    assert sorted(answers) == [422] * 30 + [429] * (AT_ONCE - 30)
    assert len(checked) == 30


def test_a_right_password_in_a_burst_is_not_counted(app: Flask, cast: Cast, checked: list[str]) -> None:
    for _ in range(3):
        assert set(sign_in_at_once(app, [PASSWORD] * 8, [NAMES["packer"]])) == {303}
