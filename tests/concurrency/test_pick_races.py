"""Two tablets count at the same moment, one scan comes twice at once, and a colleague ships meanwhile."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine, select

from tests.concurrency.racing import calls, race
from tests.helpers.warehouse import Warehouse
from webapp.database.unit_of_work import Once
from webapp.domain.errors import NothingLeft
from webapp.domain.picks import TooManyPicked
from webapp.models import Order, Pick
from webapp.services import order_inventory_service, pick_service

pytestmark = pytest.mark.both_engines


@pytest.fixture
def order(warehouse: Warehouse) -> Order:
    """5 Mugs."""
    return warehouse.processing((warehouse.product("Mug", "MUG", A1=50), 5))


def picks(warehouse: Warehouse) -> dict[str, int]:
    warehouse.db.rollback()
    rows = warehouse.db.execute(select(Pick.person, Pick.units).where(Pick.store_id == warehouse.store.id))
    return {row.person: row.units for row in rows}


def test_all_scans_of_two_tablets_and_a_colleague_count_up_to_the_last_unit(
    shared_engine: Engine, warehouse: Warehouse, order: Order
) -> None:
    names = {"store_id": order.store_id, "order_id": order.id, "item_id": warehouse.item(order).id, "scanned": "MUG"}
    people = ["paula"] * 4 + ["piet"] * 4

    results = race(shared_engine, [calls(pick_service.pick_scanned, actor=person, **names) for person in people])

    assert sum(isinstance(one, TooManyPicked) for one in results) == 3
    assert sum(picks(warehouse).values()) == 5


def test_one_scan_sent_twice_at_once_counts_once(shared_engine: Engine, warehouse: Warehouse, order: Order) -> None:
    names = {"store_id": order.store_id, "order_id": order.id, "item_id": warehouse.item(order).id, "scanned": "MUG"}
    once = Once(order.store_id, "scan", "paula", "same")

    race(shared_engine, [calls(pick_service.pick_scanned, actor="paula", **names)] * 3, once)

    assert picks(warehouse) == {"paula": 1}


@pytest.mark.parametrize("turn", range(3))
def test_a_count_beside_the_last_ship_is_over_or_refused(
    shared_engine: Engine, warehouse: Warehouse, order: Order, turn: int
) -> None:
    names = {"store_id": order.store_id, "order_id": order.id, "item_id": warehouse.item(order).id}

    counted, _ = race(
        shared_engine,
        [
            calls(pick_service.pick_scanned, scanned="MUG", actor="paula", **names),
            calls(order_inventory_service.ship_units, quantity=5, seen_shipped=0, actor="piet", **names),
        ],
    )

    assert isinstance(counted, NothingLeft) or counted == (names["item_id"], 1, 5)
    assert warehouse.item(order).shipped_quantity == 5
    assert picks(warehouse) == {}
