"""Invariant 5 broken, and the tables' own rules: people, idempotency keys, values."""

from __future__ import annotations

from tests.services.corruptions.wording import (
    Corruption,
    changed,
    entry,
    first,
    item,
    nameless,
    of_key,
    operation,
    order,
)

PEOPLE_AND_KEYS = (
    nameless("inventory_transactions", "created_by"),
    nameless("inventory_transactions", "created_by", blank=" \t"),
    nameless("order_events", "actor"),
    nameless("order_events", "actor", blank="  "),
    nameless("shipments", "packed_by"),
    nameless("shipment_lines", "shipped_by"),
    nameless("shipment_lines", "undone_by", "undone_at IS NOT NULL"),
    nameless("stock_exceptions", "opened_by"),
    nameless("stock_exceptions", "closed_by", "state = 'closed'"),
    nameless("store_settings", "changed_by"),
    nameless("product_merges", "merged_by"),
    nameless("product_merges", "undone_by", "undone_at IS NOT NULL"),
    nameless("products", "retired_by", "retired_at IS NOT NULL"),
    nameless("inventory", "count_asked_by", "count_cause IS NOT NULL"),
    Corruption(
        "idempotency_keys.actor empty",
        5,
        "actor_named",
        "idempotency_keys",
        "SELECT 'ship-PARTIAL-2'",
        ("UPDATE idempotency_keys SET actor = '' WHERE store_id = :store AND key = :id",),
    ),
    nameless("matches", "matched_by"),
    nameless("picks", "person"),
    changed(
        "channel with another's key", 5, "channel_has_its_key", "channels", first("channels"), "code_key = 'elsewhere'"
    ),
    changed("order without an id", 5, "order_is_named", "orders", order("PARTIAL"), "external_id = ''"),
    changed(
        "event of another order",
        5,
        "event_of_own_order",
        "order_events",
        first("order_events", "order_item_id = " + item("PARTIAL")),
        f"order_id = {order('SPLIT')}",
    ),
    of_key(
        "two keys, one operation",
        "key_has_own_operation",
        "ship-UNDONE-1",
        f"UPDATE idempotency_keys SET operation_id = {operation('ship-UNDONE-2')} "
        "WHERE store_id = :store AND key = :id",
    ),
    of_key(
        "one key, two orders",
        "key_moves_one_order",
        "ship-PARTIAL-2",
        f"UPDATE inventory_transactions SET operation_id = {operation('ship-PARTIAL-2')} "
        f"WHERE store_id = :store AND id = {entry('fulfill', 'SHIPPED')} AND :id <> ''",
    ),
    of_key(
        "refused, yet stock moved",
        "refusal_moves_nothing",
        "ship-PARTIAL-99",
        f"UPDATE inventory_transactions SET operation_id = {operation('ship-PARTIAL-99')} "
        f"WHERE store_id = :store AND id = {entry('fulfill', 'SHIPPED')} AND :id <> ''",
    ),
    of_key(
        "answer of more units",
        "answer_is_ledger_sum",
        "ship-PARTIAL-2",
        "UPDATE idempotency_keys SET result = '{\"fulfilled_quantity\": 7}' WHERE store_id = :store AND key = :id",
    ),
    of_key(
        "answer without effect",
        "answer_is_ledger_sum",
        "ship-PARTIAL-2",
        "UPDATE idempotency_keys SET operation_id = 'nobody knows' WHERE store_id = :store AND key = :id",
    ),
)

TABLE_RULES = (
    changed(
        "pick of a shipped item",
        0,
        "pick_has_units_left",
        "picks",
        first("picks"),
        f"order_item_id = {item('SHIPPED')}",
    ),
    Corruption(
        "nobody's name",
        0,
        "declared_rules",
        "products",
        f"SELECT {first('products')}",
        (
            "ALTER TABLE products ALTER COLUMN name DROP NOT NULL",
            "UPDATE products SET name = NULL WHERE store_id = :store AND id = :id",
        ),
        ("postgresql",),
    ),
    *(
        Corruption(
            f"{table}.{column} is {value}",
            0,
            "declared_rules",
            table,
            f"SELECT {first(table)}",
            (f"UPDATE {table} SET {column} = {value} WHERE store_id = :store AND id = :id",),
            ("sqlite",),
        )
        for value in ("1.5", "'many'")
        for table, column in (
            ("inventory", "quantity"),
            ("inventory", "reserved_quantity"),
            ("inventory", "last_seq"),
            ("order_items", "quantity"),
            ("order_items", "shipped_quantity"),
            ("order_items", "cancelled_quantity"),
            ("order_items", "returned_quantity"),
            ("allocations", "quantity"),
            ("shipment_lines", "quantity"),
            ("stock_exceptions", "quantity"),
            ("inventory_transactions", "seq"),
            ("inventory_transactions", "quantity_change"),
            ("inventory_transactions", "reserved_change"),
            ("inventory_transactions", "quantity_after"),
            ("inventory_transactions", "reserved_after"),
        )
    ),
    *(
        changed(f"{table}.{column} is {value}", 0, "declared_rules", table, first(table), f"{column} = {value}")
        for table, column, value in (
            ("orders", "status", "'lost'"),
            ("order_events", "kind", "'rumour'"),
            ("inventory_transactions", "transaction_type", "'theft'"),
            ("stock_exceptions", "cause", "'weather'"),
            ("stock_exceptions", "state", "'half'"),
            ("memberships", "role", "'king'"),
            ("api_tokens", "role", "'king'"),
            ("products", "gtin", "'0000000000000'"),
            ("order_items", "quantity", "0"),
            ("shipment_lines", "quantity", "0"),
            ("inventory_transactions", "reserved_after", "-1"),
            ("allocations", "quantity", "-1"),
        )
    ),
    Corruption(
        "two open exceptions of one item and cause",
        0,
        "unique_key",
        "stock_exceptions",
        "SELECT 900001",
        (
            "DROP INDEX uq_stock_exceptions_open",
            (
                "INSERT INTO stock_exceptions (store_id, id, order_id, order_item_id, cause, quantity, opened_by) "
                "SELECT store_id, :id, order_id, order_item_id, cause, quantity, opened_by FROM stock_exceptions "
                "WHERE store_id = :store AND id = "
                "(SELECT min(id) FROM stock_exceptions WHERE store_id = :store AND state = 'open')"
            ),
        ),
    ),
)
