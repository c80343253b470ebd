"""Several outside programs call the services at once, without a unit of work."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from tests.helpers.warehouse import Warehouse
from webapp.domain.errors import InvalidQuantity
from webapp.services import inventory_service, order_inventory_service

pytestmark = pytest.mark.both_engines

PEOPLE, ROUNDS = 6, 8


def test_sessions_with_commits_of_their_own_find_no_locked_database_and_lose_no_unit(
    warehouse: Warehouse, shared_engine: Engine
) -> None:
    widget = warehouse.product(A1=200)
    order = warehouse.processing((widget, 60))
    store_id, order_id, item_id = warehouse.store.id, order.id, warehouse.item(order).id

    def work(_: int) -> None:
        with Session(shared_engine, expire_on_commit=False) as db:
            for _ in range(ROUNDS):
                order_inventory_service.fulfill_item(
                    db=db, store_id=store_id, order_id=order_id, item_id=item_id, quantity=1
                )
                db.commit()
                inventory_service.adjust_inventory(db, store_id, widget.id, "A1", -1, reason="Sample")
                db.commit()

    with ThreadPoolExecutor(PEOPLE) as people:
        list(people.map(work, range(PEOPLE)))

    assert warehouse.item(order).shipped_quantity == PEOPLE * ROUNDS
    assert warehouse.shelves(widget) == {"A1": (200 - 2 * PEOPLE * ROUNDS, 60 - PEOPLE * ROUNDS)}


def test_a_refusal_that_is_rolled_back_holds_nobody_up(warehouse: Warehouse, shared_engine: Engine) -> None:
    order = warehouse.processing((warehouse.product(A1=9), 5))
    names: dict[str, Any] = {"store_id": warehouse.store.id, "order_id": order.id, "item_id": warehouse.item(order).id}

    with Session(shared_engine) as db:
        with pytest.raises(InvalidQuantity):
            order_inventory_service.fulfill_item(db=db, **names, quantity=6)
        db.rollback()
        warehouse.ship(order, 5)

    assert warehouse.status(order) == "shipped"
