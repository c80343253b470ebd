"""Ends people's holds on orders that are done, in the transaction that finishes them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from sqlalchemy import Connection, bindparam, delete

from webapp.domain.statuses import OPEN_STATUSES
from webapp.models import Assignment
from webapp.models.base import table_of
from webapp.models.prepared import Prepared
from webapp.services.engine.stock_rows import OrderRow

_assignments: Final = table_of(Assignment)
_END: Final = Prepared(
    delete(_assignments).where(
        _assignments.c.store_id == bindparam("of_store"), _assignments.c.order_id == bindparam("of_order")
    )
)


def end_of_done(connection: Connection, store_id: int, orders: Iterable[OrderRow]) -> None:
    """Free the orders whose status has just become one in which nothing is left to ship."""
    for order in orders:
        if order.status != order.stored_status and order.status not in OPEN_STATUSES:
            _END.run(connection, {"of_store": store_id, "of_order": order.id})
