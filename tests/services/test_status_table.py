"""Every status against every action: what happens to the order and its units."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import pytest

from tests.helpers.warehouse import Warehouse
from webapp.domain.errors import InvalidTransition, PackbenchError, UndoRefused
from webapp.domain.statuses import OrderStatus
from webapp.models import Order

Act = Callable[[Warehouse, Order], object]

ORDERED = 5


class Stock(NamedTuple):
    """What an order of 5 units came to: units on hand (of 20), reserved, shipped, cancelled, returned."""

    on_hand: int
    reserved: int
    shipped: int
    cancelled: int
    returned: int


BEFORE = {
    "pending": Stock(20, 0, 0, 0, 0),
    "processing": Stock(20, 5, 0, 0, 0),
    "partially_shipped": Stock(18, 3, 2, 0, 0),
    "shipped": Stock(15, 0, 5, 0, 0),
    "delivered": Stock(15, 0, 5, 0, 0),
    "cancelled": Stock(18, 0, 2, 3, 0),
    "refunded": Stock(18, 0, 2, 3, 0),
}
"""Cancelled and refunded after 2 units had left."""


def bring_to(warehouse: Warehouse, order: Order, status: str) -> None:
    """Bring an order of 5 units to a status, through the services."""
    if status != "pending":
        warehouse.process(order)
    if status in ("partially_shipped", "cancelled", "refunded"):
        warehouse.ship(order, 2)
    if status in ("shipped", "delivered"):
        warehouse.ship(order, 2)
        warehouse.ship(order, 3)
    if status == "delivered":
        warehouse.set_status(order, "delivered")
    if status in ("cancelled", "refunded"):
        warehouse.cancel(order)
    if status == "refunded":
        warehouse.set_status(order, "refunded")


def stock_of(warehouse: Warehouse, order: Order) -> Stock:
    item = warehouse.item(order)
    place = warehouse.place(item.product_id, "A1")
    return Stock(
        place.quantity,
        place.reserved_quantity,
        item.shipped_quantity,
        item.cancelled_quantity,
        item.returned_quantity,
    )


def set_to(status: OrderStatus) -> Act:
    return lambda warehouse, order: warehouse.set_status(order, str(status))


SET: dict[str, Act] = {f"set {status}": set_to(status) for status in OrderStatus}
ACTIONS: dict[str, Act] = {
    **SET,
    "ship 1": lambda warehouse, order: warehouse.ship(order, 1),
    "ship all of the item": lambda warehouse, order: warehouse.ship(order),
    "ship order": lambda warehouse, order: warehouse.ship_order(order),
    "cancel": lambda warehouse, order: warehouse.cancel(order),
    "cancel 1": lambda warehouse, order: warehouse.cancel_item(order, 1),
    "cancel the rest of the item": lambda warehouse, order: warehouse.cancel_item(
        order, warehouse.item(order).remaining_quantity or 1
    ),
    "undo": lambda warehouse, order: warehouse.undo(order),
    "return 1": lambda warehouse, order: warehouse.give_back(order, 1, location="A1"),
}

REFUSED = "refused"
SAME = "same"

# Per status: action -> (status after, stock after), SAME where nothing at all happens, or REFUSED. "cannot" are
# actions whose refusal is about quantities (422), not about the status (409).
OUTCOMES: dict[str, dict[str, object]] = {
    "pending": {
        "set pending": SAME,
        "set processing": ("processing", Stock(20, 5, 0, 0, 0)),
        "set shipped": ("shipped", Stock(15, 0, 5, 0, 0)),
        "set cancelled": ("cancelled", Stock(20, 0, 0, 5, 0)),
        "ship 1": ("partially_shipped", Stock(19, 0, 1, 0, 0)),
        "ship all of the item": ("shipped", Stock(15, 0, 5, 0, 0)),
        "ship order": ("shipped", Stock(15, 0, 5, 0, 0)),
        "cancel": ("cancelled", Stock(20, 0, 0, 5, 0)),
        "cancel 1": ("pending", Stock(20, 0, 0, 1, 0)),
        "cancel the rest of the item": ("cancelled", Stock(20, 0, 0, 5, 0)),
    },
    "processing": {
        "set processing": SAME,
        "set shipped": ("shipped", Stock(15, 0, 5, 0, 0)),
        "set cancelled": ("cancelled", Stock(20, 0, 0, 5, 0)),
        "ship 1": ("partially_shipped", Stock(19, 4, 1, 0, 0)),
        "ship all of the item": ("shipped", Stock(15, 0, 5, 0, 0)),
        "ship order": ("shipped", Stock(15, 0, 5, 0, 0)),
        "cancel": ("cancelled", Stock(20, 0, 0, 5, 0)),
        "cancel 1": ("processing", Stock(20, 4, 0, 1, 0)),
        "cancel the rest of the item": ("cancelled", Stock(20, 0, 0, 5, 0)),
    },
    "partially_shipped": {
        "set partially_shipped": SAME,
        "set shipped": ("shipped", Stock(15, 0, 5, 0, 0)),
        "set cancelled": ("cancelled", Stock(18, 0, 2, 3, 0)),
        "ship 1": ("partially_shipped", Stock(17, 2, 3, 0, 0)),
        "ship all of the item": ("shipped", Stock(15, 0, 5, 0, 0)),
        "ship order": ("shipped", Stock(15, 0, 5, 0, 0)),
        "cancel": ("cancelled", Stock(18, 0, 2, 3, 0)),
        "cancel 1": ("partially_shipped", Stock(18, 2, 2, 1, 0)),
        "cancel the rest of the item": ("shipped", Stock(18, 0, 2, 3, 0)),
        "undo": ("processing", Stock(20, 5, 0, 0, 0)),
        "return 1": ("partially_shipped", Stock(19, 3, 2, 0, 1)),
    },
    "shipped": {
        "set shipped": SAME,
        "set delivered": ("delivered", Stock(15, 0, 5, 0, 0)),
        "set refunded": ("refunded", Stock(15, 0, 5, 0, 0)),
        "ship 1": SAME,
        "ship all of the item": SAME,
        "ship order": SAME,
        "undo": ("partially_shipped", Stock(18, 3, 2, 0, 0)),
        "return 1": ("shipped", Stock(16, 0, 5, 0, 1)),
    },
    "delivered": {
        "set delivered": SAME,
        "set refunded": ("refunded", Stock(15, 0, 5, 0, 0)),
        "ship 1": SAME,
        "ship all of the item": SAME,
        "ship order": SAME,
        "return 1": ("delivered", Stock(16, 0, 5, 0, 1)),
    },
    "cancelled": {
        "set cancelled": SAME,
        "set refunded": ("refunded", Stock(18, 0, 2, 3, 0)),
        "cancel": SAME,
        "return 1": ("cancelled", Stock(19, 0, 2, 3, 1)),
    },
    "refunded": {
        "set refunded": SAME,
        "return 1": ("refunded", Stock(19, 0, 2, 3, 1)),
    },
}

WRONG_QUANTITY = {
    ("pending", "return 1"),
    ("processing", "return 1"),
    ("shipped", "cancel 1"),
    ("shipped", "cancel the rest of the item"),
    ("delivered", "cancel 1"),
    ("delivered", "cancel the rest of the item"),
}
"""Refused because too few units are left, whatever the status: 422."""

NOTHING_SHIPPED = {("pending", "undo"), ("processing", "undo")}
"""Refused because there is no shipped line: 404."""


@pytest.mark.parametrize("action", ACTIONS)
@pytest.mark.parametrize("status", OUTCOMES)
def test_every_action_in_every_status(warehouse: Warehouse, status: str, action: str) -> None:
    widget = warehouse.product(A1=20)
    order = warehouse.order((widget, ORDERED))
    bring_to(warehouse, order, status)
    ledger, events = warehouse.ledger(), warehouse.events(order)
    assert (warehouse.status(order), stock_of(warehouse, order)) == (status, BEFORE[status])
    expected = OUTCOMES[status].get(action, REFUSED)

    if expected == REFUSED:
        with pytest.raises(PackbenchError) as refusal:
            ACTIONS[action](warehouse, order)
        assert refusal.value.status == (
            422 if (status, action) in WRONG_QUANTITY else 404 if (status, action) in NOTHING_SHIPPED else 409
        )
    else:
        ACTIONS[action](warehouse, order)

    after = (status, BEFORE[status]) if expected in (REFUSED, SAME) else expected
    assert (warehouse.status(order), stock_of(warehouse, order)) == after
    if expected in (REFUSED, SAME):
        assert (warehouse.ledger(), warehouse.events(order)) == (ledger, events)
    else:
        assert len(warehouse.events(order)) > len(events)


@pytest.mark.parametrize(
    ("status", "to", "sentence"),
    [
        ("processing", "pending", "the order is processing."),
        ("processing", "partially_shipped", "it follows from the units that ship and is not set by hand."),
        ("shipped", "cancelled", "everything has left the building. Take the units back as a return instead."),
        ("delivered", "shipped", "the order is delivered."),
        ("refunded", "processing", "the order is refunded."),
    ],
)
def test_a_change_that_is_refused_says_why(warehouse: Warehouse, status: str, to: str, sentence: str) -> None:
    order = warehouse.order((warehouse.product(A1=20), ORDERED), order_number="ORD-9")
    bring_to(warehouse, order, status)

    with pytest.raises(InvalidTransition) as refusal:
        warehouse.set_status(order, to)

    assert refusal.value.message == f"Order ORD-9 cannot become {to}: {sentence}"
    assert refusal.value.data == {"from": status, "to": to}


def test_a_delivered_line_cannot_be_undone_but_returned(warehouse: Warehouse) -> None:
    order = warehouse.order((warehouse.product(A1=20), ORDERED), order_number="ORD-9")
    bring_to(warehouse, order, "delivered")

    with pytest.raises(UndoRefused) as refusal:
        warehouse.undo(order)

    assert refusal.value.message == "Order ORD-9 is delivered: book the units as a return instead."


@pytest.mark.parametrize("word", ["", "Processing", "sent", "processing\0", "٣"])
def test_a_word_that_is_no_status_is_refused(warehouse: Warehouse, word: str) -> None:
    order = warehouse.order((warehouse.product(A1=20), ORDERED))

    with pytest.raises(PackbenchError) as refusal:
        warehouse.set_status(order, word)

    assert (refusal.value.code, refusal.value.status) == ("invalid_input", 422)
    assert warehouse.status(order) == "pending"
