"""One thing has one name, and a name is one thing."""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from collections.abc import Mapping
from typing import Final

from tests.codebase.sources import files, name_of, tree_of

GIVEN_BY_A_LIBRARY: Final = {"Meta"}
"""Inner classes with which WTForms and marshmallow are set up: the libraries choose the name."""

NEEDED: Final = re.compile(r"\A\{# needs:(.*?)#\}", re.DOTALL)
A_TYPE: Final = re.compile(r"\((?:[\w.]+\.)?([A-Z][a-z]+[A-Z]\w+)")
"""A type of the code in what a template says that it needs: ``screen (OrderListScreen)``."""


def classes(trees: Mapping[str, ast.Module]) -> dict[str, list[str]]:
    """Return where each class is defined."""
    places: dict[str, list[str]] = defaultdict(list)
    for path, tree in trees.items():
        for node in ast.walk(tree):
            if isinstance(node, ast.ClassDef):
                places[node.name].append(f"{path}:{node.lineno}")
    return places


def ours(*folders: str) -> dict[str, ast.Module]:
    return {name_of(path): tree_of(path) for path in files(*folders, suffix=".py")}


def defined_twice(trees: Mapping[str, ast.Module]) -> dict[str, list[str]]:
    return {
        name: places for name, places in classes(trees).items() if len(places) > 1 and name not in GIVEN_BY_A_LIBRARY
    }


def test_no_two_classes_have_one_name() -> None:
    assert defined_twice(ours("webapp")) == {}


def test_a_class_that_stands_twice_is_seen() -> None:
    once, again = ast.parse("class Place: ..."), ast.parse("def make():\n    class Place: ...")

    assert defined_twice({"a.py": once, "b.py": again}) == {"Place": ["a.py:1", "b.py:2"]}


def test_every_type_that_a_template_needs_is_a_class() -> None:
    known = classes(ours("webapp"))
    needed = {
        (name_of(path), name)
        for path in files("templates", suffix=".html")
        for line in NEEDED.findall(path.read_text())
        for name in A_TYPE.findall(line)
    }

    assert len(needed) > 50
    assert [place for place in sorted(needed) if place[1] not in known] == []
