"""An order on hold says so everywhere, and a manager releases it on its page."""

from __future__ import annotations

from tests.helpers.shop import shop_says
from tests.helpers.tablet import Tablet
from tests.helpers.warehouse import Warehouse
from webapp.domain.holds import Hold
from webapp.models import Order

WORDS = "On hold: not paid in the shop yet"


def held(warehouse: Warehouse) -> Order:
    order = warehouse.processing((warehouse.product("Lamp", A1=9), 2))
    shop_says(warehouse, order, {}, hold=Hold.UNPAID, says_hold=True)
    return order


def test_the_list_and_the_pick_screen_say_it_and_offer_no_ship(packer: Tablet, warehouse: Warehouse) -> None:
    order = held(warehouse)

    assert WORDS in packer.get("/orders").words
    screen = packer.pick(order)
    assert WORDS in screen.shipment_status.words
    assert screen.item(warehouse.item(order)).all("form", css="item__ship") == []
    refused = packer.ship(order, warehouse.item(order), 1, seen_changes=1)
    assert (refused.status, WORDS in refused.words) == (409, True)


def test_a_manager_releases_it(manager: Tablet, packer: Tablet, warehouse: Warehouse) -> None:
    order = held(warehouse)
    page = manager.get(f"/orders/{order.id}")
    form = next(one for one in page.root.all("form") if one["action"].endswith("/release"))

    assert manager.send(form, htmx=False).status == 303

    assert WORDS not in manager.get(f"/orders/{order.id}").words
    assert packer.pick(order).ship_form(warehouse.item(order))["action"]
    assert packer.post(form["action"], htmx=False).status == 403
