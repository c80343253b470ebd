"""What SQLite's planner should expect of our indexes before it could count for itself.

Without statistics SQLite takes ``store_id = ?`` for about as selective as ``store_id = ? AND order_id = ?``, and reads
a whole store where an order was meant. PostgreSQL counts by itself. So after every migration each index that has no
statistics gets those of a shop of ordinary size. Counting (ANALYZE) in a young shop would tell the planner that
everything is small, and nobody would tell it when that ends; in a grown one it does no harm.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from sqlalchemy import Connection

ROWS: Final = {
    "allocations": 500_000,
    "idempotency_keys": 1_000_000,
    "inventory": 100_000,
    "inventory_transactions": 1_500_000,
    "order_events": 1_000_000,
    "order_items": 500_000,
    "order_search_words": 500_000,
    "orders": 100_000,
    "product_search_words": 500_000,
    "products": 50_000,
    "shipment_lines": 500_000,
    "shipments": 100_000,
    "stock_exceptions": 50_000,
}
"""Rows of the tables that grow with a store."""

ROWS_OF_PARTIAL: Final = {
    "ix_allocations_held": 50_000,
    "ix_inventory_empty": 5_000,
    "ix_inventory_reserved": 20_000,
    "ix_inventory_transactions_stock": 50_000,
    "ix_order_items_left": 50_000,
    "ix_orders_queue": 10_000,
    "ix_products_without_place": 5_000,
    "ix_stock_exceptions_open_order": 1_000,
    "uq_products_placeholder": 1,
    "uq_stock_exceptions_open": 1_000,
}
"""Rows of the indexes that hold a part of their table."""

PER_VALUE: Final = {
    "actor": 50_000,
    "gtin": 50,
    "inventory_id": 50,
    "kind": 50_000,
    "operation_id": 5,
    "order_id": 5,
    "order_item_id": 3,
    "packed_by": 5_000,
    "product_id": 50,
    "reverses_id": 1_000_000,  # NULL mostly: few movements take another back.
    "shipment_id": 5,
    "sku": 50,
    "status": 15_000,
    "warehouse": 2,
    "word": 20,
}
"""Rows of one store that share a value, by column; of other columns about one."""

_INDEXES: Final = (
    "SELECT tbl_name, name FROM sqlite_master WHERE type = 'index' AND name NOT IN (SELECT idx FROM sqlite_stat1 "
    "WHERE idx IS NOT NULL)"
)


def complete_statistics(connection: Connection) -> None:
    """Give every index of a growing table on SQLite statistics, where it has none. Neither begins nor commits."""
    tables = set(connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'table'").scalars())
    if not tables & set(ROWS):
        return
    if "sqlite_stat1" not in tables:
        connection.exec_driver_sql("ANALYZE stores")  # Nothing else makes the table.
    for table, index in connection.exec_driver_sql(_INDEXES).all():
        if table in ROWS:
            columns = connection.exec_driver_sql("SELECT name FROM pragma_index_info(?)", (index,)).scalars().all()
            connection.exec_driver_sql(
                "INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES (?, ?, ?)",
                (table, index, _stat(table, index, columns)),
            )


def _stat(table: str, index: str, columns: Iterable[str]) -> str:
    """Return rows of the index, then for each of its columns the rows that share a value of it and those before."""
    rows = ROWS_OF_PARTIAL.get(index, ROWS[table])
    numbers, share = [rows], rows
    for column in columns:
        share = rows if column == "store_id" else min(share, PER_VALUE.get(column, 1))
        numbers.append(share)
    return " ".join(map(str, numbers))
