"""A true count is accepted: a place is set to what is there, and orders that lose units get others or wait."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from tests.helpers.warehouse import Moved, Warehouse
from webapp.domain.errors import InsufficientInventory, InvalidInput, PackbenchError, StaleView
from webapp.domain.true_counts import ChosenLosses, ShortCount
from webapp.models import Order, Product
from webapp.services.engine import true_counts

MONDAY, TUESDAY = datetime(2026, 1, 5, 17, tzinfo=UTC), datetime(2026, 1, 6, 17, tzinfo=UTC)


@pytest.fixture
def widget(warehouse: Warehouse) -> Product:
    return warehouse.product(A1=6)


@pytest.fixture
def soon(warehouse: Warehouse, widget: Product) -> Order:
    """An order of 3 that ships on Monday, though it came in last."""
    return warehouse.processing((widget, 3), ship_by=MONDAY, ordered_at=datetime(2026, 1, 2, tzinfo=UTC))


@pytest.fixture
def later(warehouse: Warehouse, widget: Product) -> Order:
    """An order of 3 that ships on Tuesday."""
    return warehouse.processing((widget, 3), ship_by=TUESDAY)


def short_count(warehouse: Warehouse, product: Product, counted: int) -> ShortCount:
    """Return what a preview shows."""
    place = warehouse.place(product.id, "A1")
    free = sum(units - reserved for name, (units, reserved) in warehouse.shelves(product).items() if name != "A1")
    held = true_counts.held_at(warehouse.db, warehouse.store.id, place.id)
    return ShortCount(on_hand=place.quantity, counted=counted, held=held, free_elsewhere=free)


def count_down(warehouse: Warehouse, product: Product, units: int, chosen: ChosenLosses | None = None) -> None:
    warehouse.recount(product, units, chosen=chosen)


def take_down(warehouse: Warehouse, product: Product, units: int, chosen: ChosenLosses | None = None) -> None:
    change = units - warehouse.place(product.id, "A1").quantity
    warehouse.adjust(product, change, reason="Lost", chosen=chosen)


Down = Callable[..., None]
both_ways = pytest.mark.parametrize(
    ("down", "kind"), [(count_down, "set"), (take_down, "adjust")], ids=["count", "take"]
)


@both_ways
def test_the_latest_to_ship_lose_first_and_wait_with_one_exception(
    warehouse: Warehouse, widget: Product, soon: Order, later: Order, down: Down, kind: str
) -> None:
    warehouse.actor = "max"

    down(warehouse, widget, 2)

    assert (warehouse.allocations(soon), warehouse.allocations(later)) == ({"A1": 2}, {})
    assert warehouse.shelves(widget) == {"A1": (2, 2)}
    assert warehouse.ledger()[-3:] == [
        Moved("release", 0, -3, 6, 3, "A1", "max"),
        Moved("release", 0, -1, 6, 2, "A1", "max"),
        Moved(kind, -4, 0, 2, 2, "A1", "max"),
    ]
    assert warehouse.exceptions(soon) == [(1, "short_pick", 1, "open")]
    assert warehouse.exceptions(later) == [(1, "short_pick", 3, "open")]
    assert (warehouse.events(soon)[-1], warehouse.events(later)[-1]) == ("short_picked", "short_picked")


@both_ways
@pytest.mark.parametrize(("units", "lost"), [(6, 0), (5, 1), (0, 6)])
def test_only_units_that_are_not_there_are_lost(
    warehouse: Warehouse, widget: Product, soon: Order, later: Order, down: Down, kind: str, units: int, lost: int
) -> None:
    warehouse.arrive(widget, 1)

    down(warehouse, widget, units)

    assert warehouse.shelves(widget) == {"A1": (units, 6 - lost)}


def test_what_was_lost_is_reserved_elsewhere_for_the_oldest_order_first(
    warehouse: Warehouse, widget: Product, soon: Order, later: Order
) -> None:
    warehouse.arrive(widget, 4, "B2")

    warehouse.recount(widget, 0)

    assert (warehouse.allocations(later), warehouse.allocations(soon)) == ({"B2": 3}, {"B2": 1})
    assert (warehouse.exceptions(later), warehouse.exceptions(soon)) == ([], [(1, "short_pick", 2, "open")])


def test_an_order_that_lacked_units_already_keeps_one_exception(warehouse: Warehouse, widget: Product) -> None:
    order = warehouse.processing((widget, 9))

    warehouse.recount(widget, 2)

    assert warehouse.exceptions(order) == [(1, "insufficient_inventory", 7, "open")]


def test_both_lines_of_an_order_may_lose(warehouse: Warehouse, widget: Product) -> None:
    order = warehouse.processing((widget, 3), (widget, 3))

    warehouse.recount(widget, 2)

    assert (warehouse.allocations(order, 1), warehouse.allocations(order, 2)) == ({"A1": 2}, {})
    assert warehouse.exceptions(order) == [(1, "short_pick", 1, "open"), (2, "short_pick", 3, "open")]


@both_ways
def test_a_person_chooses_who_loses(
    warehouse: Warehouse, widget: Product, soon: Order, later: Order, down: Down, kind: str
) -> None:
    first, second = warehouse.item(soon).id, warehouse.item(later).id
    seen = short_count(warehouse, widget, 2).seen

    down(warehouse, widget, 2, ChosenLosses(seen, {first: 3, second: 1}))

    assert (warehouse.allocations(soon), warehouse.allocations(later)) == ({}, {"A1": 2})


@both_ways
@pytest.mark.parametrize(
    ("losses", "error"),
    [((3, 0), InvalidInput), ((3, 2), InvalidInput), ((4, 0), InvalidInput), ((0, 4), InvalidInput)],
)
def test_a_choice_that_does_not_add_up_is_refused_and_leaves_nothing(
    warehouse: Warehouse,
    widget: Product,
    soon: Order,
    later: Order,
    down: Down,
    kind: str,
    losses: tuple[int, int],
    error: type[PackbenchError],
) -> None:
    units = dict(zip((warehouse.item(soon).id, warehouse.item(later).id), losses, strict=True))
    seen, before = short_count(warehouse, widget, 2).seen, warehouse.ledger()

    with pytest.raises(error):
        down(warehouse, widget, 2, ChosenLosses(seen, units))

    assert (warehouse.ledger(), warehouse.exceptions(soon), warehouse.exceptions(later)) == (before, [], [])


@pytest.mark.parametrize("change", ["nothing was shown", "a ship", "an arrival elsewhere", "an order more"])
def test_a_choice_from_a_preview_that_is_out_of_date_is_refused(
    warehouse: Warehouse, widget: Product, soon: Order, later: Order, change: str
) -> None:
    chosen = ChosenLosses(short_count(warehouse, widget, 2).seen)
    match change:
        case "nothing was shown":
            chosen = ChosenLosses()
        case "a ship":
            warehouse.ship(soon, 1)
        case "an arrival elsewhere":
            warehouse.arrive(widget, 1, "B2")
        case "an order more":
            warehouse.arrive(widget, 1)
            warehouse.processing((widget, 1))
    before = warehouse.ledger()

    with pytest.raises(StaleView) as refusal:
        warehouse.recount(widget, 2, chosen=chosen)

    assert refusal.value.status == 409
    assert warehouse.ledger() == before


def test_more_than_is_there_cannot_be_taken(warehouse: Warehouse, widget: Product, soon: Order) -> None:
    with pytest.raises(InsufficientInventory, match="Only 6 units are here, so 7 cannot be taken"):
        warehouse.adjust(widget, -7)

    assert warehouse.shelves(widget) == {"A1": (6, 3)}


def test_a_count_that_changes_nothing_still_ends_the_task(warehouse: Warehouse, widget: Product, soon: Order) -> None:
    warehouse.short_pick(soon, 4, "A1")

    warehouse.recount(widget, 4)

    assert (warehouse.to_count(widget), warehouse.shelves(widget)) == ({}, {"A1": (4, 3)})
