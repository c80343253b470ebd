"""Known fault 11: a failure at any statement of any operation leaves no change behind."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from tests.helpers.failures import Broken, breaking, losing_the_reply_to_commit
from tests.helpers.rows import rows_of_store
from tests.helpers.statements import counted
from tests.helpers.warehouse import Warehouse
from tests.services.operations import OPERATIONS, Operation
from webapp.database.unit_of_work import Once, Outcome, unit_of_work


def run(warehouse: Warehouse, operation: Operation) -> Outcome[Any]:
    """Run the operation like an edge does: in its own session, under an idempotency key."""
    act, names = operation
    once = Once(warehouse.store.id, "the-key", warehouse.actor, "the-request")

    def work(db: Session) -> str:
        act(db=db, store_id=warehouse.store.id, actor=warehouse.actor, **names)
        return "done"

    with Session(warehouse.db.get_bind(), expire_on_commit=False) as session:
        return unit_of_work(session, work, once)


@pytest.mark.parametrize("name", OPERATIONS)
def test_a_failure_after_any_statement_of_an_operation_or_at_its_commit_leaves_nothing_behind(
    warehouse: Warehouse, shared_engine: Engine, name: str
) -> None:
    operation = OPERATIONS[name](warehouse)
    before = rows_of_store(shared_engine, warehouse.store.id)

    with counted(shared_engine) as statements, breaking(shared_engine, "commit", 1), pytest.raises(Broken):
        run(warehouse, operation)
    for number in range(1, len(statements) + 1):
        with breaking(shared_engine, "after", number), pytest.raises(Broken):
            run(warehouse, operation)

    assert rows_of_store(shared_engine, warehouse.store.id) == before
    with counted(shared_engine) as carried_out:
        run(warehouse, operation)
    assert len(carried_out) == len(statements) > 4
    assert rows_of_store(shared_engine, warehouse.store.id) != before


@pytest.mark.parametrize("name", OPERATIONS)
def test_a_failure_after_the_commit_leaves_the_effect_once_and_the_key_tells_it(
    warehouse: Warehouse, shared_engine: Engine, name: str
) -> None:
    operation = OPERATIONS[name](warehouse)

    with losing_the_reply_to_commit(shared_engine), pytest.raises(Broken):
        run(warehouse, operation)
    after = rows_of_store(shared_engine, warehouse.store.id)

    again = run(warehouse, operation)

    assert (again.replayed, again.result) == (True, "done")
    assert rows_of_store(shared_engine, warehouse.store.id) == after
