"""Pending orders are managers' work: packers are offered only what somebody has started."""

from __future__ import annotations

import pytest

from tests.helpers.markup import Element
from tests.helpers.tablet import Tablet
from tests.helpers.warehouse import Warehouse
from tests.web.orders.listed import numbers, views
from webapp.models import Order, Product

REFUSAL = "has not been started. A manager must start it first."


@pytest.fixture
def cup(warehouse: Warehouse) -> Product:
    return warehouse.product("Cup", A1=50)


@pytest.fixture
def pending(warehouse: Warehouse, cup: Product) -> Order:
    """An order of 2 Cups and 1 Lamp that nobody has started, long late."""
    return warehouse.order((cup, 2), (warehouse.product("Lamp", A2=5), 1), order_number="WAITS")


@pytest.mark.parametrize("query", ["", "late=1", "status=open"])
def test_a_packers_list_leaves_them_out_and_a_managers_has_them(
    packer: Tablet, manager: Tablet, warehouse: Warehouse, cup: Product, pending: Order, query: str
) -> None:
    warehouse.processing((cup, 1), order_number="READY", ship_by=pending.ship_by)

    assert numbers(packer.get(f"/orders?{query}")) == ["READY"]
    assert sorted(numbers(manager.get(f"/orders?{query}"))) == ["READY", "WAITS"]


def test_what_a_packers_views_count_is_what_they_list(packer: Tablet, manager: Tablet, pending: Order) -> None:
    assert views(packer.get("/orders"))[:3] == ["To ship 0", "Late 0", "Processing 0"]
    assert views(manager.get("/orders"))[:3] == ["To ship 1", "Late 1", "Pending 1"]


def test_an_empty_list_says_that_orders_wait_for_a_manager(packer: Tablet, pending: Order) -> None:
    empty = packer.get("/orders").root.one(css="empty-state")

    assert "1 order waits for a manager to start it." in empty.words
    assert numbers(packer.get(empty.one("a")["href"])) == ["WAITS"]


def test_nobody_is_led_to_pick_one(packer: Tablet, manager: Tablet, pending: Order) -> None:
    for tablet in (packer, manager):
        (row,) = tablet.get("/orders?status=pending").root.all("li", css="order")

        assert {link["href"] for link in row.all("a")} == {f"/orders/{pending.id}"}
        assert not tablet.get(f"/orders/{pending.id}").root.all("a", href=f"/orders/{pending.id}/pick")


def test_its_pick_screen_says_who_must_start_it_and_ships_nothing(
    packer: Tablet, manager: Tablet, warehouse: Warehouse, pending: Order
) -> None:
    screens = {"A manager must start this order first.": packer, "Start it with “Start processing”": manager}
    for sentence, tablet in screens.items():
        screen = tablet.pick(pending)

        assert sentence in screen.shipment_status.one(css="status__pending").words
        assert ships(screen.root) == []
        panel = screen.item(warehouse.item(pending))
        assert panel.one(css="item__places").words == "Not started nothing reserved"


@pytest.mark.parametrize("htmx", [True, False])
def test_a_hand_made_ship_of_one_is_refused_in_words(
    packer: Tablet, warehouse: Warehouse, pending: Order, htmx: bool
) -> None:
    item = warehouse.item(pending)
    path = f"/orders/{pending.id}/items/{item.id}"
    forms: dict[str, dict[str, object]] = {
        f"{path}/shipments": {"quantity": 2, "seen_shipped": 0},
        f"{path}/found-units": {"quantity": 2, "seen_shipped": 0, "location": "A1", "warehouse": "main"},
        f"/orders/{pending.id}/shipments": {"seen_version": 1},
    }
    before = (
        warehouse.shelves(warehouse.db.get_one(Product, (warehouse.store.id, item.product_id))),
        warehouse.events(pending),
    )
    for address, fields in forms.items():
        for _ in range(2):  # Once more with the same key: the refusal is no effect.
            answer = packer.post(address, {**fields, "idempotency_key": f"key-{len(fields)}"}, htmx=htmx)

            assert answer.status == 409
            assert f"Order WAITS {REFUSAL}" in answer.words

    assert warehouse.status(pending) == "pending"
    product = warehouse.db.get_one(Product, (warehouse.store.id, item.product_id))
    assert (warehouse.shelves(product), warehouse.events(pending)) == before


def test_once_it_is_started_open_screens_offer_it(packer: Tablet, warehouse: Warehouse, pending: Order) -> None:
    seen = packer.pick(pending).shipment_status["data-version"]

    warehouse.process(pending)
    news = packer.get(f"/orders/{pending.id}/shipment-status?version={seen}", htmx=True)

    assert news.shipment_status.all(css="status__pending") == []
    assert news.ship_form(warehouse.item(pending)).fields["quantity"] == "2"
    assert news.ship_form(warehouse.item(pending, 2)).fields["quantity"] == "1"


def ships(root: Element) -> list[str]:
    """Return the addresses of all forms that ship; a dialog's own form closes it and has no address."""
    return [
        form["action"]
        for form in root.all("form", method="post")
        if form["action"].endswith(("shipments", "found-units"))
    ]
