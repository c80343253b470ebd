"""Whose an order is: who opens it has it, screens say so, and the next order is nobody else's."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import Engine, select

from tests.factories.user import make_user
from tests.helpers.cast import Part
from tests.helpers.client_fixtures import signed_in
from tests.helpers.statements import counted
from tests.helpers.tablet import Answer, Tablet
from tests.helpers.warehouse import Warehouse
from webapp.domain.clock import time_is, utc_now
from webapp.domain.roles import Role
from webapp.models import Assignment, Order, User
from webapp.services.people import membership_service


@pytest.fixture
def order(warehouse: Warehouse) -> Order:
    return warehouse.processing((warehouse.product(A1=9), 3))


@pytest.fixture
def piet(app: Flask, warehouse: Warehouse) -> Tablet:
    """Another packer's tablet."""
    make_user(warehouse.db, warehouse.store, username="piet")
    return Tablet(signed_in(app, "piet"), warehouse.db)


def whose(page: Answer) -> str:
    return page.root.one(id="whose").words


def people_of(warehouse: Warehouse, order: Order) -> list[str]:
    warehouse.db.rollback()
    names = select(User.username).join(Assignment, Assignment.user_id == User.id)
    return list(warehouse.db.scalars(names.where(Assignment.order_id == order.id).order_by(Assignment.id)))


def test_who_opens_an_order_to_pick_has_it(packer: Tablet, warehouse: Warehouse, order: Order) -> None:
    assert whose(packer.pick(order)).startswith("With you since ")
    assert people_of(warehouse, order) == ["paula"]


def test_only_ones_own_order_says_less_on_a_handheld(
    packer: Tablet, piet: Tablet, warehouse: Warehouse, order: Order
) -> None:
    alone = packer.pick(order).root.one(id="whose")["class"]
    on_its_page = packer.get(f"/orders/{order.id}").root.one(id="whose")["class"]
    join = next(one for one in piet.pick(order).root.all("form") if one["action"].endswith("/join"))
    piet.send(join)

    assert "whose--alone" in alone
    assert "whose--alone" not in on_its_page
    assert "whose--alone" not in packer.pick(order).root.one(id="whose")["class"]


def test_a_look_at_its_page_or_by_somebody_who_manages_or_reads_takes_nothing(
    packer: Tablet, tablet_of: Callable[[Part], Tablet], warehouse: Warehouse, order: Order
) -> None:
    packer.get(f"/orders/{order.id}")
    tablet_of("manager").pick(order)
    tablet_of("supervisor").pick(order)

    assert people_of(warehouse, order) == []


def test_an_order_that_is_not_started_is_nobodys(packer: Tablet, warehouse: Warehouse) -> None:
    order = warehouse.order((warehouse.product(A1=9), 3))

    assert whose(packer.pick(order)) == ""
    assert people_of(warehouse, order) == []


def test_list_and_page_say_whose_it_is(packer: Tablet, manager: Tablet, warehouse: Warehouse, order: Order) -> None:
    packer.pick(order)

    assert "With paula since " in manager.get("/orders").root.one(id=f"order-{order.id}").words
    assert whose(manager.get(f"/orders/{order.id}")).startswith("With paula since ")


def test_work_that_somebody_began_is_not_being_packed(manager: Tablet, warehouse: Warehouse, order: Order) -> None:
    warehouse.ship(order, 1)

    row = manager.get("/orders").root.one(id=f"order-{order.id}").words

    assert "Begun by paula" in row
    assert "packing" not in row


def test_a_poll_tells_another_screen_within_its_period(
    packer: Tablet, manager: Tablet, warehouse: Warehouse, order: Order
) -> None:
    page = manager.get(f"/orders/{order.id}")
    poll = f"{page.shipment_status['hx-get']}&whose={page.root.one(id='whose-mark')['value']}"
    assert manager.get(poll, htmx=True).status == 204

    packer.pick(order)

    assert whose(manager.get(poll, htmx=True)).startswith("With paula")


def test_the_lists_poll_reads_the_list_only_if_somebody_took_or_left_an_order(
    engine: Engine, packer: Tablet, manager: Tablet, warehouse: Warehouse, order: Order
) -> None:
    panel = manager.get("/orders").root.one(id="order-list")
    poll = f"{panel['data-news']}?seen={panel['data-seen']}"
    mark = manager.get(poll).response.headers["Packbench-Whose"]
    with counted(engine) as statements:
        assert manager.get(f"{poll}&whose={mark}").status == 204
    assert len(statements) == 2

    packer.pick(order)

    assert "With paula" in manager.get(f"{poll}&whose={mark}").words


def test_the_next_order_is_never_somebody_elses(packer: Tablet, piet: Tablet, warehouse: Warehouse) -> None:
    first, second = (warehouse.processing((warehouse.product(A1=9), 3)) for _ in range(2))

    assert packer.get("/orders/next").location == f"/orders/{first.id}/pick"
    assert packer.get("/orders/next").location == f"/orders/{first.id}/pick"
    assert str(second.id) in piet.get("/orders").root.one(id="next-order").one("a")["href"]
    assert piet.get("/orders/next").location == f"/orders/{second.id}/pick"
    assert packer.get(f"/orders/{first.id}/next").location == f"/orders/{first.id}/pick"
    assert (people_of(warehouse, first), people_of(warehouse, second)) == (["paula"], ["piet"])


def test_it_ends_when_nothing_is_done_for_the_stores_time(
    packer: Tablet, piet: Tablet, warehouse: Warehouse, order: Order
) -> None:
    packer.pick(order)

    with time_is(utc_now() + timedelta(minutes=29)):
        assert piet.get("/orders/next").location == "/orders"
    with time_is(utc_now() + timedelta(minutes=31)):
        assert piet.get("/orders/next").location == f"/orders/{order.id}/pick"
        assert people_of(warehouse, order) == ["piet"]


def test_what_its_person_ships_renews_it_and_a_poll_does_not(
    packer: Tablet, piet: Tablet, warehouse: Warehouse, order: Order
) -> None:
    page, began = packer.pick(order), utc_now()
    with time_is(began + timedelta(minutes=20)):
        packer.get(page.shipment_status["hx-get"], htmx=True)
    with time_is(began + timedelta(minutes=25)):
        packer.send(page.ship_form(warehouse.item(order)), quantity="1")
    with time_is(began + timedelta(minutes=54)):
        assert piet.get("/orders/next").location == "/orders"
    with time_is(began + timedelta(minutes=56)):
        assert piet.get("/orders/next").location == f"/orders/{order.id}/pick"


def test_an_open_screen_costs_no_more_once_the_order_is_ones_own(
    engine: Engine, packer: Tablet, warehouse: Warehouse, order: Order
) -> None:
    with counted(engine) as first:
        packer.pick(order)
    with counted(engine) as again:
        packer.pick(order)

    assert (len(first), len(again)) == (4, 3)


@pytest.mark.parametrize("end", ["ship_order", "cancel"])
def test_a_finished_order_is_nobodys_in_the_same_transaction(
    packer: Tablet, warehouse: Warehouse, order: Order, end: str
) -> None:
    packer.pick(order)

    getattr(warehouse, end)(order)

    assert people_of(warehouse, order) == []


@pytest.mark.parametrize("leave", ["disable", "remove_from_store", "change_role"])
def test_who_leaves_frees_their_orders(packer: Tablet, warehouse: Warehouse, order: Order, leave: str) -> None:
    packer.pick(order)
    db, store = warehouse.db, warehouse.store.code

    if leave == "disable":
        membership_service.disable(db, "paula")
    elif leave == "remove_from_store":
        membership_service.remove_from_store(db, store, "paula")
    else:
        membership_service.change_role(db, store, "paula", Role.SUPERVISOR)
    db.commit()

    assert people_of(warehouse, order) == []


def test_signing_out_keeps_it_until_it_ends_by_itself(packer: Tablet, warehouse: Warehouse, order: Order) -> None:
    packer.pick(order)

    packer.send(packer.get("/orders").root.one("form", action="/logout"), htmx=False)

    assert people_of(warehouse, order) == ["paula"]
