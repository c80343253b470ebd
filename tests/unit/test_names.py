"""Which names people and programs may have."""

from __future__ import annotations

import pytest

from webapp.domain.names import fold_name, is_name, is_reserved


@pytest.mark.parametrize(
    "name",
    ["anna", "Anna.B", "lena-2", "7", "o@shop.example", "éva", "Ольга", "山田", "やまだ花子", "ユーザー"],
)
def test_letters_of_one_script_make_a_name(name: str) -> None:
    assert is_name(name)


@pytest.mark.parametrize(
    "name",
    [
        "",
        "-",
        "..",
        "_x",
        "+1",
        "two words",
        "token:x",
        "line\nbreak",
        "аdmin",
        "Ольгa",
        "ａdmin",
        "e\u0301va",
        "anna١",
        "x²",
    ],
)
def test_anything_else_makes_none(name: str) -> None:
    assert not is_name(name)


@pytest.mark.parametrize("name", ["system", "SYSTEM", "Import", "ｓeed", "token", "command line"])
def test_a_program_keeps_its_name(name: str) -> None:
    assert is_reserved(name)


def test_names_that_people_cannot_tell_apart_are_one() -> None:
    assert len({fold_name(name) for name in ("Éva", "éva", "e\u0301va", "Ｅ\u0301VA")}) == 1
