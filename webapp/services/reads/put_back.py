"""Reads what a packer has to put back once an order is closed: the units that its closing released, and where."""

from __future__ import annotations

from typing import Final, NamedTuple

from sqlalchemy import BigInteger, bindparam, func, select
from sqlalchemy.orm import Session

from webapp.domain.events import EventKind
from webapp.domain.ledger import TransactionType
from webapp.models import InventoryTransaction, OrderEvent, OrderItem
from webapp.models.base import constant, table_of
from webapp.models.rows import columns_of, rows_of, whole

_ledger, _events, _items = table_of(InventoryTransaction), table_of(OrderEvent), table_of(OrderItem)
_store_id, _order_id = bindparam("store_id", type_=BigInteger), bindparam("order_id", type_=BigInteger)


class ReleasedUnits(NamedTuple):
    """Units of an item that were reserved at a place until the order was closed."""

    item_id: int
    warehouse: str
    location: str
    quantity: int


_CLOSING: Final = (
    select(_events.c.operation_id)
    .where(
        _events.c.store_id == _store_id,
        _events.c.order_id == _order_id,
        _events.c.kind == constant(EventKind.STATUS_CHANGED),
    )
    .order_by(_events.c.id.desc())
    .limit(constant(1))
    .scalar_subquery()
)
_RELEASED: Final = (
    select(
        *columns_of(
            ReleasedUnits,
            _ledger,
            item_id=_items.c.id,
            quantity=whole(-func.sum(_ledger.c.reserved_change)),
        )
    )
    .join(_items, (_items.c.store_id == _ledger.c.store_id) & (_items.c.id == _ledger.c.order_item_id))
    .where(
        _ledger.c.store_id == _store_id,
        _ledger.c.operation_id == _CLOSING,
        _ledger.c.order_id == _order_id,
        _ledger.c.transaction_type == constant(TransactionType.RELEASE),
    )
    .group_by(_items.c.id, _ledger.c.warehouse, _ledger.c.location)
    .order_by(_ledger.c.warehouse, _ledger.c.location, _items.c.id)
)


def read_released(db: Session, store_id: int, order_id: int) -> list[ReleasedUnits]:
    """Return what the last change of the order's status released, by place."""
    return rows_of(ReleasedUnits, db.connection().execute(_RELEASED, {"store_id": store_id, "order_id": order_id}))
