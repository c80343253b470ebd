"""Every endpoint, tried by every role of the store, by another store's manager, and by strangers."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from tests.api.endpoints import ALL, LIST, OF_AN_ORDER, Endpoint
from tests.factories import make_token
from tests.helpers.cast import Part
from tests.helpers.client_fixtures import ApiClient
from tests.helpers.warehouse import Warehouse
from webapp.domain.clock import utc_now
from webapp.domain.roles import Role
from webapp.models import ApiToken, Order, Store

every_endpoint = pytest.mark.parametrize("endpoint", ALL, ids=lambda endpoint: endpoint.name)


def ask(client: FlaskClient, endpoint: Endpoint, warehouse: Warehouse, order: Order, token: str | None) -> TestResponse:
    path = endpoint.at(order.id, warehouse.item(order).id)
    headers = {"Authorization": token} if token is not None else {}
    return client.open(path, method=endpoint.method, json=endpoint.body, headers=headers)


@every_endpoint
@pytest.mark.parametrize("role", Role)
def test_each_role_may_what_it_may_and_no_more(
    app: Flask, db: Session, store: Store, warehouse: Warehouse, order: Order, endpoint: Endpoint, role: Role
) -> None:
    before = warehouse.ledger()

    answer = ask(app.test_client(), endpoint, warehouse, order, f"Bearer {make_token(db, store, role)}")

    if role in endpoint.roles:
        assert answer.status_code == 200
    else:
        db.rollback()
        assert (answer.status_code, answer.get_json()["code"]) == (403, "forbidden")
        assert answer.content_type == "application/problem+json"
        assert warehouse.ledger() == before


@pytest.mark.parametrize("endpoint", OF_AN_ORDER, ids=lambda endpoint: endpoint.name)
def test_another_store_finds_nothing_and_changes_nothing(
    warehouse: Warehouse, order: Order, api_as: Callable[[Part], ApiClient], endpoint: Endpoint
) -> None:
    before = warehouse.ledger()
    outsider = api_as("outsider")

    answer = ask(outsider.client, endpoint, warehouse, order, f"Bearer {outsider.token}")

    warehouse.db.rollback()
    assert answer.status_code == 404
    assert warehouse.ledger() == before
    assert warehouse.status(order) == "processing"


def test_another_store_lists_none_of_our_orders(order: Order, api_as: Callable[[Part], ApiClient]) -> None:
    outsider = api_as("outsider")

    assert outsider.get("/orders").get_json() == {"orders": [], "next_cursor": None}
    assert outsider.get("/orders", number=order.order_number).get_json()["orders"] == []


@every_endpoint
def test_without_a_valid_token_nobody_gets_in(
    client: FlaskClient, warehouse: Warehouse, order: Order, packer: ApiClient, endpoint: Endpoint
) -> None:
    other_secret = f"{packer.token[:-1]}{'a' if packer.token[-1] != 'a' else 'b'}"
    other_store = packer.token.replace("pb_1_", "pb_2_", 1)
    shown = [
        "Bearer",
        "Bearer ",
        f"Bearer {other_secret}",
        f"Bearer {other_store}",
        f"Basic {packer.token}",
        packer.token,
    ]
    strange = [
        "Bearer pb_9999999999999999999_" + "a" * 43,
        "Bearer \x00",
        "Bearer ÿ",
        "Bearer " + "x" * 9000,
        "Basic ÿ:ÿ",
    ]

    for token in [None, *shown, *strange]:
        answer = ask(client, endpoint, warehouse, order, token)

        assert answer.status_code == 401, token
        assert answer.get_json()["code"] == "not_signed_in"
        assert answer.headers["WWW-Authenticate"].startswith("Bearer")


def test_a_revoked_token_is_no_longer_valid(packer: ApiClient, db: Session) -> None:
    assert packer.get("/orders").status_code == 200

    db.execute(update(ApiToken).values(revoked_at=utc_now()))
    db.commit()

    assert packer.get("/orders").status_code == 401


def test_a_token_is_valid_until_its_end(packer: ApiClient, db: Session) -> None:
    for ahead, status in ((60, 200), (0, 401)):
        db.execute(update(ApiToken).values(expires_at=utc_now() + timedelta(seconds=ahead)))
        db.commit()

        assert packer.get("/orders").status_code == status


def test_the_session_of_a_person_opens_nothing_here(client_as: Callable[[Part], FlaskClient]) -> None:
    assert client_as("manager").get(LIST.at(0, 0)).status_code == 401


def test_the_document_is_open_to_everybody(client: FlaskClient) -> None:
    assert client.get("/api/v1/openapi.json").status_code == 200


def test_no_endpoint_is_missing_from_this_table(app: Flask) -> None:
    routes = {
        (method, rule.rule.replace("<id:", "{").replace(">", "}"))
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
        if rule.rule.startswith("/api/")
    }

    endpoints = {(endpoint.method, f"/api/v1/store{endpoint.path}") for endpoint in ALL}
    assert routes == endpoints | {("GET", "/api/v1/openapi.json")}
