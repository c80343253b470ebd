"""Units that no place covers wait, and arriving stock fills them, oldest order first."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import event

from tests.helpers.warehouse import FIRST_ORDER, Moved, Warehouse
from webapp.models import Order, Product
from webapp.services import inventory_service, order_inventory_service

Arrive = Callable[[Warehouse, Product], object]


@pytest.fixture
def widget(warehouse: Warehouse) -> Product:
    """A product of which 1 unit is on hand."""
    return warehouse.product(A1=1)


ARRIVALS: dict[str, Arrive] = {
    "import": lambda warehouse, widget: warehouse.arrive(widget, 4),
    "import at a new place": lambda warehouse, widget: warehouse.arrive(widget, 4, "NEW"),
    "adjust": lambda warehouse, widget: warehouse.adjust(widget, 4),
    "set": lambda warehouse, widget: warehouse.recount(widget, 5),
    "return": lambda warehouse, widget: warehouse.do(
        inventory_service.return_inventory, product_id=widget.id, location="A1", quantity=4, reason="Parcel came back"
    ),
}


@pytest.mark.parametrize("arrive", ARRIVALS.values(), ids=ARRIVALS)
def test_what_arrives_goes_to_the_oldest_order_first(warehouse: Warehouse, widget: Product, arrive: Arrive) -> None:
    younger = warehouse.processing((widget, 3), ordered_at=FIRST_ORDER.replace(year=2027))
    older = warehouse.processing((widget, 3))
    assert (warehouse.allocations(younger), warehouse.allocations(older)) == ({"A1": 1}, {})

    arrive(warehouse, widget)

    assert sum(warehouse.allocations(older).values()) == 3
    assert sum(warehouse.allocations(younger).values()) == 2
    assert warehouse.events(older)[-1] == "backorder_filled"
    assert warehouse.exceptions(older) == [(1, "insufficient_inventory", 3, "closed")]
    assert warehouse.exceptions(younger) == [(1, "insufficient_inventory", 1, "open")]


def test_who_waits_is_read_without_a_cursor(warehouse: Warehouse, widget: Product) -> None:
    """For the first rows of a cursor PostgreSQL walks all orders from the oldest: 0.3 s among a million."""
    warehouse.processing((widget, 3))
    streamed: list[bool] = []
    database = warehouse.db.get_bind()

    def note(_connection: Any, _cursor: Any, _statement: str, _parameters: Any, context: Any, _many: bool) -> None:
        # A prepared statement has no context, and is never streamed.
        streamed.append(context is not None and bool(context.execution_options.get("stream_results")))

    event.listen(database, "before_cursor_execute", note)
    warehouse.adjust(widget, 4)
    event.remove(database, "before_cursor_execute", note)

    assert streamed
    assert not any(streamed)


@pytest.mark.parametrize(("arriving", "filled", "state"), [(1, 2, "open"), (2, 3, "closed"), (3, 3, "closed")])
def test_less_as_much_and_more_than_is_lacking_arrives(
    warehouse: Warehouse, widget: Product, arriving: int, filled: int, state: str
) -> None:
    order = warehouse.processing((widget, 3))

    warehouse.arrive(widget, arriving)

    assert warehouse.allocations(order) == {"A1": filled}
    assert warehouse.exceptions(order) == [(1, "insufficient_inventory", 3 - filled or 2, state)]
    assert warehouse.ledger(order)[-1] == Moved("reserve", 0, filled - 1, 1 + arriving, filled, "A1", "paula")


def test_a_customers_return_fills_the_orders_that_wait(warehouse: Warehouse, widget: Product) -> None:
    sold = warehouse.processing((widget, 1))
    warehouse.ship(sold)
    waiting = warehouse.processing((widget, 2))

    warehouse.give_back(sold, 1, location="R1")

    assert warehouse.allocations(waiting) == {"R1": 1}
    assert warehouse.ledger()[-2:] == [
        Moved("return", 1, 0, 1, 0, "R1", "paula"),
        Moved("reserve", 0, 1, 1, 1, "R1", "paula"),
    ]


def test_a_write_off_fills_nothing(warehouse: Warehouse, widget: Product) -> None:
    sold = warehouse.processing((widget, 1))
    warehouse.ship(sold)
    waiting = warehouse.processing((widget, 2))

    warehouse.give_back(sold, 1, write_off=True)

    assert warehouse.allocations(waiting) == {}
    assert warehouse.shelves(widget) == {"A1": (0, 0)}


@pytest.mark.parametrize("give_up", [Warehouse.cancel, lambda warehouse, order: warehouse.cancel_item(order, 4)])
def test_cancelling_serves_the_next_order_even_when_the_cancelled_one_waited_itself(
    warehouse: Warehouse, give_up: Callable[[Warehouse, Order], object]
) -> None:
    widget = warehouse.product(A1=4)
    cancelled = warehouse.processing((widget, 4), (widget, 6))
    waiting = warehouse.processing((widget, 4))
    if give_up is not Warehouse.cancel:
        warehouse.cancel_item(cancelled, 6, line=2)

    give_up(warehouse, cancelled)

    assert warehouse.allocations(waiting) == {"A1": 4}
    assert warehouse.exceptions(waiting) == [(1, "insufficient_inventory", 4, "closed")]


def test_units_of_a_cancelled_line_go_to_another_line_of_the_order_when_it_is_the_oldest(warehouse: Warehouse) -> None:
    widget = warehouse.product(A1=5)
    order = warehouse.processing((widget, 5), (widget, 3))
    younger = warehouse.processing((widget, 5))

    warehouse.cancel_item(order, 4, line=1)

    assert [warehouse.allocations(order, line) for line in (1, 2)] == [{"A1": 1}, {"A1": 3}]
    assert warehouse.allocations(younger) == {"A1": 1}


def test_cancelling_units_that_only_waited_releases_nothing(warehouse: Warehouse, widget: Product) -> None:
    order = warehouse.processing((widget, 4))

    warehouse.cancel_item(order, 3)

    assert warehouse.allocations(order) == {"A1": 1}
    assert [row.kind for row in warehouse.ledger(order)] == ["reserve"]
    assert warehouse.exceptions(order) == [(1, "insufficient_inventory", 3, "closed")]


def test_a_pending_order_does_not_wait(warehouse: Warehouse, widget: Product) -> None:
    pending = warehouse.order((widget, 3))
    waiting = warehouse.processing((widget, 3))

    warehouse.arrive(widget, 5)

    assert warehouse.allocations(pending) == {}
    assert warehouse.allocations(waiting) == {"A1": 3}


def test_a_shipped_order_that_left_units_behind_does_not_wait(warehouse: Warehouse, widget: Product) -> None:
    order = warehouse.processing((widget, 3))
    warehouse.set_status(order, "shipped")

    warehouse.arrive(widget, 5)

    assert warehouse.allocations(order) == {}
    assert warehouse.exceptions(order) == [(1, "insufficient_inventory", 2, "open")]


def test_a_partially_shipped_order_waits_for_the_rest(warehouse: Warehouse, widget: Product) -> None:
    order = warehouse.processing((widget, 3))
    warehouse.ship(order, 1)

    warehouse.arrive(widget, 5)

    assert warehouse.allocations(order) == {"A1": 2}


def test_what_is_released_by_hand_goes_to_others_and_not_back(warehouse: Warehouse) -> None:
    widget = warehouse.product(A1=5)
    first, second = warehouse.processing((widget, 5)), warehouse.processing((widget, 2))

    result = warehouse.do(order_inventory_service.release_order_reservation, order_id=first.id)

    assert (result["released_count"], result["released_units"]) == (1, 5)
    assert warehouse.allocations(first) == {}
    assert warehouse.allocations(second) == {"A1": 2}
    assert warehouse.shelves(widget) == {"A1": (5, 2)}


def test_one_lines_allocation_released_by_hand_fills_anothers_backorder(warehouse: Warehouse) -> None:
    widget = warehouse.product(A1=5)
    first, second = warehouse.processing((widget, 5)), warehouse.processing((widget, 2))

    units = warehouse.do(inventory_service.release_reservation, order_item_id=warehouse.item(first).id, quantity=3)

    assert units == 3
    assert warehouse.allocations(first) == {"A1": 2}
    assert warehouse.allocations(second) == {"A1": 2}
    assert warehouse.events(first)[-1] == "released"


def test_an_exception_of_an_order_that_is_reserved_whole_at_last_settles_itself(warehouse: Warehouse) -> None:
    widget = warehouse.product(A1=1)
    order = warehouse.order((widget, 3))
    warehouse.do(order_inventory_service.reserve_for_order, order_id=order.id)
    assert warehouse.exceptions(order) == [(1, "insufficient_inventory", 2, "open")]
    warehouse.arrive(widget, 5)

    warehouse.process(order)

    assert warehouse.allocations(order) == {"A1": 3}
    assert warehouse.exceptions(order) == [(1, "insufficient_inventory", 2, "closed")]


def test_a_long_queue_is_served_until_nothing_is_left(warehouse: Warehouse) -> None:
    widget = warehouse.product()
    orders = [warehouse.processing((widget, 2)) for _ in range(6)]

    warehouse.arrive(widget, 7)

    assert [sum(warehouse.allocations(order).values()) for order in orders] == [2, 2, 2, 1, 0, 0]
    assert warehouse.shelves(widget) == {"A1": (7, 7)}
