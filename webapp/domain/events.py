"""Kinds of events in an order's history."""

from __future__ import annotations

from enum import StrEnum


class EventKind(StrEnum):
    """Kinds of order events. The values are stored."""

    IMPORTED = "imported"
    STATUS_CHANGED = "status_changed"
    RESERVED = "reserved"
    RELEASED = "released"
    SHIPPED = "shipped"
    SHIPMENT_UNDONE = "shipment_undone"
    ITEM_CANCELLED = "item_cancelled"
    CANCELLED = "cancelled"
    RETURNED = "returned"
    WRITTEN_OFF = "written_off"
    RETURN_CORRECTED = "return_corrected"
    FOUND_ON_SHELF = "found_on_shelf"
    SHORT_PICKED = "short_picked"
    BACKORDER_FILLED = "backorder_filled"
    ITEM_MATCHED = "item_matched"
    STOCK_SKIPPED = "stock_skipped"
    EXCEPTION_CLOSED = "exception_closed"
    PACKING_NOTE_READ = "packing_note_read"
    PERSON_ERASED = "person_erased"
    CHANGED_UPSTREAM = "changed_upstream"
    UNITS_ADDED = "units_added"
    CONTRADICTED = "contradicted"
    HOLD_RELEASED = "hold_released"
    PRODUCT_CHANGED = "product_changed"
    MATCH_UNDONE = "match_undone"
    ORDER_ASSIGNED = "order_assigned"
