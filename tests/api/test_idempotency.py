"""Idempotency-Key: a repeated request takes effect once, and every repeat returns the first answer's bytes."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from werkzeug.test import TestResponse

from tests.factories import make_inventory, make_order, make_product, make_token
from tests.helpers.cast import Cast, Part
from tests.helpers.client_fixtures import ApiClient
from tests.helpers.warehouse import Warehouse
from webapp.domain.roles import Role
from webapp.models import Order

pytestmark = pytest.mark.both_engines

REPLAYED = "Idempotent-Replayed"


@pytest.fixture
def ship_path(warehouse: Warehouse, order: Order) -> str:
    """The path that ships the line of 3."""
    return f"/orders/{order.id}/items/{warehouse.item(order, 2).id}/ship"


def assert_replay(again: TestResponse, first: TestResponse) -> None:
    """The repeat is the first answer, byte for byte, and says that it is a repeat."""
    assert REPLAYED not in first.headers
    assert again.headers[REPLAYED] == "true"
    assert (again.status_code, again.content_type, again.data) == (first.status_code, first.content_type, first.data)


def test_a_repeated_shipment_ships_once_and_gets_the_same_answer(
    warehouse: Warehouse, order: Order, packer: ApiClient, ship_path: str
) -> None:
    first = packer.post(ship_path, {"quantity": 1}, key="tap-1")
    again = [packer.post(ship_path, {"quantity": 1}, key="tap-1") for _ in range(2)]

    assert first.status_code == 200
    for answer in again:
        assert_replay(answer, first)
    assert warehouse.item(order, 2).shipped_quantity == 1


def test_without_a_key_or_with_another_every_request_counts(
    warehouse: Warehouse, order: Order, packer: ApiClient, ship_path: str
) -> None:
    for key in (None, "tap-1", "tap-2"):
        packer.post(ship_path, {"quantity": 1}, key=key)

    assert warehouse.item(order, 2).shipped_quantity == 3


def test_a_repeated_status_and_a_repeated_cancellation_get_their_first_answers(
    warehouse: Warehouse, manager: ApiClient
) -> None:
    order = warehouse.order((warehouse.product(A1=1), 2), (warehouse.placeholder(), 1))
    for path, body in (("status", {"status": "processing"}), ("cancel", {"reason": "Ordered twice"})):
        first = manager.post(f"/orders/{order.id}/{path}", body, key=path)
        again = manager.post(f"/orders/{order.id}/{path}", body, key=path)

        assert first.status_code == 200
        assert_replay(again, first)
    assert warehouse.status(order) == "cancelled"


def test_a_key_used_for_another_body_is_refused(
    warehouse: Warehouse, order: Order, packer: ApiClient, ship_path: str
) -> None:
    packer.post(ship_path, {"quantity": 1}, key="tap-1")

    for body in ({"quantity": 2}, {"quantity": 1, "seen_shipped": 1}, {}, None):
        answer = packer.post(ship_path, body, key="tap-1")

        assert answer.status_code == 422
        assert answer.get_json()["code"] == "idempotency_key_reused"
        assert REPLAYED not in answer.headers
    assert warehouse.item(order, 2).shipped_quantity == 1


def test_a_key_used_for_another_address_is_refused(
    warehouse: Warehouse, order: Order, packer: ApiClient, ship_path: str
) -> None:
    packer.post(ship_path, {"quantity": 1}, key="tap-1")

    answer = packer.post(f"/orders/{order.id}/items/{warehouse.item(order, 1).id}/ship", {"quantity": 1}, key="tap-1")

    assert answer.get_json()["code"] == "idempotency_key_reused"
    assert warehouse.item(order, 1).shipped_quantity == 0


def test_another_spelling_of_the_same_body_is_the_same_request(
    warehouse: Warehouse, order: Order, packer: ApiClient, ship_path: str
) -> None:
    headers = {"Authorization": f"Bearer {packer.token}", "Idempotency-Key": "tap-1"}
    spellings = (b'{"quantity":1,"seen_shipped":0}', b'{ "seen_shipped": 0,\n "quantity": 1 }')

    first, again = (
        packer.client.post(f"/api/v1/store{ship_path}", data=body, headers=headers, content_type="application/json")
        for body in spellings
    )

    assert_replay(again, first)


def test_no_body_and_an_empty_object_are_the_same_request(
    warehouse: Warehouse, order: Order, packer: ApiClient, ship_path: str
) -> None:
    first = packer.post(ship_path, None, key="all")
    again = packer.post(ship_path, {}, key="all")

    assert first.get_json()["fulfilled_quantity"] == 3
    assert_replay(again, first)


def test_a_refusal_of_the_stock_is_replayed_although_stock_has_come(warehouse: Warehouse, packer: ApiClient) -> None:
    product = warehouse.product(A1=1)
    order = warehouse.processing((product, 3))
    path = f"/orders/{order.id}/items/{warehouse.item(order).id}/ship"
    first = packer.post(path, {"quantity": 3}, key="tap-1")
    warehouse.arrive(product, 5)

    again = packer.post(path, {"quantity": 3}, key="tap-1")

    assert (first.status_code, first.get_json()["code"]) == (409, "insufficient_inventory")
    assert_replay(again, first)
    assert warehouse.item(order).shipped_quantity == 0
    assert packer.post(path, {"quantity": 3}, key="tap-2").status_code == 200


def test_refusals_of_the_quantity_the_order_and_the_id_are_replayed_too(
    warehouse: Warehouse, order: Order, packer: ApiClient, manager: ApiClient, ship_path: str
) -> None:
    warehouse.ship(order, 1, line=2)
    too_many, stale = {"quantity": 5}, {"quantity": 1, "seen_shipped": 0}
    requests: list[tuple[ApiClient, str, object, int]] = [
        (packer, ship_path, too_many, 422),
        (packer, ship_path, stale, 409),
        (packer, "/orders/987654/items/1/ship", {}, 404),
        (manager, f"/orders/{order.id}/status", {"status": "delivered"}, 409),
        (manager, f"/orders/{order.id}/cancel", {"reason": " "}, 422),
    ]
    for number, (client, path, body, status) in enumerate(requests):
        first = client.post(path, body, key=f"refused-{number}")
        again = client.post(path, body, key=f"refused-{number}")

        assert first.status_code == status, first.text
        assert_replay(again, first)


def test_what_could_not_be_read_or_was_not_allowed_does_not_use_the_key_up(
    warehouse: Warehouse, order: Order, packer: ApiClient, manager: ApiClient, ship_path: str
) -> None:
    assert packer.post(ship_path, {"quantity": "1"}, key="tap-1").status_code == 422
    assert packer.post(f"/orders/{order.id}/cancel", {"reason": "x"}, key="tap-1").status_code == 403

    answer = packer.post(ship_path, {"quantity": 1}, key="tap-1")

    assert answer.status_code == 200
    assert REPLAYED not in answer.headers


def test_a_key_of_another_token_is_refused_and_nothing_ships_in_anybodys_name(
    warehouse: Warehouse, order: Order, packer: ApiClient, ship_path: str
) -> None:
    token = make_token(warehouse.db, warehouse.store, Role.PACKER, "another program")
    other = ApiClient(packer.client, token)
    first = packer.post(ship_path, {"quantity": 1}, key="ship-1-1")

    for answer in (other.post(ship_path, {"quantity": 1}, key="ship-1-1") for _ in range(2)):
        assert answer.status_code == 422
        assert answer.get_json()["code"] == "idempotency_key_reused"
        assert "Somebody else" in answer.get_json()["detail"]
        assert REPLAYED not in answer.headers
    assert warehouse.item(order, 2).shipped_quantity == 1
    assert_replay(packer.post(ship_path, {"quantity": 1}, key="ship-1-1"), first)


def test_stores_have_keys_of_their_own(
    warehouse: Warehouse, cast: Cast, packer: ApiClient, ship_path: str, api_as: Callable[[Part], ApiClient]
) -> None:
    product = make_product(warehouse.db, cast.other_store)
    make_inventory(warehouse.db, product, 5)
    others = make_order(warehouse.db, cast.other_store, [(product, 2)])
    first = packer.post(ship_path, {"quantity": 1}, key="tap-1")

    answer = api_as("outsider").post(f"/orders/{others.id}/status", {"status": "processing"}, key="tap-1")

    assert first.status_code == 200
    assert answer.status_code == 200
    assert REPLAYED not in answer.headers


@pytest.mark.parametrize("key", ["a", "x" * 255, "with spaces, and ~!@#$%^&*()", "' OR 1=1 --"])
def test_any_printable_ascii_is_a_key(packer: ApiClient, ship_path: str, key: str) -> None:
    first = packer.post(ship_path, {"quantity": 1}, key=key)

    assert_replay(packer.post(ship_path, {"quantity": 1}, key=key), first)
