"""Seed SQLite's planner statistics with the row counts of a typical shop.

Without statistics SQLite thinks ``store_id = ?`` narrows a search about as well as ``store_id = ? AND order_id = ?``,
and scans a whole store for one order. PostgreSQL collects its own statistics. So after every migration each index
without statistics gets those of a typical shop. Running ANALYZE in a young shop would record that every table is small,
and nothing would correct that as it grows; in a grown shop ANALYZE does no harm.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from sqlalchemy import Connection

ROWS: Final = {
    "allocations": 500_000,
    "idempotency_keys": 1_000_000,
    "imported_stock_rows": 200_000,
    "inventory": 100_000,
    "inventory_transactions": 1_500_000,
    "matches": 20_000,
    "order_events": 1_000_000,
    "order_items": 500_000,
    "order_search_words": 500_000,
    "order_states": 200_000,
    "orders": 100_000,
    "picks": 1_000,
    "product_code_changes": 50_000,
    "product_codes": 50_000,
    "product_search_words": 500_000,
    "products": 50_000,
    "shipment_lines": 500_000,
    "shipments": 100_000,
    "stock_exceptions": 50_000,
}
"""Expected rows of the tables that grow with a store."""

ROWS_OF_PARTIAL: Final = {
    "ix_allocations_held": 50_000,
    "ix_inventory_empty": 5_000,
    "ix_inventory_reserved": 20_000,
    "ix_inventory_to_count": 500,
    "ix_inventory_transactions_stock": 50_000,
    "ix_order_items_left": 50_000,
    "ix_order_items_match": 10_000,
    "ix_order_items_name": 50_000,
    "ix_orders_held": 500,
    "ix_orders_queue": 10_000,
    "ix_products_retired": 1_000,
    "ix_products_without_place": 5_000,
    "ix_stock_exceptions_open_due": 1_000,
    "ix_stock_exceptions_open_order": 1_000,
    "uq_matches_remembered": 20_000,
    "uq_products_placeholder": 1,
    "uq_stock_exceptions_open": 1_000,
}
"""Expected rows of the partial indexes."""

PER_VALUE: Final = {
    "actor": 50_000,
    "channel_id": 25_000,
    "gtin": 50,
    "inventory_id": 50,
    "kind": 50_000,
    "match_id": 20,
    "match_key": 2,
    "name_key": 50,
    "operation_id": 5,
    "order_id": 5,
    "order_item_id": 3,
    "packed_by": 5_000,
    "product_id": 50,
    "reverses_id": 1_000_000,  # Mostly NULL: few movements reverse another.
    "shipment_id": 5,
    "sku": 50,
    "sku_key": 2,
    "status": 15_000,
    "warehouse": 2,
    "word": 20,
}
"""Rows of one store that share a value of the column; other columns have about one."""

_INDEXES: Final = (
    "SELECT tbl_name, name FROM sqlite_master WHERE type = 'index' AND name NOT IN (SELECT idx FROM sqlite_stat1 "
    "WHERE idx IS NOT NULL)"
)


def complete_statistics(connection: Connection) -> None:
    """Give every index of a growing table on SQLite statistics, unless it has some. Does not begin or commit."""
    tables = set(connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'table'").scalars())
    if not tables & set(ROWS):
        return
    if "sqlite_stat1" not in tables:
        connection.exec_driver_sql("ANALYZE stores")  # Only ANALYZE creates the statistics table.
    for table, index in connection.exec_driver_sql(_INDEXES).all():
        if table in ROWS:
            columns = connection.exec_driver_sql("SELECT name FROM pragma_index_info(?)", (index,)).scalars().all()
            connection.exec_driver_sql(
                "INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES (?, ?, ?)",
                (table, index, _stat(table, index, columns)),
            )


def _stat(table: str, index: str, columns: Iterable[str]) -> str:
    """Return SQLite's statistics text: rows of the index, then the rows that share a value of its first column, of its
    first two, and so on."""
    rows = ROWS_OF_PARTIAL.get(index, ROWS[table])
    numbers, share = [rows], rows
    for column in columns:
        share = rows if column == "store_id" else min(share, PER_VALUE.get(column, 1))
        numbers.append(share)
    return " ".join(map(str, numbers))
