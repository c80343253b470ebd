"""Worked examples for the OpenAPI document. Source: docs/contract.md, "Worked examples"."""

from __future__ import annotations

from typing import Any, Final

from webapp.domain.statuses import OrderStatus

SHIPPED_ITEM: Final[dict[str, Any]] = {
    "order_id": 123,
    "item_id": 1,
    "fulfilled_quantity": 2,
    "shipped_quantity": 2,
    "remaining_quantity": 0,
    "is_fully_shipped": True,
}

SHIPMENT_STATUS: Final[dict[str, Any]] = {
    "order_id": 123,
    "order_number": "ORD-1-20260101-ABC123",
    "order_status": OrderStatus.PARTIALLY_SHIPPED,
    "version": 4,
    "is_fully_shipped": False,
    "is_partially_shipped": True,
    "shipped_item_count": 1,
    "total_item_count": 2,
    "total_shipped_units": 2,
    "total_ordered_units": 5,
    "total_cancelled_units": 0,
    "items": [
        {
            "item_id": 1,
            "product_id": 11,
            "product_name": "Widget A",
            "sku": "W-A",
            "gtin": "4000000000013",
            "quantity": 2,
            "shipped_quantity": 2,
            "cancelled_quantity": 0,
            "returned_quantity": 0,
            "reserved_quantity": 0,
            "remaining_quantity": 0,
            "is_fully_shipped": True,
            "is_partially_shipped": False,
            "weight_grams": 350,
            "hs_code": "691200",
            "origin_country": "PT",
        },
        {
            "item_id": 2,
            "product_id": 12,
            "product_name": "Widget B",
            "sku": "W-B",
            "gtin": None,
            "quantity": 3,
            "shipped_quantity": 0,
            "cancelled_quantity": 0,
            "returned_quantity": 0,
            "reserved_quantity": 3,
            "remaining_quantity": 3,
            "is_fully_shipped": False,
            "is_partially_shipped": False,
            "weight_grams": None,
            "hs_code": None,
            "origin_country": None,
        },
    ],
}
