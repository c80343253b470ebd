"""Plain rows of one item under lock, and how those that changed are written.

Plain rows instead of models: this runs at every tap of a packer, and the ORM's loading and flushing took more CPU
than the database did (ADR 0009).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection, bindparam, event, update
from sqlalchemy.orm import Session, scoped_session

from webapp.domain.statuses import OrderStatus
from webapp.domain.units import ItemUnits, PlaceUnits
from webapp.models import Allocation, Inventory, Order, OrderItem
from webapp.models.base import Base, table_of


@dataclass(slots=True, eq=False)
class LockedOrder:
    """The order's row."""

    id: int
    order_number: str
    status: OrderStatus
    version: int


@dataclass(slots=True, eq=False)
class LockedItem(ItemUnits):
    """The item's row, and whether its product is known."""

    store_id: int
    id: int
    order_id: int
    product_id: int
    quantity: int
    shipped_quantity: int
    cancelled_quantity: int
    changed_in_version: int
    is_placeholder: bool


@dataclass(slots=True, eq=False)
class LockedPlace(PlaceUnits):
    """One place of the item's product."""

    id: int
    product_id: int
    warehouse: str
    location: str
    quantity: int
    reserved_quantity: int
    last_seq: int


@dataclass(slots=True, eq=False)
class LockedAllocation:
    """The item's allocation on one place."""

    id: int
    order_item_id: int
    inventory_id: int
    quantity: int


class Written:
    """The columns of a model's row that change here."""

    def __init__(self, model: type[Base], *columns: str) -> None:
        table = table_of(model)
        self._model, self._columns = model, columns
        self._update = (
            update(table)
            .where(table.c.store_id == bindparam("of_store"), table.c.id == bindparam("of_id"))
            .values({name: bindparam(name) for name in columns})
        )

    def save(self, db: Session, connection: Connection, store_id: int, rows: Sequence[Any]) -> None:
        """Write the rows; an object that the caller's session holds of one is read anew when it is next looked at."""
        if not rows:
            return
        columns = self._columns
        values = [
            {"of_store": store_id, "of_id": row.id} | {name: getattr(row, name) for name in columns} for row in rows
        ]
        connection.execute(self._update, values if len(values) > 1 else values[0])
        if db.identity_map.keys():
            keys = [db.identity_key(self._model, (store_id, row.id)) for row in rows]
            self._expire(db, [held for held in map(db.identity_map.get, keys) if held is not None])

    def _expire(self, db: Session | scoped_session[Session], held: Sequence[Any]) -> None:
        """Let objects be read anew; once more after a savepoint's rollback, since the session knows of no change."""

        def expire(session: Session, _transaction: object = None) -> None:
            for instance in held:
                if instance in session:
                    session.expire(instance, self._columns)

        session = db() if isinstance(db, scoped_session) else db
        expire(session)
        if held and session.in_nested_transaction():
            event.listen(session, "after_soft_rollback", expire, once=True)


ORDERS: Final = Written(Order, "status", "version")
ITEMS: Final = Written(OrderItem, "shipped_quantity", "changed_in_version")
PLACES: Final = Written(Inventory, "quantity", "reserved_quantity", "last_seq")
ALLOCATIONS: Final = Written(Allocation, "quantity")
