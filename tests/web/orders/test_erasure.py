"""Erasing a customer's data on the order's page: who may, what is said before, and what is left."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.helpers.cast import Part
from tests.helpers.tablet import Tablet
from tests.helpers.warehouse import Warehouse
from webapp.models import Order

PERSON = {"customer_name": "Anna Ship", "ship_to_name": "Anna Ship", "ship_to_city": "Trier", "phone": "+49 651"}


@pytest.fixture
def order(warehouse: Warehouse) -> Order:
    """An order that has shipped; somebody else's still ships."""
    product = warehouse.product("Lamp", A1=50)
    warehouse.processing((product, 1), customer_name="Berta Other")
    order = warehouse.processing((product, 2), **PERSON)
    warehouse.ship(order, 2)
    return order


def page_of(order: Order) -> str:
    return f"/orders/{order.id}/erasure"


@pytest.mark.parametrize("part", ["manager", "admin"])
def test_the_orders_page_leads_to_it(tablet_of: Callable[[Part], Tablet], order: Order, part: Part) -> None:
    tablet = tablet_of(part)
    assert tablet.get(f"/orders/{order.id}").root.one("a", href=page_of(order)).words == "Erase the customer's data"

    answer = tablet.send(tablet.get(page_of(order)).root.one("form", action=page_of(order)), htmx=False)

    assert (answer.status, answer.location) == (303, f"/orders/{order.id}")
    page = tablet.get(f"/orders/{order.id}")
    assert "Anna" not in page.words
    assert "Trier" not in page.words
    assert f"{'max' if part == 'manager' else 'ada'} erased the customer's data" in page.words.replace(" ,", ",")
    assert not page.root.all("a", href=page_of(order))


@pytest.mark.parametrize("part", ["packer", "supervisor"])
def test_nobody_else_may(tablet_of: Callable[[Part], Tablet], order: Order, part: Part) -> None:
    tablet = tablet_of(part)

    assert not tablet.get(f"/orders/{order.id}").root.all("a", href=page_of(order))
    assert (tablet.get(page_of(order)).status, tablet.post(page_of(order)).status) == (403, 403)


def test_sent_twice_it_has_its_effect_once(manager: Tablet, warehouse: Warehouse, order: Order) -> None:
    form = manager.get(page_of(order)).root.one("form", action=page_of(order))

    answers = [manager.send(form, htmx=False), manager.send(form, htmx=False)]
    answers.append(manager.send(form, htmx=False, idempotency_key="another"))

    assert [answer.status for answer in answers] == [303, 303, 303]
    assert warehouse.events(order).count("person_erased") == 1
    assert "The customer's data were erased already." in manager.get(page_of(order)).words


def test_an_order_that_still_ships_says_why_not(manager: Tablet, warehouse: Warehouse) -> None:
    order = warehouse.processing((warehouse.product(A1=5), 2), **PERSON)

    page, answer = manager.get(page_of(order)), manager.post(page_of(order))

    sentence = "Something of this order is still to ship and needs the address. Ship or cancel it first."
    assert sentence in page.words
    assert not page.root.all("form", action=page_of(order))
    assert answer.status == 409
    assert answer.words.count(sentence) == 1
    assert len(page.root.one("main").all("a", href=f"/orders/{order.id}")) == 1
    assert not manager.get(f"/orders/{order.id}").root.all("a", href=page_of(order))


def test_the_lists_and_the_trail_name_nobody_any_more(manager: Tablet, warehouse: Warehouse, order: Order) -> None:
    addresses = ("/orders?status=shipped", f"/orders/{order.id}/audit", f"/orders/{order.id}/pick", "/activity")
    assert "Anna Ship" in manager.get(addresses[0]).words

    warehouse.erase_person(order, actor="max")

    for address in addresses:
        assert "Anna" not in manager.get(address).words, address
    trail = manager.get(f"/orders/{order.id}/audit?kind=erased").words
    assert "max erased the customer's name, address, contact and notes." in trail
    assert order.order_number not in manager.get("/orders?search=anna&status=shipped").words
