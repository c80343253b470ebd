"""POST /orders/{order_id}/items/{item_id}/ship, with the numbers of docs/contract.md, "Worked examples"."""

from __future__ import annotations

from sqlalchemy.orm import Session

from tests.factories import make_inventory, make_token
from tests.helpers.client_fixtures import ApiClient
from tests.helpers.warehouse import Moved, Warehouse
from webapp.domain.roles import Role
from webapp.models import Order


def ship_path(warehouse: Warehouse, order: Order, line: int = 1) -> str:
    return f"/orders/{order.id}/items/{warehouse.item(order, line).id}/ship"


def test_shipping_two_units_answers_as_the_worked_example(
    warehouse: Warehouse, order: Order, packer: ApiClient
) -> None:
    item = warehouse.item(order)

    answer = packer.post(ship_path(warehouse, order), {"quantity": 2})

    assert answer.status_code == 200
    assert answer.content_type == "application/json"
    assert answer.get_json() == {
        "order_id": order.id,
        "item_id": item.id,
        "fulfilled_quantity": 2,
        "shipped_quantity": 2,
        "remaining_quantity": 0,
        "is_fully_shipped": True,
    }


def test_the_shipment_status_after_two_of_five_units_is_the_worked_example(
    warehouse: Warehouse, order: Order, packer: ApiClient
) -> None:
    packer.post(ship_path(warehouse, order), {"quantity": 2})

    status = packer.get(f"/orders/{order.id}/shipment-status").get_json()

    first, second = status.pop("items")
    specified = {
        "order_id": order.id,
        "order_number": "ORD-1-20260101-ABC123",
        "order_status": "partially_shipped",
        "is_fully_shipped": False,
        "is_partially_shipped": True,
        "shipped_item_count": 1,
        "total_item_count": 2,
        "total_shipped_units": 2,
        "total_ordered_units": 5,
    }
    assert specified.items() <= status.items()
    assert {
        "item_id": warehouse.item(order, 1).id,
        "product_name": "Widget A",
        "quantity": 2,
        "shipped_quantity": 2,
        "remaining_quantity": 0,
        "is_fully_shipped": True,
    }.items() <= first.items()
    assert {
        "item_id": warehouse.item(order, 2).id,
        "product_id": warehouse.item(order, 2).product_id,
        "product_name": "Widget B",
        "quantity": 3,
        "shipped_quantity": 0,
        "remaining_quantity": 3,
        "reserved_quantity": 3,
        "is_fully_shipped": False,
        "is_partially_shipped": False,
    }.items() <= second.items()


def test_what_ships_leaves_the_shelf_in_the_tokens_name(warehouse: Warehouse, order: Order, packer: ApiClient) -> None:
    erp = ApiClient(packer.client, make_token(warehouse.db, warehouse.store, Role.PACKER, "erp"))
    erp.post(ship_path(warehouse, order), {"quantity": 1})
    warehouse.db.rollback()

    assert warehouse.ledger(order)[-1] == Moved("fulfill", -1, -1, 49, 2, "A1", "token:erp")
    assert warehouse.status(order) == "partially_shipped"


def test_without_a_quantity_all_that_remains_ships(warehouse: Warehouse, order: Order, packer: ApiClient) -> None:
    packer.post(ship_path(warehouse, order, 2), {"quantity": 1})

    without_body = packer.post(ship_path(warehouse, order, 2))
    empty_object = packer.post(ship_path(warehouse, order, 1), {})

    assert without_body.get_json()["fulfilled_quantity"] == 2
    assert empty_object.get_json()["fulfilled_quantity"] == 2
    assert warehouse.status(order) == "shipped"


def test_an_item_that_is_fully_shipped_answers_with_zero_and_a_message(
    warehouse: Warehouse, order: Order, packer: ApiClient
) -> None:
    packer.post(ship_path(warehouse, order))

    answer = packer.post(ship_path(warehouse, order))

    assert answer.status_code == 200
    assert answer.get_json()["fulfilled_quantity"] == 0
    assert answer.get_json()["message"]


def test_more_than_remains_is_refused_in_the_words_of_the_contract(
    warehouse: Warehouse, order: Order, packer: ApiClient
) -> None:
    answer = packer.post(ship_path(warehouse, order, 2), {"quantity": 5})

    assert answer.status_code == 422
    assert answer.content_type == "application/problem+json"
    assert answer.get_json() == {
        "type": "urn:packbench:problem:invalid_quantity",
        "title": "Invalid quantity",
        "status": 422,
        "detail": "Cannot ship 5 units - only 3 remaining",
        "code": "invalid_quantity",
        "quantity": 5,
        "shipped_quantity": 0,
        "remaining_quantity": 3,
    }
    assert warehouse.item(order, 2).shipped_quantity == 0


def test_missing_stock_is_refused_with_the_numbers_and_what_may_be_done(
    warehouse: Warehouse, packer: ApiClient, db: Session
) -> None:
    short = warehouse.product("Short")
    make_inventory(db, short, 1)
    order = warehouse.processing((short, 3))

    answer = packer.post(ship_path(warehouse, order), {"quantity": 3})

    assert answer.status_code == 409
    problem = answer.get_json()
    assert problem["code"] == "insufficient_inventory"
    assert (problem["requested"], problem["available"]) == (3, 1)
    assert problem["options"] == ["found_on_shelf", "ship_available"]
    assert warehouse.item(order).shipped_quantity == 0


def test_a_stale_view_is_refused_with_fresh_numbers(warehouse: Warehouse, order: Order, packer: ApiClient) -> None:
    packer.post(ship_path(warehouse, order, 2), {"quantity": 1, "seen_shipped": 0})

    answer = packer.post(ship_path(warehouse, order, 2), {"quantity": 1, "seen_shipped": 0})

    assert answer.status_code == 409
    assert answer.get_json()["code"] == "stale_view"
    assert answer.get_json()["shipped_quantity"] == 1
    assert answer.get_json()["remaining_quantity"] == 2
    assert warehouse.item(order, 2).shipped_quantity == 1


def test_nothing_ships_from_a_cancelled_order(warehouse: Warehouse, order: Order, packer: ApiClient) -> None:
    warehouse.cancel(order)

    answer = packer.post(ship_path(warehouse, order), {"quantity": 1})

    assert answer.status_code == 409
    assert answer.get_json()["code"] == "invalid_transition"
    assert answer.get_json()["status"] == 409
    assert answer.get_json()["order_status"] == "cancelled"


def test_an_item_of_another_order_is_not_on_this_one(warehouse: Warehouse, order: Order, packer: ApiClient) -> None:
    other = warehouse.processing((warehouse.product("Other", A3=5), 1))

    answer = packer.post(f"/orders/{order.id}/items/{warehouse.item(other).id}/ship")

    assert answer.status_code == 404
    assert answer.get_json()["code"] == "item_not_found"
    assert warehouse.item(other).shipped_quantity == 0
