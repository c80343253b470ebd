"""Only webapp/domain writes statuses as text; no file has archaic words, or a path of somebody's machine."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from tests.codebase.sources import files, name_of, tree_of
from webapp.domain.statuses import OrderStatus

STATUSES = frozenset(str(status) for status in OrderStatus)
ALSO_VERBS = frozenset({"shipped", "delivered", "cancelled", "refunded"})
"""Statuses that are also plain words: they count only where something is compared or named."""

QUOTED = "|".join(STATUSES - ALSO_VERBS)
COMPARED = re.compile(
    rf"""(?:[=!]=|\bin\b|\bstatus\b\s*=)\s*[\[(]*["'](?:{"|".join(STATUSES)})["']|["'](?:{QUOTED})["']"""
)
ARCHAIC = re.compile(r"\b(?:anew|in vain|whoever|there(?:by|in|of)|the deed)\b", re.IGNORECASE)
"""Turns of phrase that no colleague would use: docstrings, comments and pages say who does what, then why."""

THEIR_TESTS = ("test_names.py", "test_words.py")
MACHINE = re.compile("/(?:" + "|".join(("wo" + "rk", "ro" + "ot", "ho" + "me", "Us" + "ers")) + r")/[a-z]")


def literals(path: Path) -> Iterator[str]:
    """Yield status literals of a Python file: those that are no plain words, and those that are compared or passed."""
    for parent in ast.walk(tree_of(path)):
        for child in ast.iter_child_nodes(parent):
            if isinstance(child, ast.Constant) and child.value in STATUSES:
                passed = isinstance(parent, ast.keyword) and parent.arg in ("status", "new_status", "old_status")
                listed = isinstance(parent, ast.Compare | ast.Set | ast.List | ast.Tuple | ast.MatchValue)
                keyed = isinstance(parent, ast.Dict) and child in parent.keys
                if passed or listed or keyed or child.value not in ALSO_VERBS:
                    yield f"{name_of(path)}:{child.lineno}: {child.value}"


def test_no_status_is_spelled_out_in_python_outside_the_domain() -> None:
    places = [
        literal for path in files("webapp", suffix=".py") if "domain" not in path.parts for literal in literals(path)
    ]

    assert places == []


def test_no_status_is_spelled_out_in_templates_and_scripts() -> None:
    places = [
        f"{name_of(path)}: {match.group()}"
        for path in (*files("templates", suffix=".html"), *files("static", suffix=".js"))
        for match in COMPARED.finditer(path.read_text())
    ]

    assert places == []


def test_the_search_for_statuses_finds_them() -> None:
    assert COMPARED.search("""{% if order.status == "shipped" %}""")
    assert COMPARED.search("""{{ pill('partially_shipped') }}""")
    assert not COMPARED.search("""{{ progress(done, of, verb="shipped") }}""")


def test_no_file_names_a_place_of_somebodys_machine() -> None:
    places = [
        f"{name_of(path)}: {match.group()}"
        for path in files()
        if path.suffix in {".py", ".md", ".html", ".js", ".css", ".toml", ".yaml", ".yml", ".lock", ".mako", ".ini", ""}
        for match in MACHINE.finditer(path.read_text(errors="replace"))
    ]

    assert places == []


def test_no_text_uses_archaic_words() -> None:
    places = [
        f"{name_of(path)}: {match.group()}"
        for path in files()
        if path.suffix in {".py", ".md", ".html", ".js", ".css"} and path.name not in THEIR_TESTS
        for match in ARCHAIC.finditer(path.read_text())
    ]

    assert places == []
