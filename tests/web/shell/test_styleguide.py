"""The style guide is complete: it shows every component file with a usage comment."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from markupsafe import escape

from tests.helpers.cast import Part
from webapp.config import ROOT
from webapp.presenters.styleguide import ComponentSheet, component_sheets, icon_names

TEMPLATES = ROOT / "templates"
RULES = ROOT / "static/css"
SHEETS = component_sheets(TEMPLATES)

PLAIN = {"action_form", "found_products"}
"""Components with behaviour but no look of their own."""
PARTS = {"alerts": "notice"}
"""CSS of a part of a component, by the component that has the part."""
GIVEN = {"htmx-request"}
"""Classes that a library adds to elements."""

COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
SELECTORS = re.compile(r"([^{}]+)\{")
CLASS = re.compile(r"\.(-?[a-zA-Z_][\w-]*)")
WORD = re.compile(r"[\w-]+")
BEGINNING = re.compile(r"""[\w-]+(?=\{\{|"|'|\$\{)""")


def test_there_are_components() -> None:
    assert {"button", "field", "stepper", "status_pill", "table"} <= {sheet.name for sheet in SHEETS}


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.name)
def test_a_component_has_an_example_that_imports_it_and_words_on_its_use(sheet: ComponentSheet) -> None:
    example = TEMPLATES / sheet.example

    assert example.is_file()
    assert f'"components/{sheet.name}.html"' in example.read_text()
    assert len(sheet.usage) > 40


def test_no_example_is_left_of_a_component_that_is_gone() -> None:
    examples = {path.stem for path in (TEMPLATES / "pages/styleguide/examples").glob("*.html")}

    assert examples == {sheet.name for sheet in SHEETS}


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.name)
def test_a_component_has_rules_of_its_own(sheet: ComponentSheet) -> None:
    assert (RULES / "components" / f"{sheet.name}.css").is_file() is (sheet.name not in PLAIN)


def test_no_rules_are_left_of_a_component_that_is_gone() -> None:
    rules = {path.stem for path in (RULES / "components").glob("*.css")}

    assert {PARTS.get(name, name) for name in rules} <= {sheet.name for sheet in SHEETS}


def classes(rules: str) -> set[str]:
    """Return the classes that rules select."""
    return {name for selector in SELECTORS.finditer(COMMENT.sub("", rules)) for name in CLASS.findall(selector[1])}


def unused(names: set[str], used: str) -> Iterator[str]:
    """Yield the classes that nothing writes: neither whole nor as the beginning of one that is put together."""
    whole, beginnings = set(WORD.findall(used)), set(BEGINNING.findall(used))
    for name in sorted(names):
        mark = "--" if "--" in name else "__"
        base = name.rpartition(mark)[0]
        if name not in whole and not (base and f"{base}{mark}" in beginnings):
            yield name


def test_no_rule_is_for_a_class_that_nothing_has() -> None:
    sources = [*TEMPLATES.rglob("*.html"), *(ROOT / "static/js").rglob("*.js"), *(ROOT / "webapp").rglob("*.py")]
    used = "\n".join(path.read_text() for path in sources)
    rules = "\n".join(path.read_text() for path in RULES.rglob("*.css"))

    assert list(unused(classes(rules) - GIVEN, used)) == []


def test_the_search_for_unused_classes_finds_them() -> None:
    rules = """/* .gone */ .card, .card--big > .card__head:hover { top: 1.5em }
    @media (width < 9px) { .pill--late { top: 0 } }"""

    assert classes(rules) == {"card", "card--big", "card__head", "pill--late"}
    assert list(unused(classes(rules), '<b class="card pill--{{ status }}">card__heads')) == ["card--big", "card__head"]


def test_a_component_without_an_example_is_found(tmp_path: Path) -> None:
    (tmp_path / "components").mkdir()
    (tmp_path / "components/lamp.html").write_text("{# lamp(): shines #}")

    (sheet,) = component_sheets(tmp_path)

    assert (sheet.name, sheet.source) == ("lamp", "")
    with pytest.raises(AssertionError):
        test_a_component_has_an_example_that_imports_it_and_words_on_its_use(sheet)


def test_every_icon_that_a_template_names_is_there_and_none_is_drawn_for_nothing() -> None:
    named = "\n".join(path.read_text() for path in (*TEMPLATES.rglob("*.html"), *(ROOT / "webapp").rglob("*.py")))
    there = set(icon_names(TEMPLATES))

    assert set(re.findall(r"""icon\(["']([\w-]+)["']""", named)) <= there
    assert {name for name in there if f'"{name}"' not in named} == set()


def test_the_page_draws_them_all(client_as: Callable[[Part], FlaskClient]) -> None:
    page = client_as("packer").get("/styleguide").text

    for sheet in SHEETS:
        assert re.search(rf'<section class="sheet"\s+id="{sheet.name}"', page)
        assert f">{sheet.title}</h2>" in page
        assert str(escape(sheet.source)) in page
    for name in icon_names(TEMPLATES):
        assert f"<code>{name}</code>" in page
