"""Orders handed over, taken over and joined while the person leaves: who no longer packs has no order."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import Engine, func, select

from tests.concurrency.racing import Act, calls, race
from tests.factories.user import make_user
from tests.helpers.warehouse import Warehouse
from webapp.domain.errors import InvalidInput, UserNotFound
from webapp.domain.roles import Role
from webapp.domain.settings import DEFAULTS
from webapp.models import Assignment, Order, User
from webapp.services import assignment_service, handover_service, order_service
from webapp.services.people import membership_service

pytestmark = pytest.mark.both_engines

ORDERS = 8
OPENING = ("open_order", "take_next")


@pytest.fixture
def person(warehouse: Warehouse) -> User:
    return make_user(warehouse.db, warehouse.store)


def giving(warehouse: Warehouse, order: Order, person: User, way: str) -> Act:
    """Make the order the person's in one of the ways."""
    if way in OPENING:
        return opening(warehouse, order, person, way)
    who = {"to_user_id": person.id} if way == "hand_over" else {"user_id": person.id, "actor": person.username}
    names: dict[str, Any] = {"store_id": warehouse.store.id, "order_id": order.id, "idle": DEFAULTS.idle_time, **who}
    return calls(getattr(handover_service, way), seen="", **names)


def opening(warehouse: Warehouse, order: Order, person: User, way: str) -> Act:
    names: dict[str, Any] = {"store_id": warehouse.store.id, "user_id": person.id, "idle": DEFAULTS.idle_time}
    names |= {"order_id": order.id} if way == "open_order" else {}
    return calls(getattr(assignment_service, way), **names)


def leaving(warehouse: Warehouse, person: User, way: str) -> Act:
    names: dict[str, Any] = {"username": person.username}
    names |= {} if way == "disable" else {"store_code": warehouse.store.code}
    names |= {"role": Role.SUPERVISOR} if way == "change_role" else {}
    return calls(getattr(membership_service, way), **names)


@pytest.mark.parametrize("leave", ["disable", "change_role", "remove_from_store"])
def test_who_leaves_at_that_moment_has_no_order_then(
    warehouse: Warehouse, shared_engine: Engine, person: User, leave: str
) -> None:
    widget = warehouse.product(A1=ORDERS)
    orders = [warehouse.processing((widget, 1)) for _ in range(ORDERS)]
    ways = ("hand_over", "take_over", "join", "open_order")
    acts = [giving(warehouse, order, person, way) for order, way in zip(orders, ways * 2, strict=True)]

    race(shared_engine, [*acts[:4], leaving(warehouse, person, leave), *acts[4:]])

    warehouse.db.commit()
    assert warehouse.db.scalar(select(func.count()).where(Assignment.user_id == person.id)) == 0
    assert not warehouse.unsound()


@pytest.mark.parametrize("leave", ["disable", "change_role", "remove_from_store"])
@pytest.mark.parametrize("way", ["hand_over", "take_over", "join"])
def test_who_has_left_is_refused(
    warehouse: Warehouse, shared_engine: Engine, person: User, way: str, leave: str
) -> None:
    order = warehouse.processing((warehouse.product(A1=5), 2))
    race(shared_engine, [leaving(warehouse, person, leave)])

    (refusal,) = race(shared_engine, [giving(warehouse, order, person, way)])

    assert isinstance(refusal, InvalidInput if way == "hand_over" else UserNotFound)
    assert "order_assigned" not in warehouse.events(order)


@pytest.mark.parametrize("leave", ["disable", "change_role", "remove_from_store"])
@pytest.mark.parametrize("way", OPENING)
def test_who_has_left_opens_nothing(
    warehouse: Warehouse, shared_engine: Engine, person: User, way: str, leave: str
) -> None:
    order = warehouse.processing((warehouse.product(A1=5), 2))
    race(shared_engine, [leaving(warehouse, person, leave)])

    (answer,) = race(shared_engine, [opening(warehouse, order, person, way)])

    assert answer is False if way == "open_order" else isinstance(answer, UserNotFound)
    warehouse.db.commit()
    assert warehouse.db.scalar(select(func.count()).select_from(Assignment)) == 0


def test_an_order_that_is_done_is_nobodys(warehouse: Warehouse, shared_engine: Engine, person: User) -> None:
    widget = warehouse.product(A1=ORDERS)
    orders = [warehouse.processing((widget, 1)) for _ in range(ORDERS)]
    store_id = warehouse.store.id
    shipping = [calls(order_service.ship_order, store_id=store_id, order_id=order.id) for order in orders]

    race(shared_engine, [*shipping, *(opening(warehouse, order, person, "open_order") for order in orders)])

    warehouse.db.commit()
    assert {warehouse.status(order) for order in orders} == {"shipped"}
    assert warehouse.db.scalar(select(func.count()).select_from(Assignment)) == 0
