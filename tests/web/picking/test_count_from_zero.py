"""A store that counts from 0: the number of an item that a scan can find starts at 0, and nothing ships unseen."""

from __future__ import annotations

import pytest

from tests.helpers.markup import Element
from tests.helpers.tablet import Tablet
from tests.helpers.warehouse import Warehouse
from webapp.domain.progress import ItemAllocation, ItemProgress
from webapp.domain.roles import Role
from webapp.domain.settings import StoreSettings
from webapp.models import Order
from webapp.presenters.picking.count import present_count
from webapp.presenters.viewer import Viewer
from webapp.services.people.store_settings import change_setting


@pytest.fixture
def order(warehouse: Warehouse) -> Order:
    """5 lamps, in a store that counts from 0."""
    warehouse.do(change_setting, name="count_from_zero", text="yes")
    return warehouse.processing((warehouse.product("Lamp", A2=17), 5))


def field(form: Element) -> str | None:
    return form.one("input", name="quantity")["value"]


def test_the_number_starts_at_0_and_ship_is_not_the_first_thing_to_press(
    packer: Tablet, warehouse: Warehouse, order: Order
) -> None:
    form = packer.pick(order).ship_form(warehouse.item(order))

    assert field(form) == "0"
    assert form.one("button", type_="submit", css="button--secondary").words == "Ship"
    assert form.one("input", name="quantity")["data-least"] == "0"


@pytest.mark.parametrize("htmx", [True, False])
def test_ship_at_0_asks_how_many_and_the_number_entered_then_ships(
    packer: Tablet, warehouse: Warehouse, order: Order, htmx: bool
) -> None:
    item = warehouse.item(order)
    refused = packer.send(packer.pick(order).ship_form(item), htmx=htmx)

    assert refused.status == 422
    assert refused.root.one(id=f"quantity-{item.id}-error").words == "Scan or enter how many you took."
    assert field(refused.ship_form(item)) == "0"

    assert packer.send(refused.ship_form(item), quantity="3").status == 200
    again = packer.pick(order)
    assert "3 of 5 shipped" in again.item(item).words
    assert field(again.ship_form(item)) == "0"


def test_what_is_picked_stands_in_the_field(packer: Tablet, warehouse: Warehouse, order: Order) -> None:
    item = warehouse.item(order)
    path = f"/orders/{order.id}/items/{item.id}/picks"
    form = packer.pick(order).ship_form(item)
    token = form.one("input", name="csrf_token")["value"]

    for units, kind in (("2", "secondary"), ("5", "primary")):
        seen = field(form)
        packer.post(
            path,
            {
                "csrf_token": token,
                "idempotency_key": f"k-{units}",
                "units": units,
                "seen_units": seen,
                "seen_shipped": 0,
            },
        )
        form = packer.pick(order).ship_form(item)
        assert field(form) == units
        assert form.one("button", type_="submit", css=f"button--{kind}").words == f"Ship {units}"


def test_an_item_without_a_code_starts_at_all_that_is_reserved() -> None:
    viewer = Viewer("paula", Role.PACKER, StoreSettings(count_from_zero=True))
    item = ItemProgress(1, 1, "Lamp", "", "", False, 5, 0, 0, 0, 1, allocations=[ItemAllocation(1, "main", "A2", 5)])

    assert present_count(item, viewer).shown == 5
    item.further_codes = ["CASE-6"]
    assert present_count(item, viewer).shown == 0
