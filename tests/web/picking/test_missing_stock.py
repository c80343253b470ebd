"""Items whose units are not all reserved: what is asked for, refused, and offered instead."""

from __future__ import annotations

import pytest

from tests.helpers.markup import Element
from tests.helpers.tablet import Tablet, assert_item_panel
from tests.helpers.warehouse import Warehouse


def test_the_quantity_is_what_is_reserved_and_the_rest_may_be_found(packer: Tablet, warehouse: Warehouse) -> None:
    order = warehouse.processing((warehouse.product(A1=5), 9))
    item = warehouse.item(order)

    panel = packer.pick(order).item(item)

    form = panel.one("form", css="item__ship")
    assert (form.fields["quantity"], form.one("button", css="button--large").words) == ("5", "Ship 5")
    assert panel.one("a", href=f"/orders/{order.id}/items/{item.id}/found-units").words == "Found on the shelf"
    answer = packer.send(form)
    assert (answer.status, answer.item(item).all("form", css="item__ship")) == (200, [])


@pytest.mark.parametrize("place", ["A1", ""])
def test_where_nothing_is_reserved_nothing_ships_but_units_may_be_found(
    packer: Tablet, warehouse: Warehouse, place: str
) -> None:
    lamp = warehouse.product()
    if place:
        warehouse.arrive(lamp, 2, place)
        warehouse.processing((lamp, 2))
    order = warehouse.processing((lamp, 1))
    item = warehouse.item(order)

    panel = packer.pick(order).item(item)

    assert panel.all("form") == []
    ask = panel.one(css="item__ask")
    assert ask.one("a", css="button--large").words == "Found some?"
    assert ask.words == f"Found some? Usually in {place}" if place else "Found some?"
    form = packer.get(ask.one("a")["href"]).root.one(id=f"found-{item.id}")
    assert (form.fields["location"], form.fields["quantity"]) == (place, "1")


def test_where_nothing_is_reserved_the_place_is_named_and_asked_about(packer: Tablet, warehouse: Warehouse) -> None:
    lamp = warehouse.product(A1=2)
    warehouse.processing((lamp, 2))
    order = warehouse.processing((lamp, 1))
    item = warehouse.item(order)

    answer = packer.ship(order, item, 1)

    message = "Nothing is reserved in A1 for this order, and nothing is free there. Found it anyway?"
    assert message in answer.item(item).words
    found_form = answer.item(item).one(id=f"found-{item.id}")
    assert packer.send(found_form).status == 200
    assert warehouse.item(order).shipped_quantity == 1


def test_the_remedy_is_the_primary_button(packer: Tablet, warehouse: Warehouse) -> None:
    order = warehouse.processing((warehouse.product(A1=2), 5), (warehouse.product("Rarity"), 1))
    some, none = warehouse.item(order, 1), warehouse.item(order, 2)

    def primary(panel: Element) -> list[str]:
        return [button.words for button in panel.all("button", css="button--primary")]

    assert primary(packer.ship(order, some, 5).item(some)) == ["Ship only the 2 in stock"]
    assert primary(packer.ship(order, none, 1).item(none)) == ["Add and ship 1"]


def test_want_of_stock_is_refused_with_what_may_be_done(packer: Tablet, warehouse: Warehouse) -> None:
    order = warehouse.processing((warehouse.product(A1=2), 5))
    item = warehouse.item(order)

    answer = packer.ship(order, item, 5)

    panel = answer.item(item)
    assert answer.status == 409
    assert "Only 2 of 5 can be shipped from stock" in panel.words
    assert panel.one(id=f"found-{item.id}").fields["location"] == "A1", "where more of it may lie"
    assert "Ship only the 2 in stock" in panel.words
    assert panel.one(id=f"found-{item.id}").fields["quantity"] == "5"
    in_stock = next(form for form in panel.all("form") if form.fields["quantity"] == "2")
    assert_item_panel(packer.send(in_stock), item, shipped=2, left=3)


def test_a_line_of_an_unknown_product_offers_no_shipping_and_says_why(packer: Tablet, warehouse: Warehouse) -> None:
    order = warehouse.processing((warehouse.placeholder(), 1), gtin="4099999999996")
    item = warehouse.item(order)

    panel, refused = packer.pick(order).item(item), packer.ship(order, item, 1)

    assert panel.all("form") == []
    assert "Ask a manager to match it." in panel.words
    assert refused.status == 409
    assert "A manager must match it before it can ship." in refused.item(item).words
