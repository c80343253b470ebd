"""An order that is closed or put on hold while it is in hand: the pick screen says who, why, and what goes where."""

from __future__ import annotations

import pytest
from sqlalchemy import update

from tests.helpers.tablet import Tablet
from tests.helpers.warehouse import Warehouse
from tests.web.picking.test_handovers import poll_of
from webapp.domain.holds import Hold
from webapp.models import Order


@pytest.fixture
def order(warehouse: Warehouse) -> Order:
    return warehouse.processing((warehouse.product("Lamp", A1=9), 3), (warehouse.product("Cup", B2=9), 2))


def test_a_cancelled_order_says_who_why_and_what_to_put_back_where(
    packer: Tablet, warehouse: Warehouse, order: Order
) -> None:
    screen = packer.pick(order)
    warehouse.ship(order, 1)
    warehouse.actor = "max"
    warehouse.cancel(order, "Customer changed their mind")

    told = packer.get(poll_of(screen), htmx=True).root.one(id="stopped")

    assert "max cancelled this order" in told.words
    assert "Customer changed their mind" in told.words
    assert [line.words for line in told.all("li")] == ["A1 2 × Lamp", "B2 2 × Cup"]
    assert "1 unit has shipped. Leave it in its parcel and ask a manager." in told.words
    assert told.one("a").words == "Understood: next order"


def test_the_screen_that_is_opened_afterwards_says_the_same(packer: Tablet, warehouse: Warehouse, order: Order) -> None:
    warehouse.cancel(order)

    page = packer.pick(order)

    assert [line.words for line in page.root.one(id="stopped").all("li")] == ["A1 3 × Lamp", "B2 2 × Cup"]
    assert page.root.all("form", css="item__ship") == []


def test_an_order_on_hold_says_so_and_where_its_units_belong(
    packer: Tablet, warehouse: Warehouse, order: Order
) -> None:
    warehouse.db.execute(update(Order).where(Order.id == order.id).values(hold=Hold.UNPAID))
    warehouse.db.commit()

    told = packer.pick(order).root.one(id="stopped")

    assert "Do not go on: this order is on hold" in told.words
    assert [line.words for line in told.all("li")] == ["A1 3 × Lamp", "B2 2 × Cup"]


def test_an_open_order_has_no_such_panel_and_nobody_who_only_reads_has(
    packer: Tablet, manager: Tablet, warehouse: Warehouse, order: Order
) -> None:
    assert "hidden" in packer.pick(order).root.one(id="stopped").attributes
    poll = manager.get(f"/orders/{order.id}").shipment_status["hx-get"]
    warehouse.cancel(order)

    assert manager.get(poll, htmx=True).root.all(id="stopped") == []
