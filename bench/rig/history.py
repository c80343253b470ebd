"""Years of shipped orders, made inside the database: a million in minutes, with every row that shipping writes.

Both engines run the same statements over a series of numbers. Order ``n`` has one item of one unit from shelf ``n %
shelves``, so a shelf's ledger follows from ``n`` alone, and ``flask stock verify`` agrees.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import text
from sqlalchemy.orm import Session

CHUNK = 100_000
_NUMBERS = "WITH RECURSIVE numbers(n) AS (SELECT {first} UNION ALL SELECT n + 1 FROM numbers WHERE n < {last}) "


@dataclass(frozen=True)
class Shelves:
    """The shelves that the history takes from; their ids are consecutive, and so are their products' ids."""

    store_id: int
    channel_id: int
    """The channel that all orders came by."""
    first_inventory: int
    first_product: int
    number: int
    on_hand: int
    """Units on each shelf before the history, when its ledger has one row."""


def write_history(db: Session, shelves: Shelves, orders: int) -> None:
    """Write this many shipped orders, numbered from 1, as are their items, allocations, parcels and events.

    The caller then sets what is left on each shelf (``units_of_shelf``). These tables must be empty before.
    """
    if not orders:
        return
    for first in range(0, orders, CHUNK):
        db.execute(text(_faster(db)))
        for statement in _statements(db, shelves, first, min(first + CHUNK, orders) - 1):
            db.execute(text(statement))
        db.commit()
    if db.get_bind().dialect.name == "postgresql":
        for table in ("orders", "order_items", "allocations", "shipments", "shipment_lines", "order_events"):
            db.execute(text(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), max(id)) FROM {table}"))
        db.commit()


def units_of_shelf(shelves: Shelves, orders: int, shelf: int) -> int:
    """Return how many units the history took from one shelf (numbered from 0)."""
    return len(range(shelf, orders, shelves.number))


def _faster(db: Session) -> str:
    """Skip what loading correct rows does not need: foreign key checks, and waiting for the disk."""
    if db.get_bind().dialect.name == "postgresql":
        return "SET LOCAL session_replication_role = replica"
    return "PRAGMA cache_size = -400000"


def _statements(db: Session, shelves: Shelves, first: int, last: int) -> Iterator[str]:
    moment = "(timestamp '2020-01-01' + n * interval '2 minutes')"
    if db.get_bind().dialect.name == "sqlite":
        moment = "strftime('%Y-%m-%d %H:%M:%S.000000', 1577836800 + n * 120, 'unixepoch')"
    numbers = _NUMBERS.format(first=first, last=last)
    store, number = shelves.store_id, "'H-' || substr('0000000' || n, -7)"
    if db.get_bind().dialect.name == "postgresql":
        number = "'H-' || lpad(n::text, 7, '0')"
    product = f"{shelves.first_product} + n % {shelves.number}"
    place = f"{shelves.first_inventory} + n % {shelves.number}"

    location = f"(SELECT location FROM inventory WHERE store_id = {store} AND id = {place})"

    def insert(table: str, columns: str, values: str) -> str:
        return f"INSERT INTO {table} (store_id, {columns}) {numbers} SELECT {store}, {values} FROM numbers"

    yield insert(
        "orders",
        "id, order_number, channel_id, external_id, customer_name, ordered_at, ship_by, status, version",
        f"n + 1, {number}, {shelves.channel_id}, {number}, 'Customer ' || n % 977, {moment}, {moment}, 'shipped', 3",
    )
    yield insert(
        "order_items",
        "id, order_id, position, product_id, product_name, sku, quantity, shipped_quantity, changed_in_version",
        f"n + 1, n + 1, 1, {product}, 'Product', 'SKU-' || {product}, 1, 1, 3",
    )
    yield insert("order_search_words", "word, order_id", f"lower({number}), n + 1")
    yield insert("allocations", "id, order_item_id, inventory_id, quantity", f"n + 1, n + 1, {place}, 0")
    yield insert(
        "shipments", "id, order_id, packed_by, created_at, closed_at", f"n + 1, n + 1, 'bench', {moment}, {moment}"
    )
    yield insert(
        "shipment_lines",
        "id, shipment_id, order_item_id, quantity, operation_id, shipped_by, shipped_at",
        f"n + 1, n + 1, n + 1, 1, 'shipped-' || n, 'bench', {moment}",
    )
    before, k = shelves.on_hand, f"n / {shelves.number}"
    for kind, seq, change, after, reserved, operation in (
        ("reserve", f"2 * ({k}) + 2", "0, 1", f"{before} - {k}", 1, "reserved-"),
        ("fulfill", f"2 * ({k}) + 3", "-1, -1", f"{before} - {k} - 1", 0, "shipped-"),
    ):
        yield insert(
            "inventory_transactions",
            "product_id, inventory_id, seq, allocation_id, transaction_type, quantity_change, reserved_change, "
            "quantity_after, reserved_after, location, warehouse, order_id, order_item_id, order_number, operation_id, "
            "created_by, created_at",
            f"{product}, {place}, {seq}, n + 1, '{kind}', {change}, {after}, {reserved}, {location}, 'main', n + 1, "
            f"n + 1, {number}, '{operation}' || n, 'bench', {moment}",
        )
    for offset, kind, item, details, operation in (
        (1, "status_changed", "NULL", '{"from": "pending", "to": "processing"}', "reserved-"),
        (2, "reserved", "n + 1", '{"quantity": 1}', "reserved-"),
        (3, "shipped", "n + 1", '{"quantity": 1, "remaining_quantity": 0}', "shipped-"),
        (4, "status_changed", "NULL", '{"from": "processing", "to": "shipped"}', "shipped-"),
    ):
        yield insert(
            "order_events",
            "id, order_id, order_item_id, kind, actor, details, operation_id, created_at",
            f"4 * n + {offset}, n + 1, {item}, '{kind}', 'bench', '{details}', '{operation}' || n, {moment}",
        )
