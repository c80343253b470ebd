"""A count below what is reserved: a preview says who loses units, and only then the place changes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from tests.helpers.tablet import Answer, Tablet
from tests.helpers.warehouse import Warehouse
from webapp.models import Order, Product

MONDAY, TUESDAY = datetime(2026, 1, 5, 17, tzinfo=UTC), datetime(2026, 1, 6, 17, tzinfo=UTC)


@pytest.fixture
def lamp(warehouse: Warehouse) -> Product:
    """6 lamps at A1, for two orders of 3."""
    return warehouse.product("Brass desk lamp", A1=6)


@pytest.fixture
def soon(warehouse: Warehouse, lamp: Product) -> Order:
    return warehouse.processing((lamp, 3), ship_by=MONDAY)


@pytest.fixture
def later(warehouse: Warehouse, lamp: Product) -> Order:
    return warehouse.processing((lamp, 3), ship_by=TUESDAY)


def count(tablet: Tablet, product: Product, units: int, *, htmx: bool = True, **fields: object) -> Answer:
    values = {"warehouse": "main", "location": "A1", "reason": "Cycle count", "quantity": units, "seen_quantity": 6}
    return tablet.post(f"/stock/{product.id}/counts", {**values, **fields}, htmx=htmx)


def take(tablet: Tablet, product: Product, units: int, *, htmx: bool = True, **fields: object) -> Answer:
    values = {"warehouse": "main", "location": "A1", "reason": "Lost", "quantity": units, "direction": "take"}
    return tablet.post(f"/stock/{product.id}/adjustments", {**values, **fields}, htmx=htmx)


def losses(answer: Answer) -> list[tuple[str, str]]:
    """Return (order, units it loses) as the preview proposes."""
    rows = answer.root.one(id="short-count").all("li", css="short-count__order")
    return [(row.one("a").words, row.one("input", name="lost_quantity")["value"]) for row in rows]


def confirm(tablet: Tablet, preview: Answer, lost: list[str] | None = None, *, htmx: bool = True) -> Answer:
    """Send a preview's form, with other losses than it proposes if given."""
    form = preview.root.one(id="short-count").one("form")
    items = [field["value"] for field in form.all("input", name="losing_item")]
    return tablet.send(
        form, htmx=htmx, losing_item=items, lost_quantity=lost or [units for _, units in losses(preview)]
    )


@pytest.mark.both_engines
@pytest.mark.parametrize("htmx", [True, False])
@pytest.mark.parametrize(("send", "units"), [(count, 2), (take, 4)])
def test_a_preview_says_who_loses_what_and_then_it_is_done(
    manager: Tablet,
    warehouse: Warehouse,
    lamp: Product,
    soon: Order,
    later: Order,
    send: Callable[..., Answer],
    units: int,
    htmx: bool,
) -> None:
    preview = send(manager, lamp, units, htmx=htmx)

    assert preview.status == 409
    assert losses(preview) == [(later.order_number, "3"), (soon.order_number, "1")]
    assert "4 units that orders hold would not be there. Check who loses them." in preview.words
    assert "4 units wait for new stock. Each order that lacks some gets an open exception." in preview.words
    assert warehouse.shelves(lamp) == {"A1": (6, 6)}

    done = confirm(manager, preview, htmx=htmx)

    assert done.status == (200 if htmx else 303)
    page = done if htmx else manager.get(f"/stock/{lamp.id}")
    assert "Orders lost 4 units that were not there." in page.words
    assert (warehouse.allocations(soon), warehouse.allocations(later)) == ({"A1": 2}, {})
    assert warehouse.shelves(lamp) == {"A1": (2, 2)}


def test_a_manager_may_choose_who_loses(
    manager: Tablet, warehouse: Warehouse, lamp: Product, soon: Order, later: Order
) -> None:
    preview = count(manager, lamp, 2)

    assert confirm(manager, preview, ["1", "3"]).status == 200

    assert (warehouse.allocations(soon), warehouse.allocations(later)) == ({}, {"A1": 2})


@pytest.mark.parametrize(
    ("chosen", "sentence"),
    [
        (["3", "2"], "Choose who loses 4 units altogether; you chose 5."),
        (["0", "0"], "Choose who loses 4 units altogether; you chose 0."),
        (["0", "4"], "An order cannot lose more units than it holds here."),
        (["x", "1"], "Quantity must be a whole number, written with the digits 0 to 9."),
        (["-1", "5"], "Units cannot be below 0. Enter 0 for none."),
        (["", "4"], "Enter how many units; 0 for none."),
    ],
)
def test_what_does_not_add_up_is_refused_and_what_was_typed_is_kept(
    manager: Tablet, warehouse: Warehouse, lamp: Product, soon: Order, later: Order, chosen: list[str], sentence: str
) -> None:
    preview = count(manager, lamp, 2)

    answer = confirm(manager, preview, chosen)

    assert answer.status == 422
    assert sentence in answer.words
    assert [units for _, units in losses(answer)] == chosen
    assert warehouse.shelves(lamp) == {"A1": (6, 6)}


@pytest.mark.both_engines
def test_a_preview_that_is_out_of_date_is_refused_with_a_fresh_one(
    manager: Tablet, warehouse: Warehouse, lamp: Product, soon: Order, later: Order
) -> None:
    preview = take(manager, lamp, 4)
    warehouse.ship(soon, 1)

    answer = confirm(manager, preview)

    assert answer.status == 409
    assert "Somebody changed these units meanwhile." in answer.words
    assert losses(answer) == [(later.order_number, "3"), (soon.order_number, "1")]
    assert warehouse.shelves(lamp) == {"A1": (5, 5)}
    assert confirm(manager, answer).status == 200
    assert warehouse.shelves(lamp) == {"A1": (1, 1)}


def test_a_count_of_what_somebody_shipped_meanwhile_is_not_set(
    manager: Tablet, warehouse: Warehouse, lamp: Product, soon: Order, later: Order
) -> None:
    preview = count(manager, lamp, 2)
    warehouse.ship(soon)
    warehouse.ship(later, 1)

    answer = confirm(manager, preview)

    assert answer.status == 409
    assert "On hand is 2 now, not 6" in answer.words
    assert warehouse.shelves(lamp) == {"A1": (2, 2)}


def test_sent_twice_it_has_its_effect_once(
    manager: Tablet, warehouse: Warehouse, lamp: Product, soon: Order, later: Order
) -> None:
    preview = take(manager, lamp, 4)

    first, again = confirm(manager, preview), confirm(manager, preview)

    assert (first.status, again.status) == (200, 200)
    assert warehouse.shelves(lamp) == {"A1": (2, 2)}


def test_free_units_elsewhere_are_named_and_used(
    manager: Tablet, warehouse: Warehouse, lamp: Product, soon: Order, later: Order
) -> None:
    warehouse.arrive(lamp, 5, "B2")

    preview = count(manager, lamp, 2)

    assert "4 units are free at other places and are reserved instead" in preview.words
    confirm(manager, preview)
    assert warehouse.shelves(lamp) == {"A1": (2, 2), "B2": (5, 4)}
    assert warehouse.exceptions(soon) == warehouse.exceptions(later) == []


def test_the_preview_has_an_address_and_leads_back_when_nobody_loses(
    manager: Tablet, packer: Tablet, warehouse: Warehouse, lamp: Product, soon: Order
) -> None:
    address = f"/stock/{lamp.id}/counts?location=A1&quantity="

    assert losses(manager.get(address + "1")) == [(soon.order_number, "2")]
    for nothing in ("3", "6", "x", ""):
        answer = manager.get(address + nothing)
        assert (answer.status, answer.location) == (303, f"/stock/{lamp.id}")
    assert packer.get(address + "1").status == 403


def test_a_place_to_count_is_shown_to_managers_until_it_is_counted(
    manager: Tablet, warehouse: Warehouse, lamp: Product, soon: Order
) -> None:
    warehouse.product("Mug", A1=1)
    warehouse.short_pick(soon, 4, "A1")

    tile = next(tile for tile in manager.get("/exceptions").root.all("a", css="tile") if "count" in tile.words)
    listed = manager.get(tile["href"])
    page = manager.get(f"/stock/{lamp.id}")

    assert tile.words == "1 Places to count"
    assert [row.one("a").words for row in listed.root.one("tbody").all("tr")] == ["Brass desk lamp"]
    assert "Count A1" in listed.words
    assert "paula found too few units here, just now" in page.words
    assert "No order gets any until more arrive or somebody counts." in page.words
    assert count(manager, lamp, 4, seen_quantity=4).status == 200
    assert "paula found too few" not in manager.get(f"/stock/{lamp.id}").words
    assert "No place is to be counted" in manager.get(tile["href"]).words


def test_units_found_by_a_packer_ask_for_a_count(manager: Tablet, warehouse: Warehouse, lamp: Product) -> None:
    warehouse.find(warehouse.processing((lamp, 8)), 8, location="A1")

    page = manager.get(f"/stock/{lamp.id}")

    assert "paula found more units here than the records had, just now" in page.words


def test_reasons_are_those_of_the_direction(manager: Tablet, lamp: Product) -> None:
    page = manager.get(f"/stock/{lamp.id}")
    place = page.root.one("li", css="stock-place")
    offered = {
        change["id"].rsplit("-", 1)[1]: [option.words for option in change.one("select").all("option")]
        for change in place.all("details", css="change")
    }

    assert offered["add"] == ["New delivery", "Found", "Correction", "Other"]
    assert offered["take"] == ["Damaged", "Lost", "Correction", "Other"]
    assert "Add units at a new place" in page.words
    assert "Put units at another place" not in page.words
