"""The OpenAPI document is valid and complete, and the answers fit it."""

from __future__ import annotations

import re
from typing import Any

import pytest
import schemathesis
from flask import Flask
from flask.testing import FlaskClient
from marshmallow import RAISE, Schema

from tests.api.endpoints import ALL, CHANGES
from tests.helpers.client_fixtures import ApiClient
from tests.helpers.warehouse import Warehouse
from webapp.models import Order
from webapp.schemas import answers


@pytest.fixture
def document(client: FlaskClient) -> dict[str, Any]:
    got: dict[str, Any] = client.get("/api/v1/openapi.json").get_json()
    return got


def test_the_document_is_valid_openapi_3_1(app: Flask, document: dict[str, Any]) -> None:
    assert document["openapi"].startswith("3.1.")
    schemathesis.openapi.from_dict(document).validate()


def test_every_endpoint_and_no_other_is_described(document: dict[str, Any]) -> None:
    described = {
        (method.upper(), path) for path, item in document["paths"].items() for method in item if method != "parameters"
    }

    assert described == {(e.method, f"/api/v1/store{e.path}") for e in ALL} | {("GET", "/api/v1/openapi.json")}


def test_every_operation_says_what_it_does_who_may_and_how_it_refuses(document: dict[str, Any]) -> None:
    names = set()
    for endpoint in ALL:
        operation = document["paths"][f"/api/v1/store{endpoint.path}"][endpoint.method.lower()]
        names.add(operation["operationId"])
        assert operation["summary"].endswith(".")
        assert {"200", "401", "403", "422", "500", "503"} <= set(operation["responses"])
    assert len(names) == len(ALL)
    for change in CHANGES:
        operation = document["paths"][f"/api/v1/store{change.path}"]["post"]
        assert {"404", "409", "413", "415"} <= set(operation["responses"])
        assert {"$ref": "#/components/parameters/IdempotencyKey"} in operation["parameters"]
        assert operation["requestBody"]["required"] is ("ship" not in change.path)
    assert document["security"] == [{"token": []}]


def test_nothing_in_the_document_comes_from_another_host(client: FlaskClient) -> None:
    assert not re.search(r"https?://", client.get("/api/v1/openapi.json").text)


def strictly(schema: type[Schema]) -> Schema:
    """Return the schema so that it refuses undescribed fields, nested ones too."""
    strict = schema(unknown=RAISE)
    for field in strict.fields.values():
        inner = getattr(getattr(field, "inner", None), "schema", None)
        if inner:
            inner.unknown = RAISE
    return strict


def test_every_answer_has_the_described_fields_and_no_others(
    warehouse: Warehouse, order: Order, packer: ApiClient, manager: ApiClient
) -> None:
    short = warehouse.processing((warehouse.product(A9=1), 5), (warehouse.placeholder(), 1))
    warehouse.ship(order, 1)
    warehouse.undo(order)
    item = warehouse.item(order, 2)
    got = {
        answers.OrderListSchema: packer.get("/orders", limit=2),
        answers.OrderSchema: packer.get(f"/orders/{short.id}"),
        answers.ShipmentStatusSchema: packer.get(f"/orders/{order.id}/shipment-status"),
        answers.TransactionsSchema: packer.get(f"/orders/{order.id}/transactions"),
        answers.ShippedItemSchema: packer.post(f"/orders/{order.id}/items/{item.id}/ship"),
        answers.ChangedOrderSchema: manager.post(f"/orders/{short.id}/cancel", {"reason": "Gone"}),
    }

    for schema, answer in got.items():
        assert answer.status_code == 200
        assert strictly(schema).validate(answer.get_json()) == {}, schema
    again = packer.post(f"/orders/{order.id}/items/{item.id}/ship").get_json()
    assert strictly(answers.ShippedItemSchema).validate(again) == {}
    for status in ("shipped", "delivered"):
        changed = manager.post(f"/orders/{order.id}/status", {"status": status}).get_json()
        assert strictly(answers.ChangedOrderSchema).validate(changed) == {}


def test_the_examples_of_the_document_are_of_its_own_schemas(document: dict[str, Any]) -> None:
    schemas = {"ShippedItem": answers.ShippedItemSchema, "ShipmentStatus": answers.ShipmentStatusSchema}
    seen = set()
    for item in document["paths"].values():
        for operation in item.values():
            content = operation["responses"]["200"]["content"]["application/json"] if "responses" in operation else {}
            if "example" in content:
                name = content["schema"]["$ref"].rsplit("/", 1)[1]
                seen.add(name)
                assert strictly(schemas[name]).validate(content["example"]) == {}
    assert seen == set(schemas)
