"""Shipping the rest of an order at once: what stays behind keeps it open, unless a manager closes it."""

from __future__ import annotations

import pytest

from tests.helpers.markup import Element
from tests.helpers.tablet import Answer, Tablet
from tests.helpers.warehouse import Warehouse
from webapp.models import Order


@pytest.fixture
def order(warehouse: Warehouse) -> Order:
    """5 Cups, of which 3 are reserved, and 1 Lamp."""
    return warehouse.processing((warehouse.product("Cup", A1=3), 5), (warehouse.product("Lamp", A2=1), 1))


def ship_all(answer: Answer) -> Element:
    return answer.shipment_status.one(css="status__all").one("form")


@pytest.mark.parametrize("htmx", [True, False])
@pytest.mark.parametrize(("choice", "status"), [("", "partially_shipped"), ("close", "shipped")])
def test_a_manager_chooses_whether_the_order_stays_open_for_what_is_missing(
    manager: Tablet, warehouse: Warehouse, order: Order, choice: str, status: str, htmx: bool
) -> None:
    form = ship_all(manager.get(f"/orders/{order.id}"))
    assert [field["value"] for field in form.all("input", name="leftovers")] == ["", "close"]
    assert form.one("input", name="leftovers", checked="")["value"] == ""

    for _ in range(2):  # The second time with the same key, as if no answer had come.
        answer = manager.send(form, htmx=htmx, leftovers=choice)

        assert answer.status == (200 if htmx else 303)
    assert warehouse.status(order) == status
    assert warehouse.item(order).shipped_quantity == 3
    assert warehouse.exceptions(order) == [(1, "insufficient_inventory", 2, "open")]


def test_it_is_the_only_way_to_ship_the_rest_on_the_orders_page(
    manager: Tablet, warehouse: Warehouse, order: Order
) -> None:
    one_item, whole = warehouse.processing((warehouse.product(A1=3), 5)), warehouse.product("Vase", A3=9)
    covered = warehouse.processing((whole, 1), (whole, 2))

    def offered(order: Order) -> tuple[bool, bool, bool]:
        page = manager.get(f"/orders/{order.id}")
        asks = page.root.all("input", name="leftovers", value="close")
        sets = page.root.all("button", name="status", value="shipped")
        return bool(page.shipment_status.all(css="status__all")), bool(asks), bool(sets)

    assert offered(order) == (True, True, False)
    assert offered(covered) == (True, False, False)
    assert offered(one_item) == (False, False, True)


def test_a_packer_closes_no_order(packer: Tablet, warehouse: Warehouse, order: Order) -> None:
    form = ship_all(packer.pick(order))
    assert form.all("input", name="leftovers") == []

    assert packer.send(form, leftovers="close").status == 403
    assert warehouse.item(order).shipped_quantity == 0


def test_an_order_that_changed_meanwhile_is_not_closed(manager: Tablet, warehouse: Warehouse, order: Order) -> None:
    form = ship_all(manager.pick(order))
    warehouse.ship(order, 1)

    assert manager.send(form, leftovers="close").status == 409
    assert warehouse.status(order) == "partially_shipped"
