"""Two people confirm one packing note at the same moment, and one ships meanwhile."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine

from tests.concurrency.racing import calls, race
from tests.helpers.warehouse import Warehouse
from webapp.database.unit_of_work import Once
from webapp.domain.errors import UnreadPackingNote
from webapp.domain.parcel_data import mark_of
from webapp.services import order_inventory_service, packing_note_service

pytestmark = pytest.mark.both_engines

NOTE = "Two layers of paper"


@pytest.mark.parametrize("turn", range(3))
def test_of_two_who_confirm_at_once_one_counts(shared_engine: Engine, warehouse: Warehouse, turn: int) -> None:
    order = warehouse.processing((warehouse.product(A1=5), 2), packing_note=NOTE)
    names = {"store_id": warehouse.store.id, "order_id": order.id, "seen_note": mark_of(NOTE)}
    people = ("paula", "piet", "max")

    results = race(
        shared_engine, [calls(packing_note_service.confirm_reading, actor=person, **names) for person in people]
    )

    warehouse.db.refresh(order)
    assert sorted(results) == [False, False, True]
    assert order.packing_note_read_by == people[results.index(True)]
    assert warehouse.events(order).count("packing_note_read") == 1


def test_the_same_request_twice_at_once_is_confirmed_once(shared_engine: Engine, warehouse: Warehouse) -> None:
    order = warehouse.processing((warehouse.product(A1=5), 2), packing_note=NOTE)
    names = {"store_id": warehouse.store.id, "order_id": order.id, "seen_note": mark_of(NOTE), "actor": "paula"}
    once = Once(warehouse.store.id, "one-key", "paula", "same")

    outcomes = race(shared_engine, [calls(packing_note_service.confirm_reading, **names)] * 2, once)

    assert [outcome.result for outcome in outcomes] == [True, True]
    assert warehouse.events(order).count("packing_note_read") == 1


@pytest.mark.parametrize("turn", range(3))
def test_a_ship_beside_it_waits_for_it_or_is_refused(shared_engine: Engine, warehouse: Warehouse, turn: int) -> None:
    order = warehouse.processing((warehouse.product(A1=5), 2), packing_note=NOTE)
    names = {"store_id": warehouse.store.id, "order_id": order.id}
    shipping = {"item_id": warehouse.item(order).id, "quantity": 2, "seen_shipped": 0, "actor": "piet"}

    _, shipped = race(
        shared_engine,
        [
            calls(packing_note_service.confirm_reading, seen_note=mark_of(NOTE), actor="paula", **names),
            calls(order_inventory_service.ship_units, **shipping, **names),
        ],
    )

    warehouse.db.rollback()
    refused = isinstance(shipped, UnreadPackingNote)
    assert warehouse.item(order).shipped_quantity == (0 if refused else 2)
    events = warehouse.events(order)
    assert refused or events.index("packing_note_read") < events.index("shipped")
    assert not warehouse.unsound()
