"""An order on hold says so everywhere, and a manager releases it on its page."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from tests.helpers.cast import Part
from tests.helpers.shop import shop_says
from tests.helpers.tablet import Tablet
from tests.helpers.warehouse import Warehouse
from tests.web.orders.listed import numbers, views
from webapp.domain.clock import utc_now
from webapp.domain.holds import Hold
from webapp.models import Order

WORDS = "On hold: not paid in the shop yet"


def held(warehouse: Warehouse, **columns: object) -> Order:
    order = warehouse.processing((warehouse.product("Lamp", A1=9), 2), **columns)
    shop_says(warehouse, order, {}, hold=Hold.UNPAID, says_hold=True)
    return order


@pytest.mark.parametrize("query", ["", "late=1", "status=open", "status=processing"])
def test_no_list_of_what_is_to_ship_has_it(packer: Tablet, manager: Tablet, warehouse: Warehouse, query: str) -> None:
    held(warehouse, ship_by=utc_now() - timedelta(days=1))
    ready = warehouse.processing((warehouse.product("Cup", A1=9), 1), ship_by=utc_now() - timedelta(hours=1))

    for tablet in (packer, manager):
        page = tablet.get(f"/orders?{query}")
        assert numbers(page) == [ready.order_number]
        assert "To ship 1" in views(page)


def test_who_may_release_or_oversee_has_a_list_of_them(
    tablet_of: Callable[[Part], Tablet], warehouse: Warehouse
) -> None:
    warehouse.processing((warehouse.product("Cup", A1=9), 1))
    order = held(warehouse)

    for part in ("manager", "supervisor", "admin"):
        (tab,) = [one for one in tablet_of(part).get("/orders").root.all("a") if one.words == "On hold 1"]
        page = tablet_of(part).get(tab["href"])
        assert numbers(page) == [order.order_number]
        assert WORDS in page.words
    assert "On hold" not in " ".join(views(tablet_of("packer").get("/orders")))


def test_an_empty_list_of_them_leads_on(manager: Tablet, warehouse: Warehouse) -> None:
    warehouse.processing((warehouse.product("Cup", A1=9), 1))

    page = manager.get("/orders?held=1")

    assert "Nothing is on hold" in page.words
    assert "On hold 0" in views(page)
    assert "On hold" not in " ".join(views(manager.get("/orders")))


def test_a_packer_who_looks_for_its_number_is_told_why(packer: Tablet, warehouse: Warehouse) -> None:
    order = held(warehouse)

    found = packer.get(f"/orders?search={order.order_number}")
    assert WORDS in found.words
    page = packer.get(found.root.one("a", css="order__number")["href"])
    assert f"{WORDS}. It ships once the shop or a manager releases it." in page.words
    assert packer.get("/orders/next").status == 303
    assert packer.get("/orders/next").response.headers["Location"] == "/orders"


def test_the_pick_screen_says_it_and_offers_no_ship(packer: Tablet, warehouse: Warehouse) -> None:
    order = held(warehouse)

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
