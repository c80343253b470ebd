"""Remembered panels (ADR 0016): their values and the language determine everything they show."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import fields, is_dataclass
from enum import Enum
from typing import Any, Final, cast

import pytest
from flask import Flask
from flask.testing import FlaskClient
from jinja2 import meta, nodes

from tests.helpers.cast import Part
from tests.helpers.client_fixtures import signed_in
from tests.helpers.demo_shop import DemoShop
from webapp.config import ROOT
from webapp.domain.wording import Wording
from webapp.languages import LANGUAGES
from webapp.web.remembered import OPEN, PURE, Remembered
from webapp.web.template_environment import TemplateEnvironment

TEMPLATES: Final = ROOT / "templates"
CALL: Final = re.compile(r'remembered\("([^"]+)"((?:, \w+=[^,)]+)*)')
CALL_EACH: Final = re.compile(r'remembered_each\("([^"]+)", "(\w+)"')
NEW_EACH_TIME: Final = re.compile(r'(name="csrf_token" value|"X-CSRFToken":|name="idempotency_key"\s+value)[= ]"[^"]*"')


def calls() -> dict[str, set[str]]:
    """Each remembered template, and the names it is given."""
    texts = [path.read_text() for path in TEMPLATES.rglob("*.html")]
    once = {match[1]: set(re.findall(r"(\w+)=", match[2])) for text in texts for match in CALL.finditer(text)}
    return once | {match[1]: {match[2]} for text in texts for match in CALL_EACH.finditer(text)}


def reached(app: Flask, template: str) -> Iterator[nodes.Template]:
    """The template, and all that it includes and imports."""
    syntax = app.jinja_env.parse((TEMPLATES / template).read_text())
    yield syntax
    for name in meta.find_referenced_templates(syntax):
        assert name is not None, f"{template} refers to a template by a variable"
        yield from reached(app, name)


def test_a_remembered_panel_knows_only_what_it_is_given(app: Flask) -> None:
    assert calls()
    for template, values in calls().items():
        for syntax in reached(app, template):
            set_on_the_way = {name.name for name in syntax.find_all(nodes.Name) if name.ctx == "store"}
            asked_for = meta.find_undeclared_variables(syntax) - set_on_the_way - {"caller", "kwargs"}
            assert asked_for <= {*PURE, *OPEN, *values, "remembered"}, template


def plain(value: Any) -> bool:
    """Return whether equal values render the same: no Markup beside text, no wording with separate values."""
    if is_dataclass(value):
        return type(value).__hash__ is not None and all(plain(getattr(value, each.name)) for each in fields(value))
    if isinstance(value, tuple | frozenset):
        return all(map(plain, value))
    if isinstance(value, Wording):
        return not value.values
    return value is None or isinstance(value, Enum) or type(value) in (str, int, bool)


def test_what_is_given_reads_the_same_when_it_compares_as_equal(own_app: Flask, demo_shop: DemoShop) -> None:
    values: list[Any] = []
    remembered, remembered_each = (own_app.jinja_env.globals[name] for name in ("remembered", "remembered_each"))

    def note(template: str, **shown: Any) -> str:
        values.extend(shown.values())
        return remembered(template, **shown)  # type: ignore[no-any-return, operator]

    def note_each(template: str, name: str, each: tuple[Any, ...]) -> str:
        values.extend(each)
        return remembered_each(template, name, each)  # type: ignore[no-any-return, operator]

    own_app.jinja_env.globals.update(remembered=note, remembered_each=note_each)
    for screen in demo_shop.screens:
        of_demo(own_app, screen.person).get(screen.address)

    assert values
    assert [value for value in values if not plain(value)] == []


def test_nobody_sees_what_was_rendered_for_somebody_else(app: Flask, demo_shop: DemoShop) -> None:
    people = {person: of_demo(app, person) for person in ("paula", "piet", "max", "sofia")}
    visits = [
        (client, language, demo_shop[name].address)
        for name in ("orders", "pick", "order", "audit")
        for language in LANGUAGES
        for client in people.values()
    ]
    fresh = Remembered(cast(TemplateEnvironment, app.jinja_env), most=0)
    for each in visits:
        visit(*each)
    for each in visits:
        assert any(visit(*each) == visit_with(app, fresh, *each) for _ in range(2)), "twice, since minutes pass"


def visit_with(app: Flask, remembered: Remembered, *arguments: Any) -> str:
    names = ("remembered", "remembered_each")
    kept = {name: app.jinja_env.globals[name] for name in names}
    app.jinja_env.globals.update(zip(names, (remembered.render, remembered.render_each), strict=True))
    try:
        return visit(*arguments)
    finally:
        app.jinja_env.globals.update(kept)


def visit(client: FlaskClient, language: str, address: str) -> str:
    with client.session_transaction() as session:
        session["language"] = language
    return NEW_EACH_TIME.sub("", client.get(address).text)


def of_demo(app: Flask, person: str | None) -> FlaskClient:
    return signed_in(app, person) if person else app.test_client()


@pytest.mark.parametrize("part", ["packer", "manager", "outsider"])
def test_forms_carry_the_token_of_whoever_asks(client_as: Callable[[Part], FlaskClient], part: Part) -> None:
    clients = [client_as(one) for one in ("supervisor", part)]
    pages = [client.get("/orders").text for client in clients]

    tokens = [set(re.findall(r'name="csrf_token" value="([^"]+)"', page)) for page in pages]
    assert [len(one) for one in tokens] == [1, 1]
    assert tokens[0] != tokens[1]
    assert "open-" not in "".join(re.findall(r'value="([^"]*)"', "".join(pages)))
