"""Differences between shelf and records: found units, and short picks."""

from __future__ import annotations

import pytest

from tests.helpers.tablet import Tablet, assert_item_panel, assert_shipment_panel
from tests.helpers.warehouse import Warehouse


def test_units_found_on_the_shelf_ship_from_the_form_that_the_refusal_offers(
    packer: Tablet, warehouse: Warehouse
) -> None:
    order = warehouse.processing((warehouse.product(A1=2), 5))
    item = warehouse.item(order)
    form = packer.ship(order, item, 5).item(item).one(id=f"found-{item.id}")

    answer = packer.send(form, location=" B-7 ", new_place="B-7")

    assert answer.status == 200
    assert_shipment_panel(answer, shipped=5, ordered=5, status="Shipped")
    assert [movement.location for movement in warehouse.ledger(order) if movement.kind == "adjust"] == ["B-7"]


def test_the_form_has_a_page_of_its_own_and_works_without_javascript(packer: Tablet, warehouse: Warehouse) -> None:
    order = warehouse.processing((warehouse.product("Rarity"), 2))
    item = warehouse.item(order)
    path = f"/orders/{order.id}/items/{item.id}/found-units"
    form = packer.get(path).root.one(id=f"found-{item.id}")

    answer = packer.send(form, htmx=False, location="B-7", new_place="B-7", quantity="1")

    assert (answer.status, answer.location) == (303, f"/orders/{order.id}/pick#item-{item.id}")
    assert_item_panel(packer.pick(order), item, shipped=1, left=1)


@pytest.mark.parametrize("htmx", [True, False])
def test_known_places_are_listed_and_a_new_one_is_asked_about_first(
    packer: Tablet, warehouse: Warehouse, htmx: bool
) -> None:
    lamp = warehouse.product(A1=2, B2=1)
    order = warehouse.processing((lamp, 5))
    item = warehouse.item(order)
    page = packer.get(f"/orders/{order.id}/items/{item.id}/found-units")
    assert "Known places: A1, B2" in page.words
    assert [option["value"] for option in page.root.one("datalist").all("option")] == ["A1", "B2"]
    form = page.root.one(id=f"found-{item.id}")

    asked = packer.send(form, htmx=htmx, location="Z-99-9")

    assert asked.status == 409
    again = asked.item(item).one(id=f"found-{item.id}")
    assert "This product has never been at Z-99-9." in again.words
    assert "Known places: A1, B2" in again.words
    assert list(warehouse.shelves(lamp)) == ["A1", "B2"]
    button = again.one("button", name="new_place")
    assert button.words == "Add Z-99-9 and ship"
    assert packer.send(again, htmx=htmx, location="Z-99-8", new_place=button["value"]).status == 409, "another name"
    assert packer.send(again, htmx=htmx, new_place=button["value"]).status in (200, 303)
    assert list(warehouse.shelves(lamp)) == ["A1", "B2", "Z-99-9"]


def test_a_place_of_another_warehouse_is_named_with_it(packer: Tablet, warehouse: Warehouse) -> None:
    lamp = warehouse.product(A1=2)
    warehouse.adjust(lamp, 3, "N-1", warehouse="annex")
    order = warehouse.processing((lamp, 9))
    item = warehouse.item(order)
    form = packer.get(f"/orders/{order.id}/items/{item.id}/found-units").root.one(id=f"found-{item.id}")
    assert "Known places: annex / N-1, A1" in form.words

    again = packer.send(form, location="N-1", warehouse="anex").item(item).one(id=f"found-{item.id}")

    assert "This product has never been at anex / N-1. Correct the place, or add it." in again.words
    assert again.one("button", name="new_place").words == "Add anex / N-1 and ship"


@pytest.mark.parametrize(
    ("in_stock", "sentence"),
    [(0, ""), (1, "1 unit is reserved: include it."), (2, "2 units are reserved: include them.")],
)
def test_the_units_to_ship_include_those_reserved(
    packer: Tablet, warehouse: Warehouse, in_stock: int, sentence: str
) -> None:
    places = {"A1": in_stock} if in_stock else {}
    order = warehouse.processing((warehouse.product(**places), 5))
    item = warehouse.item(order)

    form = packer.get(f"/orders/{order.id}/items/{item.id}/found-units").root.one(id=f"found-{item.id}")

    assert form.fields["quantity"] == "5"
    assert sentence in form.words if sentence else "reserved" not in form.words


@pytest.mark.parametrize("what", ["found-units", "short-picks"])
def test_a_pending_order_has_nothing_to_report(packer: Tablet, warehouse: Warehouse, what: str) -> None:
    order = warehouse.order((warehouse.product(A1=7), 2))

    page = packer.get(f"/orders/{order.id}/items/{warehouse.item(order).id}/{what}")

    assert page.root.all("form", css="card") == []
    reason = {"found-units": "the order is pending or closed", "short-picks": "Nothing is reserved for this item"}
    assert reason[what] in page.words


@pytest.mark.parametrize("htmx", [True, False])
@pytest.mark.parametrize(
    ("typed", "field", "sentence"),
    [
        ({"location": " "}, "location", "Enter the place where you found them."),
        ({"location": "x" * 65}, "location", "Use at most 64 characters."),
        (
            {"location": "A\x01B"},
            "location",
            "A place's name holds characters that no keyboard types. Type it again.",
        ),
        ({"location": "B-7", "quantity": "0"}, "quantity", "Quantity is 0. Enter 1 or more; 0 ships nothing."),
        ({"location": "B-7", "quantity": "6"}, "quantity", "Only 5 are left to ship."),
    ],
)
def test_what_is_wrong_is_said_by_the_field_and_what_was_typed_is_kept(
    packer: Tablet, warehouse: Warehouse, typed: dict[str, str], field: str, sentence: str, htmx: bool
) -> None:
    order = warehouse.processing((warehouse.product(A1=2), 5))
    item = warehouse.item(order)

    answer = packer.post(
        f"/orders/{order.id}/items/{item.id}/found-units",
        {"quantity": "3", "warehouse": "annex", "seen_shipped": "0", **typed},
        htmx=htmx,
    )

    form = answer.item(item).one(id=f"found-{item.id}")
    control = form.one("input", name=field)
    assert answer.status == 422
    assert form.one(id=control["aria-describedby"]).words == sentence
    assert form.fields["warehouse"] == "annex"
    assert form.fields["quantity"] == typed.get("quantity", "3")
    assert answer.ship_form(item).fields["quantity"] == "2", "the other form is left alone"
    assert warehouse.item(order).shipped_quantity == 0


def test_found_units_of_an_item_that_has_none_left_are_refused(packer: Tablet, warehouse: Warehouse) -> None:
    order = warehouse.processing((warehouse.product(A1=2), 2))
    item = warehouse.item(order)
    warehouse.ship(order)

    answer = packer.post(
        f"/orders/{order.id}/items/{item.id}/found-units", {"quantity": "1", "location": "B-7", "seen_shipped": "2"}
    )

    assert answer.status == 409
    assert "No unit of this item is left to ship, so nothing was shipped." in answer.item(item).words


def test_a_short_pick_counts_the_product_and_takes_the_place_out_of_use(packer: Tablet, warehouse: Warehouse) -> None:
    lamp = warehouse.product(A1=7, B1=1)
    order = warehouse.processing((lamp, 5))
    item = warehouse.item(order)
    form = packer.get(f"/orders/{order.id}/items/{item.id}/short-picks").root.one("form", css="card")
    assert form.one("h2").words == "How many of this product are in A1?"
    assert "The records have 7 units here, 5 of them for this order." in form.words

    answer = packer.send(form, htmx=False, counted_quantity="3")

    assert (answer.status, answer.location) == (303, f"/orders/{order.id}/pick#item-{item.id}")
    screen = packer.pick(order)
    assert [place.words for place in screen.item(item).all("li", css="place")] == ["A1 take 3", "B1 take 1"]
    assert "Fewer on the shelf than the records say (1 unit missing)." in screen.words
    assert "Reported. No more is reserved there until units arrive or a manager counts." in screen.words
    assert warehouse.to_count(lamp) == {"A1": ("short_pick", "paula", True)}


def test_a_place_reported_empty_is_not_shipped_from_again(packer: Tablet, warehouse: Warehouse) -> None:
    lamp = warehouse.product(A1=7)
    order = warehouse.processing((lamp, 1))
    item = warehouse.item(order)
    form = packer.get(f"/orders/{order.id}/items/{item.id}/short-picks").root.one("form", css="card")

    first, again = packer.send(form, counted_quantity="0"), packer.send(form, counted_quantity="0")

    assert (first.status, again.status) == (200, 200)
    assert warehouse.shelves(lamp) == {"A1": (0, 0)}
    panel = packer.pick(order).item(item)
    assert panel.all("form", css="item__ship") == []
    assert "Found some?" in panel.words
    assert packer.ship(order, item, 1).status == 409
    assert warehouse.exceptions(order) == [(1, "short_pick", 1, "open")]


@pytest.mark.parametrize(
    ("typed", "code", "sentence"),
    [
        ({"counted_quantity": ""}, 422, "Enter how many units; 0 for none."),
        ({"counted_quantity": "-1"}, 422, "Units cannot be below 0. Enter 0 for none."),
        ({"counted_quantity": "5"}, 422, "The records have no more than 5 units here: nothing is short."),
        ({"counted_quantity": "2", "seen_quantity": "4"}, 409, "5 units are there for this item now by the records"),
        ({"counted_quantity": "2", "inventory_id": "999"}, 409, "0 units are there for this item now"),
        ({"counted_quantity": "2", "inventory_id": "x"}, 422, "This form is out of date."),
        ({"counted_quantity": "2", "inventory_id": ""}, 422, "This form is out of date."),
        ({"counted_quantity": "2", "seen_quantity": ""}, 422, "This form is out of date."),
    ],
)
def test_a_wrong_report_is_refused_and_kept(
    packer: Tablet, warehouse: Warehouse, typed: dict[str, str], code: int, sentence: str
) -> None:
    order = warehouse.processing((warehouse.product(A1=5), 5))
    path = f"/orders/{order.id}/items/{warehouse.item(order).id}/short-picks"
    form = packer.get(path).root.one("form", css="card")

    answer = packer.send(form, htmx=False, **typed)

    assert answer.status == code
    assert sentence in answer.root.one("main").words
    assert warehouse.allocations(order) == {"A1": 5}


def test_nothing_reserved_leaves_nothing_to_report(packer: Tablet, warehouse: Warehouse) -> None:
    order = warehouse.processing((warehouse.product(), 5))

    page = packer.get(f"/orders/{order.id}/items/{warehouse.item(order).id}/short-picks")

    assert "Nothing is reserved for this item" in page.words
    assert page.root.one("main").all("form") == []
