"""Templates mean what Jinja's own compiler makes of them, although they are compiled into fewer steps (ADR 0054)."""

from __future__ import annotations

from typing import Any, Final

import pytest
from flask import Flask
from jinja2 import DictLoader, Environment

from webapp.web.template_environment import TemplateEnvironment

FILES: Final = {
    "box.html": (
        "{% macro box(title, css=None, wide=false) %}<i class='{{ css }}{{ ' wide' if wide }}'{{ kwargs }}>{{ title }}:"
        "{{ caller() if caller }}</i>{% endmacro %}{% macro plain(a, b=1) %}{{ a }}{{ b }}{% endmacro %}"
    ),
    "row.html": (
        "{% from 'box.html' import box %}<b>{{ row }}{{ loop.index if loop }}{{ shared }}{{ name }}{{ box(row) }}</b>"
    ),
    "base.html": "<{% block page %}{% endblock %}>{% block end %}end{% endblock %}",
    "page.html": (
        "{% extends 'base.html' %}{% from 'box.html' import box, plain as simple %}{% set shared = 'S' %}"
        "{% block page %}{{ simple(name) }}{{ simple(b=name, a=2) }}"
        "{% call box(name, wide=true, id=3) %}in {{ name }}{% include 'row.html' %}{% endcall %}"
        "{% for row in rows %}{% include 'row.html' %}{{ ' odd' if loop.index is odd }}{% endfor %}"
        "{% macro own(plain) %}{{ plain() }}{{ simple(1) }}{% endmacro %}{{ own(twice) }}{{ range(2)|list }}"
        "{% set simple = twice %}{{ simple() }}{% endblock %}"
    ),
}
VALUES: Final[dict[str, Any]] = {"name": "<Nora>", "rows": ["a", "&"], "row": "R", "twice": lambda: "2"}


@pytest.fixture
def environments(app: Flask) -> tuple[Environment, Environment]:
    """Jinja's own, and ours."""
    ours = TemplateEnvironment(app, loader=DictLoader(FILES), autoescape=True)
    return Environment(loader=DictLoader(FILES), autoescape=True), ours


def test_a_page_renders_the_same(environments: tuple[Environment, Environment]) -> None:
    jinjas, ours = (each.get_template("page.html").render(VALUES) for each in environments)
    assert "&lt;Nora&gt;" in jinjas
    assert ours == jinjas


@pytest.mark.parametrize(
    "call", ["plain(1, 2, 3)", "plain(1, c=2)", "plain(1, 2, b=3)", "box(1, 2, 3, 4)", "nothing(1)"]
)
def test_a_wrong_call_is_an_error(environments: tuple[Environment, Environment], call: str) -> None:
    text = f"{{% from 'box.html' import box, plain, nothing %}}{{{{ {call} }}}}"
    for each in environments:
        with pytest.raises(Exception, match=r"takes no|not more than|does not export"):
            each.from_string(text).render()


@pytest.mark.parametrize("body", ["{{ varargs }}", "{{ caller() }}"])
def test_a_macro_that_the_compiler_does_not_know_is_refused(app: Flask, body: str) -> None:
    arguments = "caller=None" if "caller" in body else "a"
    with pytest.raises(TypeError, match="neither varargs nor caller"):
        TemplateEnvironment(app).from_string(f"{{% macro own({arguments}) %}}{body}{{% endmacro %}}")
