"""The locked places and allocations of an operation, and three actions for one item: reserve, fulfill, release."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence

from sqlalchemy.orm import Session

from webapp.domain.causes import Cause
from webapp.domain.placement import choose_places
from webapp.services.engine import locks
from webapp.services.engine.operation import Operation
from webapp.services.engine.stock_rows import AllocationRow, Item, ItemRow, OrderRow, PlaceRow


class LockedStock:
    """Inventory rows by product and allocations by item, all read under lock."""

    def __init__(self, places: Iterable[PlaceRow], allocations: Iterable[AllocationRow]) -> None:
        self._places: dict[int, list[PlaceRow]] = defaultdict(list)
        self._by_id: dict[int, PlaceRow] = {}
        self._allocations: dict[int, dict[int, AllocationRow]] = defaultdict(dict)
        for place in places:
            self._add(place)
        for allocation in allocations:
            self._allocations[allocation.order_item_id][allocation.inventory_id] = allocation

    @classmethod
    def lock(
        cls, db: Session, store_id: int, items: Sequence[ItemRow], product_ids: Collection[int] | None = None
    ) -> LockedStock:
        """Lock the places of the items' products (or of ``product_ids``) and read the items' allocations."""
        ids = product_ids if product_ids is not None else stocked_products(items)
        places = locks.lock_inventory(db, store_id, ids)
        return cls(places, locks.read_allocations(db, store_id, [item.id for item in items]))

    def places_of(self, product_id: int) -> list[PlaceRow]:
        """Return all places of the product, in id order."""
        return self._places[product_id]

    def find_place(self, product_id: int, warehouse: str, location: str) -> PlaceRow | None:
        """Return one place by its names; None if it did not exist when the places were locked."""
        named = (place for place in self._places[product_id] if place.location == location)
        return next((place for place in named if place.warehouse == warehouse), None)

    def place_at(self, product_id: int, warehouse: str, location: str) -> PlaceRow:
        """Return one place by its names. Raises LookupError if it was not locked."""
        place = self.find_place(product_id, warehouse, location)
        if place is None:
            raise LookupError(f"no place {warehouse}/{location} of product {product_id} under lock")
        return place

    def allocations_of(self, item: ItemRow) -> list[tuple[AllocationRow, PlaceRow]]:
        """Return the item's allocations that hold units, with their places, in id order of the places."""
        allocations = self._allocations[item.id]
        return [(allocations[key], self._by_id[key]) for key in sorted(allocations) if allocations[key].quantity]

    def allocation_at(self, item: ItemRow, inventory_id: int) -> tuple[AllocationRow, PlaceRow] | None:
        """Return the item's allocation at one place, even if it holds no units; None if there never was one."""
        allocation = self._allocations[item.id].get(inventory_id)
        return (allocation, self._by_id[inventory_id]) if allocation else None

    def reserved_for(self, item: ItemRow) -> int:
        """Return the units that the item's allocations hold."""
        return sum(allocation.quantity for allocation in self._allocations[item.id].values())

    def needed_by(self, item: ItemRow) -> int:
        """Return the units that the item still lacks: ordered - shipped - cancelled - allocated."""
        return item.remaining_quantity - self.reserved_for(item)

    def available_for(self, item: ItemRow) -> int:
        """Return the units of the item's product that may be reserved, at all places."""
        return self._available(item.product_id)

    def cause_of(self, item: ItemRow) -> Cause:
        """Return why stock could not cover the item."""
        if item.is_placeholder:
            return Cause.PLACEHOLDER_PRODUCT
        return Cause.INSUFFICIENT_INVENTORY if self._places[item.product_id] else Cause.NO_INVENTORY

    def reload_new_places(self, db: Session, needs: Mapping[Item, int]) -> None:
        """Re-read inventory rows added since the lock, for products that have fewer units than ``needs``.

        On PostgreSQL a statement that waits for a lock sees only rows that existed when it began, so it misses a place
        that the lock's holder created. A product without any place has no row to wait for, so the product itself is
        locked.
        """
        if locks.is_only_writer(db):
            return
        missing: dict[int, int] = defaultdict(int)
        for item, units in needs.items():
            if not item.is_placeholder:
                missing[item.product_id] += max(units - self.reserved_for(item), 0)
        short = [product_id for product_id, units in missing.items() if units > self._available(product_id)]
        if not short:
            return
        store_id = next(iter(needs)).store_id
        placeless = [product_id for product_id in short if not self._places[product_id]]
        if placeless:
            locks.lock_products(db, store_id, placeless)
        for place in locks.lock_inventory(db, store_id, short):
            if place.id not in self._by_id:
                self._add(place)

    def reserve(self, operation: Operation, order: OrderRow, item: ItemRow, units: int) -> int:
        """Reserve up to ``units`` from available stock; return the units."""
        reserved = 0
        for place, here in choose_places(units, self._places[item.product_id]):
            operation.reserve(order, item, self._allocation(operation, item, place), place, here)
            reserved += here
        return reserved

    def reserve_at(self, operation: Operation, order: OrderRow, item: ItemRow, units: int, place: PlaceRow) -> None:
        """Reserve ``units`` at a place where a person stands and sees them, even if it was reported short."""
        if units:
            operation.reserve(order, item, self._allocation(operation, item, place), place, units)

    def fulfill(self, operation: Operation, order: OrderRow, item: ItemRow, units: int) -> int:
        """Ship up to ``units``: from the item's own allocations, then from available stock that is reserved now.

        Returns the units shipped. Source: docs/contract.md, "Stock actions".
        """
        short = units - self.reserved_for(item)
        if short > 0:
            self.reserve(operation, order, item, short)
        left = units
        for allocation, place in self.allocations_of(item):
            here = min(left, allocation.quantity)
            if here:
                operation.fulfill(order, item, allocation, place, here)
                left -= here
        return units - left

    def release(self, operation: Operation, order: OrderRow, item: ItemRow, units: int, reason: str = "") -> int:
        """Release up to ``units`` of the item's allocations; return the units released."""
        left = units
        for allocation, place in self.allocations_of(item):
            here = min(left, allocation.quantity)
            if here:
                operation.release(order, item, allocation, place, here, reason)
                left -= here
        return units - left

    def _add(self, place: PlaceRow) -> None:
        self._places[place.product_id].append(place)
        self._by_id[place.id] = place

    def _available(self, product_id: int) -> int:
        return sum(place.reservable_quantity for place in self._places[product_id])

    def _allocation(self, operation: Operation, item: ItemRow, place: PlaceRow) -> AllocationRow:
        allocation = self._allocations[item.id].get(place.id)
        if allocation is None:
            allocation = operation.new_allocation(item, place)
            self._allocations[item.id][place.id] = allocation
        return allocation


def stocked_products(items: Iterable[ItemRow]) -> set[int]:
    """Return the ids of the items' products, without the placeholder: it has no stock."""
    return {item.product_id for item in items if not item.is_placeholder}
