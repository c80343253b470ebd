"""One operation in the making: it moves stock and writes the ledger and the order's history about it.

Everything that changes ``inventory`` goes through ``Operation.move``, so no unit moves without its ledger row.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from sqlalchemy import insert
from sqlalchemy.orm import Session

from webapp.database.unit_of_work import operation_id
from webapp.domain.clock import utc_now
from webapp.domain.errors import InvalidQuantity
from webapp.domain.events import EventKind
from webapp.domain.ledger import TransactionType
from webapp.domain.quantities import MAX_QUANTITY
from webapp.domain.statuses import OrderStatus
from webapp.models import Allocation, InventoryTransaction, OrderEvent
from webapp.models.base import table_of
from webapp.services.engine.stock_rows import AllocationRow, ItemRow, OrderRow, PlaceRow, SavesRows

# On the tables, not the classes: the ORM would group rows by which columns are NULL, a statement a group. Built once.
_LEDGER: Final = insert(table_of(InventoryTransaction))
_HISTORY: Final = insert(table_of(OrderEvent))
_allocations = table_of(Allocation)
_NEW_ALLOCATIONS: Final = insert(_allocations).returning(
    _allocations.c.order_item_id, _allocations.c.inventory_id, _allocations.c.id
)


class Operation:
    """What one actor does to one store's stock at one time; ``write`` puts it into the session's transaction.

    The rows it works on are models, which the session writes, or those of one item ``in_hand``.
    """

    def __init__(self, db: Session, store_id: int, actor: str, in_hand: SavesRows | None = None) -> None:
        self.db = db
        self.connection = db.connection()
        self.store_id = store_id
        self.actor = actor.strip() or "system"
        self.id = operation_id(db)
        self.at: datetime = utc_now()
        self._in_hand = in_hand
        self._moved: dict[int, PlaceRow] = {}
        self._new_allocations: dict[int, Allocation] = {}
        self._movements: list[tuple[dict[str, Any], AllocationRow | None]] = []
        self._events: list[dict[str, Any]] = []

    def new_allocation(self, item: ItemRow, place: PlaceRow) -> Allocation:
        """Return an empty allocation of ``place`` to ``item``; ``write`` stores it with the units it has by then."""
        allocation = Allocation(store_id=self.store_id, order_item_id=item.id, inventory_id=place.id, quantity=0)
        self._new_allocations[id(allocation)] = allocation
        return allocation

    def reserve(self, order: OrderRow, item: ItemRow, allocation: AllocationRow, place: PlaceRow, units: int) -> None:
        """Reserve ``units`` available at ``place`` for ``item``: reserved rises (0, +n)."""
        allocation.quantity += units
        self.move(place, TransactionType.RESERVE, 0, units, allocation=allocation, order=order, item=item)

    def release(
        self, order: OrderRow, item: ItemRow, allocation: AllocationRow, place: PlaceRow, units: int, reason: str = ""
    ) -> None:
        """Give ``units`` of an allocation back: reserved falls (0, -n)."""
        allocation.quantity -= units
        self.move(
            place, TransactionType.RELEASE, 0, -units, allocation=allocation, order=order, item=item, reason=reason
        )

    def fulfill(self, order: OrderRow, item: ItemRow, allocation: AllocationRow, place: PlaceRow, units: int) -> None:
        """Let ``units`` of an allocation leave the building: on hand and reserved fall together (-n, -n)."""
        allocation.quantity -= units
        self.move(place, TransactionType.FULFILL, -units, -units, allocation=allocation, order=order, item=item)

    def move(
        self,
        place: PlaceRow,
        kind: TransactionType,
        quantity_change: int,
        reserved_change: int,
        *,
        allocation: AllocationRow | None = None,
        order: OrderRow | None = None,
        item: ItemRow | None = None,
        reason: str = "",
        reverses_id: int | None = None,
    ) -> None:
        """Change a locked inventory row by units and remember the ledger row that says so.

        Raises InvalidQuantity where a place would hold more than ``MAX_QUANTITY``; units taken back always fit.
        """
        if quantity_change > 0 and not reverses_id and place.quantity + quantity_change > MAX_QUANTITY:
            raise InvalidQuantity(f"A place holds at most {MAX_QUANTITY} units.", quantity=quantity_change)
        place.quantity += quantity_change
        place.reserved_quantity += reserved_change
        place.last_seq += 1
        self._moved[place.id] = place
        row = {
            "store_id": self.store_id,
            "product_id": place.product_id,
            "inventory_id": place.id,
            "seq": place.last_seq,
            "transaction_type": kind,
            "quantity_change": quantity_change,
            "reserved_change": reserved_change,
            "quantity_after": place.quantity,
            "reserved_after": place.reserved_quantity,
            "location": place.location,
            "warehouse": place.warehouse,
            "order_id": order.id if order else None,
            "order_item_id": item.id if item else None,
            "order_number": order.order_number if order else None,
            "reverses_id": reverses_id,
            "operation_id": self.id,
            "reason": reason,
            "created_by": self.actor,
            "created_at": self.at,
        }
        self._movements.append((row, allocation))

    def record(
        self, order: OrderRow, kind: EventKind, *, item: ItemRow | None = None, reason: str = "", **details: Any
    ) -> None:
        """Remember an entry of the order's own history; ``details`` are what JSON can hold."""
        self._add_event(order, kind, item, reason, details)

    def record_status(self, order: OrderRow, before: OrderStatus, reason: str = "") -> None:
        """Remember that the order's status was ``before`` and is what it is now."""
        self._add_event(order, EventKind.STATUS_CHANGED, None, reason, {"from": before, "to": order.status})

    def _add_event(
        self, order: OrderRow, kind: EventKind, item: ItemRow | None, reason: str, details: dict[str, Any]
    ) -> None:
        self._events.append(
            {
                "store_id": self.store_id,
                "order_id": order.id,
                "order_item_id": item.id if item else None,
                "kind": kind,
                "actor": self.actor,
                "reason": reason,
                "details": details,
                "operation_id": self.id,
                "created_at": self.at,
            }
        )

    def write(self) -> None:
        """Write the changed rows, then new allocations, ledger rows and events, in that order."""
        self.db.flush()
        if self._in_hand:
            allocations = {
                id(allocation): allocation
                for _, allocation in self._movements
                if allocation and id(allocation) not in self._new_allocations
            }
            self._in_hand.save(self.db, self.connection, self._moved.values(), allocations.values())
        self._store_allocations()
        if self._movements:
            rows = [
                {**row, "allocation_id": allocation.id if allocation else None} for row, allocation in self._movements
            ]
            self.connection.execute(_LEDGER, rows)
        if self._events:
            self.connection.execute(_HISTORY, self._events)
        self._movements, self._events, self._moved = [], [], {}

    def _store_allocations(self) -> None:
        """Insert the new allocations in one statement: through the session SQLite would take one for each."""
        if not self._new_allocations:
            return
        allocations = self._new_allocations.values()
        rows = [
            {name: getattr(allocation, name) for name in ("store_id", "order_item_id", "inventory_id", "quantity")}
            for allocation in allocations
        ]
        stored = self.connection.execute(_NEW_ALLOCATIONS, rows)
        ids = {(row.order_item_id, row.inventory_id): row.id for row in stored}
        for allocation in allocations:
            allocation.id = ids[allocation.order_item_id, allocation.inventory_id]
        self._new_allocations = {}


def bump_version(order: OrderRow, *items: ItemRow) -> None:
    """Raise the order's version and mark the items it changed, so that open screens notice."""
    order.version += 1
    for item in items:
        item.changed_in_version = order.version
