"""Sheets of exports hold their texts, whatever those are."""

from __future__ import annotations

from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from webapp.web.sheets import write_sheet

LONGEST = 32_767


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("<b>&amp;</b>", "<b>&amp;</b>"),
        ("  blanks  ", "  blanks  "),
        ("_x0041_", "_x0041_"),
        ("two\r\nlines", "two\r\nlines"),
        ("no\x01sign\x7f", "nosign"),
        ("=1+1", "=1+1"),
        ("Lëtzebuerg 😀", "Lëtzebuerg 😀"),
        ("a" * (LONGEST + 1), "a" * LONGEST),
    ],
)
def test_a_text_is_in_its_cell_as_it_is(text: str, shown: str, tmp_path: Path) -> None:
    with (tmp_path / "one.xlsx").open("wb") as file:
        write_sheet(file, ("name", "units", "more"), iter([("", 3, text), (text, -4, "")]))

    rows = CalamineWorkbook.from_path(tmp_path / "one.xlsx").get_sheet_by_index(0).to_python()

    assert rows == [["name", "units", "more"], ["", 3, shown], [shown, -4, ""]]
