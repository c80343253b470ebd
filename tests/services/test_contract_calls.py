"""The calls, log lines and edge cases of docs/contract.md, "Service calls"."""

from __future__ import annotations

import logging

import pytest

from tests.helpers.warehouse import Warehouse
from tests.services.conftest import NUMBER
from webapp.domain.errors import InventoryNotFound
from webapp.models import Order
from webapp.schemas.order import OrderUpdate
from webapp.services import inventory_service, order_inventory_service, order_service


def levels(warehouse: Warehouse, order: Order) -> list[tuple[int, int]]:
    """(on hand, reserved) of each line's product at its one place."""
    places = [warehouse.place(warehouse.item(order, line).product_id, "A1") for line in (1, 2)]
    return [(place.quantity, place.reserved_quantity) for place in places]


# "any -> processing: reserve", and the other rows of the table.


def test_processing_reserves(warehouse: Warehouse, store_id: int, order: Order) -> None:
    order_id = order.id

    order = order_service.update_order_status(
        db=warehouse.db, store_id=store_id, order_id=order_id, order_update=OrderUpdate(status="processing")
    )

    assert order.status == "processing"
    assert levels(warehouse, order) == [(10, 2), (10, 3)]


def test_shipped_lets_on_hand_and_reserved_fall(warehouse: Warehouse, order: Order) -> None:
    warehouse.process(order)

    warehouse.set_status(order, "shipped")

    assert levels(warehouse, order) == [(8, 0), (7, 0)]
    assert warehouse.status(order) == "shipped"


def test_cancelled_lets_reserved_fall_and_on_hand_stay(warehouse: Warehouse, order: Order) -> None:
    warehouse.process(order)

    warehouse.set_status(order, "cancelled")

    assert levels(warehouse, order) == [(10, 0), (10, 0)]


@pytest.mark.parametrize("status", ["pending", "processing", "shipped", "cancelled", "refunded"])
def test_a_status_that_did_not_change_does_nothing(
    warehouse: Warehouse, store_id: int, order: Order, status: str
) -> None:
    result = order_inventory_service.handle_status_change(
        db=warehouse.db, store_id=store_id, order_id=order.id, old_status=status, new_status=status
    )

    assert result is None


@pytest.mark.parametrize("old", ["cancelled", "refunded"])
def test_a_closed_order_that_is_cancelled_again_releases_nothing(
    warehouse: Warehouse, store_id: int, order: Order, old: str
) -> None:
    result = order_inventory_service.handle_status_change(
        db=warehouse.db, store_id=store_id, order_id=order.id, old_status=old, new_status="cancelled"
    )

    assert result is None


def test_handling_a_status_change_calls_the_stock_action(warehouse: Warehouse, store_id: int, order: Order) -> None:
    reserved = order_inventory_service.handle_status_change(
        db=warehouse.db, store_id=store_id, order_id=order.id, old_status="pending", new_status="processing"
    )
    released = order_inventory_service.handle_status_change(
        db=warehouse.db, store_id=store_id, order_id=order.id, old_status="processing", new_status="cancelled"
    )
    fulfilled = order_inventory_service.handle_status_change(
        db=warehouse.db, store_id=store_id, order_id=order.id, old_status="processing", new_status="shipped"
    )
    warehouse.db.commit()

    assert reserved is not None
    assert "reserved_count" in reserved
    assert (reserved["reserved_count"], reserved["skipped_items"]) == (2, [])
    assert released is not None
    assert "released_count" in released
    assert (released["released_count"], released["skipped_items"]) == (2, [])
    assert fulfilled is not None
    assert "fulfilled_count" in fulfilled
    assert (fulfilled["fulfilled_count"], fulfilled["skipped_items"]) == (2, [])
    assert warehouse.status(order) == "shipped"


# "Calls, as they are made."


def test_the_calls_as_they_are_made(warehouse: Warehouse, store_id: int, order: Order) -> None:
    order_id, item_id = order.id, warehouse.item(order).id

    result = order_inventory_service.reserve_for_order(
        db=warehouse.db, store_id=store_id, order_id=order_id, skip_missing=True
    )
    assert (result["reserved_count"], len(result["skipped_items"])) == (2, 0)

    shipped = order_inventory_service.fulfill_item(
        db=warehouse.db, store_id=store_id, order_id=order_id, item_id=item_id, quantity=2
    )
    assert shipped["fulfilled_quantity"] == 2

    status = order_inventory_service.get_shipment_status(db=warehouse.db, store_id=store_id, order_id=order_id)
    assert status["order_status"] == "partially_shipped"

    fulfilled = order_inventory_service.fulfill_order(db=warehouse.db, store_id=store_id, order_id=order_id)
    assert (fulfilled["fulfilled_count"], fulfilled["skipped_items"]) == (1, [])

    released = order_inventory_service.release_order_reservation(db=warehouse.db, store_id=store_id, order_id=order_id)
    assert (released["released_count"], released["skipped_items"]) == (0, [])
    warehouse.db.commit()


def test_shipping_the_whole_order_by_the_service_alone_lets_its_status_follow(
    warehouse: Warehouse, store_id: int, order: Order
) -> None:
    warehouse.process(order)

    order_inventory_service.fulfill_order(db=warehouse.db, store_id=store_id, order_id=order.id)
    warehouse.db.commit()

    assert warehouse.status(order) == "shipped"


def test_the_inventory_services_calls(warehouse: Warehouse, store_id: int, order: Order) -> None:
    item_id = warehouse.item(order).id

    assert (
        inventory_service.reserve_inventory(db=warehouse.db, store_id=store_id, order_item_id=item_id, quantity=2) == 2
    )
    assert (
        inventory_service.release_reservation(db=warehouse.db, store_id=store_id, order_item_id=item_id, quantity=1)
        == 1
    )
    assert inventory_service.reserve_inventory(db=warehouse.db, store_id=store_id, order_item_id=item_id) == 1
    shipped = inventory_service.fulfill_reservation(db=warehouse.db, store_id=store_id, order_item_id=item_id)
    warehouse.db.commit()

    assert (shipped["fulfilled_quantity"], shipped["is_fully_shipped"]) == (2, True)
    assert [row.kind for row in warehouse.ledger(order)] == ["reserve", "release", "reserve", "fulfill"]


# Log lines.


def test_the_log_lines_of_reserving(warehouse: Warehouse, caplog: pytest.LogCaptureFixture, store_id: int) -> None:
    products = [warehouse.product(f"Widget {name}", A1=10) for name in "ABC"]
    order = warehouse.order(
        *((product, 2) for product in products), (warehouse.product("Rarity"), 1), order_number=NUMBER
    )
    caplog.set_level(logging.INFO, logger="packbench")
    caplog.clear()

    order_inventory_service.reserve_for_order(db=warehouse.db, store_id=store_id, order_id=order.id)

    lines = [(record.levelname, record.getMessage()) for record in caplog.records]
    assert lines[:3] == [
        ("INFO", f"Reserved 2 units of product {product.id} for order {NUMBER}") for product in products
    ]
    assert lines[3][0] == "WARNING"
    assert lines[3][1].startswith(f"Order {NUMBER} inventory operation failed: No inventory found")
    assert lines[4] == ("INFO", f"Order {NUMBER}: reserved 3 items, skipped 1")
    warehouse.db.rollback()


@pytest.mark.parametrize("way", ["item", "order"])
def test_the_log_line_of_shipping(
    warehouse: Warehouse, caplog: pytest.LogCaptureFixture, order: Order, way: str
) -> None:
    warehouse.process(order)
    caplog.set_level(logging.INFO, logger="packbench")
    caplog.clear()

    if way == "item":
        warehouse.ship(order, 2)
    else:
        warehouse.ship_order(order)

    product_id = warehouse.item(order).product_id
    assert f"Fulfilled 2 units of product {product_id} for order {NUMBER}" in caplog.messages
    assert not [record for record in caplog.records if record.levelno >= logging.WARNING]


# Edge cases.


def test_a_placeholder_line_is_skipped_and_said_so(warehouse: Warehouse, store_id: int) -> None:
    placeholder = warehouse.placeholder()
    assert placeholder.gtin == "0000000000000"
    order = warehouse.order((warehouse.product(A1=5), 1), (placeholder, 1))

    result = order_inventory_service.reserve_for_order(db=warehouse.db, store_id=store_id, order_id=order.id)
    warehouse.db.commit()

    (skipped,) = result["skipped_items"]
    assert (skipped["item_id"], skipped["product_id"]) == (warehouse.item(order, 2).id, placeholder.id)
    assert skipped["reason"] == "placeholder_product"
    assert result["reserved_count"] == 1


def test_without_an_inventory_record_the_item_is_skipped_or_the_call_refused(
    warehouse: Warehouse, store_id: int
) -> None:
    order = warehouse.order((warehouse.product("Rarity"), 1))

    result = order_inventory_service.reserve_for_order(db=warehouse.db, store_id=store_id, order_id=order.id)
    warehouse.db.commit()
    assert [row["reason"] for row in result["skipped_items"]] == ["no_inventory"]

    with pytest.raises(InventoryNotFound):
        order_inventory_service.reserve_for_order(
            db=warehouse.db, store_id=store_id, order_id=order.id, skip_missing=False
        )


def test_a_status_update_goes_on_where_inventory_cannot_be_updated(
    warehouse: Warehouse, caplog: pytest.LogCaptureFixture
) -> None:
    order = warehouse.order((warehouse.product("Rarity"), 1), order_number=NUMBER)
    caplog.set_level(logging.WARNING, logger="packbench")

    warehouse.set_status(order, "shipped")

    assert warehouse.status(order) == "shipped"
    assert any(
        message.startswith(f"Order {NUMBER} inventory operation failed: No inventory found")
        for message in caplog.messages
    )
    assert warehouse.exceptions(order) == [(1, "no_inventory", 1, "open")]
