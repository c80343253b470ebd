"""Importing a file again finishes an interrupted import; two at once have the effect of one."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.services.imports.importing import Imported, Importer, Killed, killed_in_second_chunk, native, stock
from webapp.models import Inventory, Order, OrderEvent, OrderItem, Store
from webapp.services.imports.order_import import CHUNK_ORDERS, OrdersImported
from webapp.services.imports.stock_import import CHUNK_ROWS, StockImported

ORDERS = 3 * CHUNK_ORDERS
ROWS = 3 * CHUNK_ROWS


def orders_file() -> str:
    return native(*({"order_number": f"{number}", "sku": sku} for sku in ("A-1", "B-1") for number in range(ORDERS)))


def stock_file() -> str:
    return stock(*({"sku": f"S-{number}", "quantity": 3} for number in range(ROWS)))


def count_orders(db: Session) -> tuple[int, int, int]:
    """Orders, their items, their events."""
    db.rollback()
    orders, items, events = (
        db.scalar(select(func.count()).select_from(kind)) for kind in (Order, OrderItem, OrderEvent)
    )
    return orders or 0, items or 0, events or 0


@pytest.mark.parametrize("at_work", [True, False])
def test_orders_killed_in_or_after_a_chunk_are_completed_by_the_next_import(
    db: Session, importer: Importer, at_work: bool
) -> None:
    with pytest.raises(Killed):
        importer.orders(orders_file(), run=killed_in_second_chunk(importer.run, at_work=at_work))
    kept = CHUNK_ORDERS if at_work else 2 * CHUNK_ORDERS
    assert count_orders(db) == (kept, 2 * kept, kept)

    imported = importer.orders(orders_file())

    assert imported.numbers == (2 * ORDERS, 2 * (ORDERS - kept), 2 * kept, 0)
    assert count_orders(db) == (ORDERS, 2 * ORDERS, ORDERS)


@pytest.mark.parametrize("at_work", [True, False])
def test_stock_killed_in_or_after_a_chunk_is_completed_by_the_next_import(
    db: Session, importer: Importer, at_work: bool
) -> None:
    with pytest.raises(Killed):
        importer.stock(stock_file(), run=killed_in_second_chunk(importer.run_once, at_work=at_work))
    kept = CHUNK_ROWS if at_work else 2 * CHUNK_ROWS
    db.rollback()
    assert db.scalar(select(func.sum(Inventory.quantity))) == 3 * kept
    db.rollback()

    imported = importer.stock(stock_file())

    assert imported.numbers == (ROWS, ROWS - kept, kept, 0)
    assert db.scalar(select(func.sum(Inventory.quantity))) == 3 * ROWS


def test_two_imports_of_the_same_files_at_once_come_to_one(
    db: Session, store: Store, new_session: Callable[[], Session], tmp_path: Path
) -> None:
    (tmp_path / "orders.csv").write_text(orders_file())
    (tmp_path / "stock.csv").write_text(stock_file())

    def both(number: int) -> tuple[Imported[OrdersImported], Imported[StockImported]]:
        importer = Importer(new_session(), store, tmp_path / str(number))
        return importer.orders(tmp_path / "orders.csv"), importer.stock(tmp_path / "stock.csv")

    with ThreadPoolExecutor(3) as pool:
        outcomes = list(pool.map(both, range(3)))

    orders, stocks = zip(*outcomes, strict=True)
    assert sum(one.tally.imported for one in orders) == 2 * ORDERS
    assert sum(one.tally.imported for one in stocks) == ROWS
    assert all(one.tally.rejected == 0 for one in (*orders, *stocks))
    assert count_orders(db) == (ORDERS, 2 * ORDERS, ORDERS)
    assert db.scalar(select(func.sum(Inventory.quantity))) == 3 * ROWS
