"""Which passwords people may choose, and which sentence a refused one gets."""

from __future__ import annotations

import pytest

from webapp.auth.password_rules import check_new_password
from webapp.demo.people import PEOPLE, DemoPerson
from webapp.domain.errors import InvalidInput
from webapp.domain.roles import Role

WORDS = ("lena", "lux", "Luxembourg shop")
SHORT = "needs at least 8 characters"
SHORT_OF_MANAGER = "of a manager or administrator needs at least 12 characters"
COMMON = "that strangers try first"
OWN = "little more than the name or the store"
SAME = "too few different characters"


def refusal(password: str, *roles: Role) -> str:
    try:
        check_new_password(password, roles or (Role.PACKER,), WORDS)
    except InvalidInput as refused:
        return refused.message
    return ""


@pytest.mark.parametrize(
    ("password", "sentence"),
    [
        ("", SHORT),
        ("a", SHORT),
        ("rT7#kq2", SHORT),
        ("        ", SAME),
        ("aaaaaaaa", SAME),
        ("12121212", SAME),
        ("password", COMMON),
        ("PASSWORD", COMMON),
        ("ｐａｓｓｗｏｒｄ", COMMON),
        ("iloveyou", COMMON),
        ("qwertyuiop", COMMON),
        ("1234567890", COMMON),
        ("Dragon2026", COMMON),
        ("1football!", COMMON),
        ("Passwort1!", COMMON),
        ("motdepasse", COMMON),
        ("lenaxlena7", OWN),
        ("lena-demo", OWN),
        ("LENA1234567", OWN),
        ("Luxembourg shop", OWN),
        ("p" * 500 + "word" * 200, "has at most 1024 characters"),
    ],
)
def test_a_password_that_is_easily_guessed_is_refused_with_a_reason(password: str, sentence: str) -> None:
    assert sentence in refusal(password)


@pytest.mark.parametrize(
    "password",
    [
        "rT7#kq2x",
        "correct horse battery staple",
        "lena likes long walks",
        "luxury yachts",
        "ヴェリーロングパス",
        "дракон-76",
    ],
)
def test_any_other_of_eight_characters_is_taken(password: str) -> None:
    assert refusal(password) == ""


@pytest.mark.parametrize("role", [Role.MANAGER, Role.ADMIN])
def test_managers_and_administrators_need_twelve(role: Role) -> None:
    assert SHORT_OF_MANAGER in refusal("rT7#kq2xY-a", role)
    assert SHORT_OF_MANAGER in refusal("rT7#kq2x", Role.PACKER, role)
    assert refusal("rT7#kq2xY-ab", role) == ""
    assert COMMON in refusal("password1234", role)


def test_a_supervisor_who_only_reads_needs_eight() -> None:
    assert refusal("rT7#kq2x", Role.SUPERVISOR) == ""


@pytest.mark.parametrize("person", PEOPLE, ids=lambda person: person.username)
def test_the_demos_simple_passwords_are_its_own_alone(person: DemoPerson) -> None:
    with pytest.raises(InvalidInput):
        check_new_password(person.password, [Role.PACKER], [person.username])
