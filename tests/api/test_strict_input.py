"""Malformed bodies, content types and headers are refused with their own sentence, never a 500."""

from __future__ import annotations

import json
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.helpers.client_fixtures import ApiClient
from tests.helpers.warehouse import Warehouse
from webapp.models import Order

QUANTITIES = {
    "0": "Quantity is 0. Enter 1 or more; 0 ships nothing.",
    "-0": "Quantity is 0. Enter 1 or more; 0 ships nothing.",
    "-1": "Quantity is below 0. Enter 1 or more.",
    "1.0": "Quantity must be a whole number, without a decimal point.",
    "1.5": "Quantity must be a whole number, without a decimal point.",
    "1e3": "Quantity must be a whole number, without a decimal point.",
    "1E-2": "Quantity must be a whole number, without a decimal point.",
    '"2"': "Quantity must be a number, not text.",
    '"٣"': "Quantity must be a number, not text.",
    '""': "Quantity must be a number, not text.",
    "true": "Quantity is true or false. It must be a whole number.",
    "null": "Quantity is empty. Leave it out altogether to mean all that remains.",
    "[2]": "Quantity must be a whole number.",
    "{}": "Quantity must be a whole number.",
    "2147483648": "Quantity is too large. The most is 2147483647.",
    "9223372036854775808": "Quantity is too large. The most is 2147483647.",
    "2147483647": "Cannot ship 2147483647 units - only 2 remaining",
    "3": "Cannot ship 3 units - only 2 remaining",
}
"""Quantities as JSON spells them, and the sentence each is refused with."""

NO_JSON = [
    *(b"{", b"}", b"nul", b"{quantity: 1}", b"{'quantity': 1}", b'{"quantity": 1,}', b'{"quantity": 01}', b"   "),
    *(
        b'{"quantity": +1}',
        b'{"quantity": 1_0}',
        b'{"quantity": 0x1}',
        b'{"quantity": NaN}',
        b'{"quantity": -Infinity}',
    ),
    *('{"quantity": ٣}'.encode(), b'{"quantity": "\xff"}', b"\xff\xfe{\x00}\x00", b'\xef\xbb\xbf{"quantity": 1}'),
    *(b'{"quantity": 1}{"quantity": 1}', b'{"quantity": 1} x', b"\x00", b"quantity=1"),
]
NO_OBJECTS = [b"null", b"[]", b"1", b'"quantity"', b"true", b'[{"quantity": 1}]']
TOO_MUCH = [
    b'{"quantity": 1' + b"0" * 5000 + b"}",
    b'{"quantity": 1e999}',
    b'{"quantity": ' + b"[" * 100_000 + b"]" * 100_000 + b"}",
    b'{"a":' * 50_000 + b"1" + b"}" * 50_000,
]
NO_CHANGES = [
    ("status", b""),
    ("status", b"{}"),
    ("status", b'{"status": null}'),
    ("status", b'{"status": "Shipped"}'),
    ("status", b'{"status": ["shipped"]}'),
    ("status", b'{"status": {"a": 1}}'),
    ("status", b'{"status": 3}'),
    ("status", b'{"status": "\\ud800"}'),
    ("status", b'{"status": "processing", "reason": 3}'),
    ("status", b'{"status": "processing", "reason": "\\u0000"}'),
    ("cancel", b""),
    ("cancel", b"{}"),
    ("cancel", b'{"reason": null}'),
    ("cancel", b'{"reason": ["late"]}'),
    ("cancel", b'{"reason": "half \\ud83d"}'),
    ("cancel", b'{"reason": "nul \\u0000"}'),
    ("cancel", b'{"reason": "' + b"x" * 501 + b'"}'),
    ("cancel", b'{"reason": "late", "notify": true}'),
]
"""Bodies that setting a status, or cancelling, cannot use."""


@pytest.fixture
def ship_path(warehouse: Warehouse, order: Order) -> str:
    return f"/api/v1/store/orders/{order.id}/items/{warehouse.item(order).id}/ship"


def send(api: ApiClient, path: str, content: bytes, **options: Any) -> TestResponse:
    headers = {"Authorization": f"Bearer {api.token}", **options.pop("headers", {})}
    options = {"content_type": "application/json", **options}
    return api.client.post(path, data=content, headers=headers, **options)


def assert_refused(answer: TestResponse, status: int = 422) -> dict[str, Any]:
    assert answer.status_code == status, answer.text
    assert answer.content_type == "application/problem+json"
    problem: dict[str, Any] = json.loads(answer.data, parse_constant=pytest.fail)
    assert problem["status"] == status
    assert problem["detail"]
    return problem


@pytest.fixture(autouse=True)
def nothing_ships(warehouse: Warehouse, order: Order) -> Any:
    yield
    warehouse.db.rollback()
    assert warehouse.item(order).shipped_quantity == 0


def test_a_quantity_that_cannot_be_meant_has_its_own_sentence(packer: ApiClient, ship_path: str) -> None:
    for quantity, sentence in QUANTITIES.items():
        problem = assert_refused(send(packer, ship_path, f'{{"quantity": {quantity}}}'.encode()))

        assert (problem["code"], problem["detail"]) == ("invalid_quantity", sentence), quantity


def test_what_was_seen_is_a_whole_number_from_zero(packer: ApiClient, ship_path: str) -> None:
    for seen in ("-1", "1.0", '"0"', "true", "null", "2147483648", "1e2"):
        problem = assert_refused(send(packer, ship_path, f'{{"quantity": 1, "seen_shipped": {seen}}}'.encode()))

        assert problem["field"] == "seen_shipped", seen


def test_what_is_no_json_is_refused(packer: ApiClient, ship_path: str) -> None:
    for content in NO_JSON:
        problem = assert_refused(send(packer, ship_path, content))

        assert "not valid JSON" in problem["detail"], content


def test_what_is_no_object_is_refused(packer: ApiClient, ship_path: str) -> None:
    for content in NO_OBJECTS:
        problem = assert_refused(send(packer, ship_path, content))

        assert problem["detail"] == "The body must be a JSON object.", content


def test_numbers_and_nesting_beyond_all_measure_are_refused(packer: ApiClient, ship_path: str) -> None:
    for content in TOO_MUCH:
        assert_refused(send(packer, ship_path, content))


def test_a_field_named_twice_is_refused(packer: ApiClient, ship_path: str) -> None:
    problem = assert_refused(send(packer, ship_path, b'{"quantity": 1, "quantity": 2}'))

    assert problem["detail"] == "The body names a field twice."


def test_an_unknown_field_is_refused(packer: ApiClient, ship_path: str) -> None:
    for name in ("qty", "Quantity", "quantity ", "", "\\u0000", "\\ud800", "x" * 5000):
        answer = send(packer, ship_path, f'{{"{name}": 1}}'.encode())

        assert "is not known here." in assert_refused(answer)["detail"], name
        assert len(answer.data) < 1000


def test_another_content_type_is_415(packer: ApiClient, ship_path: str) -> None:
    others = ("text/plain", "application/x-www-form-urlencoded", "application/problem+json", "text/json", "", "ÿ")
    for content_type in others:
        problem = assert_refused(send(packer, ship_path, b'{"quantity": 1}', content_type=content_type), 415)

        assert problem["code"] == "unsupported_media_type", content_type


def test_a_form_with_a_file_is_415(packer: ApiClient, ship_path: str) -> None:
    headers = {"Authorization": f"Bearer {packer.token}"}

    answer = packer.client.post(ship_path, data={"quantity": "1"}, content_type="multipart/form-data", headers=headers)

    assert_refused(answer, 415)


def test_a_quantity_in_the_address_does_not_pass_for_all_that_remains(packer: ApiClient, ship_path: str) -> None:
    problem = assert_refused(send(packer, f"{ship_path}?quantity=1", b""))

    assert problem["field"] == "quantity"


@pytest.mark.app_config(MAX_CONTENT_LENGTH=1000)
def test_a_body_beyond_the_limit_is_413(packer: ApiClient, ship_path: str) -> None:
    problem = assert_refused(send(packer, ship_path, b" " * 1001), 413)

    assert problem["code"] == "too_large"


def test_an_idempotency_key_that_cannot_be_kept_is_refused(packer: ApiClient, ship_path: str) -> None:
    for key in ("", "\x7f", "tab\there", "ÿ", "日本", "x" * 256):
        headers = {"Idempotency-Key": key.encode().decode("latin-1")}

        assert_refused(send(packer, ship_path, b'{"quantity": 1}', headers=headers))


def test_what_the_other_changes_cannot_use_is_refused(warehouse: Warehouse, order: Order, manager: ApiClient) -> None:
    for action, content in NO_CHANGES:
        assert_refused(send(manager, f"/api/v1/store/orders/{order.id}/{action}", content))

    warehouse.db.rollback()
    assert warehouse.status(order) == "processing"


def test_odd_headers_are_never_an_error_of_ours(packer: ApiClient) -> None:
    for name in ("X-Request-ID", "Accept", "Cookie", "Content-Encoding", "Range", "If-Match", "Host"):
        for value in ("", "\x00", "ÿ" * 9, "x" * 9000, "../..", "%00"):
            headers = {"Authorization": f"Bearer {packer.token}", name: value}

            assert packer.client.get("/api/v1/store/orders", headers=headers).status_code < 500, (name, value)


def test_odd_queries_are_never_an_error_of_ours(packer: ApiClient) -> None:
    headers = {"Authorization": f"Bearer {packer.token}"}
    for query in ("%00", "%ff=%ff", "=", "&&&", "status", "x" * 9000, "limit=%F0%9F%92%A9", "%ED%A0%80=1"):
        answer = packer.client.get(f"/api/v1/store/orders?{query}", headers=headers)

        assert answer.status_code in (200, 422), query


def test_other_methods_are_405_and_say_which_are_taken(client: FlaskClient, packer: ApiClient, ship_path: str) -> None:
    for method in ("GET", "PUT", "PATCH", "DELETE", "TRACE", "PROPFIND"):
        answer = client.open(ship_path, method=method)

        assert assert_refused(answer, 405)["code"] == "method_not_allowed"
        assert set(answer.headers["Allow"].split(", ")) == {"OPTIONS", "POST"}


def test_head_and_options_answer_without_a_body(packer: ApiClient, ship_path: str) -> None:
    headers = {"Authorization": f"Bearer {packer.token}"}
    status_path = ship_path.split("/items")[0] + "/shipment-status"

    head = packer.client.head(status_path, headers=headers)
    options = packer.client.options(ship_path)

    assert (head.status_code, head.data) == (200, b"")
    assert packer.client.head(status_path).status_code == 401
    assert (options.status_code, options.data) == (200, b"")
    assert "POST" in options.headers["Allow"]
