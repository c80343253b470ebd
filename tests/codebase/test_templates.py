"""Templates import what they use, and nothing is kept that no template uses."""

from __future__ import annotations

import re

from tests.codebase.sources import files, name_of

TEXTS = {name_of(path): path.read_text() for path in files("templates", suffix=".html")}
ALL = "\n".join(TEXTS.values())
IMPORTED = re.compile(r"\{%-? from \"[^\"]+\" import ([\w, ]+?) (?:with context )?-?%\}")
MACRO = re.compile(r"\{%-? macro (\w+)\(")
READERS = "\n".join(
    path.read_text() for path in (*files("static/js", suffix=".js"), *files("static/css", suffix=".css"))
)
READ_BY_TESTS = {"data-static": "each part of a row has this or data-live, or a test fails: news would leave it stale"}


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


def data_attributes(text: str) -> set[str]:
    """Return the data attributes that a template writes: in tags, and as arguments of macros."""
    in_tags = re.findall(r"(?<=[\s\"'}])data-[a-z-]+(?=[\s=>{])", text)
    passed = re.findall(r"\bdata_[a-z_]+(?==)", text)
    return {*in_tags, *(name.replace("_", "-") for name in passed)}


def css_classes(text: str) -> set[str]:
    """Return the classes that a template writes out; composed ones are ignored."""
    values = re.findall(r"\b(?:class|css)=\"([^\"]*)\"", re.sub(r"\{\{.*?\}\}", "*", text, flags=re.DOTALL))
    words = {word for value in values for word in re.sub(r"\{%.*?%\}", " ", value).split()}
    return {word for word in words if re.fullmatch(r"[a-z][a-z0-9_-]*", word)}


def reads_attribute(text: str, name: str) -> bool:
    """Return whether a script or a CSS rule reads a data attribute: by a selector, or as ``dataset.name``."""
    camel = re.sub(r"-([a-z])", lambda letter: letter[1].upper(), name.removeprefix("data-"))
    of_dataset = rf"dataset\.{camel}\b|\{{[^{{}}]*\b{camel}\b[^{{}}]*\}} = [^;]*\bdataset\b"
    return bool(re.search(rf"\[{name}[\]=~^$*|]|attr\({name}\)|{of_dataset}", text))


def test_every_data_attribute_is_read_by_a_script_or_a_rule() -> None:
    assert [
        f"{path}: {name}"
        for path, text in TEXTS.items()
        for name in sorted(data_attributes(text) - READ_BY_TESTS.keys())
        if not reads_attribute(READERS, name)
    ] == []


def test_every_class_has_a_rule_or_a_reader() -> None:
    tests = "\n".join(path.read_text() for path in files("tests", suffix=".py"))

    assert [
        f"{path}: {name}"
        for path, text in TEXTS.items()
        for name in sorted(css_classes(text))
        if not uses(READERS, name) and not uses(tests, name)
    ] == []


def test_what_nothing_reads_is_seen() -> None:
    script = 'closest("[data-row]"); const { shipping, shippingPlain } = form.dataset; list.dataset.newsPath'

    assert data_attributes('<a data-row data-shortcut="p">{{ button(_("Go"), data_tour_go=1) }}') == {
        "data-row",
        "data-shortcut",
        "data-tour-go",
    }
    assert css_classes('<p class="card {{ kind }} tile--{{ tone }}{% if late %} late{% endif %}">') == {"card", "late"}
    for name in ("data-row", "data-shipping-plain", "data-news-path"):
        assert reads_attribute(script, name)
    assert not reads_attribute(script, "data-news")
