"""NUL in a text and a file in place of a text: 422 at every address and in every field, and nothing changes.

A malformed id in a path is a 404. All of it is refused before a service runs: one engine is enough.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_wtf import FlaskForm
from sqlalchemy import Engine
from sqlalchemy.orm import Session
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from tests.codebase.sources import files
from tests.database.migrating import rows_of, tables_of
from tests.factories import items_of, make_inventory, make_order, make_product
from tests.helpers.cast import Cast, Part
from tests.helpers.client_fixtures import ApiClient
from webapp.auth.guard import API_PREFIX, ROLES_MARK
from webapp.domain.roles import Role
from webapp.domain.uploads import UPLOAD_MARK, UPLOADS
from webapp.forms.fields import ActionForm
from webapp.schemas.requests import CancelOrderSchema, ChangeStatusSchema, ShipItemSchema

NUL = "a\x00b"
HTMX = {"HX-Request": "true"}
OWN_FILES = ("/static/", "/assets/")
READS_NO_QUERY = "/api/v1/openapi.json"

SIGNED_IN = {"api_tokens", "sessions"}
"""Rows of those who ask."""

READ_BY_NAME = re.compile(r"""(?:args|form|query)\.get\(\s*["']([a-z_]+)["']""")
BODIES = {
    "api_order_changes.ship_item": ShipItemSchema,
    "api_order_changes.change_status": ChangeStatusSchema,
    "api_order_changes.cancel_order": CancelOrderSchema,
}


def kinds_of(form: Any) -> Iterator[Any]:
    for kind in form.__subclasses__():
        yield kind
        yield from kinds_of(kind)


@pytest.fixture
def names(app: Flask) -> set[str]:
    """Every name that a page reads from an address or a form."""
    with app.test_request_context():
        fields = {field.name for form in kinds_of(FlaskForm) if form is not ActionForm for field in form()}
    read = {name for path in files("webapp", suffix=".py") for name in READ_BY_NAME.findall(path.read_text())}
    return fields | read | {"person", "kind", "day", "item", "operation", "sort", "never_heard_of"}


@pytest.fixture
def ids(db: Session, cast: Cast) -> dict[str, int]:
    product = make_product(db, cast.store)
    make_inventory(db, product, quantity=9)
    order = make_order(db, cast.store, [(product, 2)])
    return {"order_id": order.id, "item_id": items_of(db, order)[0].id, "product_id": product.id}


def path_of(rule: Rule, ids: dict[str, int]) -> str:
    return re.sub(r"<(?:\w+:)?(\w+)>", lambda part: str(ids.get(part[1], 1)), rule.rule)


def routes(app: Flask, method: str) -> list[Rule]:
    return [
        rule
        for rule in app.url_map.iter_rules()
        if method in (rule.methods or ()) and not rule.rule.startswith(OWN_FILES)
    ]


@pytest.fixture
def client_for(own_app: Flask, client_as: Callable[[Part], FlaskClient]) -> Callable[[Rule], FlaskClient]:
    """A browser of somebody whom the route lets in; htmx asks, so that no whole page is drawn thousands of times."""
    own_app.test_client_class = FlaskClient
    browsers: dict[Role, FlaskClient] = {}

    def find(rule: Rule) -> FlaskClient:
        roles = getattr(own_app.view_functions[rule.endpoint], ROLES_MARK)
        role = min(roles or Role)
        if role not in browsers:
            browsers[role] = client_as(role.value)
        return browsers[role]

    return find


@pytest.fixture
def unchanged(engine: Engine, ids: dict[str, int], client_for: Callable[[Rule], FlaskClient]) -> Iterator[None]:
    before = rows_of(engine, tables_of(engine) - SIGNED_IN)
    yield
    assert rows_of(engine, tables_of(engine) - SIGNED_IN) == before


@pytest.mark.usefixtures("unchanged")
def test_nul_in_any_query_is_refused(
    app: Flask, ids: dict[str, int], names: set[str], client_for: Callable[[Rule], FlaskClient]
) -> None:
    wrong = {
        (rule.rule, name): answer.status_code
        for rule in routes(app, "GET")
        if not rule.rule.startswith(API_PREFIX)
        for name in names
        if (answer := client_for(rule).get(path_of(rule, ids), query_string={name: NUL}, headers=HTMX)).status_code
        != 422
    }

    assert wrong == {}


@pytest.mark.usefixtures("unchanged")
def test_nul_in_any_field_is_refused(
    app: Flask, ids: dict[str, int], names: set[str], client_for: Callable[[Rule], FlaskClient]
) -> None:
    wrong = {
        (rule.rule, name): answer.status_code
        for rule in routes(app, "POST")
        if not rule.rule.startswith(API_PREFIX)
        for name in names
        if (answer := client_for(rule).post(path_of(rule, ids), data={name: NUL}, headers=HTMX)).status_code != 422
    }

    assert wrong == {}


@pytest.mark.usefixtures("unchanged")
def test_a_file_in_place_of_any_field_is_refused(
    app: Flask, ids: dict[str, int], names: set[str], client_for: Callable[[Rule], FlaskClient]
) -> None:
    def send(rule: Rule, name: str) -> TestResponse:
        return client_for(rule).post(path_of(rule, ids), data={name: (io.BytesIO(b"1"), "number.txt")}, headers=HTMX)

    wrong = {
        (rule.rule, name): answer.status_code
        for rule in routes(app, "POST")
        if not rule.rule.startswith(API_PREFIX)
        for name in names
        if (answer := send(rule, name)).status_code != 422
    }

    assert wrong == {}


@pytest.mark.usefixtures("unchanged")
def test_nul_in_any_member_or_query_of_the_api_is_refused(
    app: Flask, ids: dict[str, int], api_as: Callable[[Part], ApiClient], names: set[str]
) -> None:
    wrong: dict[tuple[str, str], int] = {}
    program = api_as("manager")
    headers = {"Authorization": f"Bearer {program.token}"}
    for rule in routes(app, "POST"):
        for name in BODIES[rule.endpoint]().fields if rule.rule.startswith(API_PREFIX) else ():
            answer = program.client.post(path_of(rule, ids), json={name: NUL}, headers=headers)
            wrong |= {(rule.rule, name): answer.status_code} if answer.status_code != 422 else {}
    for method in ("GET", "POST"):
        for rule in routes(app, method):
            if not rule.rule.startswith(API_PREFIX) or rule.rule == READS_NO_QUERY:
                continue
            for name in names | {"number", "limit"}:
                answer = program.client.open(
                    path_of(rule, ids), method=method, query_string={name: NUL}, headers=headers
                )
                wrong |= {(rule.rule, name): answer.status_code} if answer.status_code != 422 else {}

    assert wrong == {}


@pytest.mark.parametrize("malformed", ["1%00", "abc"])
def test_a_malformed_id_in_a_path_is_not_found(
    app: Flask, client_for: Callable[[Rule], FlaskClient], malformed: str
) -> None:
    wrong = {
        (rule.rule, method): answer.status_code
        for method in ("GET", "POST")
        for rule in routes(app, method)
        if rule.arguments and not rule.rule.startswith(API_PREFIX)
        if (answer := client_for(rule).open(re.sub("<[^>]*>", malformed, rule.rule), method=method)).status_code != 404
    }

    assert wrong == {}


def test_the_server_lets_in_as_much_as_each_form_takes(app: Flask) -> None:
    taken = {
        re.sub(r"<id:\w+>", "12", rule.rule): most
        for rule in app.url_map.iter_rules()
        if (most := getattr(app.view_functions[rule.endpoint], UPLOAD_MARK, 0))
    }

    let_in = {path: [most for one, most in UPLOADS.items() if re.fullmatch(one, path)] for path in taken}
    assert let_in == {path: [most] for path, most in taken.items()}
    assert len(taken) == len(UPLOADS)
