"""Ships units of several items of a locked order in one parcel."""

from __future__ import annotations

import logging
from collections.abc import Mapping

from sqlalchemy import select

from webapp.domain.events import EventKind
from webapp.domain.system_reasons import SystemReason
from webapp.services.engine import parcels, stock_exceptions
from webapp.services.engine.locked_rows import LockedItem
from webapp.services.engine.whole_order import WholeOrder

log = logging.getLogger("packbench.stock")


def ship_together(whole: WholeOrder, requests: Mapping[LockedItem, int]) -> None:
    """Ship up to the requested units of each item from where they are reserved, with parcel, history and exceptions;
    the caller sets the status and writes the operation. Raises like ``WholeOrder.serve``."""
    order, operation = whole.order, whole.operation
    for item, requested in requests.items():
        units = whole.serve(item, requested, whole.stock.fulfill)
        if units:
            item.shipped_quantity += units
            operation.record(
                order, EventKind.SHIPPED, item=item, quantity=units, remaining_quantity=item.remaining_quantity
            )
            log.info("Fulfilled %s units of product %s for order %s", units, item.product_id, order.order_number)
    parcel_id = operation.connection.scalar(
        select(parcels.open_parcel_id(operation.store_id, order.id, operation.actor))
    )
    is_done = not any(item.remaining_quantity for item in whole.items)
    parcels.pack(operation, order, list(whole.units.items()), parcel_id, close=is_done)
    settled = [item for item in whole.units if not item.remaining_quantity]
    stock_exceptions.settle(operation, settled, SystemReason.ALL_SHIPPED())
