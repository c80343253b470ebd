"""The gallery is complete: every component file is drawn, with words on how to use it."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from tests.helpers.cast import Part
from webapp.presenters.styleguide import ComponentSheet, component_sheets

TEMPLATES = Path(__file__).parents[2] / "templates"
SHEETS = component_sheets(TEMPLATES)


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


def test_the_page_draws_them_all(client_as: Callable[[Part], FlaskClient]) -> None:
    page = client_as("packer").get("/styleguide").text

    for sheet in SHEETS:
        assert re.search(rf'<section class="sheet"\s+id="{sheet.name}"', page)
        assert f">{sheet.title}</h2>" in page
