"""The packing note and the parcel data on the pick screen and on the order's page."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import Engine

from tests.helpers.cast import Part
from tests.helpers.statements import counted
from tests.helpers.tablet import Tablet
from tests.helpers.warehouse import Warehouse
from webapp.domain.parcel_data import mark_of
from webapp.models import Order

NOTE = "Two layers of <b>paper</b>,\nand no invoice"
PARCEL = {
    "ship_to_name": "Zoë <Ångström>",
    "ship_to_company": "Café Zentral",
    "ship_to_lines": "12, rue de l'Eau\n2nd floor",
    "ship_to_postcode": "L-1234",
    "ship_to_city": "Luxembourg",
    "ship_to_country": "LU",
    "phone": "+352 621 000 000",
    "email": "zoe@example.org",
    "language": "lb",
    "shipping_method": "Express",
    "customer_note": "Ring twice",
    "gift_text": "Happy birthday",
}
ADDRESS = ["Zoë <Ångström>", "Café Zentral", "12, rue de l'Eau", "2nd floor", "L-1234 Luxembourg", "Luxembourg"]


@pytest.fixture
def order(warehouse: Warehouse) -> Order:
    """Two lines that are reserved, with an address and a packing note; another order has neither."""
    first, second = warehouse.product("Widget A", A1=50), warehouse.product("Widget B", A2=50)
    warehouse.processing((second, 4))
    return warehouse.processing((first, 2), (second, 3), packing_note=NOTE, **PARCEL)


@pytest.fixture
def bare(warehouse: Warehouse) -> Order:
    """An order that says nothing about its parcel."""
    return warehouse.processing((warehouse.product("Widget C", C1=50), 4))


def confirmation(order: Order) -> str:
    return f"/orders/{order.id}/packing-note/confirmation"


def test_the_pick_screen_shows_where_the_parcel_goes_and_the_notes(packer: Tablet, order: Order) -> None:
    card = packer.pick(order).root.one("section", id="ship-to")

    assert [line.words for line in card.one("address").all("span")] == ADDRESS
    assert card.one(css="ship-to__method").words == "Express"
    assert [note.words for note in card.all(css="ship-to__note")] == [
        "Customer's note Ring twice",
        "Gift text Happy birthday",
    ]
    assert "zoe@example.org" not in card.words


def test_the_orders_page_also_says_how_to_reach_the_customer(tablet_of: Callable[[Part], Tablet], order: Order) -> None:
    page = tablet_of("supervisor").get(f"/orders/{order.id}").root

    card = page.one("section", id="ship-to")
    facts = {fact.one("dt").words: fact.one("dd").words for fact in card.one("dl").all("div")}
    assert facts == {
        "Phone": "+352 621 000 000",
        "E-mail": "zoe@example.org",
        "Customer's language": "Luxembourgish",
    }
    assert page.one(id="packing-note").one(css="packing-note__text").words == " ".join(NOTE.split())
    assert not page.one(id="packing-note").all("button")


def test_an_order_that_says_nothing_has_neither_card_nor_note(packer: Tablet, bare: Order) -> None:
    page = packer.get(f"/orders/{bare.id}").root
    assert not page.all(id="ship-to")
    assert not page.all(id="packing-note")

    for place in ("ship-to", "packing-note"):  # The shop may still say it while somebody picks.
        assert "hidden" in packer.pick(bare).root.one(id=place).attributes


@pytest.mark.parametrize(
    ("country", "lines"),
    [
        ({"ship_to_country": "US", "ship_to_region": "NY"}, ["Albany NY 12207", "United States"]),
        ({"ship_to_country": "IT", "ship_to_region": "RM"}, ["12207 Albany", "RM", "Italy"]),
        ({"ship_to_country": "XQ"}, ["12207 Albany", "XQ"]),
        ({}, ["12207 Albany"]),
    ],
)
def test_an_address_is_written_as_its_country_does(
    packer: Tablet, warehouse: Warehouse, country: dict[str, str], lines: list[str]
) -> None:
    place = {"ship_to_postcode": "12207", "ship_to_city": "Albany"}
    order = warehouse.processing((warehouse.product(A1=5), 2), **place, **country)

    shown = packer.pick(order).root.one("address").all("span")

    assert [line.words for line in shown] == lines


def test_a_note_stands_in_sight_until_somebody_confirms_it(packer: Tablet, order: Order) -> None:
    form = packer.pick(order).root.one(id="packing-note").one("form")

    answer = packer.send(form)

    panel = answer.root.one(id="packing-note")
    assert answer.status == 200
    assert not panel.all("form")
    assert "Read by paula" in panel.words
    assert panel.one(css="packing-note__text").words == " ".join(NOTE.split())
    assert "Read by paula" in packer.pick(order).root.one(id="packing-note").words


def test_it_is_confirmed_once_however_often_the_form_is_sent(
    packer: Tablet, warehouse: Warehouse, order: Order
) -> None:
    form = packer.pick(order).root.one(id="packing-note").one("form")

    answers = [packer.send(form), packer.send(form), packer.send(form, idempotency_key="another")]

    assert [answer.status for answer in answers] == [200, 200, 200]
    assert warehouse.events(order).count("packing_note_read") == 1


@pytest.mark.parametrize("back", ["", "order"])
def test_it_works_without_javascript(packer: Tablet, order: Order, back: str) -> None:
    page = f"/orders/{order.id}" if back else f"/orders/{order.id}/pick"
    form = packer.get(page).root.one(id="packing-note").one("form")

    answer = packer.send(form, htmx=False)

    assert (answer.status, answer.location) == (303, page)
    assert "Read by paula" in packer.get(page).root.one(id="packing-note").words


@pytest.mark.parametrize("back", ["", "order"])
def test_a_note_that_changed_is_shown_again_and_leads_back_to_the_same_page(
    packer: Tablet, order: Order, back: str
) -> None:
    page = f"/orders/{order.id}" if back else f"/orders/{order.id}/pick"
    form = packer.get(page).root.one(id="packing-note").one("form")

    answer = packer.send(form, seen_note="0" * 16)

    again = answer.root.one(id="packing-note").one("form")
    assert answer.status == 409
    assert packer.send(again, htmx=False).location == page


def test_a_ship_before_that_is_refused_and_says_what_to_do(packer: Tablet, warehouse: Warehouse, order: Order) -> None:
    item = warehouse.item(order)

    answer = packer.ship(order, item, 2)

    assert answer.status == 409
    assert "This order has a packing note that nobody has read." in answer.item(item).words
    assert answer.item(item).one("a", href="#packing-note").words == "Read the packing note"
    assert answer.root.one(id="packing-note").all("button")
    assert warehouse.item(order).shipped_quantity == 0


def test_without_javascript_the_refused_ship_shows_the_note(packer: Tablet, warehouse: Warehouse, order: Order) -> None:
    answer = packer.ship(order, warehouse.item(order), 2, htmx=False)

    assert answer.status == 409
    assert answer.root.one(id="packing-note").one("form")["action"] == confirmation(order)


def test_ship_all_and_a_managers_status_are_refused_alike(
    packer: Tablet, manager: Tablet, warehouse: Warehouse, order: Order
) -> None:
    answers = (
        packer.post(f"/orders/{order.id}/shipments", {"seen_version": order.version}),
        manager.post(f"/orders/{order.id}/shipments", {"seen_version": order.version, "leftovers": "close"}),
        manager.post(f"/orders/{order.id}/status", {"status": "shipped"}),
    )

    for answer in answers:
        assert answer.status == 409
        assert "Read it and confirm it, then ship again." in answer.words
    assert warehouse.item(order).shipped_quantity == 0


def test_once_it_is_read_the_same_forms_ship(packer: Tablet, warehouse: Warehouse, order: Order) -> None:
    screen = packer.pick(order)
    packer.send(screen.root.one(id="packing-note").one("form"))

    answer = packer.send(screen.ship_form(warehouse.item(order)))

    assert answer.status == 200
    assert not answer.root.all(id="packing-note")
    assert warehouse.item(order).shipped_quantity == 2


@pytest.mark.parametrize("htmx", [True, False])
def test_a_note_that_changed_is_shown_as_it_is_now(
    packer: Tablet, warehouse: Warehouse, order: Order, htmx: bool
) -> None:
    form = packer.pick(order).root.one(id="packing-note").one("form")
    order.packing_note = "Three layers"
    warehouse.db.commit()

    answer = packer.send(form, htmx=htmx)

    assert answer.status == 409
    assert "The packing note was changed a moment ago." in answer.words
    panel = answer.root.one(id="packing-note")
    assert panel.one(css="packing-note__text").words == "Three layers"
    assert panel.one("form").fields["seen_note"] == mark_of("Three layers")


@pytest.mark.parametrize("mark", ["", "x", "0" * 17, "Ä" * 16])
def test_a_form_that_does_not_say_what_was_read_is_refused(packer: Tablet, order: Order, mark: str) -> None:
    answer = packer.post(confirmation(order), {"seen_note": mark})

    assert answer.status == 422
    assert answer.root.one(id="packing-note").all("form")


def test_only_people_who_ship_confirm_it(tablet_of: Callable[[Part], Tablet], order: Order) -> None:
    for part, status in (("supervisor", 403), ("admin", 403), ("outsider", 404)):
        assert tablet_of(part).post(confirmation(order), {"seen_note": mark_of(NOTE)}).status == status


def test_the_trail_says_who_read_it_and_not_what_it_says(packer: Tablet, warehouse: Warehouse, order: Order) -> None:
    warehouse.read_packing_note(order, actor="piet")

    trail = packer.get(f"/orders/{order.id}/audit?kind=notes")

    assert "piet read the packing note." in trail.words
    assert "layers" not in trail.words


def test_parcel_data_cost_no_statement(
    packer: Tablet, warehouse: Warehouse, order: Order, bare: Order, engine: Engine
) -> None:
    costs = []
    for one in (bare, order):
        for path in (f"/orders/{one.id}/pick", f"/orders/{one.id}", "/orders"):
            packer.get(path)
            with counted(engine) as statements:
                packer.get(path)
            costs.append(len(statements))

    assert costs[:3] == costs[3:]
