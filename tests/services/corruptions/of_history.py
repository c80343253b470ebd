"""Invariants 4 and 5 broken in the history: events, people, times and stored answers."""

from __future__ import annotations

from tests.services.corruptions.wording import (
    Corruption,
    changed,
    entry,
    event,
    first,
    item,
    line,
    of_item,
    of_key,
    order,
)

EVE = "'eve'"
LATER = "'2031-01-01 00:00:00'"


def of_event(name: str, invariant: int, rule: str, table: str, target: str, kind: str, number: str) -> Corruption:
    """Remove the newest event of a kind; the row ``target`` must be named."""
    removed = f"DELETE FROM order_events WHERE store_id = :store AND id = {event(kind, number)}"
    return Corruption(name, invariant, rule, table, f"SELECT {target}", (removed,))


def of_operation(name: str, rule: str, table: str, row: str, column: str, value: str) -> Corruption:
    """Change a column of one row; the operation that wrote the row must be named."""
    return Corruption(
        name,
        5,
        rule,
        "order_events",
        f"SELECT operation_id FROM {table} WHERE store_id = :store AND id = {row}",
        (f"UPDATE {table} SET {column} = {value} WHERE store_id = :store AND id = {row} AND :id <> ''",),
    )


def of_answer(name: str, rule: str, member: str, value: int) -> tuple[Corruption, ...]:
    """Change a number of the answer that is stored under a key."""
    where = "WHERE store_id = :store AND key = :id"
    statements = {
        "sqlite": f"UPDATE idempotency_keys SET result = json_set(result, '$.{member}', {value}) {where}",
        "postgresql": f"UPDATE idempotency_keys SET result = jsonb_set(result, '{{{member}}}', '{value}') {where}",
    }
    return tuple(
        Corruption(name, 5, rule, "idempotency_keys", "SELECT 'ship-PARTIAL-2'", (statement,), (engine,))
        for engine, statement in statements.items()
    )


BEFORE = (
    "(SELECT max(id) FROM order_events WHERE store_id = :store AND kind = 'status_changed' AND id < :id "
    f"AND order_id = {order('RETURNED')})"
)
"""The last change of status but one."""

STATUS_HISTORY = (
    changed(
        "delivered without an event", 4, "status_is_last_event", "orders", order("SHIPPED"), "status = 'delivered'"
    ),
    changed(
        "pending again without an event", 4, "status_is_last_event", "orders", order("SPLIT"), "status = 'pending'"
    ),
    changed("imported as processing", 4, "status_is_last_event", "orders", order("IMPORTED"), "status = 'processing'"),
    of_event(
        "last change of status removed",
        4,
        "status_is_last_event",
        "orders",
        order("RETURNED"),
        "status_changed",
        "RETURNED",
    ),
    Corruption(
        "change of status removed",
        4,
        "status_changes_follow",
        "order_events",
        f"SELECT {event('status_changed', 'RETURNED')}",
        (f"DELETE FROM order_events WHERE store_id = :store AND id = {BEFORE}",),
    ),
    changed(
        "change of status from elsewhere",
        4,
        "status_changes_follow",
        "order_events",
        event("status_changed", "RETURNED"),
        'details = \'{"from": "pending", "to": "delivered"}\'',
    ),
)

TELL_OTHER_UNITS = (
    """UPDATE order_events SET details = '{{"quantity": 99, "remaining_quantity": 0}}' """
    "WHERE store_id = :store AND :id > 0 AND id = {}"
)

UNITS_OF_EVENTS = (
    of_event("shipment not told", 5, "events_are_ledger_units", "order_items", item("PARTIAL"), "shipped", "PARTIAL"),
    of_event("undo not told", 5, "events_are_ledger_units", "order_items", item("UNDONE"), "shipment_undone", "UNDONE"),
    of_event("return not told", 5, "events_are_ledger_units", "order_items", item("RETURNED"), "returned", "RETURNED"),
    *(
        Corruption(
            f"event of other units {kind}",
            5,
            "events_are_ledger_units",
            "order_items",
            f"SELECT {item(number)}",
            (TELL_OTHER_UNITS.format(event(kind, number)),),
        )
        for kind, number in (("shipped", "PARTIAL"), ("reserved", "SPLIT"), ("released", "CANCELLED"))
    ),
    of_event(
        "reservation not told",
        5,
        "movement_has_event",
        "inventory_transactions",
        entry("reserve", "SPLIT"),
        "reserved",
        "SPLIT",
    ),
    of_event(
        "cancellation not told", 5, "cancelled_is_event_sum", "orders", order("CANCELLED"), "cancelled", "CANCELLED"
    ),
    Corruption(
        "cancelled without an event",
        5,
        "cancelled_is_event_sum",
        "orders",
        f"SELECT {order('SPLIT')}",
        (f"UPDATE order_items SET cancelled_quantity = 1 WHERE store_id = :store AND id = {item('SPLIT')}",),
    ),
    of_event(
        "write-off not told", 5, "returned_is_event_sum", "order_items", item("RETURNED"), "written_off", "RETURNED"
    ),
    Corruption(
        "imported item removed",
        5,
        "imported_items_exist",
        "orders",
        f"SELECT {order('IMPORTED')}",
        (f"DELETE FROM order_items WHERE store_id = :store AND id = {item('IMPORTED')} AND :id > 0",),
    ),
    of_item("item of a later version", 5, "version_reached", "PARTIAL", "changed_in_version = 999"),
)

ROWS_OF_ONE_SHIPMENT = (
    ("inventory_transactions", entry("fulfill", "PARTIAL"), "created_by", "created_at"),
    ("order_events", event("shipped", "PARTIAL"), "actor", "created_at"),
    ("shipment_lines", line("PARTIAL"), "shipped_by", "shipped_at"),
)
"""Table, row, and its columns of the person and the time."""

PEOPLE_OF_OPERATIONS = (
    *(
        of_operation(f"{table} by somebody else", "operation_has_one_person", table, row, column, EVE)
        for table, row, column, _ in ROWS_OF_ONE_SHIPMENT
    ),
    Corruption(
        "key of somebody else",
        5,
        "operation_has_one_person",
        "order_events",
        "SELECT operation_id FROM idempotency_keys WHERE store_id = :store AND key = 'ship-PARTIAL-2'",
        (f"UPDATE idempotency_keys SET actor = {EVE} WHERE store_id = :store AND operation_id = :id",),
    ),
    *(
        of_operation(f"{table} at another time", "operation_has_one_time", table, row, column, LATER)
        for table, row, _, column in ROWS_OF_ONE_SHIPMENT
    ),
    changed(
        "parcel of somebody else",
        5,
        "packer_is_shipper",
        "shipments",
        first("shipments", "order_id = " + order("PARTIAL")),
        f"packed_by = {EVE}",
    ),
    *(
        changed(f"undone: {change}", 5, "undo_has_event", "shipment_lines", line("UNDONE"), change)
        for change in (f"undone_by = {EVE}", f"undone_at = {LATER}")
    ),
    *(
        changed(f"exception: {change}", 5, rule, "stock_exceptions", first("stock_exceptions", where), change)
        for rule, where, change in (
            ("exception_has_event", "1 = 1", f"opened_by = {EVE}"),
            ("exception_has_event", "1 = 1", f"opened_at = {LATER}"),
            ("closing_has_event", "state = 'closed'", f"closed_by = {EVE}"),
            ("closing_has_event", "state = 'closed'", f"closed_at = {LATER}"),
        )
    ),
)

STORED_ANSWERS = (
    *of_answer("answer of no order", "answer_is_of_order", "order_id", 900001),
    *of_answer("answer of units left", "answer_is_event", "remaining_quantity", 77),
    of_key(
        "answer that is no status",
        "key_well_formed",
        "ship-PARTIAL-2",
        "UPDATE idempotency_keys SET status = 500 WHERE store_id = :store AND key = :id",
    ),
    of_key(
        "no fingerprint",
        "key_well_formed",
        "ship-PARTIAL-2",
        "UPDATE idempotency_keys SET fingerprint = '' WHERE store_id = :store AND key = :id",
    ),
)

KEY = "WHERE store_id = :store AND key = 'ship-PARTIAL-2'"
CHANGES_OF_KEYS = (
    "key = 'ship-PARTIAL-3'",
    f"actor = {EVE}",
    "fingerprint = 'of another request'",
    "operation_id = 'nobody knows'",
    "status = 201",
    "created_at = '2026-01-01 00:00:00'",
    "checksum = ''",
    """result = '{"fulfilled_quantity": 2, "shipped_quantity": 9}'""",
    "result = NULL",
)

KEPT_KEYS = (
    Corruption(
        "key removed",
        5,
        "operation_has_key",
        "idempotency_keys",
        f"SELECT operation_id FROM idempotency_keys {KEY}",
        (f"DELETE FROM idempotency_keys {KEY}",),
    ),
    *(
        of_key(
            f"key changed: {change}",
            "key_is_unchanged",
            "ship-PARTIAL-3" if change.startswith("key") else "ship-PARTIAL-2",
            f"UPDATE idempotency_keys SET {change} {KEY}",
        )
        for change in CHANGES_OF_KEYS
    ),
)

HISTORY = (*STATUS_HISTORY, *UNITS_OF_EVENTS, *PEOPLE_OF_OPERATIONS, *STORED_ANSWERS, *KEPT_KEYS)
