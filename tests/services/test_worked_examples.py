"""docs/contract.md, "Worked examples": partial shipments and their trail, with the same numbers."""

from __future__ import annotations

import pytest

from tests.helpers.warehouse import Warehouse
from tests.services.conftest import NUMBER
from webapp.domain.errors import InvalidQuantity
from webapp.models import InventoryTransaction, Order, TransactionType
from webapp.services import order_inventory_service

# Partial shipments.


def test_the_shipment_status_with_2_of_5_units_shipped(warehouse: Warehouse, store_id: int, order: Order) -> None:
    warehouse.process(order)
    warehouse.ship(order, 2)

    status = order_inventory_service.get_shipment_status(db=warehouse.db, store_id=store_id, order_id=order.id)

    first, second = warehouse.item(order, 1), warehouse.item(order, 2)
    expected = {
        "order_id": order.id,
        "order_number": NUMBER,
        "order_status": "partially_shipped",
        "is_fully_shipped": False,
        "is_partially_shipped": True,
        "shipped_item_count": 1,
        "total_item_count": 2,
        "total_shipped_units": 2,
        "total_ordered_units": 5,
    }
    assert {**status, **expected} == status
    items = [
        {
            "item_id": first.id,
            "product_id": first.product_id,
            "product_name": "Widget A",
            "quantity": 2,
            "shipped_quantity": 2,
            "remaining_quantity": 0,
            "is_fully_shipped": True,
            "is_partially_shipped": False,
        },
        {
            "item_id": second.id,
            "product_id": second.product_id,
            "product_name": "Widget B",
            "quantity": 3,
            "shipped_quantity": 0,
            "remaining_quantity": 3,
            "is_fully_shipped": False,
            "is_partially_shipped": False,
        },
    ]
    assert [{**row, **item} for row, item in zip(status["items"], items, strict=True)] == status["items"]


def test_the_answer_to_shipping_2_of_2(warehouse: Warehouse, order: Order) -> None:
    warehouse.process(order)

    answer = warehouse.ship(order, 2)

    assert answer == {
        "order_id": order.id,
        "item_id": warehouse.item(order).id,
        "fulfilled_quantity": 2,
        "shipped_quantity": 2,
        "remaining_quantity": 0,
        "is_fully_shipped": True,
    }


def test_without_a_quantity_all_that_remains_ships(warehouse: Warehouse, order: Order) -> None:
    warehouse.process(order)
    warehouse.ship(order, 1, line=2)

    answer = warehouse.ship(order, line=2)

    assert (answer["fulfilled_quantity"], answer["shipped_quantity"], answer["remaining_quantity"]) == (2, 3, 0)


@pytest.mark.parametrize("quantity", [None, 1])
def test_an_item_that_is_fully_shipped_answers_0_and_a_message(
    warehouse: Warehouse, order: Order, quantity: int | None
) -> None:
    warehouse.process(order)
    warehouse.ship(order, 2)
    before = warehouse.ledger()

    answer = warehouse.ship(order, quantity)

    assert (answer["fulfilled_quantity"], answer["shipped_quantity"], answer["is_fully_shipped"]) == (0, 2, True)
    assert answer["message"] == "Nothing is left to ship: this item is fully shipped already."
    assert warehouse.ledger() == before


def test_more_than_remains_is_refused(warehouse: Warehouse, order: Order) -> None:
    warehouse.process(order)
    before = warehouse.ledger()

    with pytest.raises(InvalidQuantity) as refusal:
        warehouse.ship(order, 5, line=2)

    assert refusal.value.message == "Cannot ship 5 units - only 3 remaining"
    assert warehouse.ledger() == before
    assert warehouse.item(order, 2).shipped_quantity == 0


def test_an_order_goes_from_pending_to_delivered_by_way_of_a_partial_shipment(
    warehouse: Warehouse, order: Order
) -> None:
    seen = [warehouse.status(order)]
    warehouse.process(order)
    seen.append(warehouse.status(order))
    warehouse.ship(order, 2)
    seen.append(warehouse.status(order))
    warehouse.ship(order, 3, line=2)
    seen.append(warehouse.status(order))
    warehouse.set_status(order, "delivered")
    seen.append(warehouse.status(order))

    assert seen == ["pending", "processing", "partially_shipped", "shipped", "delivered"]


# Audit trail.


def test_both_queries_of_the_audit_trail(warehouse: Warehouse, store_id: int, order: Order) -> None:
    warehouse.process(order)
    warehouse.ship(order, 2)
    order_id, product_id = order.id, warehouse.item(order).product_id

    of_order = (
        warehouse.db.query(InventoryTransaction)
        .filter(InventoryTransaction.order_id == order_id)
        .order_by(InventoryTransaction.created_at)
        .all()
    )
    newest = (
        warehouse.db.query(InventoryTransaction)
        .filter(InventoryTransaction.product_id == product_id, InventoryTransaction.store_id == store_id)
        .order_by(InventoryTransaction.created_at.desc())
        .limit(10)
        .all()
    )

    assert sorted(row.transaction_type for row in of_order) == ["fulfill", "reserve", "reserve"]
    assert [row.transaction_type for row in newest] == ["fulfill", "reserve", "import"]
    row = newest[0]
    assert (row.transaction_type, row.quantity_change, row.quantity_after) == (TransactionType.FULFILL, -2, 8)
    assert (row.reserved_after, row.location, row.warehouse) == (0, "A1", "main")
    assert (row.order_id, row.order_number, row.created_by) == (order_id, NUMBER, "paula")
    assert row.created_at.tzinfo is not None
