"""Invariants 1 and 3 to 5 broken in what only words and times connect: details of events, parcels, matches, words."""

from __future__ import annotations

from tests.services.corruptions.wording import Corruption, changed, entry, event, first, item, line, order

MATCHED_GTIN = "match_key = '04088888888886'"
LATER = "'2031-01-01 00:00:00'"


def of_detail(name: str, rule: str, kind: str, number: str, member: str, value: str) -> tuple[Corruption, ...]:
    """Change one detail of the newest event of a kind, which must be named."""
    where = "WHERE store_id = :store AND id = :id"
    statements = {
        "sqlite": f"UPDATE order_events SET details = json_set(details, '$.{member}', json('{value}')) {where}",
        "postgresql": f"UPDATE order_events SET details = jsonb_set(details, '{{{member}}}', '{value}') {where}",
    }
    return tuple(
        Corruption(name, 5, rule, "order_events", f"SELECT {event(kind, number)}", (statement,), (engine,))
        for engine, statement in statements.items()
    )


def of_words(name: str, rule: str, table: str, target: str, *statements: str) -> Corruption:
    return Corruption(name, 5, rule, table, f"SELECT {target}", statements)


DETAILS = (
    changed(
        "item event without item",
        5,
        "event_is_complete",
        "order_events",
        event("reserved", "SPLIT"),
        "order_item_id = NULL",
    ),
    changed(
        "shipment with a reason",
        5,
        "event_is_complete",
        "order_events",
        event("shipped", "PARTIAL"),
        "reason = 'For fun'",
    ),
    changed(
        "erasure with a reason",
        5,
        "event_is_complete",
        "order_events",
        event("person_erased", "ERASED"),
        "reason = 'She asked'",
    ),
    changed(
        "note read of an item",
        5,
        "event_is_complete",
        "order_events",
        event("packing_note_read", "ERASED"),
        f"order_item_id = {item('ERASED')}",
    ),
    *of_detail("undo of somebody else's line", "event_has_row", "shipment_undone", "UNDONE", "shipped_by", '"eve"'),
    *of_detail("return to another place", "event_has_row", "returned", "RETURNED", "location", '"Z9"'),
    *of_detail("find of other units", "event_has_row", "found_on_shelf", "FOUND", "quantity", "7"),
    *of_detail("short pick elsewhere", "event_has_row", "short_picked", "SHORT", "location", '"Z9"'),
    *of_detail("correction of another return", "correction_of_return", "return_corrected", "RETURNED", "event_id", "1"),
    *of_detail(
        "correction that leaves more", "correction_of_return", "return_corrected", "RETURNED", "left_quantity", "1"
    ),
    *of_detail(
        "shipment that leaves more", "remaining_follows_events", "shipped", "PARTIAL", "remaining_quantity", "4"
    ),
    *of_detail(
        "cancelled after more had shipped",
        "cancellation_of_shipped",
        "cancelled",
        "CANCELLED",
        "shipped_quantity",
        "3",
    ),
    Corruption(
        "item of more units",
        5,
        "remaining_follows_events",
        "order_events",
        f"SELECT {event('shipped', 'PARTIAL')}",
        (f"UPDATE order_items SET quantity = 6 WHERE store_id = :store AND id = {item('PARTIAL')} AND :id > 0",),
    ),
    changed("started with fewer units", 5, "start_covers_item", "order_items", item("SPLIT"), "quantity = 13"),
    Corruption(
        "find not told",
        5,
        "correction_has_event",
        "inventory_transactions",
        f"SELECT {entry('adjust', 'FOUND')}",
        (f"DELETE FROM order_events WHERE store_id = :store AND :id > 0 AND id = {event('found_on_shelf', 'FOUND')}",),
    ),
    changed(
        "release for another reason",
        5,
        "reason_is_event",
        "inventory_transactions",
        entry("release", "CANCELLED"),
        "reason = 'Stolen'",
    ),
    changed(
        "return for another reason",
        5,
        "reason_is_ledger",
        "order_events",
        event("returned", "RETURNED"),
        "reason = 'Stolen'",
    ),
    changed("version too low", 5, "version_counts_operations", "orders", order("RETURNED"), "version = 2"),
    changed(
        "item's version too low", 5, "item_version_follows", "order_items", item("RETURNED"), "changed_in_version = 2"
    ),
)

PARCELS = (
    changed(
        "parcel without line",
        3,
        "parcel_has_first_line",
        "shipments",
        first("shipments", "order_id = " + order("PARTIAL")),
        f"created_at = {LATER}",
    ),
    changed(
        "parcel closed by nobody",
        3,
        "parcel_closed_by_event",
        "shipments",
        first("shipments", "order_id = " + order("PARTIAL")),
        f"closed_at = {LATER}",
    ),
    changed(
        "parcel still open",
        3,
        "parcel_of_done_order",
        "shipments",
        first("shipments", "order_id = " + order("SHIPPED")),
        "closed_at = NULL",
    ),
    changed("line of other units", 3, "line_has_event", "shipment_lines", line("PARTIAL"), "quantity = 1"),
)

EXCEPTIONS = (
    Corruption(
        "exception removed",
        4,
        "skip_has_exception",
        "order_items",
        "SELECT order_item_id FROM stock_exceptions WHERE store_id = :store ORDER BY id LIMIT 1",
        ("DELETE FROM stock_exceptions WHERE store_id = :store AND order_item_id = :id",),
    ),
    changed(
        "closed in other words",
        5,
        "closing_has_exception",
        "order_events",
        event("exception_closed", "CLOSED"),
        "reason = 'Nobody knows'",
    ),
    *(
        changed(
            f"exception: {change}", 4, rule, "stock_exceptions", first("stock_exceptions", "state = 'open'"), change
        )
        for rule, change in (
            ("exception_within_need", "quantity = 99"),
            ("exception_is_whole", "resolution = 'Settled'"),
        )
    ),
)

TO_COUNT = first("inventory", "count_cause IS NOT NULL")
COUNTS = (
    *(
        changed(f"count: {change}", 1, "count_has_movement", "inventory", TO_COUNT, change)
        for change in ("count_asked_by = 'eve'", f"count_asked_at = {LATER}")
    ),
    changed(
        "count asked for after a count",
        1,
        "count_follows_ledger",
        "inventory",
        first("inventory", "location = 'B2'"),
        "count_cause = 'found_units'",
        "count_asked_by = 'eve'",
        f"count_asked_at = {LATER}",
    ),
)

MATCHES = (
    *of_detail("match with another product", "match_is_event", "item_matched", "MATCHED", "sku", '"other"'),
    *(
        Corruption(
            f"match: {statement}",
            5,
            "match_is_kept",
            "matches",
            f"SELECT {first('matches', MATCHED_GTIN)}",
            (f"{statement} WHERE store_id = :store AND id = :id",),
        )
        for statement in (
            "DELETE FROM matches",
            "UPDATE matches SET matched_by = 'eve'",
            "UPDATE matches SET matched_at = '2020-01-01 00:00:00'",
        )
    ),
    Corruption(
        "match of another GTIN",
        5,
        "gtin_has_match",
        "order_events",
        f"SELECT {event('item_matched', 'MATCHED')}",
        (f"UPDATE matches SET match_key = 'other' WHERE store_id = :store AND {MATCHED_GTIN} AND :id > 0",),
    ),
    changed(
        "match taken back by nobody",
        5,
        "undone_by_named",
        "matches",
        first("matches"),
        "undone_by = ''",
        f"undone_at = {LATER}",
        "is_remembered = false",
    ),
    changed("item of another pack", 5, "pack_is_of_match", "order_items", item("PENDING"), "pack_units = 2"),
    changed(
        "item of another product",
        5,
        "item_of_named_product",
        "order_items",
        item("PENDING"),
        "product_id = (SELECT max(id) FROM products WHERE store_id = :store AND sku <> order_items.sku)",
    ),
)

OF_MERGE = "(SELECT product_id FROM product_merges WHERE id = :id)"
MERGE = first("product_merges", "undone_at IS NULL")
MERGES = (
    changed(
        "line of the merged product",
        5,
        "line_follows_merge",
        "order_items",
        item("MERGED"),
        f"product_id = (SELECT product_id FROM product_merges WHERE id = {MERGE})",
    ),
    Corruption(
        "a line's product changed before the merge",
        5,
        "change_has_merge",
        "order_events",
        f"SELECT {event('product_changed', 'MERGED')}",
        (f"UPDATE product_merges SET merged_at = {LATER} WHERE store_id = :store AND :id > 0",),
    ),
    Corruption(
        "merged product that is not retired",
        5,
        "merged_holds_nothing",
        "product_merges",
        f"SELECT {MERGE}",
        (f"UPDATE products SET retired_by = NULL, retired_at = NULL WHERE store_id = :store AND id = {OF_MERGE}",),
    ),
    changed("merged into itself", 5, "merge_leads_somewhere", "product_merges", MERGE, "present_id = product_id"),
)

WORDS = (
    changed("other customer", 5, "order_has_its_words", "orders", order("IMPORTED"), "customer_name = 'Eve'"),
    of_words(
        "search word removed",
        "order_has_its_words",
        "orders",
        order("IMPORTED"),
        "DELETE FROM order_search_words WHERE store_id = :store AND order_id = :id AND word = 'marie'",
    ),
    changed("other name", 5, "product_has_its_words", "products", first("products"), "name = 'Thing'"),
    changed("no such setting", 5, "setting_is_usable", "store_settings", first("store_settings"), "name = 'colour'"),
    changed("no such value", 5, "setting_is_usable", "store_settings", first("store_settings"), "value = '\"blue\"'"),
)

WHAT_EVENTS_TELL = (*DETAILS, *PARCELS, *EXCEPTIONS, *COUNTS, *MATCHES, *MERGES, *WORDS)
