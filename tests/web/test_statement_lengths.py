"""Frequent statements are short: psycopg keeps what it read of a statement only up to a length."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import Engine, event

from tests.helpers.tablet import Tablet
from tests.helpers.warehouse import Warehouse

pytestmark = pytest.mark.engines("postgresql")

MOST_CHARACTERS, MOST_PARAMETERS = 4096, 50


@pytest.fixture
def long_ones(engine: Engine) -> Iterator[list[str]]:
    """The statements of the test that are longer."""
    statements: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, parameters: Any, *_: object) -> None:
        if len(statement) > MOST_CHARACTERS or len(parameters) > MOST_PARAMETERS:
            statements.append(f"{len(statement)} characters, {len(parameters)} parameters: {statement}")

    event.listen(engine, "before_cursor_execute", note)
    yield statements
    event.remove(engine, "before_cursor_execute", note)


def test_the_screens_statements_are_short(packer: Tablet, warehouse: Warehouse, long_ones: list[str]) -> None:
    order = warehouse.processing((warehouse.product(A1=9), 5))

    for path in ("/orders", f"/orders/{order.id}", f"/orders/{order.id}/pick", f"/orders/{order.id}/audit"):
        assert packer.get(path).status == 200

    assert long_ones == []


def test_a_ships_statements_are_short(packer: Tablet, warehouse: Warehouse, long_ones: list[str]) -> None:
    order = warehouse.processing((warehouse.product(A1=9), 5))
    item = warehouse.item(order)

    assert [packer.ship(order, item, units).status for units in (2, 3)] == [200, 200]

    assert long_ones == []
