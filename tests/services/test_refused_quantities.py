"""Known fault 4: 0 never means all. Every service that takes units, with every value that is no quantity."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from tests.helpers.warehouse import Warehouse
from webapp.domain.errors import InsufficientInventory, InvalidQuantity
from webapp.models import Order, OrderItem, Product
from webapp.services import inventory_service

NO_QUANTITIES: dict[str, Any] = {
    "0": 0,
    "negative": -1,
    "fraction": 1.5,
    "whole fraction": 2.0,
    "decimal": Decimal(2),
    "text": "2",
    "Unicode digits": "٣",
    "empty text": "",
    "true": True,
    "false": False,
    "not a number": float("nan"),
    "2^31": 2**31,
    "2^63": 2**63,
    "-2^63": -(2**63),
    "list": [2],
}


class Case:
    """An order of 5 units, 3 of them shipped, with stock to spare."""

    def __init__(self, warehouse: Warehouse) -> None:
        self.warehouse = warehouse
        self.widget: Product = warehouse.product(A1=20)
        self.order: Order = warehouse.processing((self.widget, 5))
        warehouse.ship(self.order, 3)
        self.item: OrderItem = warehouse.item(self.order)

    def stock(self, act: Callable[..., object], **units: Any) -> None:
        self.warehouse.do(act, product_id=self.widget.id, location="A1", reason="Cycle count", **units)


TAKE_UNITS: dict[str, Callable[[Case, Any], object]] = {
    "ship": lambda case, units: case.warehouse.ship(case.order, units),
    "ship softly": lambda case, units: case.warehouse.ship(case.order, units, skip_missing=True),
    "found on the shelf": lambda case, units: case.warehouse.find(case.order, units),
    "cancel": lambda case, units: case.warehouse.cancel_item(case.order, units),
    "return": lambda case, units: case.warehouse.give_back(case.order, units),
    "write off": lambda case, units: case.warehouse.give_back(case.order, units, write_off=True),
    "reserve_inventory": lambda case, units: case.warehouse.do(
        inventory_service.reserve_inventory, order_item_id=case.item.id, quantity=units
    ),
    "fulfill_reservation": lambda case, units: case.warehouse.do(
        inventory_service.fulfill_reservation, order_item_id=case.item.id, quantity=units
    ),
    "release_reservation": lambda case, units: case.warehouse.do(
        inventory_service.release_reservation, order_item_id=case.item.id, quantity=units
    ),
    "import_inventory": lambda case, units: case.stock(inventory_service.import_inventory, quantity=units),
    "return_inventory": lambda case, units: case.stock(inventory_service.return_inventory, quantity=units),
    "adjust_inventory": lambda case, units: case.stock(inventory_service.adjust_inventory, quantity_change=units),
    "set_inventory": lambda case, units: case.stock(inventory_service.set_inventory, quantity=units),
    "short pick": lambda case, units: case.warehouse.short_pick(case.order, units, "A1"),
}

ALLOWED = {("adjust_inventory", "negative"), ("set_inventory", "0"), ("short pick", "0")}


@pytest.mark.parametrize("act", TAKE_UNITS)
def test_what_is_no_quantity_is_refused_and_changes_nothing(warehouse: Warehouse, act: str) -> None:
    case = Case(warehouse)
    stock, ledger, events = warehouse.shelves(case.widget), warehouse.ledger(), warehouse.events(case.order)

    for name, units in NO_QUANTITIES.items():
        if (act, name) in ALLOWED:
            continue
        with pytest.raises(InvalidQuantity) as refusal:
            TAKE_UNITS[act](case, units)
        assert refusal.value.status == 422, name
        assert refusal.value.message, name

    assert (warehouse.shelves(case.widget), warehouse.ledger(), warehouse.events(case.order)) == (stock, ledger, events)
    item = warehouse.item(case.order)
    assert (item.shipped_quantity, item.cancelled_quantity, item.returned_quantity) == (3, 0, 0)


def test_each_thing_that_is_no_quantity_has_a_sentence_of_its_own(warehouse: Warehouse) -> None:
    case = Case(warehouse)
    sentences = {}
    for name in ("0", "negative", "fraction", "text", "true", "2^31"):
        with pytest.raises(InvalidQuantity) as refusal:
            warehouse.ship(case.order, NO_QUANTITIES[name])
        sentences[name] = refusal.value.message
    with pytest.raises(InvalidQuantity) as refusal:
        warehouse.ship(case.order, 3)
    sentences["more than remains"] = refusal.value.message

    assert len(set(sentences.values())) == len(sentences)


BOUNDS: dict[str, tuple[int, str]] = {
    "ship": (2, "Cannot ship 3 units - only 2 remaining"),
    "found on the shelf": (2, "Cannot ship 3 units - only 2 remaining"),
    "cancel": (2, "Cannot cancel 3 units - only 2 remaining"),
    "return": (3, "Cannot return 4 units - only 3 shipped and not yet returned"),
    "write off": (3, "Cannot return 4 units - only 3 shipped and not yet returned"),
    "fulfill_reservation": (2, "Cannot ship 3 units - only 2 remaining"),
    "release_reservation": (2, "Cannot release 3 units - only 2 reserved"),
}
"""The most that each action takes in this case, and the sentence for one more."""


@pytest.mark.parametrize("less", [1, 0, -1])
@pytest.mark.parametrize("act", BOUNDS)
def test_one_less_and_all_that_there_is_are_taken_and_one_more_is_refused(
    warehouse: Warehouse, act: str, less: int
) -> None:
    case = Case(warehouse)
    most, sentence = BOUNDS[act]
    before = warehouse.ledger()

    if less >= 0:
        TAKE_UNITS[act](case, most - less)
        assert warehouse.ledger() != before or act == "write off"
    else:
        with pytest.raises(InvalidQuantity) as refusal:
            TAKE_UNITS[act](case, most + 1)
        assert refusal.value.message == sentence
        assert warehouse.ledger() == before


@pytest.mark.parametrize("needed", [1, 2, 3])
def test_reserving_by_hand_takes_what_the_item_still_needs_and_no_more(warehouse: Warehouse, needed: int) -> None:
    widget = warehouse.product(A1=20)
    order = warehouse.order((widget, 2))
    names: dict[str, Any] = {"order_item_id": warehouse.item(order).id, "quantity": needed}

    if needed <= 2:
        assert warehouse.do(inventory_service.reserve_inventory, **names) == needed
        assert warehouse.allocations(order) == {"A1": needed}
    else:
        with pytest.raises(InvalidQuantity, match="Cannot reserve 3 units - only 2 needed"):
            warehouse.do(inventory_service.reserve_inventory, **names)


@pytest.mark.parametrize(("more", "error"), [(2**31 - 22, None), (2**31 - 21, None), (2**31 - 20, InvalidQuantity)])
def test_a_place_is_filled_to_the_most_that_a_quantity_may_be(
    warehouse: Warehouse, more: int, error: type[Exception] | None
) -> None:
    widget = warehouse.product(A1=20)

    for act in (warehouse.arrive, warehouse.adjust):
        if error is None:
            act(widget, more)
            warehouse.recount(widget, 20)
        else:
            with pytest.raises(error, match="A place holds at most 2147483647 units"):
                act(widget, more)

    assert warehouse.shelves(widget) == {"A1": (20, 0)}


@pytest.mark.parametrize(("change", "reserved"), [(-14, 5), (-15, 5), (-16, 4), (-20, 0)])
def test_what_is_taken_beyond_what_is_free_is_lost_to_the_order(
    warehouse: Warehouse, change: int, reserved: int
) -> None:
    widget = warehouse.product(A1=20)
    warehouse.processing((widget, 5))

    for act, units in ((warehouse.adjust, change), (warehouse.recount, 20 + change)):
        act(widget, units)
        assert warehouse.shelves(widget) == {"A1": (20 + change, reserved)}
        warehouse.recount(widget, 20)
        assert warehouse.shelves(widget) == {"A1": (20, 5)}, "what was lost is reserved again"


def test_no_more_is_taken_from_a_place_than_is_there(warehouse: Warehouse) -> None:
    widget = warehouse.product(A1=20)
    warehouse.processing((widget, 5))
    before = warehouse.ledger()

    with pytest.raises(InsufficientInventory, match="Only 20 units are here, so 21 cannot be taken"):
        warehouse.adjust(widget, -21)

    assert warehouse.ledger() == before
