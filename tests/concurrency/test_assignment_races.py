"""Sixteen people press "Next order" at once, or open the same order: the database gives each order to one of them."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine, func, select

from tests.concurrency.racing import calls, race
from tests.factories.user import make_user
from tests.helpers.warehouse import Warehouse
from webapp.domain.settings import DEFAULTS
from webapp.models import Assignment, Order, User
from webapp.services import assignment_service

pytestmark = pytest.mark.both_engines

PEOPLE = 16


@pytest.fixture
def people(warehouse: Warehouse) -> list[User]:
    return [make_user(warehouse.db, warehouse.store) for _ in range(PEOPLE)]


def holds_on(warehouse: Warehouse, order: Order) -> int | None:
    return warehouse.db.scalar(select(func.count()).where(Assignment.order_id == order.id))


def test_sixteen_who_press_next_at_once_get_sixteen_orders(
    shared_engine: Engine, warehouse: Warehouse, people: list[User]
) -> None:
    widget = warehouse.product(A1=PEOPLE)
    orders = [warehouse.processing((widget, 1)) for _ in range(PEOPLE)]
    names = {"store_id": warehouse.store.id, "idle": DEFAULTS.idle_time}

    taken = race(shared_engine, [calls(assignment_service.take_next, user_id=one.id, **names) for one in people])

    assert sorted(taken) == sorted(order.id for order in orders)
    assert not warehouse.unsound()


def test_of_sixteen_who_open_one_order_at_once_one_has_it(
    shared_engine: Engine, warehouse: Warehouse, people: list[User]
) -> None:
    order = warehouse.processing((warehouse.product(A1=5), 2))
    names = {"store_id": warehouse.store.id, "order_id": order.id, "idle": DEFAULTS.idle_time}

    results = race(shared_engine, [calls(assignment_service.open_order, user_id=one.id, **names) for one in people])

    assert sorted(results) == [False] * (PEOPLE - 1) + [True]
    assert holds_on(warehouse, order) == 1


def test_the_same_person_twice_at_once_has_it_once(
    shared_engine: Engine, warehouse: Warehouse, people: list[User]
) -> None:
    order = warehouse.processing((warehouse.product(A1=5), 2))
    names = {"store_id": warehouse.store.id, "order_id": order.id, "idle": DEFAULTS.idle_time}

    race(shared_engine, [calls(assignment_service.open_order, user_id=people[0].id, **names)] * 4)

    assert holds_on(warehouse, order) == 1
