"""The catalogues are complete: every sentence, in every language, with the same values."""

from __future__ import annotations

import ast
import re
import subprocess
from pathlib import Path
from typing import Final

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po

from tests.codebase.sources import files, name_of, tree_of
from webapp.domain import errors
from webapp.domain.errors import PackbenchError
from webapp.languages import LANGUAGES, SOURCE

CATALOGUES: Final = Path("webapp/translations")
VALUE: Final = re.compile(r"%\(\w+\)s|\{\w+\}|%%")
UNSAFE: Final = re.compile(r"[<>\"]|&(?!amp;)")
"""Templates insert translations unescaped, between tags and inside attributes."""

SAYING: Final = {"_": 1, "ngettext": 2, "say": 1, "say_number": 2}
"""Functions that say a sentence, and how many of their first arguments are literals."""

IN_EVERY_LANGUAGE = pytest.mark.parametrize("language", [language for language in LANGUAGES if language != SOURCE])


@pytest.fixture(scope="module")
def said(tmp_path_factory: pytest.TempPathFactory) -> Catalog:
    """What the program says, as it stands."""
    file = tmp_path_factory.mktemp("words") / "messages.pot"
    subprocess.run(["make", "--silent", "words", f"WORDS={file}"], check=True)
    with file.open("rb") as template:
        return read_po(template)


def catalogue(language: str) -> Catalog:
    with (CATALOGUES / language / "LC_MESSAGES" / "messages.po").open("rb") as file:
        return read_po(file, locale=language)


def sentences(messages: Catalog) -> dict[str, Message]:
    """Return the messages by their English, for one where there are two."""
    return {forms(message.id)[0]: message for message in messages if message.id}


def forms(text: str | list[str] | tuple[str, ...] | None) -> tuple[str, ...]:
    return (text,) if isinstance(text, str) else tuple(text or ())


def test_what_is_said_can_be_collected() -> None:
    """A sentence inside of an f-string, or put together from parts, is in no catalogue."""
    hidden = []
    for path in files("webapp", suffix=".py"):
        tree = tree_of(path)
        inside = {id(node) for outer in ast.walk(tree) if isinstance(outer, ast.JoinedStr) for node in ast.walk(outer)}
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in SAYING:
                sentences = node.args[: SAYING[node.func.id]]
                if id(node) in inside or not all(isinstance(one, ast.Constant) for one in sentences):
                    hidden.append(f"{name_of(path)}:{node.lineno}: {ast.unparse(node)[:80]}")

    assert [where for where in hidden if not where.startswith("webapp/languages.py")] == []


def test_a_refusal_is_a_sentence_that_can_be_translated() -> None:
    """Outside of the JSON API, whose answers are for programs, and of the commands, which speak English."""
    refusals = {
        name for name, kind in vars(errors).items() if isinstance(kind, type) and issubclass(kind, PackbenchError)
    }
    plain = [
        f"{name_of(path)}:{node.lineno}: {ast.unparse(node)[:80]}"
        for path in files("webapp", suffix=".py")
        if not {"api", "cli"} & {*path.parts}
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in refusals
        if node.args and isinstance(node.args[0], ast.JoinedStr | ast.Constant)
    ]

    assert plain == []


@IN_EVERY_LANGUAGE
def test_a_catalogue_holds_what_the_program_says_and_nothing_else(said: Catalog, language: str) -> None:
    expected, there = sentences(said), sentences(catalogue(language))

    assert sorted(expected.keys() - there.keys()) == [], "make translations, then translate them"
    assert sorted(there.keys() - expected.keys()) == [], "make translations takes out what is said no longer"


@IN_EVERY_LANGUAGE
def test_every_sentence_is_translated(language: str) -> None:
    untranslated = [
        english
        for english, message in sentences(catalogue(language)).items()
        if message.fuzzy or not all(form.strip() for form in forms(message.string))
    ]

    assert untranslated == []


@IN_EVERY_LANGUAGE
def test_both_forms_of_a_number_are_there(language: str) -> None:
    of_number = [message for message in sentences(catalogue(language)).values() if len(forms(message.id)) == 2]

    assert of_number
    assert [message.id for message in of_number if len(forms(message.string)) != 2] == []


@IN_EVERY_LANGUAGE
def test_a_translation_fills_in_what_the_english_does(language: str) -> None:
    for english, message in sentences(catalogue(language)).items():
        expected = set(VALUE.findall("".join(forms(message.id))))
        for form in forms(message.string):
            assert set(VALUE.findall(form)) | {"%(num)s"} == expected | {"%(num)s"}, english


@IN_EVERY_LANGUAGE
def test_a_translation_holds_no_markup(language: str) -> None:
    unsafe = {
        form
        for message in catalogue(language)
        if message.id
        for form in (*forms(message.id), *forms(message.string))
        if UNSAFE.search(form)
    }

    assert unsafe == set()


@IN_EVERY_LANGUAGE
def test_a_translation_keeps_the_ends_of_the_english(language: str) -> None:
    """Blanks and the full stop at the end of a sentence."""
    for english, message in sentences(catalogue(language)).items():
        for form in forms(message.string):
            assert form == form.strip() or english != english.strip(), english
            assert (form[-1:] in ".!…") == (english[-1:] in ".!…"), (english, form)
