"""Parcels: shipped units go into the packer's open parcel of the order; it closes when the order is done."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from sqlalchemy import BindParameter, ScalarSelect, bindparam, func, insert, select, update

from webapp.models import Shipment
from webapp.models.base import table_of
from webapp.models.prepared import Prepared
from webapp.services.engine.operation import Operation
from webapp.services.engine.stock_rows import ItemRow, OrderRow

_parcels = table_of(Shipment)
_NEW: Final = {column.name: bindparam(column.name, type_=column.type) for column in _parcels.c if column.name != "id"}
_OPEN: Final = Prepared(insert(_parcels).values(_NEW).returning(_parcels.c.id))
_CLOSE: Final = Prepared(
    update(_parcels)
    .where(
        _parcels.c.store_id == bindparam("of_store"),
        _parcels.c.order_id == bindparam("of_order"),
        _parcels.c.closed_at.is_(None),
    )
    .values(closed_at=bindparam("closed"))
)


def open_parcel_id(
    store_id: int | BindParameter[int], order_id: int | BindParameter[int], packed_by: str | BindParameter[str]
) -> ScalarSelect[int | None]:
    """Return a subquery of the packer's newest open parcel of an order.

    Do not use it in the statement that waits for the order's lock: it would read other tables as they were before the
    wait.
    """
    return (
        select(func.max(_parcels.c.id))
        .where(
            _parcels.c.store_id == store_id,
            _parcels.c.order_id == order_id,
            _parcels.c.packed_by == packed_by,
            _parcels.c.closed_at.is_(None),
        )
        .scalar_subquery()
    )


def pack(
    operation: Operation, order: OrderRow, packed: Sequence[tuple[ItemRow, int]], parcel_id: int | None, *, close: bool
) -> None:
    """Write the lines of ``packed`` (item, units) into the open parcel, or into a new one.

    ``close`` means that nothing is left to ship: all parcels of the order are closed.
    """
    if not packed:
        return
    if close:
        close_all(operation, order)
    if parcel_id is None:
        parcel = {
            "store_id": operation.store_id,
            "order_id": order.id,
            "carrier": "",
            "tracking_number": "",
            "packed_by": operation.actor,
            "created_at": operation.at,
            "closed_at": operation.at if close else None,
        }
        [(parcel_id,)] = _OPEN.run(operation.connection, parcel).rows
    for item, units in packed:
        operation.pack(item, units, parcel_id)


def close_all(operation: Operation, order: OrderRow) -> None:
    """Close the order's open parcels."""
    values = {"of_store": operation.store_id, "of_order": order.id, "closed": operation.at}
    _CLOSE.run(operation.connection, values)


def reopen(operation: Operation, shipment_id: int) -> None:
    """Reopen the parcel of an undone line, unless the carrier already has it."""
    operation.db.execute(
        update(Shipment)
        .where(Shipment.store_id == operation.store_id, Shipment.id == shipment_id, Shipment.tracking_number == "")
        .values(closed_at=None)
        .execution_options(synchronize_session=False)
    )
