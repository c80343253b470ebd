"""Undoing what was shipped: who may, for how long, and from which pages."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import time_machine

from tests.helpers.cast import Part
from tests.helpers.tablet import Tablet, assert_item_panel, assert_shipment_panel
from tests.helpers.warehouse import Warehouse
from webapp.domain.clock import utc_now
from webapp.models import Order


def test_a_ship_is_said_with_the_way_back(packer: Tablet, warehouse: Warehouse, order: Order) -> None:
    item = warehouse.item(order, 2)

    shipped = packer.ship(order, item, 2)
    refused = packer.ship(order, item, 9)
    undone = packer.send(shipped.root.one(css="toast").one("form"))

    assert "2 × Widget B shipped" in shipped.root.one(css="toast").words
    assert refused.root.all(css="toast") == []
    assert "2 × Widget B undone" in undone.root.one(css="toast").words
    assert undone.root.one(css="toast").all("form") == []
    assert_item_panel(undone, item, shipped=0, left=3)


def test_a_done_item_is_undone_where_it_is_folded_away(packer: Tablet, warehouse: Warehouse, order: Order) -> None:
    item = warehouse.item(order, 2)
    packer.ship(order, item, 3)

    answer = packer.send(packer.pick(order).item(item).one("form", css="item__undo"))

    assert_item_panel(answer, item, shipped=0, left=3)
    assert_shipment_panel(answer, shipped=0, ordered=5, status="Processing")


def test_the_last_line_can_be_undone(packer: Tablet, warehouse: Warehouse, order: Order) -> None:
    item = warehouse.item(order, 2)
    shipped = packer.ship(order, item, 2)
    undo = shipped.shipment_status.one(css="status__last").one("form")

    answer = packer.send(undo)

    assert answer.status == 200
    assert_item_panel(answer, item, shipped=0, left=3)
    assert_shipment_panel(answer, shipped=0, ordered=5, status="Processing")
    assert warehouse.allocations(order, 2) == {"A2": 3}


def test_taking_back_twice_is_refused_and_says_who_did(packer: Tablet, warehouse: Warehouse, order: Order) -> None:
    undo = packer.ship(order, warehouse.item(order, 2), 2).shipment_status.one(css="status__last").one("form")
    packer.send(undo)

    with_htmx, without = packer.send(undo), packer.send(undo, htmx=False)

    assert (with_htmx.status, without.status) == (409, 409)
    assert "paula already undid this." in with_htmx.shipment_status.words
    assert "paula already undid this." in without.shipment_status.words


def test_taking_back_from_the_orders_page_leads_back_to_it(packer: Tablet, warehouse: Warehouse, order: Order) -> None:
    packer.ship(order, warehouse.item(order, 2), 2)
    parcel = packer.get(f"/orders/{order.id}").root.one(css="parcel__line").one("button")

    answer = packer.post(parcel["formaction"], {"back": "order"}, htmx=False)

    assert (answer.status, answer.location) == (303, f"/orders/{order.id}")
    page = packer.get(f"/orders/{order.id}")
    assert "undone by paula" in page.root.one(css="parcel__line").words
    assert page.root.one(css="parcel__line").all("button") == []


def test_a_packer_takes_back_own_lines_and_a_manager_anybodys(
    tablet_of: Callable[[Part], Tablet], packer: Tablet, warehouse: Warehouse, order: Order
) -> None:
    warehouse.ship(order, 1, line=2, actor="ben")
    panels = {part: tablet_of(part).pick(order).shipment_status for part in ("packer", "manager", "supervisor")}
    line = warehouse.lines(order)[0]

    refused = packer.post(f"/orders/{order.id}/shipment-lines/{line.id}/reversal")

    assert {part: "Undo" in panel.words for part, panel in panels.items()} == {
        "packer": False,
        "manager": True,
        "supervisor": False,
    }
    assert refused.status == 403
    assert warehouse.item(order, 2).shipped_quantity == 1


def test_after_the_time_for_it_nothing_can_be_undone(packer: Tablet, warehouse: Warehouse, order: Order) -> None:
    undo = packer.ship(order, warehouse.item(order, 2), 2).shipment_status.one(css="status__last").one("form")

    with time_machine.travel(utc_now() + timedelta(minutes=16)):
        late, panel = packer.send(undo), packer.pick(order).shipment_status

    assert late.status == 409
    assert "book the units as a return instead" in late.shipment_status.words
    assert "Undo" not in panel.words
    assert "Shipped by paula, 16 minutes ago" in panel.words
