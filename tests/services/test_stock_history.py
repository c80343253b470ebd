"""Units on hand over the last days, from the ledger, as the store's zone counts days."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from tests.helpers.statements import counted
from tests.helpers.warehouse import Warehouse
from webapp.domain.clock import time_is
from webapp.domain.stock_history import DAYS, StockHistory
from webapp.models import Product
from webapp.services.reads.stock_history import read_history

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
LUXEMBOURG = ZoneInfo("Europe/Luxembourg")


def ago(**span: float) -> datetime:
    return NOW - timedelta(**span)


def read(warehouse: Warehouse, product: Product, zone: ZoneInfo = LUXEMBOURG) -> StockHistory:
    return read_history(warehouse.db, warehouse.store.id, product.id, NOW, zone)


@pytest.fixture
def lamp(warehouse: Warehouse) -> Product:
    """A lamp with earlier movements, beside another product with movements."""
    lamp, other = warehouse.product("Lamp"), warehouse.product("Other", A1=50)
    for at, change, location in (
        (ago(days=60), 30, "A1"),
        (ago(days=10), 20, "B1"),
        (ago(days=10, minutes=5), -5, "A1"),
        (ago(days=2), -15, "A1"),
    ):
        with time_is(at):
            warehouse.adjust(lamp, change, location)
            warehouse.adjust(other, change, location)
    return lamp


def test_the_places_of_a_product_are_one_number_at_each_days_end(warehouse: Warehouse, lamp: Product) -> None:
    history = read(warehouse, lamp)

    assert history.opening == 30
    assert [day.quantity for day in history.days] == [30] * 19 + [45] * 8 + [30] * 3
    assert history.days[-1].day.isoformat() == "2026-11-21"
    assert len(history.days) == DAYS


def test_reserving_moves_nothing(warehouse: Warehouse, lamp: Product) -> None:
    with time_is(ago(days=1)):
        warehouse.processing((lamp, 3))

    assert [day.quantity for day in read(warehouse, lamp).days][-3:] == [30, 30, 30]


def test_a_day_begins_at_the_stores_midnight(warehouse: Warehouse) -> None:
    lamp = warehouse.product("Lamp")
    for at, change in ((ago(days=3), 10), (datetime(2026, 11, 20, 23, 30, tzinfo=UTC), -4)):
        with time_is(at):
            warehouse.adjust(lamp, change)

    assert [day.quantity for day in read(warehouse, lamp).days] == [10, 10, 10, 6]
    assert [day.quantity for day in read(warehouse, lamp, ZoneInfo("UTC")).days] == [10, 10, 6, 6]


def test_a_product_that_never_moved_has_no_history(warehouse: Warehouse, lamp: Product) -> None:
    assert read(warehouse, warehouse.product("New")) == StockHistory(0, ())
    assert read_history(warehouse.db, warehouse.store.id + 1, lamp.id, NOW, LUXEMBOURG) == StockHistory(0, ())


def test_it_costs_one_statement(warehouse: Warehouse, lamp: Product) -> None:
    with counted(warehouse.db.get_bind().engine) as statements:
        read(warehouse, lamp)

    assert len([statement for statement in statements if "inventory_transactions" in statement]) == 1
