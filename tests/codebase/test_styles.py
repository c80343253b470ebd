"""CSS: media queries use the documented breakpoints, and components are styled only in their own files."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

import pytest

from tests.codebase.sources import files, name_of
from webapp.config import ROOT

CSS: Final = files("static/css", suffix=".css")
TOKENS: Final = ROOT / "static/css/tokens.css"
OWN_FILES: Final = ("button", "icon")
"""Components that only their own file may style; elsewhere a page needs a modifier, or its own class on the element."""

QUERY: Final = re.compile(r"@media([^{]*)\{")
SIZE: Final = re.compile(r"\d+(?:\.\d+)?[a-z]+")
TABLE_ROW: Final = re.compile(r"^ +(\d+px) {2}\S", re.MULTILINE)


def rules_of(path: Path) -> str:
    """Return a file's CSS without its comments."""
    return re.sub(r"/\*.*?\*/", "", path.read_text(), flags=re.DOTALL)


def sizes_in(rules: str) -> set[str]:
    """Return the sizes that the media queries name."""
    return {size for query in QUERY.findall(rules) for size in SIZE.findall(query)}


def selectors_naming(component: str, rules: str) -> list[str]:
    """Return the selectors that style the component or one of its modifiers."""
    selectors = re.findall(r"[^{};]+(?=\{)", rules)
    return [selector.strip() for selector in selectors if re.search(rf"\.{component}(?:--\w+)?(?![\w-])", selector)]


def test_media_queries_use_the_breakpoints_that_the_tokens_list() -> None:
    documented = set(TABLE_ROW.findall(TOKENS.read_text()))
    used = {size: name_of(path) for path in CSS for size in sizes_in(rules_of(path))}

    assert {size: name for size, name in used.items() if size not in documented} == {}
    assert documented - used.keys() == set()


@pytest.mark.parametrize("component", OWN_FILES)
def test_no_file_but_its_own_styles_a_component(component: str) -> None:
    assert [
        f"{name_of(path)}: {selector}"
        for path in CSS
        if path.name != f"{component}.css"
        for selector in selectors_naming(component, rules_of(path))
    ] == []


def test_the_search_for_restyles_and_sizes_finds_them() -> None:
    rules = ".scan > .button--quiet:hover,\n.scan .icon { color: red }\n.button__part, .buttons, .item { color: red }"

    assert selectors_naming("button", rules) == [".scan > .button--quiet:hover,\n.scan .icon"]
    assert selectors_naming("icon", ".timeline__icon { color: red }") == []
    assert sizes_in("@media (640px <= width < 62.5rem) { .a { width: 3px } }") == {"640px", "62.5rem"}
