"""Invariants 1 and 2 broken: the ledger, the stock, the allocations."""

from __future__ import annotations

from tests.services.corruptions.wording import (
    MIDDLE,
    NEWEST,
    REVERSAL,
    SHELF,
    Corruption,
    allocation,
    changed,
    entry,
    first,
    item,
    of_item,
    of_ledger,
    of_stock,
)

LEDGER = (
    of_ledger("gap in seq", "seq_dense", NEWEST, "seq = seq + 1"),
    of_ledger("first seq is not 1", "seq_dense", first("inventory_transactions", "seq = 1"), "seq = 0"),
    Corruption(
        "ledger row removed",
        1,
        "seq_dense",
        "inventory_transactions",
        f"SELECT {first('inventory_transactions', f'seq = 6 AND inventory_id = {SHELF}')}",
        (f"DELETE FROM inventory_transactions WHERE store_id = :store AND id = {MIDDLE}",),
    ),
    of_ledger("on hand after edited", "running_sums", MIDDLE, "quantity_after = quantity_after + 1"),
    of_ledger("reserved after edited", "running_sums", MIDDLE, "reserved_after = reserved_after - 1"),
    of_ledger("on hand change edited", "running_sums", MIDDLE, "quantity_change = quantity_change + 1"),
    of_ledger("reserved change edited", "running_sums", MIDDLE, "reserved_change = reserved_change - 1"),
    of_ledger("reserve turned release", "signs", entry("reserve", "SPLIT"), "transaction_type = 'release'"),
    of_ledger("release turned reserve", "signs", entry("release", "CANCELLED"), "transaction_type = 'reserve'"),
    of_ledger("fulfill turned adjust", "signs", entry("fulfill", "SHIPPED"), "transaction_type = 'adjust'"),
    of_ledger("fulfill unequal", "signs", entry("fulfill", "SHIPPED"), "reserved_change = reserved_change - 1"),
    of_ledger("adjust of nothing", "signs", entry("adjust", "SHORT"), "quantity_change = 0"),
    of_ledger("return of less than nothing", "signs", entry("return", "RETURNED"), "quantity_change = -1"),
    of_ledger(
        "import that reserves",
        "signs",
        first("inventory_transactions", "transaction_type = 'import'"),
        "reserved_change = 1",
    ),
    of_ledger(
        "set that reserves", "signs", first("inventory_transactions", "transaction_type = 'set'"), "reserved_change = 1"
    ),
    of_ledger("type unknown", "signs", MIDDLE, "transaction_type = 'theft'"),
    of_ledger("reversal denied", "signs", REVERSAL, "reverses_id = NULL"),
    of_ledger("reversal of fewer units", "reversal_mirrors", REVERSAL, "quantity_change = 1", "reserved_change = 1"),
    of_ledger("reversal of another row", "reversal_mirrors", REVERSAL, f"reverses_id = {entry('fulfill', 'SHIPPED')}"),
    of_ledger("reversal of itself", "reversal_mirrors", REVERSAL, f"reverses_id = {REVERSAL}"),
    of_ledger("reversal of another type", "reversal_mirrors", REVERSAL, "transaction_type = 'release'"),
    Corruption(
        "second reversal",
        1,
        "reversed_once",
        "inventory_transactions",
        f"SELECT {NEWEST}",
        (
            "DROP INDEX uq_inventory_transactions_reverses",
            (
                "UPDATE inventory_transactions SET reverses_id = "
                "(SELECT min(reverses_id) FROM inventory_transactions WHERE store_id = :store) "
                "WHERE store_id = :store AND id = :id"
            ),
        ),
    ),
    of_ledger("location of another place", "ledger_names_place", MIDDLE, "location = 'Z-9'"),
    of_ledger("warehouse of another place", "ledger_names_place", MIDDLE, "warehouse = 'annex'"),
    of_ledger(
        "product of another place",
        "ledger_names_place",
        MIDDLE,
        f"product_id = {first('products', 'name = ' + repr('Widget'))}",
    ),
    of_ledger("number of another order", "ledger_names_order", entry("reserve", "SPLIT"), "order_number = 'PARTIAL'"),
    of_ledger("number left out", "ledger_names_order", entry("reserve", "SPLIT"), "order_number = NULL"),
    of_ledger(
        "order left out", "ledger_names_order", entry("reserve", "SPLIT"), "order_id = NULL", "order_number = NULL"
    ),
    of_ledger(
        "item of another order", "ledger_names_order", entry("fulfill", "SHIPPED"), f"order_item_id = {item('PARTIAL')}"
    ),
    of_ledger(
        "item of another product", "ledger_names_order", entry("fulfill", "SHIPPED"), f"order_item_id = {item('SPLIT')}"
    ),
    of_ledger("allocation left out", "ledger_names_allocation", entry("reserve", "SPLIT"), "allocation_id = NULL"),
    of_ledger(
        "allocation of another item",
        "ledger_names_allocation",
        entry("fulfill", "SHIPPED"),
        f"allocation_id = {allocation('PARTIAL')}",
    ),
    of_ledger(
        "item left out of an allocation", "ledger_names_allocation", entry("fulfill", "SHIPPED"), "order_item_id = NULL"
    ),
    of_stock("on hand edited", 1, "sums", "quantity = quantity + 1"),
    of_stock("on hand edited, last row", 1, "last_entry", "quantity = quantity + 1"),
    of_stock("reserved edited", 1, "sums", "reserved_quantity = reserved_quantity + 1"),
    of_stock("reserved edited, last row", 1, "last_entry", "reserved_quantity = reserved_quantity + 1"),
    of_stock("last_seq edited", 1, "sums", "last_seq = last_seq + 1"),
    Corruption(
        "stock from nowhere",
        1,
        "sums",
        "inventory",
        "SELECT 900001",
        (
            (
                "INSERT INTO inventory (store_id, id, product_id, location, quantity) "
                f"VALUES (:store, :id, {first('products')}, 'NOWHERE', 5)"
            ),
        ),
    ),
    changed(
        "place denied",
        1,
        "product_has_place",
        "products",
        first("products", "name = 'Widget'"),
        "has_place = NOT has_place",
    ),
)

RESERVATIONS = (
    of_stock("reserved without allocation", 2, "reserved_is_allocated", "reserved_quantity = reserved_quantity + 1"),
    Corruption(
        "allocation removed",
        2,
        "reserved_is_allocated",
        "inventory",
        f"SELECT {SHELF}",
        (f"UPDATE allocations SET quantity = 0 WHERE store_id = :store AND id = {allocation('PARTIAL')}",),
    ),
    of_stock("more reserved than there is", 2, "reserved_within_on_hand", "reserved_quantity = quantity + 1"),
    of_stock("fewer than none reserved", 2, "reserved_within_on_hand", "reserved_quantity = -1"),
    changed(
        "allocation on another product",
        2,
        "allocation_of_own_product",
        "allocations",
        allocation("PARTIAL"),
        f"inventory_id = {first('inventory')}",
    ),
    of_item("allocation without need", 2, "allocations_within_remaining", "SPLIT", "cancelled_quantity = quantity"),
    changed(
        "allocation grown",
        2,
        "allocation_is_ledger_sum",
        "allocations",
        allocation("PARTIAL"),
        "quantity = quantity + 1",
    ),
    changed(
        "allocation shrunk",
        2,
        "allocation_is_ledger_sum",
        "allocations",
        allocation("SPLIT"),
        "quantity = quantity - 1",
    ),
)
