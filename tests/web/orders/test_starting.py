"""A manager starts all orders that wait for it, from the order list or from the page of an import."""

from __future__ import annotations

import pytest

from tests.helpers.tablet import Tablet
from tests.helpers.warehouse import Warehouse
from webapp.models import Order
from webapp.presenters.orders.starting import started_words
from webapp.services.engine.starting import NOTHING_STARTED

PATH = "/orders/starts"


@pytest.fixture
def orders(warehouse: Warehouse) -> list[Order]:
    widget = warehouse.product("Widget", A1=3)
    return [warehouse.order((widget, 2)) for _ in range(2)]


def test_the_list_offers_it_and_then_shows_what_to_pick(
    manager: Tablet, warehouse: Warehouse, orders: list[Order]
) -> None:
    page = manager.get("/orders").root
    form = page.one("form", css="start-orders")
    assert "Start 2 orders" in form.words
    newest = form.one("input", name="newest")["value"]

    answer = manager.post(PATH, {"newest": newest}, htmx=False)
    again = manager.post(PATH, {"newest": newest}, htmx=False)

    assert (answer.location, again.location) == ("/orders", "/orders")
    page = manager.get("/orders").root
    assert "2 orders are started. 3 units are reserved. 1 unit waits for stock or a product." in page.words
    assert "There was nothing to start any more." in page.words
    assert "Next order to pick" in page.words
    assert [warehouse.status(order) for order in orders] == ["processing"] * 2


@pytest.mark.parametrize("newest", ["", "x", "-1"])
def test_a_form_that_names_no_order_starts_nothing(
    manager: Tablet, warehouse: Warehouse, orders: list[Order], newest: str
) -> None:
    manager.post(PATH, {"newest": newest}, htmx=False)

    assert "Nothing was started." in manager.get("/orders").words
    assert [warehouse.status(order) for order in orders] == ["pending"] * 2


def test_where_all_are_left_nobody_hears_that_there_was_nothing_to_start() -> None:
    assert started_words(NOTHING_STARTED, left=2) is None


@pytest.mark.usefixtures("orders")
def test_a_packer_is_not_offered_it(packer: Tablet) -> None:
    assert not packer.get("/orders").root.all("form", css="start-orders")


def test_an_empty_list_leads_a_manager_to_the_imports(manager: Tablet) -> None:
    page = manager.get("/orders").root

    assert "There are no orders yet" in page.words
    assert page.one("a", href="/imports", css="button")
