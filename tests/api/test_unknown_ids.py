"""Unknown ids, another store's ids and texts that are no ids all get the same 404, byte for byte."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import object_session

from tests.api.endpoints import OF_AN_ORDER, Endpoint
from tests.factories import items_of, make_inventory, make_order, make_product
from tests.helpers.cast import Cast
from tests.helpers.client_fixtures import ApiClient
from tests.helpers.warehouse import Warehouse
from webapp.models import Order

NO_IDS = [
    *("0", "-1", "+1", "01", "1_0", "1e3", "1.0", "0x1", "1 ", " 1", "1%00", "%00", "null", "true", "abc", "1;2"),
    *("٣", "１２", "²", "Ⅷ", "%D9%A3", "%EF%BC%91", "%ff", "%ED%A0%80", "1%0a", "%31%E2%80%8B"),
    *("2147483648", "4294967297", "9999999999", "10000000000", "9223372036854775807", "9223372036854775808"),
    *("18446744073709551617", "9" * 400),
]
"""Texts in the place of an id that no row of the tests has."""

every_endpoint = pytest.mark.parametrize("endpoint", OF_AN_ORDER, ids=lambda endpoint: endpoint.name)


@pytest.fixture
def others_order(warehouse: Warehouse, cast: Cast) -> Order:
    """An order of the other store."""
    product = make_product(warehouse.db, cast.other_store)
    make_inventory(warehouse.db, product, 5)
    return make_order(warehouse.db, cast.other_store, [(product, 1)])


@pytest.fixture
def ask(manager: ApiClient) -> Callable[[Endpoint, object, object], tuple[int, str, bytes]]:
    """Return status, content type and bytes of a manager's response."""
    headers = {"Authorization": f"Bearer {manager.token}"}

    def ask(endpoint: Endpoint, order_id: object, item_id: object) -> tuple[int, str, bytes]:
        path = endpoint.at(order_id, item_id)
        answer = manager.client.open(path, method=endpoint.method, json=endpoint.body, headers=headers)
        return answer.status_code, answer.content_type, answer.data

    return ask


@every_endpoint
def test_an_order_that_is_unknown_or_another_stores_or_no_number_is_the_same_404(
    ask: Callable[..., tuple[int, str, bytes]], order: Order, others_order: Order, endpoint: Endpoint
) -> None:
    unknown = ask(endpoint, 987654, 1)

    assert unknown[:2] == (404, "application/problem+json")
    assert b'"order_not_found"' in unknown[2]
    session = object_session(others_order)
    assert session is not None
    others_item = items_of(session, others_order)[0]
    assert ask(endpoint, others_order.id, others_item.id) == unknown
    for text in NO_IDS:
        assert ask(endpoint, text, 1) == unknown, text


def test_an_item_that_is_unknown_or_another_stores_or_no_number_is_the_same_404(
    ask: Callable[..., tuple[int, str, bytes]], warehouse: Warehouse, order: Order, others_order: Order
) -> None:
    ship = next(endpoint for endpoint in OF_AN_ORDER if "item_id" in endpoint.path)

    unknown = ask(ship, order.id, 987654)

    assert unknown[:2] == (404, "application/problem+json")
    assert b'"item_not_found"' in unknown[2]
    for item in items_of(warehouse.db, others_order):
        assert ask(ship, order.id, item.id) == unknown
    for text in NO_IDS:
        assert ask(ship, order.id, text) == unknown, text
    assert warehouse.item(order).shipped_quantity == 0


@pytest.mark.parametrize(
    "path",
    ["/api", "/api/", "/api/v1", "/api/v2/store/orders", "/api/v1/store/orders/", "/api/v1/store/orders/1/nothing"],
)
def test_an_address_with_nothing_there_is_a_problem_too(client: FlaskClient, path: str) -> None:
    answer = client.get(path)

    assert answer.status_code == 404
    if path != "/api":
        assert answer.content_type == "application/problem+json"
        assert answer.get_json()["code"] == "not_found"
