"""Shipping from the pick screen: units of an item, and the whole order."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import Engine

from tests.helpers.statements import counted
from tests.helpers.tablet import Tablet, assert_item_panel, assert_shipment_panel
from tests.helpers.warehouse import Warehouse
from webapp.models import Order


def test_shipping_answers_with_the_item_and_the_shipment_status(
    packer: Tablet, warehouse: Warehouse, order: Order
) -> None:
    item = warehouse.item(order, 2)

    answer = packer.ship(order, item, 2)

    assert answer.status == 200
    assert_item_panel(answer, item, shipped=2, left=1)
    assert_shipment_panel(answer, shipped=2, ordered=5, status="Partially shipped")
    assert "<html" not in answer.response.text
    assert warehouse.ledger(order)[-1].created_by == "paula"


def test_without_javascript_the_form_leads_back_to_the_item(packer: Tablet, warehouse: Warehouse, order: Order) -> None:
    item = warehouse.item(order, 2)
    form = packer.pick(order).ship_form(item)

    answer = packer.send(form, htmx=False, quantity="2")

    assert (answer.status, answer.location) == (303, f"/orders/{order.id}/pick#item-{item.id}")
    assert_item_panel(packer.pick(order), item, shipped=2, left=1)


def test_the_last_units_complete_the_order_and_lead_to_the_next_one(
    packer: Tablet, warehouse: Warehouse, order: Order
) -> None:
    packer.ship(order, warehouse.item(order, 1), 2)

    answer = packer.ship(order, warehouse.item(order, 2), 3)

    assert_shipment_panel(answer, shipped=5, ordered=5, status="Shipped")
    assert "All shipped" in answer.shipment_status.words
    assert answer.shipment_status.one("a", css="button--primary")["href"] == f"/orders/{order.id}/next"
    assert answer.item(warehouse.item(order, 2)).all("form", css="item__ship") == []


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("", "Enter a quantity."),
        ("  ", "Enter a quantity."),
        ("0", "Quantity is 0. Enter 1 or more; 0 ships nothing."),
        ("-1", "Quantity is below 0. Enter 1 or more."),
        ("1.5", "Quantity must be a whole number, without a decimal point."),
        ("two", "Quantity must be a whole number, written with the digits 0 to 9."),
        ("٣", "Quantity must be a whole number, written with the digits 0 to 9."),
        ("１", "Quantity must be a whole number, written with the digits 0 to 9."),
        ("1e3", "Quantity must be a whole number, written with the digits 0 to 9."),
        ("2147483648", "Quantity is too large. The most is 2147483647."),
        ("9223372036854775808", "Quantity is too large. The most is 2147483647."),
        ("4", "Only 3 are left to ship."),
    ],
)
@pytest.mark.parametrize("htmx", [True, False])
def test_a_wrong_quantity_is_refused_beside_the_field_and_kept(
    packer: Tablet, warehouse: Warehouse, order: Order, typed: str, sentence: str, htmx: bool
) -> None:
    item = warehouse.item(order, 2)

    answer = packer.ship(order, item, typed, htmx=htmx)

    field = answer.ship_form(item).one("input", name="quantity")
    assert answer.status == 422
    assert field["value"] == typed
    assert field["aria-invalid"] == "true"
    assert answer.item(item).one(id=field["aria-describedby"]).words == sentence
    assert warehouse.item(order, 2).shipped_quantity == 0


def test_a_quantity_that_was_not_sent_is_blank_and_never_means_all(
    packer: Tablet, warehouse: Warehouse, order: Order
) -> None:
    item = warehouse.item(order, 2)

    answer = packer.post(f"/orders/{order.id}/items/{item.id}/shipments", {"seen_shipped": 0})

    assert answer.status == 422
    assert "Enter a quantity." in answer.item(item).words


def test_the_same_form_sent_twice_ships_once(packer: Tablet, warehouse: Warehouse, order: Order) -> None:
    item = warehouse.item(order, 2)
    form = packer.pick(order).ship_form(item)

    first, second = packer.send(form, quantity="1"), packer.send(form, quantity="1")

    assert (first.status, second.status) == (200, 200)
    assert_item_panel(second, item, shipped=1, left=2)


@pytest.mark.parametrize("htmx", [True, False])
@pytest.mark.parametrize("finish", ["ship", "cancel_item"])
def test_units_of_an_item_that_has_none_left_are_refused_with_fresh_numbers(
    packer: Tablet, warehouse: Warehouse, order: Order, finish: str, htmx: bool
) -> None:
    item = warehouse.item(order, 2)
    getattr(warehouse, finish)(order, 3, line=2)

    answer = packer.ship(order, item, 1, htmx=htmx)

    assert answer.status == 409
    panel = answer.item(item)
    assert panel.one(css="item__note").words == "No unit of this item is left to ship, so nothing was shipped."
    assert (
        panel.one(css="item__done").words
        == {
            "ship": "3 of 3 shipped",
            "cancel_item": "0 of 3 shipped, 3 units cancelled",
        }[finish]
    )
    assert panel.all("form", css="item__ship") == []
    assert answer.root.all(css="toast") == [], "nothing shipped, so there is nothing to undo"


@pytest.mark.parametrize("htmx", [True, False])
@pytest.mark.parametrize("seen", [{}, {"seen_shipped": ""}])
def test_a_form_that_does_not_say_what_was_seen_ships_nothing(
    packer: Tablet, warehouse: Warehouse, order: Order, seen: dict[str, object], htmx: bool
) -> None:
    item = warehouse.item(order, 2)

    answers = [
        packer.post(f"/orders/{order.id}/items/{item.id}/{what}", {"quantity": 1, "location": "A2", **seen}, htmx=htmx)
        for what in ("shipments", "found-units")
    ]
    answers.append(packer.post(f"/orders/{order.id}/shipments", htmx=htmx))

    assert [answer.status for answer in answers] == [422, 422, 422]
    assert all("This form is out of date. Check the numbers, then send it again." in answer.words for answer in answers)
    assert warehouse.item(order, 2).shipped_quantity == 0


def test_the_tap_that_shipped_the_last_units_is_answered_alike_when_it_is_sent_again(
    packer: Tablet, warehouse: Warehouse, order: Order
) -> None:
    item = warehouse.item(order, 2)
    form = packer.pick(order).ship_form(item)

    answers = [packer.send(form, quantity="3") for _ in range(2)]

    assert [answer.status for answer in answers] == [200, 200]
    assert answers[1].item(item).one(css="item__done").words == "3 of 3 shipped"


@pytest.mark.parametrize("htmx", [True, False])
def test_the_rest_of_an_order_that_has_none_is_refused(
    packer: Tablet, warehouse: Warehouse, order: Order, htmx: bool
) -> None:
    warehouse.ship_order(order)
    version = packer.pick(order).shipment_status["data-version"]

    answer = packer.post(f"/orders/{order.id}/shipments", {"seen_version": version}, htmx=htmx)

    assert answer.status == 409
    assert "No unit of this order is left to ship, so nothing was shipped." in answer.shipment_status.words


def test_a_key_used_again_for_another_quantity_says_that_the_first_tap_counted(
    packer: Tablet, warehouse: Warehouse, order: Order
) -> None:
    item = warehouse.item(order, 2)
    form = packer.pick(order).ship_form(item)
    packer.send(form, quantity="1")

    answer = packer.send(form, quantity="2")

    assert answer.status == 422
    assert "was already counted" in answer.item(item).words
    assert warehouse.item(order, 2).shipped_quantity == 1


def test_a_view_that_is_out_of_date_conflicts_and_shows_what_is_left(
    packer: Tablet, warehouse: Warehouse, order: Order
) -> None:
    item = warehouse.item(order, 2)
    form = packer.pick(order).ship_form(item)
    warehouse.ship(order, 1, line=2, actor="ben")

    answer = packer.send(form, quantity="3")

    assert answer.status == 409
    assert "ben shipped 1 a moment ago. 2 are left: check, then ship again." in answer.item(item).words
    assert answer.ship_form(item).fields["quantity"] == "2", "3 would be refused again"
    assert answer.ship_form(item).fields["seen_shipped"] == "1", "the next try is about the fresh numbers"
    assert_shipment_panel(answer, shipped=1, ordered=5, status="Partially shipped")
    assert warehouse.item(order, 2).shipped_quantity == 1


def test_a_view_that_is_out_of_date_keeps_a_quantity_that_may_still_ship(
    packer: Tablet, warehouse: Warehouse, order: Order
) -> None:
    item = warehouse.item(order, 2)
    form = packer.pick(order).ship_form(item)
    warehouse.ship(order, 1, line=2, actor="ben")

    answer = packer.send(form, quantity="1")

    assert answer.status == 409
    assert answer.ship_form(item).fields["quantity"] == "1"


@pytest.mark.parametrize("field", ["seen_shipped", "idempotency_key"])
@pytest.mark.parametrize("value", ["x y", "-1", "１", "9" * 300])
def test_hidden_fields_are_not_malformed(
    packer: Tablet, warehouse: Warehouse, order: Order, field: str, value: str
) -> None:
    item = warehouse.item(order, 2)
    is_key_like = field == "idempotency_key" and value == "-1"

    hidden: dict[str, Any] = {field: value}
    answer = packer.ship(order, item, 1, **hidden)

    assert answer.status == (200 if is_key_like else 422)
    assert warehouse.item(order, 2).shipped_quantity == (1 if is_key_like else 0)
    assert packer.ship(order, item, 1).status == 200


def test_nothing_ships_from_a_cancelled_order_and_everybody_sees_why(
    packer: Tablet, warehouse: Warehouse, order: Order
) -> None:
    item = warehouse.item(order, 2)
    form = packer.pick(order).ship_form(item)
    warehouse.cancel(order)

    answer = packer.send(form, quantity="1")

    assert answer.status == 409
    assert answer.item(item).all("form") == []
    assert "Put back what you have picked." in answer.shipment_status.words
    assert packer.pick(order).root.one("main").all("form", css="item__ship") == []


def test_all_that_is_left_ships_at_once(packer: Tablet, warehouse: Warehouse, order: Order) -> None:
    packer.ship(order, warehouse.item(order, 2), 1)
    form = packer.pick(order).shipment_status.one("details").one("form")

    answer = packer.send(form, htmx=False)

    assert (answer.status, answer.location) == (303, f"/orders/{order.id}/pick")
    assert "Shipped 4 units of 2 items." in packer.pick(order).words
    assert warehouse.status(order) == "shipped"


def test_what_i_shipped_myself_on_another_tablet_is_said_so(packer: Tablet, warehouse: Warehouse, order: Order) -> None:
    item = warehouse.item(order, 2)
    form = packer.pick(order).ship_form(item)
    packer.ship(order, item, 3)

    answer = packer.send(form, quantity="3")

    message = "You shipped 3 a moment ago, on another tablet or in another window. Nothing is left to ship."
    assert message in answer.item(item).words


def test_shipping_all_leaves_behind_what_stock_lacks_and_says_so(packer: Tablet, warehouse: Warehouse) -> None:
    order = warehouse.processing((warehouse.product(A1=1), 2), (warehouse.product(A2=2), 2))
    form = packer.pick(order).shipment_status.one("details").one("form")

    packer.send(form, htmx=False)

    screen = packer.pick(order)
    assert "Shipped 3 units of 2 items. 1 item left behind, listed as an exception" in screen.words
    assert_shipment_panel(screen, shipped=3, ordered=4, status="Partially shipped")


def test_shipping_all_of_an_order_that_changed_meanwhile_conflicts(
    packer: Tablet, warehouse: Warehouse, order: Order
) -> None:
    form = packer.pick(order).shipment_status.one("details").one("form")
    warehouse.ship(order, 1, line=2, actor="ben")

    for htmx in (True, False):
        answer = packer.send(form, htmx=htmx)

        assert answer.status == 409
        assert "Somebody changed this order a moment ago." in answer.shipment_status.words
    assert_item_panel(packer.send(form), warehouse.item(order, 2), shipped=1, left=2)


def test_shipping_all_twice_with_one_key_has_one_effect(packer: Tablet, warehouse: Warehouse, order: Order) -> None:
    form = packer.pick(order).shipment_status.one("details").one("form")

    first, second = packer.send(form), packer.send(form)

    assert (first.status, second.status) == (200, 200)
    assert_shipment_panel(second, shipped=5, ordered=5, status="Shipped")


@pytest.mark.both_engines
def test_shipping_costs_the_same_few_statements_and_opening_the_parcel_one_more(
    engine: Engine, packer: Tablet, warehouse: Warehouse
) -> None:
    order = warehouse.processing(*((warehouse.product(f"P{n}", A1=50), 5) for n in range(5)))
    ways = []
    for line in (1, 1, 2):
        item = warehouse.item(order, line)
        form = packer.pick(order).ship_form(item)
        with counted(engine) as statements:
            assert packer.send(form, quantity="1").status == 200
        ways.append(len(statements))

    assert ways == ([7, 6, 6] if engine.dialect.name == "postgresql" else [13, 12, 12])


def test_the_answer_for_an_order_of_ten_lines_is_small(packer: Tablet, warehouse: Warehouse) -> None:
    order = warehouse.processing(*((warehouse.product(f"A product, number {n}", A1=50), 5) for n in range(10)))
    item = warehouse.item(order)

    answer = packer.send(packer.pick(order).ship_form(item), quantity="1")

    assert len(answer.response.data) <= 6000, "before it is compressed"


@pytest.mark.parametrize("htmx", [True, False])
def test_a_key_that_a_colleague_used_is_refused_and_ships_nothing_in_their_name(
    packer: Tablet, manager: Tablet, warehouse: Warehouse, order: Order, htmx: bool
) -> None:
    item = warehouse.item(order)
    packer.ship(order, item, 1, idempotency_key="tap-1")

    answer = manager.ship(order, item, 1, htmx=htmx, idempotency_key="tap-1", seen_shipped=0)

    assert answer.status == 422
    assert "Somebody else used this idempotency key before." in answer.words
    assert warehouse.item(order).shipped_quantity == 1
