"""Several people erase one order's data at the same moment, beside an undo and an import."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine

from tests.concurrency.racing import calls, race
from tests.helpers.warehouse import Warehouse
from webapp.domain.errors import StillToShip
from webapp.services import erasure_service, undo_service

pytestmark = pytest.mark.both_engines


@pytest.mark.parametrize("turn", range(3))
def test_of_those_who_erase_at_once_one_counts(shared_engine: Engine, warehouse: Warehouse, turn: int) -> None:
    order = warehouse.processing((warehouse.product(A1=5), 2), customer_name="Anna")
    warehouse.ship(order, 2)
    people = ("max", "ada", "mia")

    results = race(
        shared_engine,
        [
            calls(erasure_service.erase_person, store_id=warehouse.store.id, order_id=order.id, actor=person)
            for person in people
        ],
    )

    warehouse.db.rollback()  # What this session has seen so far was before the race.
    warehouse.db.refresh(order)
    assert sorted(results) == [False, False, True]
    assert (order.customer_name, order.person_erased_by) == ("", people[results.index(True)])
    assert warehouse.events(order).count("person_erased") == 1


@pytest.mark.parametrize("turn", range(3))
def test_beside_an_undo_the_address_goes_or_stays_whole(shared_engine: Engine, warehouse: Warehouse, turn: int) -> None:
    order = warehouse.processing((warehouse.product(A1=5), 2), customer_name="Anna", ship_to_city="Trier")
    warehouse.ship(order, 2)
    names = {"store_id": warehouse.store.id, "order_id": order.id}
    line_id = warehouse.lines(order)[0].id

    erased, _ = race(
        shared_engine,
        [
            calls(erasure_service.erase_person, actor="max", **names),
            calls(undo_service.undo_shipment_line, line_id=line_id, actor="paula", **names),
        ],
    )

    warehouse.db.rollback()  # What this session has seen so far was before the race.
    warehouse.db.refresh(order)
    kept = isinstance(erased, StillToShip)
    assert (order.customer_name, order.ship_to_city) == (("Anna", "Trier") if kept else ("", ""))
    assert warehouse.item(order).shipped_quantity == 0
    assert not warehouse.unsound()
