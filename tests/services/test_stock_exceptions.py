"""Soft failure: no inventory problem blocks an order, and none is hidden."""

from __future__ import annotations

import pytest

from tests.helpers.warehouse import Warehouse
from webapp.domain.errors import ConflictError, ExceptionNotFound, InvalidInput, ReasonRequired
from webapp.models import Order, StockException
from webapp.services import order_inventory_service
from webapp.services.engine import stock_exceptions


def exception_of(warehouse: Warehouse, order: Order) -> StockException:
    """The order's newest exception."""
    return (
        warehouse.db.query(StockException)
        .filter_by(store_id=warehouse.store.id, order_id=order.id)
        .order_by(StockException.id.desc())
        .populate_existing()
        .first()
    ) or pytest.fail("there is no exception")


def close(warehouse: Warehouse, exception: StockException, resolution: str = "Counted again") -> StockException:
    return warehouse.do(stock_exceptions.close_exception, exception_id=exception.id, resolution=resolution)


@pytest.mark.parametrize("status", ["processing", "shipped"])
def test_every_reason_is_listed_and_opens_an_exception(warehouse: Warehouse, status: str) -> None:
    widget, rarity, unknown = warehouse.product(A1=2), warehouse.product("Rarity"), warehouse.placeholder()
    order = warehouse.order((widget, 5), (rarity, 1), (unknown, 4), (warehouse.product("Gadget", B1=9), 1))

    change = warehouse.set_status(order, status)

    assert change.stock is not None
    assert [
        (row["item_id"], row["product_id"], row["reason"], row["quantity"]) for row in change.stock["skipped_items"]
    ] == [
        (warehouse.item(order, 1).id, widget.id, "insufficient_inventory", 3),
        (warehouse.item(order, 2).id, rarity.id, "no_inventory", 1),
        (warehouse.item(order, 3).id, unknown.id, "placeholder_product", 4),
    ]
    assert warehouse.exceptions(order) == [
        (1, "insufficient_inventory", 3, "open"),
        (2, "no_inventory", 1, "open"),
        (3, "placeholder_product", 4, "open"),
    ]
    assert warehouse.status(order) == status
    assert warehouse.events(order).count("stock_skipped") == 3
    assert exception_of(warehouse, order).opened_by == "paula"


def test_an_exception_is_open_once_and_brought_up_to_date(warehouse: Warehouse) -> None:
    widget = warehouse.product(A1=2)
    order = warehouse.processing((widget, 5))
    reserve = order_inventory_service.reserve_for_order
    warehouse.do(reserve, order_id=order.id)
    assert warehouse.exceptions(order) == [(1, "insufficient_inventory", 3, "open")]

    warehouse.cancel_item(order, 1)

    assert warehouse.exceptions(order) == [(1, "insufficient_inventory", 2, "open")]
    assert warehouse.events(order).count("stock_skipped") == 1


@pytest.mark.parametrize("afterwards", ["ship all", "set shipped", "ship the line", "reserve"])
def test_units_that_a_short_pick_reported_stand_in_its_exception_only(warehouse: Warehouse, afterwards: str) -> None:
    order = warehouse.processing((warehouse.product(A1=5), 5))
    warehouse.short_pick(order, 2, "A1")

    match afterwards:
        case "ship all":
            warehouse.ship_order(order)
        case "set shipped":
            warehouse.set_status(order, "shipped")
        case "ship the line":
            warehouse.ship(order, 5, skip_missing=True)
        case "reserve":
            warehouse.do(order_inventory_service.reserve_for_order, order_id=order.id)

    assert warehouse.exceptions(order) == [(1, "short_pick", 3, "open")]
    assert warehouse.events(order).count("stock_skipped") == 1


def test_units_without_a_stock_record_stand_once_when_the_product_gets_an_empty_place(warehouse: Warehouse) -> None:
    rarity = warehouse.product("Rarity")
    order = warehouse.processing((rarity, 1))
    warehouse.recount(rarity, 0)

    warehouse.ship_order(order)

    assert warehouse.exceptions(order) == [(1, "no_inventory", 1, "open")]


def test_shipping_softly_what_is_there_opens_an_exception_for_the_rest(warehouse: Warehouse) -> None:
    widget = warehouse.product(A1=2)
    order = warehouse.order((widget, 5))

    answer = warehouse.ship(order, 4, skip_missing=True)

    assert (answer["fulfilled_quantity"], answer["remaining_quantity"]) == (2, 3)
    assert answer["message"] == "Not enough stock: 2 not shipped."
    assert warehouse.exceptions(order) == [(1, "insufficient_inventory", 3, "open")]
    assert warehouse.status(order) == "partially_shipped"


def test_shipping_softly_where_nothing_is_there_ships_nothing(warehouse: Warehouse) -> None:
    order = warehouse.processing((warehouse.product("Rarity"), 1))

    answer = warehouse.ship(order, 1, skip_missing=True)

    assert (answer["fulfilled_quantity"], answer["shipped_quantity"], answer["is_fully_shipped"]) == (0, 0, False)
    assert warehouse.lines(order) == []
    assert (warehouse.status(order), warehouse.exceptions(order)) == ("processing", [(1, "no_inventory", 1, "open")])


def test_a_line_shipped_later_settles_the_exception_of_an_order_that_went_out_without_it(warehouse: Warehouse) -> None:
    widget = warehouse.product(A1=2)
    order = warehouse.processing((widget, 5))
    warehouse.set_status(order, "shipped")
    warehouse.arrive(widget, 9)

    warehouse.ship(order, 1)
    assert warehouse.exceptions(order) == [(1, "insufficient_inventory", 2, "open")]
    assert warehouse.status(order) == "partially_shipped"
    warehouse.ship(order, 2)

    assert warehouse.exceptions(order) == [(1, "insufficient_inventory", 2, "closed")]
    assert warehouse.status(order) == "shipped"


@pytest.mark.parametrize("last", ["cancelled", "refunded"])
def test_an_order_that_ends_settles_what_was_open_and_keeps_nothing(warehouse: Warehouse, last: str) -> None:
    widget = warehouse.product(A1=2)
    order = warehouse.processing((widget, 5), (warehouse.placeholder(), 1))
    if last == "refunded":
        warehouse.set_status(order, "shipped")

    warehouse.set_status(order, last)

    assert {state for _, _, _, state in warehouse.exceptions(order)} == {"closed"}
    assert [warehouse.item(order, line).remaining_quantity for line in (1, 2)] == [0, 0]
    assert warehouse.allocations(order) == {}


def test_an_order_refunded_before_anything_left_holds_nothing_open(warehouse: Warehouse) -> None:
    order = warehouse.processing((warehouse.product("Rarity"), 2))
    warehouse.set_status(order, "shipped")

    warehouse.set_status(order, "refunded")

    item = warehouse.item(order)
    assert (item.shipped_quantity, item.cancelled_quantity) == (0, 2)
    assert warehouse.events(order)[-2:] == ["item_cancelled", "status_changed"]


def test_a_person_closes_an_exception_with_words(warehouse: Warehouse) -> None:
    order = warehouse.processing((warehouse.product(A1=2), 5))
    warehouse.actor = "max"

    exception = close(warehouse, exception_of(warehouse, order), "  A delivery comes on Monday ")

    assert (exception.state, exception.closed_by, exception.resolution) == (
        "closed",
        "max",
        "A delivery comes on Monday",
    )
    assert exception.closed_at is not None
    assert warehouse.events(order)[-1] == "exception_closed"


def test_closing_it_again_changes_nothing(warehouse: Warehouse) -> None:
    order = warehouse.processing((warehouse.product(A1=2), 5))
    close(warehouse, exception_of(warehouse, order))
    events = warehouse.events(order)

    exception = close(warehouse, exception_of(warehouse, order), "Another story")

    assert (exception.resolution, warehouse.events(order)) == ("Counted again", events)


@pytest.mark.parametrize(
    ("resolution", "error"), [("", ReasonRequired), ("  ", ReasonRequired), ("x" * 501, InvalidInput)]
)
def test_words_are_due(warehouse: Warehouse, resolution: str, error: type[Exception]) -> None:
    order = warehouse.processing((warehouse.product(A1=2), 5))

    with pytest.raises(error):
        close(warehouse, exception_of(warehouse, order), resolution)

    assert exception_of(warehouse, order).state == "open"


@pytest.mark.parametrize("status", ["shipped", "delivered"])
def test_it_stays_open_while_it_alone_says_why_units_never_left(warehouse: Warehouse, status: str) -> None:
    order = warehouse.processing((warehouse.product(A1=2), 5))
    warehouse.set_status(order, "shipped")
    if status == "delivered":
        warehouse.set_status(order, "delivered")

    with pytest.raises(ConflictError, match="3 units of this item have not shipped") as refusal:
        close(warehouse, exception_of(warehouse, order))

    assert refusal.value.data == {"remaining_quantity": 3}
    warehouse.cancel_item(order, 3)
    assert warehouse.exceptions(order) == [(1, "insufficient_inventory", 3, "closed")]
    assert warehouse.status(order) == status


def test_cancelling_part_of_what_never_left_opens_the_order_again(warehouse: Warehouse) -> None:
    order = warehouse.processing((warehouse.product(A1=2), 5))
    warehouse.set_status(order, "shipped")

    warehouse.cancel_item(order, 1)

    assert warehouse.status(order) == "partially_shipped"
    assert warehouse.exceptions(order) == [(1, "insufficient_inventory", 2, "open")]


def test_an_exception_that_is_closed_opens_anew_when_the_problem_is_met_again(warehouse: Warehouse) -> None:
    order = warehouse.processing((warehouse.product(A1=2), 5))
    close(warehouse, exception_of(warehouse, order))

    warehouse.set_status(order, "shipped")

    assert warehouse.exceptions(order) == [
        (1, "insufficient_inventory", 3, "closed"),
        (1, "insufficient_inventory", 3, "open"),
    ]


def test_an_unknown_exception_is_not_found(warehouse: Warehouse) -> None:
    with pytest.raises(ExceptionNotFound):
        warehouse.do(stock_exceptions.close_exception, exception_id=999_999_999, resolution="Counted again")
