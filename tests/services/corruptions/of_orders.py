"""Invariants 3 and 4 broken: shipped units and statuses."""

from __future__ import annotations

from tests.services.corruptions.wording import (
    Corruption,
    allocation,
    changed,
    first,
    item,
    line,
    of_item,
    of_status,
    order,
)

SHIPPED_UNITS = (
    of_item("shipped without ledger", 3, "shipped_is_ledger_sum", "PARTIAL", "shipped_quantity = 3"),
    of_item("shipped without parcel", 3, "shipped_is_parcel_sum", "PARTIAL", "shipped_quantity = 3"),
    of_item("shipped forgotten", 3, "shipped_is_ledger_sum", "PARTIAL", "shipped_quantity = 0"),
    Corruption(
        "parcel line removed",
        3,
        "shipped_is_parcel_sum",
        "order_items",
        f"SELECT {item('PARTIAL')}",
        (f"DELETE FROM shipment_lines WHERE store_id = :store AND id = {line('PARTIAL')}",),
    ),
    Corruption(
        "parcel line no longer undone",
        3,
        "shipped_is_parcel_sum",
        "order_items",
        f"SELECT {item('UNDONE')}",
        ("UPDATE shipment_lines SET undone_at = NULL, undone_by = NULL WHERE store_id = :store",),
    ),
    changed(
        "undone in the parcel alone",
        3,
        "line_is_its_ledger_rows",
        "shipment_lines",
        line("PARTIAL"),
        "undone_at = '2026-01-01 00:00:00', undone_by = 'max'",
    ),
    changed(
        "undone in the ledger alone",
        3,
        "line_is_its_ledger_rows",
        "shipment_lines",
        line("UNDONE"),
        "undone_at = NULL, undone_by = NULL",
    ),
    changed(
        "parcel line of more units",
        3,
        "line_is_its_ledger_rows",
        "shipment_lines",
        line("PARTIAL"),
        "quantity = quantity + 1",
    ),
    changed(
        "parcel line of no operation",
        3,
        "line_is_its_ledger_rows",
        "shipment_lines",
        line("PARTIAL"),
        "operation_id = 'nobody knows'",
    ),
    changed(
        "parcel of another order",
        3,
        "line_in_own_parcel",
        "shipment_lines",
        line("PARTIAL"),
        f"shipment_id = {first('shipments', 'order_id = ' + order('SHIPPED'))}",
    ),
    of_item("return forgotten", 3, "returned_covers_ledger", "RETURNED", "returned_quantity = 0"),
    of_item("returned more than shipped", 3, "units_within_order", "RETURNED", "returned_quantity = 4"),
    of_item("returned less than none", 3, "units_within_order", "SHIPPED", "returned_quantity = -1"),
    of_item("shipped less than none", 3, "units_within_order", "PENDING", "shipped_quantity = -1"),
    of_item("cancelled less than none", 3, "units_within_order", "PENDING", "cancelled_quantity = -1"),
    of_item("shipped more than ordered", 3, "units_within_order", "PARTIAL", "shipped_quantity = 6"),
)

STATUSES = (
    *(
        of_status("PENDING", status)
        for status in ("partially_shipped", "shipped", "delivered", "cancelled", "refunded", "lost")
    ),
    *(of_status("SPLIT", status) for status in ("partially_shipped", "shipped", "cancelled", "refunded")),
    *(of_status("PARTIAL", status) for status in ("pending", "processing", "shipped", "delivered", "cancelled")),
    *(of_status("SHIPPED", status) for status in ("pending", "processing", "partially_shipped")),
    *(of_status("CANCELLED", status) for status in ("pending", "processing", "partially_shipped")),
    Corruption(
        "exception closed, units still unshipped",
        4,
        "status_agrees",
        "orders",
        f"SELECT {order('FORCED')}",
        (
            (
                "UPDATE stock_exceptions SET state = 'closed', closed_by = 'max' "
                f"WHERE store_id = :store AND order_id = {order('FORCED')}"
            ),
        ),
    ),
    *(
        Corruption(
            f"{number.lower()} order holds an allocation",
            4,
            "status_agrees",
            "orders",
            f"SELECT {order(number)}",
            (f"UPDATE allocations SET quantity = 1 WHERE store_id = :store AND id = {allocation(number)}",),
        )
        for number in ("SHIPPED", "RETURNED", "CANCELLED", "REFUNDED")
    ),
    changed(
        "exception of another order",
        4,
        "exception_of_own_order",
        "stock_exceptions",
        first("stock_exceptions"),
        f"order_id = {order('SPLIT')}",
    ),
)
