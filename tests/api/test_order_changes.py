"""POST /orders/{order_id}/status and /cancel."""

from __future__ import annotations

import pytest

from tests.helpers.client_fixtures import ApiClient
from tests.helpers.warehouse import Warehouse
from webapp.models import Order


def test_processing_reserves_and_says_what_was_skipped(warehouse: Warehouse, manager: ApiClient) -> None:
    unknown = warehouse.placeholder()
    order = warehouse.order((warehouse.product(A1=10), 2), (unknown, 1), (warehouse.product("Rarity"), 4))

    answer = manager.post(f"/orders/{order.id}/status", {"status": "processing"})

    assert answer.status_code == 200
    assert answer.get_json() == {
        "order_id": order.id,
        "order_number": order.order_number,
        "order_status": "processing",
        "status": "processing",
        "reserved_count": 1,
        "reserved_units": 2,
        "skipped_items": [
            {
                "item_id": warehouse.item(order, 2).id,
                "product_id": unknown.id,
                "reason": "placeholder_product",
                "quantity": 1,
            },
            {
                "item_id": warehouse.item(order, 3).id,
                "product_id": warehouse.item(order, 3).product_id,
                "reason": "no_inventory",
                "quantity": 4,
            },
        ],
    }


def test_the_same_status_again_does_nothing(warehouse: Warehouse, order: Order, manager: ApiClient) -> None:
    before = warehouse.ledger()

    answer = manager.post(f"/orders/{order.id}/status", {"status": "processing"})

    assert answer.get_json() == {
        "order_id": order.id,
        "order_number": order.order_number,
        "order_status": "processing",
        "status": "processing",
        "skipped_items": [],
    }
    assert warehouse.ledger() == before


def test_shipped_ships_all_that_remains(warehouse: Warehouse, order: Order, manager: ApiClient) -> None:
    answer = manager.post(f"/orders/{order.id}/status", {"status": "shipped", "reason": "Picked up by the customer"})

    assert answer.get_json()["fulfilled_units"] == 5
    assert warehouse.status(order) == "shipped"


@pytest.mark.parametrize("asked_for", ["partially_shipped", "pending", "delivered"])
def test_a_change_that_is_not_in_the_table_is_refused(
    warehouse: Warehouse, order: Order, manager: ApiClient, asked_for: str
) -> None:
    answer = manager.post(f"/orders/{order.id}/status", {"status": asked_for})

    assert answer.status_code == 409
    problem = answer.get_json()
    assert (problem["code"], problem["from"], problem["to"]) == ("invalid_transition", "processing", asked_for)
    assert warehouse.status(order) == "processing"


def test_cancelling_after_a_partial_shipment_releases_only_what_is_left(
    warehouse: Warehouse, order: Order, packer: ApiClient, manager: ApiClient
) -> None:
    packer.post(f"/orders/{order.id}/items/{warehouse.item(order).id}/ship")

    answer = manager.post(f"/orders/{order.id}/cancel", {"reason": "Customer changed her mind"})

    assert answer.get_json() == {
        "order_id": order.id,
        "order_number": order.order_number,
        "order_status": "cancelled",
        "status": "cancelled",
        "released_count": 1,
        "released_units": 3,
        "skipped_items": [],
    }
    assert warehouse.allocations(order, 2) == {}
    assert warehouse.item(order, 1).shipped_quantity == 2


def test_cancelling_again_changes_nothing(warehouse: Warehouse, order: Order, manager: ApiClient) -> None:
    manager.post(f"/orders/{order.id}/cancel", {"reason": "Once"})
    before = warehouse.ledger()

    answer = manager.post(f"/orders/{order.id}/cancel", {"reason": "Twice"})

    assert answer.status_code == 200
    assert answer.get_json()["order_status"] == "cancelled"
    assert warehouse.ledger() == before


@pytest.mark.parametrize("reason", ["", "   ", "\t\n"])
def test_cancelling_needs_a_reason(warehouse: Warehouse, order: Order, manager: ApiClient, reason: str) -> None:
    answer = manager.post(f"/orders/{order.id}/cancel", {"reason": reason})

    assert answer.status_code == 422
    assert answer.get_json()["code"] == "reason_required"
    assert warehouse.status(order) == "processing"


def test_a_shipped_order_cannot_be_cancelled(warehouse: Warehouse, order: Order, manager: ApiClient) -> None:
    warehouse.set_status(order, "shipped")

    answer = manager.post(f"/orders/{order.id}/cancel", {"reason": "Too late"})

    assert answer.status_code == 409
    assert "return" in answer.get_json()["detail"]
