"""GET /orders: filters and pages."""

from __future__ import annotations

import base64
import json
from datetime import UTC, datetime, timedelta

import pytest

from tests.factories import make_order, make_product
from tests.helpers.cast import Cast
from tests.helpers.client_fixtures import ApiClient
from tests.helpers.warehouse import Warehouse
from webapp.models import Order

FIRST = datetime(2026, 3, 1, 8, tzinfo=UTC)


@pytest.fixture
def orders(warehouse: Warehouse, cast: Cast) -> list[Order]:
    """Seven pending orders, the oldest due last, two of them ordered in the same second; one of another store."""
    make_order(warehouse.db, cast.other_store, [(make_product(warehouse.db, cast.other_store), 1)])
    product = warehouse.product()
    return [
        warehouse.order(
            (product, 2),
            (product, 3),
            ordered_at=FIRST + timedelta(hours=min(number, 5)),
            ship_by=FIRST + timedelta(days=9 - number),
        )
        for number in range(7)
    ]


def walk(client: ApiClient, limit: int, **filters: str) -> list[list[int]]:
    """Follow the cursors; return the order ids of each page."""
    pages, cursor = [], None
    while True:
        answer = client.get("/orders", limit=limit, **filters, **({"cursor": cursor} if cursor else {}))
        assert answer.status_code == 200, answer.text
        page = answer.get_json()
        pages.append([order["order_id"] for order in page["orders"]])
        cursor = page["next_cursor"]
        if cursor is None:
            return pages


def test_all_orders_come_newest_first_and_each_on_one_page(orders: list[Order], packer: ApiClient) -> None:
    pages = walk(packer, 3)

    ids = [order.id for order in orders]
    assert pages == [[ids[6], ids[5], ids[4]], [ids[3], ids[2], ids[1]], [ids[0]]]


def test_orders_of_a_status_come_soonest_to_ship_first(
    orders: list[Order], warehouse: Warehouse, packer: ApiClient
) -> None:
    warehouse.process(orders[5])

    ids = [order.id for order in orders]
    assert walk(packer, 4, status="pending") == [[ids[6], ids[4], ids[3], ids[2]], [ids[1], ids[0]]]
    assert walk(packer, 4, status="processing") == [[ids[5]]]
    assert walk(packer, 4, status="refunded") == [[]]


def test_no_page_size_loses_or_repeats_an_order(orders: list[Order], packer: ApiClient) -> None:
    for limit in (1, 6, 7, 8, 200):
        pages = walk(packer, limit)

        assert sorted(id_ for page in pages for id_ in page) == sorted(order.id for order in orders), limit


def test_a_row_tells_what_a_list_needs(orders: list[Order], packer: ApiClient) -> None:
    (row,) = packer.get("/orders", number=orders[0].order_number).get_json()["orders"]

    assert row == {
        "order_id": orders[0].id,
        "order_number": orders[0].order_number,
        "order_status": "pending",
        "version": 1,
        "channel": "shop",
        "external_id": orders[0].order_number,
        "customer_name": "Marie Muster",
        "ordered_at": "2026-03-01T08:00:00Z",
        "ship_by": "2026-03-10T08:00:00Z",
        "hold": None,
        "assigned_to": [],
        "total_item_count": 2,
        "total_ordered_units": 5,
        "total_shipped_units": 0,
        "total_cancelled_units": 0,
    }


def test_a_number_finds_its_order_alone(orders: list[Order], packer: ApiClient) -> None:
    number = orders[3].order_number

    assert walk(packer, 50, number=number) == [[orders[3].id]]
    assert walk(packer, 50, number=number, status="pending") == [[orders[3].id]]
    assert walk(packer, 50, number=number, status="shipped") == [[]]
    assert walk(packer, 50, number=number[:-1]) == [[]]


def test_fifty_orders_are_a_page_when_no_limit_is_given(warehouse: Warehouse, packer: ApiClient) -> None:
    product = warehouse.product()
    for _ in range(51):
        warehouse.order((product, 1))

    page = packer.get("/orders").get_json()

    assert len(page["orders"]) == 50
    assert page["next_cursor"]


def test_a_limit_that_is_no_plain_number_from_1_to_200_is_refused(packer: ApiClient) -> None:
    for limit in ("0", "-1", "201", "1e2", "1_0", "٣", "１２", "05", "+5", " 5", "5.0", "", "99999999999999999999"):
        answer = packer.get("/orders", limit=limit)

        assert answer.status_code == 422, limit
        assert answer.get_json()["detail"] == "“limit” must be a whole number from 1 to 200."
        assert answer.get_json()["field"] == "limit"


def test_a_word_that_is_no_status_is_refused(packer: ApiClient) -> None:
    for status in ("", "Pending", "open", "pending,processing", "\x00"):
        answer = packer.get("/orders", status=status)

        assert answer.status_code == 422, status
        assert answer.get_json()["field"] == "status"


def test_a_cursor_of_another_list_is_refused(orders: list[Order], packer: ApiClient) -> None:
    cursor = packer.get("/orders", limit=2).get_json()["next_cursor"]

    assert packer.get("/orders", limit=2, status="pending", cursor=cursor).status_code == 422


def spelled(*parts: object) -> str:
    """Return a cursor of these parts, as the service spells its own."""
    return base64.urlsafe_b64encode(json.dumps(parts).encode()).decode().rstrip("=")


def test_a_cursor_that_was_never_given_out_is_refused(packer: ApiClient) -> None:
    cursors = [
        *("", "x", "AAAA", "bnVsbA", "\x00", "ß", "W" * 199, "[" * 150),
        *(
            spelled(),
            spelled("newest"),
            spelled("newest", 1.5, 2),
            spelled("newest", True, 2),
            spelled("newest", 1, "2"),
        ),
        *(spelled("newest", 10**30, 2), spelled("newest", 1, 2**63), spelled("oldest", 1, 2), spelled({}, [], None)),
    ]
    for cursor in cursors:
        assert packer.get("/orders", cursor=cursor).status_code == 422, cursor


def test_unknown_and_repeated_parameters_are_refused(packer: ApiClient) -> None:
    unknown = packer.get("/orders", statsu="pending")
    repeated = packer.get("/orders", status=["pending", "shipped"])

    assert (unknown.status_code, unknown.get_json()["field"]) == (422, "statsu")
    assert (repeated.status_code, repeated.get_json()["field"]) == (422, "status")


def test_a_number_that_cannot_be_one_is_refused(packer: ApiClient) -> None:
    for number in ("\x00", "ORD\x00", "x" * 65):
        assert packer.get("/orders", number=number).status_code == 422
