"""The button that ships what a person has picked of several items."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine

from tests.helpers.statements import counted
from tests.helpers.tablet import Tablet
from tests.helpers.warehouse import Warehouse
from webapp.models import Order
from webapp.services.pick_service import pick_scanned

SEEN: dict[str, object] = {"seen_units": 2, "seen_version": 1}


@pytest.fixture
def order(warehouse: Warehouse) -> Order:
    return warehouse.processing((warehouse.product("Lamp", A1=9), 3), (warehouse.product("Cup", A2=9), 2))


def scan(warehouse: Warehouse, order: Order, *lines: int) -> None:
    for line in lines:
        item = warehouse.item(order, line)
        warehouse.do(pick_scanned, order_id=order.id, item_id=item.id, scanned=item.sku)


def test_it_ships_what_is_picked_and_leaves_the_rest(packer: Tablet, warehouse: Warehouse, order: Order) -> None:
    packer.pick(order)
    scan(warehouse, order, 1)
    assert packer.pick(order).root.all("form", css="status__picks") == []
    scan(warehouse, order, 1, 2)

    form = packer.pick(order).root.one("form", css="status__picks")
    assert form.one("button", css="button--primary").words == "Ship the 3 picked"
    answer = packer.send(form, htmx=False)

    assert (answer.status, answer.location) == (303, f"/orders/{order.id}/pick")
    after = packer.pick(order)
    assert "3 units of 2 items shipped." in after.words
    assert [warehouse.item(order, line).shipped_quantity for line in (1, 2)] == [2, 1]
    assert after.root.all("form", css="status__picks") == []


@pytest.mark.parametrize("htmx", [True, False])
def test_nothing_picked_is_said(packer: Tablet, warehouse: Warehouse, order: Order, htmx: bool) -> None:
    answer = packer.post(f"/orders/{order.id}/picks/shipments", SEEN, htmx=htmx)

    assert answer.status == 409
    assert "You have picked nothing that has not shipped." in answer.words


def test_a_form_without_what_was_seen_is_out_of_date(packer: Tablet, warehouse: Warehouse, order: Order) -> None:
    scan(warehouse, order, 1, 2)

    assert packer.post(f"/orders/{order.id}/picks/shipments", {}).status == 422
    assert warehouse.item(order).shipped_quantity == 0


def test_it_costs_the_same_statements_however_many_items(packer: Tablet, warehouse: Warehouse, engine: Engine) -> None:
    costs = []
    for count in (2, 9):
        order = warehouse.processing(*((warehouse.product(A1=9), 2) for _ in range(count)))
        packer.pick(order)
        scan(warehouse, order, *range(1, count + 1))
        form = packer.pick(order).root.one("form", css="status__picks")
        with counted(engine) as statements:
            packer.send(form, htmx=False)
        costs.append(len([one for one in statements if "UPDATE picks" not in one]))

    assert costs[0] == costs[1]
