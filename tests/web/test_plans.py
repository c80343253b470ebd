"""No request reads a whole store: on SQLite each statement finds its rows by more than the store, or walks in order.

And no statement is planned again at each run, which takes SQLite longer than the run itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import Engine, event, select

from tests.helpers.tablet import Tablet
from tests.helpers.warehouse import Warehouse
from webapp.database.planner_statistics import ROWS
from webapp.domain.statuses import OPEN_STATUSES
from webapp.models import Allocation, Order
from webapp.models.base import Base

pytestmark = pytest.mark.engines("sqlite")

GTIN, SKU = "4099999999989", "MKT-7"
UP_TO_CONSTANT = re.compile(r"(\w+ (?:[=<>]+ |IN \())(?=[\d'])")
STORE_ALONE = re.compile(rf"(?:SEARCH ({'|'.join(ROWS)})\b.*\(store_id=\?\)|SCAN ({'|'.join(ROWS)})\b(?! USING))")


class Plans:
    """The plans of the statements that reach the database."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.statements: dict[str, Any] = {}

    def note(self, _connection: object, _cursor: object, statement: str, parameters: Any, *_: object) -> None:
        if statement.split(maxsplit=1)[0] in ("SELECT", "WITH", "UPDATE", "DELETE"):
            self.statements[statement] = parameters

    def steps(self) -> Iterator[tuple[str, list[str]]]:
        """Yield each statement and the steps of its plan."""
        with self.engine.connect() as connection:
            for statement, parameters in list(self.statements.items()):
                sets = parameters if isinstance(parameters, list) else [parameters]
                rows = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", sets[0]).all()
                yield statement, [row[3] for row in rows]

    def planned_each_time(self) -> list[str]:
        """Return the statements with a parameter where a partial index has a constant (see ``constant``)."""
        return [run for run in self.statements for part in parameters_for_constants() if part in run]

    def reading_a_store(self) -> list[str]:
        """Return the statements that read every row of a store in a growing table."""
        walks = []
        for statement, steps in self.steps():
            # The first rows of an index in its own order are no whole store.
            is_walk = "LIMIT" in statement and not any("TEMP B-TREE FOR ORDER BY" in step for step in steps)
            walks += [f"{step}: {statement}" for step in steps if STORE_ALONE.match(step) and not is_walk]
        return walks


def parameters_for_constants() -> set[str]:
    """What partial indexes compare with a constant, with a parameter in its place."""
    conditions = [
        (table.name, str(index.dialect_options["sqlite"]["where"]))
        for table in Base.metadata.tables.values()
        for index in table.indexes
    ]
    return {f"{table}.{start}?" for table, condition in conditions for start in UP_TO_CONSTANT.findall(condition)}


@pytest.fixture
def plans(engine: Engine) -> Iterator[Plans]:
    plans = Plans(engine)
    event.listen(engine, "before_cursor_execute", plans.note)
    yield plans
    event.remove(engine, "before_cursor_execute", plans.note)


@pytest.fixture
def paths(warehouse: Warehouse) -> dict[str, str]:
    """A store with something of every kind to do; returns the paths of its rows."""
    lamp, rare, unknown = warehouse.product("Lamp", A1=9, B1=9), warehouse.product("Rarity"), warehouse.placeholder()
    order = warehouse.processing((lamp, 5), (rare, 1))
    warehouse.processing((unknown, 1), gtin=GTIN)
    unknown_item = warehouse.item(warehouse.processing((unknown, 1), (unknown, 1), sku=SKU))
    warehouse.ship(order, 2)
    item = warehouse.item(order)
    return {
        "order": f"/orders/{order.id}",
        "item": f"/orders/{order.id}/items/{item.id}",
        "product": f"/stock/{lamp.id}",
        "unknown_item": str(unknown_item.id),
        "version": str(order.version),
    }


def test_the_search_for_such_plans_finds_one(warehouse: Warehouse, plans: Plans) -> None:
    with plans.engine.connect() as connection:
        connection.exec_driver_sql("SELECT id FROM order_items WHERE store_id = ? AND quantity = 3", (1,))
        connection.exec_driver_sql("SELECT id FROM order_events WHERE reason = 'x'")
        connection.execute(select(Allocation.id).where(Allocation.quantity > 0))
        connection.execute(select(Order.id).where(Order.status.in_(OPEN_STATUSES)))

    assert len(plans.reading_a_store()) == 2
    assert len(plans.planned_each_time()) == 2


@pytest.mark.parametrize(
    "path",
    [
        "/orders",
        "/orders?status=all",
        "/orders?late=1",
        "/orders?mine=1",
        "/orders?search=marie",
        "{order}",
        "{order}/pick",
        "{order}/shipment-status",
        "{order}/cancellation",
        "{order}/audit",
        "{order}/audit?kind=shipped&person=paula",
        "{order}/audit.csv",
        "/activity",
        "/activity?kind=shipped",
        "/activity?kind=corrected&person=paula",
        "/activity?person=paula&day=2026-11-19",
        "/activity?operation=unknown",
        "/activity/orders?search=marie",
        "{item}/cancellation",
        "{item}/returns",
        "/stock",
        "/stock?search=lamp",
        "/stock?show=reserved",
        "/stock?show=missing",
        "/stock?show=empty",
        "/stock?show=count",
        "/stock?show=retired",
        "{product}",
        "{product}/counts?location=A1&quantity=1",
        "/exceptions",
        "/exceptions?cause=no_inventory",
        "/matches",
        f"/matches/new?gtin={GTIN}&search=lamp",
        f"/matches/new?sku={SKU}&search=lamp",
        "/matches/new?item={unknown_item}",
        "/sessions",
    ],
)
def test_no_page_reads_a_whole_store(manager: Tablet, paths: dict[str, str], plans: Plans, path: str) -> None:
    assert manager.get(path.format(**paths)).status == 200

    assert plans.statements
    assert plans.reading_a_store() == []
    assert plans.planned_each_time() == []


@pytest.mark.parametrize(
    ("show", "indexes"),
    [
        ("reserved", {"ix_inventory_reserved"}),
        ("empty", {"ix_inventory_empty", "ix_products_without_place"}),
        ("count", {"ix_inventory_to_count"}),
    ],
)
def test_few_products_of_a_filter_are_found_by_an_index_of_their_own(
    manager: Tablet, paths: dict[str, str], plans: Plans, show: str, indexes: set[str]
) -> None:
    assert manager.get(f"/stock?show={show}").status == 200

    steps = " ".join(step for _, steps in plans.steps() for step in steps)
    assert {index for index in indexes if f"INDEX {index} (store_id=?)" in steps} == indexes
    assert "SEARCH products USING INTEGER PRIMARY KEY (rowid=?)" in steps


@pytest.mark.parametrize(
    ("path", "fields"),
    [
        ("{item}/shipments", {"quantity": "1", "seen_shipped": "2"}),
        ("{order}/shipments", {"seen_version": "{version}"}),
        ("{order}/status", {"status": "shipped"}),
        ("{order}/cancellation", {"reason": "Ordered twice"}),
        ("{item}/cancellation", {"quantity": "1", "reason": "Ordered twice"}),
        ("{item}/returns", {"quantity": "1", "location": "R-1", "reason": "Too small"}),
        ("{product}/adjustments", {"quantity": "1", "location": "A1", "reason": "Found"}),
        ("{product}/counts", {"quantity": "30", "seen_quantity": "7", "location": "A1", "reason": "Counted"}),
        ("/exceptions/1/closure", {"resolution": "Bought elsewhere"}),
        ("/matches", {"gtin": GTIN, "product_id": "1"}),
        ("/matches", {"sku": SKU, "product_id": "1"}),
        ("/matches", {"item": "{unknown_item}", "product_id": "1"}),
    ],
)
def test_no_change_reads_a_whole_store(
    manager: Tablet, paths: dict[str, str], plans: Plans, path: str, fields: dict[str, object]
) -> None:
    typed = {name: str(value).format(**paths) for name, value in fields.items()}
    assert manager.post(path.format(**paths), {**typed, "idempotency_key": "k1"}, htmx=False).status == 303

    assert plans.statements
    assert plans.reading_a_store() == []
    assert plans.planned_each_time() == []
