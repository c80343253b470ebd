"""Every route, tried by everyone: who may, who may not, and that another store's rows do not exist."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from tests.factories import items_of, make_inventory, make_order, make_product, make_user
from tests.helpers.cast import Cast, Part
from tests.helpers.client_fixtures import ApiClient
from webapp.auth.guard import API_PREFIX, ROLES_MARK
from webapp.domain.clock import utc_now
from webapp.domain.roles import Role
from webapp.models import ApiToken, Match, OneTimeLink, PersonSession, Product, ProductCode, Store

STATIC = "static"
"""Flask's own endpoint for files that are the same for everybody."""


UNKNOWN = 999_999_999

Ask = Callable[..., TestResponse]


@dataclass(frozen=True)
class Route:
    """One address, one method, and the roles its view declares (None: public)."""

    rule: Rule
    method: str
    roles: frozenset[Role] | None

    @property
    def is_api(self) -> bool:
        return self.rule.rule.startswith(API_PREFIX)

    def __str__(self) -> str:
        return f"{self.method} {self.rule.rule}"


def routes(app: Flask) -> list[Route]:
    return [
        Route(rule, method, getattr(app.view_functions[rule.endpoint], ROLES_MARK))
        for rule in app.url_map.iter_rules()
        if rule.endpoint != STATIC
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})
    ]


@pytest.fixture
def ids(db: Session, cast: Cast) -> dict[str, int]:
    """Rows of the cast's store, by the names that addresses give their ids."""
    product = make_product(db, cast.store)
    place = make_inventory(db, product, quantity=9)
    order = make_order(db, cast.store, [(product, 2)])
    return {
        "order_id": order.id,
        "item_id": items_of(db, order)[0].id,
        "product_id": product.id,
        "inventory_id": place.id,
        "code_id": code_of(db, product).id,
        "match_id": match_of(db, product).id,
        "session_id": (session := session_of(db, cast.store)).id,
        "person_id": session.user_id,
        "link_id": link_of(db, session).id,
        "token_id": token_of(db, cast.store).id,
    }


def code_of(db: Session, product: Product) -> ProductCode:
    """A further code of the product."""
    code = ProductCode(store_id=product.store_id, product_id=product.id, code="CASE-6", units=6, taught_by="max")
    db.add(code)
    db.commit()
    return code


def match_of(db: Session, product: Product) -> Match:
    """A SKU that was matched to the product."""
    names = {"kind": "sku", "code": "MKT", "match_key": "mkt", "folded": "mkt", "matched_by": "max"}
    match = Match(store_id=product.store_id, product_id=product.id, **names)
    db.add(match)
    db.commit()
    return match


def session_of(db: Session, store: Store) -> PersonSession:
    """Somebody's session in the store."""
    person = make_user(db, store)
    session = PersonSession(store_id=store.id, user_id=person.id, token_hash="x", device="")
    db.add(session)
    db.commit()
    return session


def link_of(db: Session, session: PersonSession) -> OneTimeLink:
    """A link with which the session's person chooses a new password."""
    new = {"token_hash": "x", "made_by": "ada", "expires_at": utc_now() + timedelta(days=1)}
    link = OneTimeLink(store_id=session.store_id, user_id=session.user_id, **new)
    db.add(link)
    db.commit()
    return link


def token_of(db: Session, store: Store) -> ApiToken:
    """A program's token for the store."""
    token = ApiToken(store_id=store.id, name="webshop", role=Role.PACKER, token_hash="x")
    db.add(token)
    db.commit()
    return token


def path_of(route: Route, ids: dict[str, int]) -> str:
    values: dict[str, Any] = {name: ids.get(name, 1) for name in route.rule.arguments}
    path = route.rule.rule
    for converter_and_name in [part.split(">")[0] for part in path.split("<")[1:]]:
        path = path.replace(f"<{converter_and_name}>", str(values[converter_and_name.split(":")[-1]]))
    return path


@pytest.fixture
def ask(
    client_as: Callable[[Part], FlaskClient], api_as: Callable[[Part], ApiClient], db: Session, ids: dict[str, int]
) -> Ask:
    """Send a request without a body as somebody: with the session to pages, with the token to the API.

    With ``unknown`` the ids in the address are those of no row anywhere; ``headers`` go to pages.
    """
    pages: dict[Part, FlaskClient] = {}
    tokens: dict[Part, ApiClient] = {}

    def send(
        route: Route, part: Part, *, unknown: bool = False, headers: Mapping[str, str] | None = None
    ) -> TestResponse:
        path = path_of(route, dict.fromkeys(ids, UNKNOWN) if unknown else ids)
        if route.is_api:
            db.rollback()  # The token is written on what the requests before have left.
            program = tokens.setdefault(part, tokens.get(part) or api_as(part))
            return program.client.open(path, method=route.method, headers={"Authorization": f"Bearer {program.token}"})
        browser = pages.setdefault(part, pages.get(part) or client_as(part))
        return browser.open(path, method=route.method, headers=headers)

    return send


def was_asked_to_sign_in(answer: TestResponse) -> bool:
    return answer.status_code == 401 or (answer.location or "").startswith("/login")


def test_every_route_declares_who_may(app: Flask) -> None:
    undeclared = [
        rule.rule
        for rule in app.url_map.iter_rules()
        if rule.endpoint != STATIC and not hasattr(app.view_functions[rule.endpoint], ROLES_MARK)
    ]

    assert undeclared == []


def test_a_route_that_declares_nothing_is_found(own_app: Flask) -> None:
    own_app.add_url_rule("/forgotten", view_func=lambda: "open to all")

    with pytest.raises(AttributeError):
        routes(own_app)


def test_only_these_routes_are_open_to_everybody(app: Flask) -> None:
    public = {str(route) for route in routes(app) if route.roles is None}

    assert public == {
        "GET /assets/<drawer>.js",
        "GET /assets/packbench.css",
        "GET /healthz",
        "GET /readyz",
        "GET /login",
        "GET /join",
        "POST /join",
        "GET /setup",
        "POST /setup",
        "POST /language",
        "POST /login",
        "POST /logout",
        *({"GET /api/v1/openapi.json"} & public),
    }


def test_nobody_gets_in_without_signing_in(app: Flask, client: FlaskClient, ids: dict[str, int]) -> None:
    let_in = [
        str(route)
        for route in routes(app)
        if route.roles is not None and not was_asked_to_sign_in(client.open(path_of(route, ids), method=route.method))
    ]

    assert let_in == []


@pytest.mark.parametrize("part", [role.value for role in Role])
def test_a_role_opens_its_own_routes_and_no_others(app: Flask, ask: Ask, part: Part) -> None:
    wrong = []
    for route in routes(app):
        if route.roles is None:
            continue
        answer = ask(route, part)
        refused = answer.status_code == 403
        if was_asked_to_sign_in(answer) or refused is (Role(part) in route.roles) or answer.status_code >= 500:
            wrong.append((str(route), answer.status_code))

    assert wrong == []


def test_a_row_of_another_store_is_as_absent_as_one_that_never_was(app: Flask, ask: Ask) -> None:
    wrong = []
    for route in routes(app):
        if route.roles is None or Role.MANAGER not in route.roles or not route.rule.arguments:
            continue
        # As htmx asks: the answer then holds no token that differs from page to page.
        other_store = ask(route, "outsider", headers={"HX-Request": "true"})
        unknown = ask(route, "outsider", headers={"HX-Request": "true"}, unknown=True)
        same = (other_store.status_code, other_store.location, other_store.data) == (
            unknown.status_code,
            unknown.location,
            unknown.data,
        )
        # A change without a body may be refused (422), or a way on found (303), before the row is looked for.
        if not same or other_store.status_code not in (303, 404, 422):
            wrong.append((str(route), other_store.status_code, unknown.status_code))

    assert wrong == []
