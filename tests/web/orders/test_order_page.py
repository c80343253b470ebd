"""One order's page: its status, the next step, and who closed it."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest
from sqlalchemy import Engine

from tests.helpers.cast import Part
from tests.helpers.statements import counted
from tests.helpers.tablet import Answer, Tablet
from tests.helpers.warehouse import Warehouse
from webapp.models import Order
from webapp.presenters.orders.items import SHOWN_ITEMS

TabletOf = Callable[[Part], Tablet]


def page_of(tablet: Tablet, order: Order) -> Answer:
    return tablet.get(f"/orders/{order.id}")


@pytest.fixture
def order(warehouse: Warehouse) -> Order:
    """2 lamps, one of them shipped."""
    order = warehouse.processing((warehouse.product("Lamp", A1=9), 2))
    warehouse.ship(order, 1)
    return order


def test_a_cancelled_order_says_who_why_and_when(tablet_of: TabletOf, warehouse: Warehouse, order: Order) -> None:
    warehouse.cancel(order, "Ordered twice: says the customer")

    banner = page_of(tablet_of("packer"), order).root.one(css="order-closed")

    assert "paula cancelled this order" in banner.words
    assert "Reason: “Ordered twice: says the customer”" in banner.words
    assert banner.one("time").words.startswith("just now")


def test_a_line_says_its_price_in_the_readers_language(manager: Tablet, warehouse: Warehouse, order: Order) -> None:
    order.currency, warehouse.item(order).unit_price = "EUR", Decimal("1234.5")
    warehouse.db.commit()

    page = page_of(manager, order)

    assert "€1,234.50 each" in page.root.one("table").words


def test_an_order_whose_last_units_are_cancelled_has_their_reason(manager: Tablet, warehouse: Warehouse) -> None:
    order = warehouse.processing((warehouse.product("Lamp", A1=9), 2))
    warehouse.cancel_item(order, 2, reason="Out of season")

    assert "Reason: “Out of season”" in page_of(manager, order).root.one(css="order-closed").words


def test_a_refunded_order_says_who_refunded_it(manager: Tablet, warehouse: Warehouse, order: Order) -> None:
    warehouse.cancel(order)
    warehouse.set_status(order, "refunded")

    assert "paula marked this order as refunded" in page_of(manager, order).root.one(css="order-closed").words


def test_the_page_reads_person_and_order_in_one_statement_each(manager: Tablet, engine: Engine, order: Order) -> None:
    path = f"/orders/{order.id}"
    with counted(engine) as statements:
        page = manager.get(path)

    assert "Parcel 1" in page.words
    assert len(statements) == 2


def test_an_open_order_has_no_such_banner(manager: Tablet, order: Order) -> None:
    assert page_of(manager, order).root.all(css="order-closed") == []


def test_what_comes_next_is_one_button_with_what_it_does(manager: Tablet, warehouse: Warehouse) -> None:
    order = warehouse.order((warehouse.product("Lamp", A1=9), 2))
    step = page_of(manager, order).root.one("form", css="next-step")

    assert "Reserves 2 units. What is not in stock waits as a backorder." in step.words
    manager.send(step, htmx=False, status="processing")
    assert warehouse.status(order) == "processing"
    assert page_of(manager, order).root.all("form", css="next-step") == []


def test_only_a_manager_is_offered_what_comes_next(tablet_of: TabletOf, warehouse: Warehouse) -> None:
    order = warehouse.order((warehouse.product("Lamp", A1=9), 2))

    for part in ("packer", "supervisor"):
        assert page_of(tablet_of(part), order).root.all("form", css="next-step") == []


def test_a_grave_change_says_what_it_does_before_it_is_done(manager: Tablet, order: Order) -> None:
    (grave,) = page_of(manager, order).root.all("details", css="status-action")

    assert "open" not in grave.attributes
    assert "Ships the 1 unit left" in grave.one("form").words
    assert grave.one("button").words == "Yes, mark as shipped"


def test_cancelled_units_have_a_column_where_there_are_some(
    manager: Tablet, warehouse: Warehouse, order: Order
) -> None:
    def columns() -> list[str]:
        return [column.words for column in page_of(manager, order).root.one("thead").all("th")]

    assert columns() == ["Item", "Ordered", "Shipped", "Remaining", "Reserved"]
    warehouse.cancel_item(order, 1)
    assert columns() == ["Item", "Ordered", "Shipped", "Cancelled"]


def test_a_long_order_folds_what_comes_after_the_first_items(manager: Tablet, warehouse: Warehouse) -> None:
    lamp = warehouse.product("Lamp", A1=99)
    order = warehouse.order(*[(lamp, 1)] * (SHOWN_ITEMS + 2))

    shown, folded = page_of(manager, order).root.all("table", css="order-items")

    assert (len(shown.one("tbody").all("tr")), len(folded.one("tbody").all("tr"))) == (SHOWN_ITEMS, 2)
    assert page_of(manager, order).root.one("details", css="order-items__more").one("summary").words == "2 more items"


def test_a_parcel_tells_who_packed_it_and_opens_while_it_can_be_undone(manager: Tablet, order: Order) -> None:
    parcel = page_of(manager, order).root.one("details", css="parcel")

    assert "Parcel 1 Open: packed by paula" in parcel.one("summary").words
    assert parcel.one("button")["aria-label"] == "Undo 1 × Lamp"
    assert "open" in parcel.attributes
