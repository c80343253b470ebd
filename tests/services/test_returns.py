"""Returned units: put at a place, or written off."""

from __future__ import annotations

from typing import Any

import pytest

from tests.helpers.warehouse import Moved, Warehouse
from webapp.domain.errors import InvalidInput, InvalidQuantity, PlaceholderProduct, ReasonRequired
from webapp.models import InventoryTransaction, Order, Product


@pytest.fixture
def widget(warehouse: Warehouse) -> Product:
    return warehouse.product(A1=10)


@pytest.fixture
def sold(warehouse: Warehouse, widget: Product) -> Order:
    """An order of 5, of which 3 have shipped."""
    order = warehouse.processing((widget, 5))
    warehouse.ship(order, 3)
    return order


def test_returned_units_are_on_hand_at_the_place_that_was_chosen(
    warehouse: Warehouse, widget: Product, sold: Order
) -> None:
    warehouse.give_back(sold, 2, location=" R1 ", reason="  Too small ")

    assert warehouse.shelves(widget) == {"A1": (7, 2), "R1": (2, 0)}
    assert warehouse.ledger(sold)[-1] == Moved("return", 2, 0, 2, 0, "R1", "paula")
    row = warehouse.db.query(InventoryTransaction).filter_by(order_id=sold.id, location="R1").one()
    assert (row.order_item_id, row.order_number, row.reason) == (
        warehouse.item(sold).id,
        sold.order_number,
        "Too small",
    )
    item = warehouse.item(sold)
    assert (item.returned_quantity, item.shipped_quantity, item.remaining_quantity) == (2, 3, 2)
    assert (warehouse.status(sold), warehouse.events(sold)[-1]) == ("partially_shipped", "returned")


def test_written_off_units_are_nowhere_but_in_the_orders_history(
    warehouse: Warehouse, widget: Product, sold: Order
) -> None:
    ledger = warehouse.ledger()

    warehouse.give_back(sold, 2, location="", write_off=True, reason="Broken")

    assert warehouse.shelves(widget) == {"A1": (7, 2)}
    assert warehouse.ledger() == ledger
    assert (warehouse.item(sold).returned_quantity, warehouse.events(sold)[-1]) == (2, "written_off")


@pytest.mark.parametrize("write_off", [False, True])
@pytest.mark.parametrize(("second", "allowed"), [(1, True), (2, True), (3, False)])
def test_no_more_comes_back_than_was_shipped_and_not_yet_returned(
    warehouse: Warehouse, sold: Order, second: int, allowed: bool, write_off: bool
) -> None:
    warehouse.give_back(sold, 1)
    before = warehouse.ledger()

    if allowed:
        warehouse.give_back(sold, second, write_off=write_off)
        assert warehouse.item(sold).returned_quantity == 1 + second
        return
    with pytest.raises(InvalidQuantity) as refusal:
        warehouse.give_back(sold, second, write_off=write_off)

    assert refusal.value.message == "Cannot return 3 units - only 2 shipped and not yet returned"
    assert (warehouse.item(sold).returned_quantity, warehouse.ledger()) == (1, before)


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        ({"reason": " "}, ReasonRequired),
        ({"reason": "x" * 501}, InvalidInput),
        ({"location": " "}, InvalidInput),
        ({"location": "x" * 65}, InvalidInput),
        ({"location": "A\0"}, InvalidInput),
        ({"warehouse": "x" * 65}, InvalidInput),
    ],
)
def test_a_return_needs_a_reason_and_a_place(
    warehouse: Warehouse, widget: Product, sold: Order, arguments: dict[str, Any], error: type[Exception]
) -> None:
    with pytest.raises(error):
        warehouse.give_back(sold, 1, **arguments)

    assert warehouse.shelves(widget) == {"A1": (7, 2)}
    assert warehouse.item(sold).returned_quantity == 0


def test_a_return_after_cancelling_the_rest_comes_back_too(warehouse: Warehouse, widget: Product, sold: Order) -> None:
    warehouse.cancel(sold)

    warehouse.give_back(sold, 3, location="A1")

    assert warehouse.shelves(widget) == {"A1": (10, 0)}
    assert warehouse.status(sold) == "cancelled"


def test_an_unknown_product_cannot_come_back(warehouse: Warehouse) -> None:
    unknown = warehouse.placeholder()
    order = warehouse.processing((unknown, 1))

    with pytest.raises(PlaceholderProduct):
        warehouse.give_back(order, 1)

    assert warehouse.shelves(unknown) == {}


@pytest.mark.parametrize(("already", "allowed"), [(2**31 - 4, True), (2**31 - 3, True), (2**31 - 2, False)])
def test_a_place_holds_at_most_what_a_quantity_may_be(
    warehouse: Warehouse, widget: Product, sold: Order, already: int, allowed: bool
) -> None:
    warehouse.arrive(widget, already, "R1")

    if allowed:
        warehouse.give_back(sold, 2, location="R1")
    else:
        with pytest.raises(InvalidQuantity, match="A place holds at most 2147483647 units"):
            warehouse.give_back(sold, 2, location="R1")

    assert warehouse.shelves(widget)["R1"][0] == already + (2 if allowed else 0)
