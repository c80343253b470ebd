"""Templates take in what they use, and nothing is kept that none of them uses."""

from __future__ import annotations

import re

from tests.codebase.sources import files, name_of

TEXTS = {name_of(path): path.read_text() for path in files("templates", suffix=".html")}
ALL = "\n".join(TEXTS.values())
IMPORTED = re.compile(r"\{%-? from \"[^\"]+\" import ([\w, ]+?) (?:with context )?-?%\}")
MACRO = re.compile(r"\{%-? macro (\w+)\(")


def imported(text: str) -> list[str]:
    return [name.split(" as ")[-1].strip() for names in IMPORTED.findall(text) for name in names.split(",")]


def uses(text: str, name: str) -> int:
    return len(re.findall(rf"\b{name}\b", text))


def test_every_macro_that_a_template_imports_is_used_there() -> None:
    assert [f"{path}: {name}" for path, text in TEXTS.items() for name in imported(text) if uses(text, name) < 2] == []


def test_every_macro_is_used() -> None:
    assert [
        f"{path}: {name}" for path, text in TEXTS.items() for name in MACRO.findall(text) if uses(ALL, name) < 2
    ] == []


def test_imports_are_seen() -> None:
    assert imported('{% from "components/table.html" import cell, table as rows %}') == ["cell", "rows"]
    assert sum(len(imported(text)) for text in TEXTS.values()) > 100
