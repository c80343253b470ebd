"""Cancelling units of one item."""

from __future__ import annotations

import pytest

from tests.helpers.tablet import Tablet, assert_refused_quantity_form
from tests.helpers.warehouse import Warehouse
from webapp.models import Order


@pytest.fixture
def order(warehouse: Warehouse) -> Order:
    """6 lamps: 1 shipped, 3 reserved at A1, 2 missing; and 1 mug."""
    lamp, mug = warehouse.product("Lamp", A1=4), warehouse.product("Mug", B1=1)
    order = warehouse.processing((lamp, 6), (mug, 1))
    warehouse.ship(order, 1)
    return order


@pytest.fixture
def path(warehouse: Warehouse, order: Order) -> str:
    return f"/orders/{order.id}/items/{warehouse.item(order).id}/cancellation"


def test_the_page_says_how_many_are_left_and_which_go_first(manager: Tablet, path: str) -> None:
    page = manager.get(path)

    assert page.root.one("form", action=path).fields["quantity"] == "5"
    assert "Reserved at A1 3" in page.words
    assert "2 units without stock are cancelled first. From 3 on, reserved units are released." in page.words


def test_units_without_stock_are_cancelled_first(
    manager: Tablet, warehouse: Warehouse, order: Order, path: str
) -> None:
    form = manager.get(path).root.one("form", action=path)

    answer = manager.send(form, htmx=False, quantity="3", reason="Out of season")

    assert (answer.status, answer.location) == (303, f"/orders/{order.id}")
    assert warehouse.allocations(order) == {"A1": 2}
    assert warehouse.item(order).cancelled_quantity == 3
    assert warehouse.status(order) == "partially_shipped"
    assert "3 units of Lamp cancelled." in manager.get(f"/orders/{order.id}").words


@pytest.mark.parametrize(
    ("fields", "field", "sentence"),
    [
        ({"quantity": "", "reason": "x"}, "quantity", "Enter a quantity."),
        ({"quantity": "0", "reason": "x"}, "quantity", "Quantity is 0. Enter 1 or more; 0 cancels nothing."),
        ({"quantity": "6", "reason": "x"}, "quantity", "Cannot cancel 6 units - only 5 remaining"),
        (
            {"quantity": "٣", "reason": "x"},
            "quantity",
            "Quantity must be a whole number, written with the digits 0 to 9.",
        ),
        ({"quantity": "2", "reason": " "}, "reason", "Say why these units are cancelled."),
    ],
)
@pytest.mark.parametrize("htmx", [False, True])
def test_a_refusal_stands_by_its_field_and_keeps_what_was_typed(
    manager: Tablet,
    warehouse: Warehouse,
    order: Order,
    path: str,
    fields: dict[str, object],
    field: str,
    sentence: str,
    htmx: bool,
) -> None:
    answer = manager.post(path, fields, htmx=htmx)

    assert_refused_quantity_form(answer, field, sentence, typed=fields["quantity"])
    assert warehouse.item(order).cancelled_quantity == 0


def test_a_usual_reason_alone_suffices(manager: Tablet, warehouse: Warehouse, order: Order, path: str) -> None:
    form = manager.get(path).root.one("form", action=path)

    answer = manager.send(form, htmx=False, quantity="1", common_reason="Out of stock", reason="")

    assert answer.status == 303
    assert warehouse.item(order).cancelled_quantity == 1
    assert "Reason: “Out of stock”" in manager.get(f"/orders/{order.id}/audit").words


def test_units_of_an_item_that_has_none_left_are_refused_in_words(
    manager: Tablet, warehouse: Warehouse, order: Order
) -> None:
    path = f"/orders/{order.id}/items/{warehouse.item(order, 2).id}/cancellation"
    warehouse.ship(order, 1, line=2)

    answer = manager.post(path, {"quantity": "1", "reason": "Out of season"})

    assert answer.status == 422
    assert "Cannot cancel 1 unit - only 0 remaining" in answer.words
    assert "No units of this item are left to ship" in answer.words


def test_nothing_is_left_of_a_cancelled_order(manager: Tablet, warehouse: Warehouse, order: Order, path: str) -> None:
    warehouse.cancel(order)

    page, answer = manager.get(path), manager.post(path, {"quantity": "1", "reason": "x"})

    assert page.root.all("form", action=path) == []
    assert "The order is already cancelled." in page.words
    assert answer.status == 409
