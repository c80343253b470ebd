"""One valid row of each table, as plain values, for tests of what the database refuses."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, column, table

Row = dict[str, Any]

_WHEN = "2026-01-01 12:00:00"


def row_of(name: str, store_id: int, number: int = 0, /, **changes: Any) -> Row:
    """Return a valid row of table ``name``, with ``changes``.

    Rows with the same ``store_id`` refer to each other's number 0. Ids are ``store_id * 100 + number``, since SQLite
    numbers the rows of all stores together.
    """
    first = store_id * 100
    return {**_rows(store_id, first, first + number)[name], **changes}


def _rows(store: int, first: int, own: int) -> dict[str, Row]:
    """Return the rows of one store: ``first`` is the id they refer to, ``own`` the id they have."""
    key: Row = {"store_id": store, "id": own}
    place: Row = {"location": f"A-{own}", "warehouse": "main"}
    return {
        "stores": {"id": store, "code": f"STORE-{store}", "name": "A shop"},
        "users": {"id": own, "username": f"person-{own}", "password_hash": "x"},
        "sign_in_tries": {"key": f"key-{own}", "tries": "[1.5]", "last_try_at": _WHEN},
        "setup_links": {"id": own, "token_hash": f"hash-{own}", "expires_at": _WHEN},
        "memberships": {**key, "user_id": own, "role": "packer"},
        "store_settings": {**key, "name": f"setting-{own}", "value": "15", "changed_by": "max"},
        "imported_stock_rows": {
            "store_id": store,
            "row_key": f"row-{own}",
            "delivery": "",
            "content": "content",
            "source": "stock.csv",
        },
        "import_mappings": {**key, "name": f"mapping-{own}", "mapping": "{}", "changed_by": "max"},
        "sessions": {**key, "user_id": own, "token_hash": f"hash-{own}", "device": "Chrome, Android"},
        "import_jobs": {
            **key,
            "kind": "orders",
            "file_name": "orders.csv",
            "file_size": 10,
            "file_hash": "0" * 64,
            "state": "uploaded",
            "created_by": "max",
        },
        "one_time_links": {
            **key,
            "token_hash": f"hash-{own}",
            "user_id": own,
            "made_by": "ada",
            "expires_at": _WHEN,
        },
        "saved_filters": {**key, "user_id": own, "name": "Late", "query": "late=1"},
        "api_tokens": {**key, "name": f"program-{own}", "role": "manager", "token_hash": f"hash-{own}"},
        "products": {**key, "sku": f"SKU-{own}", "gtin": f"4{own:012d}", "name": "Widget"},
        "product_search_words": {"store_id": store, "word": f"word-{own}", "product_id": first},
        "matches": {
            **key,
            "kind": "gtin",
            "code": f"5{own:012d}",
            "match_key": f"5{own:012d}",
            "folded": f"5{own:012d}",
            "product_id": first,
            "matched_by": "max",
        },
        "product_codes": {**key, "code": f"CODE-{own}", "product_id": first, "units": 6, "taught_by": "max"},
        "product_code_changes": {**key, "code": f"CODE-{own}", "product_id": first, "units": 6, "changed_by": "max"},
        "product_merges": {
            **key,
            "product_id": first,
            "survivor_id": first,
            "present_id": first,
            "operation_id": f"merge-{own}",
            "merged_by": "max",
            "undone_by": "max",
            "undone_at": _WHEN,
            "details": "{}",
        },
        "inventory": {**key, **place, "product_id": first, "quantity": 10, "reserved_quantity": 3},
        "channels": {**key, "code": f"shop-{own}", "code_key": f"shop-{own}", "name": "A shop"},
        "orders": {
            **key,
            "order_number": f"ORD-{own}",
            "channel_id": first,
            "external_id": f"EXT-{own}",
            "status": "processing",
        },
        "assignments": {**key, "order_id": own, "user_id": own, "is_joint": own > first},
        "order_items": {**key, "order_id": first, "product_id": first, "quantity": 5, "shipped_quantity": 2},
        "order_states": {**key, "order_id": first, "goods": f"goods-{own}", "person": "somebody"},
        "order_search_words": {"store_id": store, "word": f"word-{own}", "order_id": first},
        "picks": {**key, "order_item_id": own, "person": "paula", "units": 2},
        "allocations": {**key, "order_item_id": own, "inventory_id": first, "quantity": 3},
        "shipments": {**key, "order_id": first, "packed_by": "paula"},
        "shipment_lines": {
            **key,
            "shipment_id": first,
            "order_item_id": first,
            "quantity": 2,
            "operation_id": "op",
            "shipped_by": "paula",
        },
        "inventory_transactions": {
            **key,
            **place,
            "product_id": first,
            "inventory_id": first,
            "seq": own - first + 1,
            "transaction_type": "import",
            "quantity_change": 10,
            "reserved_change": 0,
            "quantity_after": 10,
            "reserved_after": 0,
            "operation_id": "op",
            "created_by": "max",
            "created_at": _WHEN,
        },
        "order_events": {
            **key,
            "order_id": first,
            "kind": "imported",
            "actor": "max",
            "details": "{}",
            "operation_id": "op",
            "created_at": _WHEN,
        },
        "stock_exceptions": {
            **key,
            "order_id": first,
            "order_item_id": own,
            "cause": "no_inventory",
            "quantity": 1,
            "opened_by": "max",
        },
        "idempotency_keys": {
            "store_id": store,
            "key": f"key-{own}",
            "actor": "max",
            "fingerprint": "x",
            "operation_id": "op",
        },
    }


TABLES = tuple(_rows(1, 100, 100))
"""Every table, in an order in which rows can be inserted."""


def insert(connection: Connection, name: str, row: Row) -> None:
    """Insert plain values, bypassing Python's type checks."""
    connection.execute(table(name, *map(column, row)).insert().values(row))


def insert_all(connection: Connection, store_id: int) -> None:
    """Insert number 0 of every table for one store."""
    for name in TABLES:
        insert(connection, name, row_of(name, store_id))
