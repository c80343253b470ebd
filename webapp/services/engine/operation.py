"""An operation: moves stock, and writes the ledger rows and order events about it.

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
from webapp.domain.wording import say
from webapp.models import Allocation
from webapp.models.base import table_of
from webapp.services.engine import assignments, picks, writing
from webapp.services.engine.locked_rows import LockedAllocation
from webapp.services.engine.stock_rows import AllocationRow, ItemRow, OrderRow, PlaceRow

_allocations = table_of(Allocation)
_NEW_ALLOCATIONS: Final = insert(_allocations).returning(
    _allocations.c.order_item_id, _allocations.c.inventory_id, _allocations.c.id
)


class Operation:
    """What one actor does to a store's orders and stock in one request; ``write`` puts it into the transaction.

    It collects every row it changes: places and allocations when units move, orders and items when their version rises.
    """

    def __init__(self, db: Session, store_id: int, actor: str) -> None:
        self.db = db
        self.connection = db.connection()
        self.store_id = store_id
        self.actor = actor.strip() or "system"
        self.id = operation_id(db)
        self.at: datetime = utc_now()
        self._forget()

    def _forget(self) -> None:
        self._orders: dict[int, OrderRow] = {}
        self._items: dict[int, ItemRow] = {}
        self._places: dict[int, PlaceRow] = {}
        self._new_allocations: list[LockedAllocation] = []
        self._movements: list[tuple[writing.Values, AllocationRow | None]] = []
        self._packed: list[writing.Values] = []
        self._events: list[writing.Values] = []

    def bump_version(self, order: OrderRow, *items: ItemRow) -> None:
        """Mark an order and its items as changed, so that open screens notice; its version rises once per operation."""
        if order.id not in self._orders:
            self._orders[order.id] = order
            order.version += 1
        for item in items:
            item.changed_in_version = order.version
            self._items[item.id] = item

    def new_allocation(self, item: ItemRow, place: PlaceRow) -> LockedAllocation:
        """Return an empty allocation of ``place`` to ``item``; ``write`` stores it with the units it has then."""
        allocation = LockedAllocation(id=0, order_item_id=item.id, inventory_id=place.id, quantity=0)
        self._new_allocations.append(allocation)
        return allocation

    def reserve(self, order: OrderRow, item: ItemRow, allocation: AllocationRow, place: PlaceRow, units: int) -> None:
        """Reserve ``units`` available at ``place`` for ``item``: reserved rises (0, +n)."""
        allocation.quantity += units
        self.move(place, TransactionType.RESERVE, 0, units, allocation=allocation, order=order, item=item)

    def release(
        self, order: OrderRow, item: ItemRow, allocation: AllocationRow, place: PlaceRow, units: int, reason: str = ""
    ) -> None:
        """Release ``units`` of an allocation: reserved falls (0, -n)."""
        allocation.quantity -= units
        self.move(
            place, TransactionType.RELEASE, 0, -units, allocation=allocation, order=order, item=item, reason=reason
        )

    def fulfill(self, order: OrderRow, item: ItemRow, allocation: AllocationRow, place: PlaceRow, units: int) -> None:
        """Ship ``units`` of an allocation: on hand and reserved fall together (-n, -n)."""
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
        """Change a locked inventory row and add its ledger row.

        Raises InvalidQuantity if the place would hold more than ``MAX_QUANTITY``; units of an undo always fit.
        """
        if quantity_change > 0 and not reverses_id and place.quantity + quantity_change > MAX_QUANTITY:
            raise InvalidQuantity(
                say("A place holds at most %(most)s units.", most=MAX_QUANTITY), quantity=quantity_change
            )
        place.quantity += quantity_change
        place.reserved_quantity += reserved_change
        place.last_seq += 1
        self._places[place.id] = place
        row = {
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
            "reason": reason,
        }
        self._movements.append((row, allocation))

    def record(
        self, order: OrderRow, kind: EventKind, *, item: ItemRow | None = None, reason: str = "", **details: Any
    ) -> None:
        """Add an event to the order's history; ``details`` must fit into JSON."""
        self._add_event(order, kind, item, reason, details)

    def record_status(self, order: OrderRow, before: OrderStatus, reason: str = "") -> None:
        """Add the change of an order's status from ``before`` to its history, and have ``write`` store the status."""
        self.bump_version(order)
        self._add_event(order, EventKind.STATUS_CHANGED, None, reason, {"from": before, "to": order.status})

    def _add_event(
        self, order: OrderRow, kind: EventKind, item: ItemRow | None, reason: str, details: dict[str, Any]
    ) -> None:
        self._events.append(
            {
                "order_id": order.id,
                "order_item_id": item.id if item else None,
                "kind": kind,
                "reason": reason,
                "details": details,
            }
        )

    def pack(self, item: ItemRow, units: int, parcel_id: int) -> None:
        """Add units of an item to a parcel."""
        self._packed.append(
            {
                "shipment_id": parcel_id,
                "order_item_id": item.id,
                "quantity": units,
                "undone_by": None,
                "undone_at": None,
            }
        )

    def write(self) -> None:
        """Write new allocations, then changed rows, parcel lines, ledger rows and events."""
        self.db.flush()
        stored_allocations = {
            allocation.id: allocation for _, allocation in self._movements if allocation and allocation.id
        }
        self._store_allocations()
        ledger = [
            {**row, "allocation_id": allocation.id if allocation else None} for row, allocation in self._movements
        ]
        orders = self._orders.values()
        changed = {
            writing.ORDERS: [order for order in orders if order.status != order.stored_status],
            writing.VERSIONS: [order for order in orders if order.status == order.stored_status],
            writing.ITEMS: self._items.values(),
            writing.PLACES: self._places.values(),
            writing.ALLOCATIONS: stored_allocations.values(),
        }
        added = {writing.PACKED: self._packed, writing.LEDGER: ledger, writing.EVENTS: self._events}
        shared = {"of_store": self.store_id, "of_operation": self.id, "of_actor": self.actor, "at": self.at}
        writing.write(self.db, shared, changed, added)
        assignments.end_of_done(self.connection, self.store_id, orders)
        picks.settle(self.connection, shared, self._items.values(), self._packed)
        for order in orders:
            order.stored_status = order.status
        self._forget()

    def _store_allocations(self) -> None:
        """Insert the new allocations in one statement; the ledger needs their ids."""
        if not self._new_allocations:
            return
        rows = [
            {
                "store_id": self.store_id,
                "order_item_id": allocation.order_item_id,
                "inventory_id": allocation.inventory_id,
                "quantity": allocation.quantity,
            }
            for allocation in self._new_allocations
        ]
        stored = self.connection.execute(_NEW_ALLOCATIONS, rows)
        ids = {(row.order_item_id, row.inventory_id): row.id for row in stored}
        for allocation in self._new_allocations:
            allocation.id = ids[allocation.order_item_id, allocation.inventory_id]
