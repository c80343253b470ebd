"""Correcting stock by hand: a reason, a place, the number the person saw, and the store it is for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.helpers.warehouse import Moved, Warehouse
from webapp.domain.errors import InvalidInput, InvalidTransition, ProductNotFound, ReasonRequired, StaleView
from webapp.models import InventoryTransaction, Order, OrderEvent
from webapp.services import inventory_service, order_service

STOCK_ACTS: dict[str, dict[str, object]] = {
    "adjust_inventory": {"quantity_change": 2},
    "set_inventory": {"quantity": 2},
    "import_inventory": {"quantity": 2},
    "return_inventory": {"quantity": 2},
}


def act(warehouse: Warehouse, name: str, /, **arguments: object) -> object:
    named: dict[str, Any] = {"location": "A1", "reason": "Cycle count", **STOCK_ACTS[name], **arguments}
    return warehouse.do(getattr(inventory_service, name), **named)


@pytest.mark.parametrize("name", STOCK_ACTS)
def test_the_answer_is_the_place_as_it_is_now(warehouse: Warehouse, name: str) -> None:
    widget = warehouse.product()

    level = act(warehouse, name, product_id=widget.id, location=" A1 ", warehouse="  ")

    place = warehouse.place(widget.id, "A1")
    assert level == {
        "inventory_id": place.id,
        "product_id": widget.id,
        "warehouse": "main",
        "location": "A1",
        "quantity": 2,
        "reserved_quantity": 0,
        "available_quantity": 2,
    }
    (row,) = warehouse.db.query(InventoryTransaction).filter_by(product_id=widget.id).all()
    assert (row.seq, row.reason, row.warehouse, row.location) == (1, "Cycle count", "main", "A1")


@pytest.mark.parametrize("name", ["adjust_inventory", "set_inventory", "return_inventory"])
@pytest.mark.parametrize("reason", ["", "  "])
def test_a_change_by_hand_needs_a_reason(warehouse: Warehouse, name: str, reason: str) -> None:
    widget = warehouse.product(A1=1)

    with pytest.raises(ReasonRequired):
        act(warehouse, name, product_id=widget.id, reason=reason)

    assert warehouse.shelves(widget) == {"A1": (1, 0)}


@pytest.mark.parametrize("name", STOCK_ACTS)
@pytest.mark.parametrize(
    "arguments",
    [
        {"location": ""},
        {"location": "x" * 65},
        {"location": "A\0"},
        {"warehouse": "x" * 65},
        {"warehouse": "\ud83d"},
        {"reason": "x" * 501},
        {"reason": "a\0"},
    ],
)
def test_names_and_reasons_that_cannot_be_stored_are_refused(
    warehouse: Warehouse, name: str, arguments: dict[str, object]
) -> None:
    widget = warehouse.product()

    with pytest.raises(InvalidInput):
        act(warehouse, name, product_id=widget.id, **arguments)

    assert warehouse.shelves(widget) == {}


@pytest.mark.parametrize("name", STOCK_ACTS)
def test_names_and_reasons_as_long_as_they_may_be_are_kept(warehouse: Warehouse, name: str) -> None:
    widget = warehouse.product()

    act(warehouse, name, product_id=widget.id, location="ö" * 64, warehouse="w" * 64, reason="r" * 500)

    assert warehouse.shelves(widget) == {"ö" * 64: (2, 0)}


@pytest.mark.parametrize("name", STOCK_ACTS)
def test_the_placeholder_holds_no_stock(warehouse: Warehouse, name: str) -> None:
    unknown = warehouse.placeholder()

    with pytest.raises(ProductNotFound):
        act(warehouse, name, product_id=unknown.id)

    assert warehouse.shelves(unknown) == {}


@pytest.mark.parametrize(("seen", "fresh"), [(9, False), (10, True), (11, False)])
def test_a_count_made_from_an_old_screen_is_refused(warehouse: Warehouse, seen: int, fresh: bool) -> None:
    widget = warehouse.product(A1=10)

    if fresh:
        warehouse.recount(widget, 7, seen_quantity=seen)
        assert warehouse.shelves(widget) == {"A1": (7, 0)}
        return
    with pytest.raises(StaleView) as refusal:
        warehouse.recount(widget, 7, seen_quantity=seen)

    assert refusal.value.data == {"seen": seen, "current": 10}
    assert warehouse.shelves(widget) == {"A1": (10, 0)}


def test_a_count_that_finds_what_is_on_record_is_in_the_ledger_too(warehouse: Warehouse) -> None:
    widget = warehouse.product(A1=10)

    warehouse.recount(widget, 10)

    assert warehouse.ledger()[-1] == Moved("set", 0, 0, 10, 0, "A1", "paula")


CANCELS: dict[str, Callable[[Warehouse, Order, str], object]] = {
    "order": lambda warehouse, order, reason: warehouse.cancel(order, reason),
    "item": lambda warehouse, order, reason: warehouse.cancel_item(order, 1, reason=reason),
}


@pytest.mark.parametrize("what", CANCELS)
@pytest.mark.parametrize(
    ("reason", "error"),
    [("", ReasonRequired), (" \n", ReasonRequired), ("x" * 501, InvalidInput), ("a\0", InvalidInput)],
)
def test_cancelling_needs_a_reason_that_can_be_stored(
    warehouse: Warehouse, what: str, reason: str, error: type[Exception]
) -> None:
    order = warehouse.processing((warehouse.product(A1=10), 5))

    with pytest.raises(error):
        CANCELS[what](warehouse, order, reason)

    assert (warehouse.status(order), warehouse.allocations(order)) == ("processing", {"A1": 5})


def test_the_reason_is_in_the_ledger_and_in_the_history(warehouse: Warehouse) -> None:
    order = warehouse.processing((warehouse.product(A1=10), 5))

    warehouse.cancel(order, "  Ordered twice ")

    row = warehouse.db.query(InventoryTransaction).filter_by(order_id=order.id, transaction_type="release").one()
    assert row.reason == "Ordered twice"


@pytest.mark.parametrize("status", ["shipped", "delivered"])
def test_a_reason_given_for_a_status_is_kept_with_it(warehouse: Warehouse, status: str) -> None:
    order = warehouse.processing((warehouse.product(A1=10), 5))
    if status == "delivered":
        warehouse.set_status(order, "shipped")

    warehouse.set_status(order, status, reason="The carrier says so")

    events = order_events(warehouse, order)
    assert events[-1] == ("status_changed", "The carrier says so")
    assert [kind for kind, _ in events].count("status_changed") == (3 if status == "delivered" else 2)


def order_events(warehouse: Warehouse, order: Order) -> list[tuple[str, str]]:
    rows = warehouse.db.query(OrderEvent).filter_by(order_id=order.id).order_by(OrderEvent.id)
    return [(str(row.kind), row.reason) for row in rows]


@pytest.mark.parametrize("status", ["shipped", "delivered", "cancelled", "refunded"])
def test_nothing_is_reserved_by_hand_for_an_order_that_is_not_open(warehouse: Warehouse, status: str) -> None:
    order = warehouse.processing((warehouse.product(), 5))
    warehouse.set_status(order, "cancelled" if status == "cancelled" else "shipped")
    if status in ("delivered", "refunded"):
        warehouse.set_status(order, status)

    with pytest.raises(InvalidTransition):
        warehouse.do(inventory_service.reserve_inventory, order_item_id=warehouse.item(order).id)

    assert warehouse.allocations(order) == {}


@pytest.mark.parametrize(("seen", "fresh"), [(0, False), (1, True), (2, False)])
def test_shipping_a_whole_order_from_an_old_screen_is_refused(warehouse: Warehouse, seen: int, fresh: bool) -> None:
    order = warehouse.processing((warehouse.product(A1=10), 5))
    version = warehouse.do(lambda db, **_: db.get(Order, (warehouse.store.id, order.id)).version)

    def ship() -> object:
        return warehouse.do(order_service.ship_order, order_id=order.id, seen_version=version + seen - 1)

    if fresh:
        ship()
    else:
        with pytest.raises(StaleView):
            ship()

    assert warehouse.status(order) == ("shipped" if fresh else "processing")
