"""An order that is somebody else's: the screen asks, and people take over, pack together or hand over."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select

from tests.factories.user import make_user
from tests.helpers.client_fixtures import signed_in
from tests.helpers.markup import Element
from tests.helpers.tablet import Answer, Tablet
from tests.helpers.warehouse import Warehouse
from tests.web.picking.test_whose import people_of, whose
from webapp.models import Order, OrderEvent, User


@pytest.fixture
def order(warehouse: Warehouse) -> Order:
    return warehouse.processing((warehouse.product(A1=9), 3))


@pytest.fixture
def piet(app: Flask, warehouse: Warehouse) -> Tablet:
    """Another packer's tablet."""
    make_user(warehouse.db, warehouse.store, username="piet")
    return Tablet(signed_in(app, "piet"), warehouse.db)


def form(page: Answer, way: str) -> Element:
    return next(one for one in page.root.all("form") if one["action"].endswith(way))


def poll_of(page: Answer) -> str:
    """The address that a pick screen asks, as htmx makes it."""
    mark, own = (page.root.one(id=name)["value"] for name in ("whose-mark", "whose-own"))
    return f"{page.shipment_status['hx-get']}&whose={mark}&own={own}"


def events(warehouse: Warehouse, order: Order) -> list[dict[str, object]]:
    kinds = (OrderEvent.order_id == order.id, OrderEvent.kind == "order_assigned")
    return list(warehouse.db.scalars(select(OrderEvent.details).where(*kinds).order_by(OrderEvent.id)))


def test_opening_somebodys_order_asks_and_ships_nothing_meanwhile(
    packer: Tablet, piet: Tablet, warehouse: Warehouse, order: Order
) -> None:
    packer.pick(order)

    page = piet.pick(order)

    question = page.root.one(id="whose-question").words
    assert "paula is packing this order, since" in question
    assert "Next order" in question
    assert page.root.all("form", css="item__ship") == []
    assert people_of(warehouse, order) == ["paula"]


@pytest.mark.parametrize("htmx", [True, False])
def test_taking_over_is_recorded_and_told_on_the_others_screen(
    packer: Tablet, piet: Tablet, warehouse: Warehouse, order: Order, htmx: bool
) -> None:
    hers = packer.pick(order)

    piet.send(form(piet.pick(order), "/take-over"), htmx=htmx)

    assert people_of(warehouse, order) == ["piet"]
    assert events(warehouse, order) == [{"how": "take_over", "before": ["paula"], "after": ["piet"]}]
    told = packer.get(poll_of(hers), htmx=True)
    question = told.root.one(id="whose-question")
    assert "This order is with piet now" in question.words
    assert "Quantities on this screen are kept" in question.words
    assert told.root.all("article") == []
    assert piet.pick(order).root.all("form", css="item__ship")


def test_what_left_before_the_screen_was_told_counts(
    packer: Tablet, piet: Tablet, warehouse: Warehouse, order: Order
) -> None:
    hers = packer.pick(order)
    piet.send(form(piet.pick(order), "/take-over"))

    packer.send(hers.ship_form(warehouse.item(order)), quantity="1")

    assert warehouse.item(order).shipped_quantity == 1


def test_two_pack_together_and_both_have_it(packer: Tablet, piet: Tablet, warehouse: Warehouse, order: Order) -> None:
    packer.pick(order)

    answer = piet.send(form(piet.pick(order), "/join"))

    assert people_of(warehouse, order) == ["paula", "piet"]
    assert answer.root.one("form", css="item__ship")
    assert whose(packer.pick(order)).startswith("With you and piet since ")
    assert warehouse.unsound() == []


def test_of_two_who_take_over_the_second_is_asked_again(
    packer: Tablet, piet: Tablet, manager: Tablet, warehouse: Warehouse, order: Order
) -> None:
    packer.pick(order)
    piets, hers = form(piet.pick(order), "/take-over"), form(manager.pick(order), "/take-over")
    manager.send(hers)

    answer = piet.send(piets)

    assert answer.status == 409
    assert "max is packing this order" in answer.root.one(id="whose-question").words
    assert people_of(warehouse, order) == ["max"]


def test_the_same_tap_twice_takes_over_once(packer: Tablet, piet: Tablet, warehouse: Warehouse, order: Order) -> None:
    packer.pick(order)
    taking = form(piet.pick(order), "/take-over")

    assert [piet.send(taking).status, piet.send(taking).status] == [200, 200]

    assert len(events(warehouse, order)) == 1


def test_a_packer_hands_over_to_a_colleague_or_back_to_nobody(
    packer: Tablet, piet: Tablet, warehouse: Warehouse, order: Order
) -> None:
    page = packer.get(packer.pick(order).root.one("a", css="whose__way")["href"])
    person = warehouse.db.scalar(select(User.id).where(User.username == "piet"))

    packer.send(form(page, "/assignment"), htmx=False, person=person)

    assert people_of(warehouse, order) == ["piet"]
    back = form(piet.get(f"/orders/{order.id}/assignment"), "/assignment")
    piet.send(back, htmx=False, person="nobody")
    assert people_of(warehouse, order) == []
    assert [one["after"] for one in events(warehouse, order)] == [["piet"], []]


@pytest.mark.parametrize(
    ("person", "words"),
    [("", "Choose who goes on with the order."), ("x", "Choose who"), ("999999", "Choose a person of this store")],
)
def test_handing_over_to_no_person_of_the_store_is_refused_in_words(
    packer: Tablet, warehouse: Warehouse, order: Order, person: str, words: str
) -> None:
    packer.pick(order)
    page = packer.get(f"/orders/{order.id}/assignment")

    answer = packer.send(form(page, "/assignment"), htmx=False, person=person)

    assert answer.status == 422
    assert words in answer.words
    assert people_of(warehouse, order) == ["paula"]


def test_a_packer_hands_over_only_what_is_theirs_and_a_manager_anything(
    packer: Tablet, piet: Tablet, manager: Tablet, warehouse: Warehouse, order: Order
) -> None:
    packer.pick(order)
    address = f"/orders/{order.id}/assignment"

    assert piet.send(form(piet.get(address), "/assignment"), htmx=False, person="nobody").status == 409
    assert people_of(warehouse, order) == ["paula"]
    assert manager.send(form(manager.get(address), "/assignment"), htmx=False, person="nobody").status == 303
    assert people_of(warehouse, order) == []


def test_a_screen_whose_order_was_given_back_says_so(
    packer: Tablet, manager: Tablet, warehouse: Warehouse, order: Order
) -> None:
    hers = packer.pick(order)
    page = manager.get(f"/orders/{order.id}/assignment")
    manager.send(form(page, "/assignment"), htmx=False, person="nobody")

    told = packer.get(poll_of(hers), htmx=True)

    assert "This order is nobody's now" in told.root.one(id="whose-question").words
    packer.send(form(told, "/take-over"))
    assert people_of(warehouse, order) == ["paula"]
