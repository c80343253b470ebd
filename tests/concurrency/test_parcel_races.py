"""One packer ships several lines of an order at the same moment: all are in one parcel."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine, func, select

from tests.concurrency.racing import calls, race
from tests.helpers.warehouse import Warehouse
from webapp.models import Shipment
from webapp.services import order_inventory_service

pytestmark = pytest.mark.both_engines

LINES = 6


@pytest.mark.parametrize("turn", range(3))
def test_lines_that_one_packer_ships_at_once_go_into_one_parcel(
    shared_engine: Engine, warehouse: Warehouse, turn: int
) -> None:
    order = warehouse.processing(*((warehouse.product(A1=5), 2) for _ in range(LINES)))
    names = {"store_id": warehouse.store.id, "order_id": order.id, "quantity": 1, "actor": "paula"}
    items = [warehouse.item(order, line).id for line in range(1, LINES + 1)]

    results = race(
        shared_engine, [calls(order_inventory_service.fulfill_item, item_id=item, **names) for item in items]
    )

    assert [result["fulfilled_quantity"] for result in results] == [1] * LINES
    warehouse.db.rollback()  # What this session has seen so far was before the race.
    parcels = select(func.count()).where(Shipment.store_id == names["store_id"], Shipment.order_id == names["order_id"])
    assert warehouse.db.scalar(parcels) == 1
