"""Setting a status from the order's page."""

from __future__ import annotations

import pytest

from tests.helpers.tablet import Tablet, assert_shipment_panel
from tests.helpers.warehouse import Warehouse


def test_processing_reserves_and_tells_how_much(manager: Tablet, warehouse: Warehouse) -> None:
    order = warehouse.order((warehouse.product(A1=2), 5), (warehouse.product(A2=9), 1))

    answer = manager.post(f"/orders/{order.id}/status", {"status": "processing"}, htmx=False)

    assert (answer.status, answer.location) == (303, f"/orders/{order.id}")
    flash = manager.get(answer.location).root.one(id="flash").words
    assert "Reserved 3 units of 2 items. 1 item left behind" in flash
    assert "Not enough stock (3 units)" in flash
    assert warehouse.status(order) == "processing"


def test_setting_a_status_again_changes_nothing(manager: Tablet, warehouse: Warehouse) -> None:
    order = warehouse.processing((warehouse.product(A1=9), 5))
    before = warehouse.ledger(order)

    answer = manager.post(f"/orders/{order.id}/status", {"status": "processing"}, htmx=False)

    assert answer.status == 303
    assert warehouse.ledger(order) == before


def test_marking_as_shipped_ships_what_stock_can_give(manager: Tablet, warehouse: Warehouse) -> None:
    order = warehouse.processing((warehouse.product(A1=2), 2))

    answer = manager.post(f"/orders/{order.id}/status", {"status": "shipped"})

    assert answer.status == 200
    assert_shipment_panel(answer, shipped=2, ordered=2, status="Shipped")


@pytest.mark.parametrize(
    ("status", "code", "sentence"),
    [
        ("delivered", 409, "cannot become delivered: the order is processing."),
        ("partially_shipped", 409, "it follows from the units that ship and is not set by hand."),
        ("lost", 422, "There is no status “lost”."),
        ("", 422, "There is no status “”."),
    ],
)
@pytest.mark.parametrize("htmx", [True, False])
def test_a_status_that_may_not_be_set_is_refused_on_the_page(
    manager: Tablet, warehouse: Warehouse, status: str, code: int, sentence: str, htmx: bool
) -> None:
    order = warehouse.processing((warehouse.product(A1=2), 2))

    answer = manager.post(f"/orders/{order.id}/status", {"status": status}, htmx=htmx)

    assert answer.status == code
    assert sentence in answer.shipment_status.words
    assert warehouse.status(order) == "processing"


def test_a_packer_sets_no_status(packer: Tablet, warehouse: Warehouse) -> None:
    order = warehouse.processing((warehouse.product(A1=2), 2))

    assert packer.post(f"/orders/{order.id}/status", {"status": "shipped"}).status == 403
    assert warehouse.status(order) == "processing"
