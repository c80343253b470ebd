"""The shop changes an order while somebody picks it: the screen says so, and its next ship is refused once."""

from __future__ import annotations

from tests.helpers.markup import Element
from tests.helpers.shop import shop_says
from tests.helpers.tablet import Answer, Tablet
from tests.helpers.warehouse import Warehouse
from webapp.domain.parcel_data import ParcelData
from webapp.models import Order

CHANGED = "The shop changed this order: fewer units. Check it, then ship again."


def poll(packer: Tablet, page: Answer) -> Answer:
    """Ask as the page does every two seconds."""
    return packer.get(page.shipment_status["hx-get"], htmx=True)


def test_the_screen_is_told_and_its_next_ship_is_refused_with_what_was_typed(
    packer: Tablet, warehouse: Warehouse, order: Order
) -> None:
    first, second = warehouse.item(order), warehouse.item(order, 2)
    page = packer.pick(order)
    shop_says(warehouse, order, {second.sku: 1})

    news = poll(packer, page)
    assert CHANGED in news.shipment_status.words
    assert poll(packer, news).status == 204

    refused = packer.send(page.ship_form(first), quantity="1")
    assert refused.status == 409
    assert CHANGED in refused.item(first).words
    assert refused.ship_form(first).fields["quantity"] == "1"
    assert CHANGED not in refused.shipment_status.words

    assert packer.send(refused.ship_form(first)).status == 200
    assert packer.send(refused.ship_form(second), quantity="1").status == 200
    assert [warehouse.item(order, line).shipped_quantity for line in (1, 2)] == [1, 1]


def test_an_item_that_news_drew_again_is_refused_too(packer: Tablet, warehouse: Warehouse, order: Order) -> None:
    second = warehouse.item(order, 2)
    page = packer.pick(order)
    shop_says(warehouse, order, {second.sku: 1})

    news = poll(packer, page)

    assert packer.send(news.ship_form(second)).status == 409


def test_a_second_change_is_told_again(packer: Tablet, warehouse: Warehouse, order: Order) -> None:
    second = warehouse.item(order, 2)
    shop_says(warehouse, order, {second.sku: 2})
    page = packer.pick(order)
    shop_says(warehouse, order, {second.sku: 1})

    assert CHANGED in poll(packer, page).shipment_status.words
    assert packer.send(page.ship_form(second), quantity="1").status == 409


def test_a_screen_that_shows_the_change_ships_at_once(packer: Tablet, warehouse: Warehouse, order: Order) -> None:
    second = warehouse.item(order, 2)
    shop_says(warehouse, order, {second.sku: 1})

    page = packer.pick(order)

    assert CHANGED not in page.words
    assert packer.send(page.ship_form(second)).status == 200


def test_units_found_on_the_shelf_do_not_get_round_the_change(
    packer: Tablet, warehouse: Warehouse, order: Order
) -> None:
    first, second = warehouse.item(order), warehouse.item(order, 2)
    shop_says(warehouse, order, {second.sku: 2})
    form = packer.get(f"/orders/{order.id}/items/{first.id}/found-units?changes=1").root.one("form", css="found")
    shop_says(warehouse, order, {second.sku: 1})

    refused = packer.send(form, quantity="1", location="A1")

    assert refused.status == 409
    assert CHANGED in refused.item(first).words
    again = refused.item(first).one("form", css="found")
    assert again.fields["location"] == "A1"
    assert warehouse.item(order).shipped_quantity == 0
    assert packer.send(again).status == 200


def test_what_is_undone_does_not_get_round_the_change(packer: Tablet, warehouse: Warehouse, order: Order) -> None:
    first, second = warehouse.item(order), warehouse.item(order, 2)
    shop_says(warehouse, order, {second.sku: 2})
    shipped = packer.send(packer.pick(order).ship_form(first), quantity="1")
    shop_says(warehouse, order, {second.sku: 1})

    undone = packer.send(shipped.shipment_status.all("form")[0])

    assert undone.status == 200
    assert CHANGED in undone.shipment_status.words
    assert packer.send(undone.ship_form(first)).status == 409


def test_all_that_is_left_ships_only_from_a_screen_that_shows_the_change(
    packer: Tablet, warehouse: Warehouse, order: Order
) -> None:
    page = packer.pick(order)
    shop_says(warehouse, order, {warehouse.item(order, 2).sku: 1})

    news = poll(packer, page)

    assert "Ship all that is left" in page.shipment_status.words
    assert "Ship all that is left" not in news.shipment_status.words
    assert "Ship all that is left" in packer.pick(order).shipment_status.words


def ship_all(answer: Answer) -> Element:
    return next(one for one in answer.shipment_status.all("form") if one["action"].endswith("/shipments"))


def test_ship_all_is_refused_in_the_same_words(packer: Tablet, warehouse: Warehouse, order: Order) -> None:
    page = packer.pick(order)
    shop_says(warehouse, order, {warehouse.item(order, 2).sku: 2})

    refused = packer.send(ship_all(page), htmx=False)

    assert refused.status == 409
    assert CHANGED in refused.shipment_status.words
    assert warehouse.item(order).shipped_quantity == 0

    assert packer.send(ship_all(refused), htmx=False).status == 303
    assert warehouse.status(order) == "shipped"


def test_ship_all_of_what_the_shop_cancelled_says_that_it_is_cancelled(
    packer: Tablet, warehouse: Warehouse, order: Order
) -> None:
    page = packer.pick(order)
    shop_says(warehouse, order, {}, is_cancelled=True)

    refused = packer.send(ship_all(page), htmx=False)

    assert refused.status == 409
    assert "cancelled" in refused.shipment_status.words


def test_a_new_packing_note_is_shown_and_what_was_typed_stays(
    packer: Tablet, warehouse: Warehouse, order: Order
) -> None:
    first = warehouse.item(order)
    page = packer.pick(order)
    note, address = "No invoice in the parcel", {"ship_to_city": "Trier", "ship_to_country": "DE"}
    shop_says(warehouse, order, {}, parcel_data=ParcelData(packing_note=note, **address))

    refused = packer.send(page.ship_form(first), quantity="1")

    assert (refused.status, "HX-Refresh" in refused.response.headers) == (409, False)
    assert refused.ship_form(first).fields["quantity"] == "1"
    assert note in refused.root.one(id="packing-note").words
    assert "Trier" in refused.root.one(id="ship-to").words

    assert packer.send(refused.root.one(id="packing-note").one("form")).status == 200
    assert packer.send(refused.ship_form(first), quantity="1").status == 200


def test_without_a_script_the_page_says_it(packer: Tablet, warehouse: Warehouse, order: Order) -> None:
    first, second = warehouse.item(order), warehouse.item(order, 2)
    page = packer.pick(order)
    shop_says(warehouse, order, {second.sku: 1})

    refused = packer.send(page.ship_form(first), htmx=False, quantity="1")

    assert refused.status == 409
    assert CHANGED in refused.item(first).words
    assert packer.send(refused.ship_form(second), htmx=False, quantity="1").status == 303


def test_a_cancellation_leaves_nothing_to_ship(packer: Tablet, warehouse: Warehouse, order: Order) -> None:
    first = warehouse.item(order)
    page = packer.pick(order)
    shop_says(warehouse, order, {}, is_cancelled=True)

    assert "cancelled" in poll(packer, page).shipment_status.words
    refused = packer.send(page.ship_form(first))

    assert refused.status == 409
    assert warehouse.item(order).shipped_quantity == 0
