"""Returned units: put at a place, or written off."""

from __future__ import annotations

from typing import Any

import pytest

from tests.helpers.warehouse import Moved, Warehouse
from webapp.domain.errors import (
    InvalidInput,
    InvalidQuantity,
    PlaceholderProduct,
    ReasonRequired,
    ReturnNotFound,
    StaleView,
    UndoRefused,
)
from webapp.models import InventoryTransaction, Order, Product
from webapp.services import return_service
from webapp.services.reads import returns


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


# A return has a way back.


@pytest.mark.parametrize(("left", "rows"), [(1, [("return", 1), ("return", -2)]), (0, [("return", -2)])])
def test_a_return_of_too_many_is_reduced_by_rows_that_reverse_it(
    warehouse: Warehouse, widget: Product, sold: Order, left: int, rows: list[tuple[str, int]]
) -> None:
    warehouse.give_back(sold, 2)
    booked = warehouse.db.query(InventoryTransaction).filter_by(order_id=sold.id, location="R1").one().id
    warehouse.actor = "max"

    assert warehouse.correct_return(sold, left) == {"quantity": 2 - left, "left_quantity": left}

    assert warehouse.shelves(widget) == {"A1": (7, 2), "R1": (left, 0)}
    assert [row[:2] for row in warehouse.ledger(sold)[-len(rows) :]] == rows
    last = warehouse.db.query(InventoryTransaction).order_by(InventoryTransaction.id.desc()).first()
    assert last is not None
    assert (last.reverses_id, last.created_by) == (booked, "max")
    assert last.reason == f"Return corrected: {left} of 2 came back"
    assert (warehouse.item(sold).returned_quantity, warehouse.events(sold)[-1]) == (left, "return_corrected")
    warehouse.give_back(sold, 3 - left)
    assert warehouse.item(sold).returned_quantity == 3, "the unit that did not come back may come back later"


def test_a_return_can_be_corrected_again(warehouse: Warehouse, widget: Product, sold: Order) -> None:
    warehouse.give_back(sold, 3)
    warehouse.correct_return(sold, 2)

    warehouse.correct_return(sold, 1)

    assert (warehouse.shelves(widget)["R1"], warehouse.item(sold).returned_quantity) == ((1, 0), 1)


@pytest.mark.parametrize("counted_by", ["manager", "packer"])
def test_a_correction_leaves_a_place_that_was_counted_since_as_it_is(
    warehouse: Warehouse, widget: Product, sold: Order, counted_by: str
) -> None:
    warehouse.arrive(widget, 4, "R1")
    warehouse.give_back(sold, 3)
    if counted_by == "manager":
        warehouse.recount(widget, 4, "R1")
    else:
        other = warehouse.processing((widget, warehouse.place(widget.id, "A1").available_quantity + 7))
        warehouse.short_pick(other, 4, "R1")
    before = warehouse.shelves(widget)["R1"]

    warehouse.correct_return(sold, 2)
    warehouse.correct_return(sold, 0)

    assert (warehouse.shelves(widget)["R1"], warehouse.item(sold).returned_quantity) == (before, 0)


def test_a_count_before_the_return_or_elsewhere_changes_no_correction(
    warehouse: Warehouse, widget: Product, sold: Order
) -> None:
    warehouse.recount(widget, 4, "R1")
    warehouse.give_back(sold, 3)
    warehouse.recount(widget, 9, "A1")

    warehouse.correct_return(sold, 1)

    assert warehouse.shelves(widget)["R1"] == (5, 0)


def test_units_written_off_are_corrected_on_the_order_alone(warehouse: Warehouse, widget: Product, sold: Order) -> None:
    warehouse.give_back(sold, 2, location="", write_off=True, reason="Broken")
    ledger = warehouse.ledger()

    warehouse.correct_return(sold, 1)

    assert (warehouse.ledger(), warehouse.item(sold).returned_quantity) == (ledger, 1)
    assert warehouse.events(sold)[-1] == "return_corrected"


@pytest.mark.parametrize("where", ["reserved again", "shipped again", "taken away"])
def test_it_is_refused_once_the_units_have_gone_again(
    warehouse: Warehouse, widget: Product, sold: Order, where: str
) -> None:
    warehouse.recount(widget, 2, "A1")
    warehouse.give_back(sold, 2)
    match where:
        case "reserved again":
            warehouse.processing((widget, 2))
        case "shipped again":
            warehouse.ship(warehouse.processing((widget, 2)))
        case "taken away":
            warehouse.adjust(widget, -1, "R1")
            warehouse.processing((widget, 1))
    before = warehouse.ledger()

    with pytest.raises(UndoRefused) as refusal:
        warehouse.correct_return(sold, 1)

    assert (refusal.value.status, refusal.value.data) == (409, {"available": 0})
    assert (warehouse.ledger(), warehouse.item(sold).returned_quantity) == (before, 2)


@pytest.mark.parametrize(
    ("quantity", "seen", "error"),
    [
        (2, 2, InvalidQuantity),
        (3, 2, InvalidQuantity),
        (-1, 2, InvalidQuantity),
        (True, 2, InvalidQuantity),
        (1, 3, StaleView),
    ],
)
def test_a_correction_that_cannot_be_is_refused(
    warehouse: Warehouse, sold: Order, quantity: int, seen: int, error: type[Exception]
) -> None:
    warehouse.give_back(sold, 2)
    before = warehouse.ledger()

    with pytest.raises(error):
        warehouse.correct_return(sold, quantity, seen_quantity=seen)

    assert (warehouse.ledger(), warehouse.item(sold).returned_quantity) == (before, 2)


def test_a_return_of_another_order_is_not_found(warehouse: Warehouse, widget: Product, sold: Order) -> None:
    warehouse.give_back(sold, 2)
    other = warehouse.processing((widget, 1))
    event_id = returns.list_returns(warehouse.db, warehouse.store.id, sold.id)[0].event_id

    with pytest.raises(ReturnNotFound):
        warehouse.do(return_service.correct_return, order_id=other.id, event_id=event_id, quantity=0, seen_quantity=2)


def test_a_corrected_return_can_be_undone_as_a_shipment(warehouse: Warehouse, widget: Product, sold: Order) -> None:
    warehouse.give_back(sold, 1)
    warehouse.correct_return(sold, 0)

    warehouse.undo(sold)

    assert (warehouse.shelves(widget)["A1"], warehouse.item(sold).shipped_quantity) == ((10, 5), 0)
