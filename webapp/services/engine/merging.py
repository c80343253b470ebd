"""Moves the stock and the open lines of a product to its twin, and back: locks, ledger and events."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.domain.events import EventKind
from webapp.domain.ledger import TransactionType
from webapp.domain.merges import FilledUnits, MovedPlace, MovedUnits
from webapp.domain.statuses import RESERVING_STATUSES
from webapp.domain.unknown_lines import MATCHABLE_STATUSES
from webapp.models import Inventory, Order, OrderItem
from webapp.models.base import constant
from webapp.services.engine import backorders, count_tasks, locks, stock_exceptions
from webapp.services.engine.backorders import Arrival
from webapp.services.engine.locked_rows import LockedItem
from webapp.services.engine.locked_stock import LockedStock
from webapp.services.engine.merged_products import MergedLine, NamedProduct, follow
from webapp.services.engine.operation import Operation


@dataclass
class StockMoved:
    """What moved from one product to the other."""

    places: list[MovedPlace] = field(default_factory=list)
    reservations: list[MovedUnits] = field(default_factory=list)
    filled: list[FilledUnits] = field(default_factory=list)
    lines: list[LockedItem] = field(default_factory=list)


def lock_both(db: Session, store_id: int, former_id: int, present_id: int) -> Arrival:
    """Lock all open orders with lines of the two products, the lines, the places of both, and the products themselves.

    Places of the former product that the other one lacks are made. Until we commit neither gets a new line or place.
    """
    locks.take_turn_to_write(db)

    def open_orders() -> set[int]:
        return _orders_with_open_lines(db, store_id, (former_id, present_id))

    def lock(order_ids: set[int]) -> Arrival:
        return _lock(db, store_id, order_ids, former_id, present_id)

    return backorders.lock_until_none_is_missed(db, store_id, open_orders(), lock, lambda _: open_orders(), open_orders)


def _orders_with_open_lines(db: Session, store_id: int, product_ids: Collection[int]) -> set[int]:
    return set(
        db.scalars(
            select(OrderItem.order_id)
            .join(Order, (Order.store_id == OrderItem.store_id) & (Order.id == OrderItem.order_id))
            .where(
                OrderItem.store_id == store_id,
                OrderItem.product_id.in_(product_ids),
                OrderItem.has_units_left(),
                Order.status.in_([constant(status) for status in MATCHABLE_STATUSES]),
            )
        )
    )


def _lock(db: Session, store_id: int, order_ids: set[int], former_id: int, present_id: int) -> Arrival:
    both = (former_id, present_id)
    orders = locks.lock_orders(db, store_id, order_ids)
    items = locks.lock_items(db, store_id, orders, both) if orders else []
    locks.lock_inventory(db, store_id, both)
    locks.lock_products(db, store_id, both)
    of_former = (Inventory.store_id == store_id, Inventory.product_id == former_id, Inventory.quantity > 0)
    places = db.execute(select(Inventory.warehouse, Inventory.location).where(*of_former)).all()
    if places:
        locks.ensure_places(db, store_id, [(present_id, row.warehouse, row.location) for row in places])
    stock = LockedStock.lock(db, store_id, items, both)
    return Arrival(orders, {item.id: item for item in items}, stock)


def open_lines(arrival: Arrival, product_id: int) -> list[LockedItem]:
    """Return the lines of a product that still ship units, in id order."""
    return [
        item
        for item in arrival.waiting.values()
        if item.product_id == product_id
        and item.remaining_quantity
        and arrival.orders[item.order_id].status in MATCHABLE_STATUSES
    ]


def move_all(
    operation: Operation, arrival: Arrival, former: NamedProduct, present: NamedProduct, reason: str
) -> StockMoved:
    """Move all units and open lines of the former product to the other one, and fill backorders of both."""
    stock = arrival.stock
    twins = {
        place.id: stock.place_at(present.id, place.warehouse, place.location)
        for place in stock.places_of(former.id)
        if place.quantity
    }
    moves = StockMoved(lines=open_lines(arrival, former.id))
    for item in moves.lines:
        for allocation, place in stock.allocations_of(item):
            moves.reservations.append(MovedUnits(item.id, place.id, twins[place.id].id, allocation.quantity))
    moves.places = [
        MovedPlace(place.id, twins[place.id].id, place.quantity)
        for place in stock.places_of(former.id)
        if place.id in twins
    ]
    _move(operation, arrival, moves, former, present, reason)
    before = _held(arrival)
    backorders.fill(operation, arrival)
    moves.filled = [
        FilledUnits(item_id, place_id, units - before.get((item_id, place_id), 0))
        for (item_id, place_id), units in _held(arrival).items()
        if units > before.get((item_id, place_id), 0)
    ]
    return moves


def move_back(
    operation: Operation,
    arrival: Arrival,
    done: StockMoved,
    former: NamedProduct,
    present: NamedProduct,
    reason: str,
) -> None:
    """Move what ``move_all`` moved back from the present product to the former; what it filled is released again."""
    items = arrival.waiting
    given_up: dict[LockedItem, int] = {}
    for filled in done.filled:
        item = items[filled.item_id]
        held = arrival.stock.allocation_at(item, filled.place_id)
        if held:
            operation.release(arrival.orders[item.order_id], item, held[0], held[1], filled.units, reason)
            given_up[item] = given_up.get(item, 0) + filled.units
    for item, units in given_up.items():
        order = arrival.orders[item.order_id]
        operation.record(order, EventKind.RELEASED, item=item, reason=reason, quantity=units)
        operation.bump_version(order, item)
    back = StockMoved(
        places=[MovedPlace(place.to_id, place.from_id, place.units) for place in done.places],
        reservations=[MovedUnits(one.item_id, one.to_id, one.from_id, one.units) for one in done.reservations],
        lines=done.lines,
    )
    _move(operation, arrival, back, present, former, reason)
    backorders.fill(operation, arrival)
    for item in given_up:
        order, missing = arrival.orders[item.order_id], arrival.stock.needed_by(item)
        if missing and order.status in RESERVING_STATUSES:
            stock_exceptions.report(operation, order, [(item, arrival.stock.cause_of(item), missing)])


def _move(
    operation: Operation,
    arrival: Arrival,
    what: StockMoved,
    former: NamedProduct,
    present: NamedProduct,
    reason: str,
) -> None:
    """Release what the lines hold, move the units, let the lines be of the other product, and reserve again."""
    stock, orders, items = arrival.stock, arrival.orders, arrival.waiting
    units_of: dict[int, int] = {}
    for one in what.reservations:
        item = items[one.item_id]
        held = stock.allocation_at(item, one.from_id)
        if held:
            operation.release(orders[item.order_id], item, held[0], held[1], one.units, reason)
            units_of[item.id] = units_of.get(item.id, 0) + one.units
    by_id = {place.id: place for key in (former.id, present.id) for place in stock.places_of(key)}
    for from_id, to_id, units in what.places:
        operation.move(by_id[from_id], TransactionType.ADJUST, -units, 0, reason=reason)
        operation.move(by_id[to_id], TransactionType.ADJUST, units, 0, reason=reason)
        count_tasks.arrived(operation, by_id[to_id])
    if what.lines:
        lines = [MergedLine(orders[item.order_id], item, units_of.get(item.id, 0)) for item in what.lines]
        follow(operation, lines, former, present, reason)
    for one in what.reservations:
        item = items[one.item_id]
        stock.reserve_at(operation, orders[item.order_id], item, one.units, by_id[one.to_id])


def _held(arrival: Arrival) -> dict[tuple[int, int], int]:
    """Return the reserved units by item and place."""
    return {
        (item.id, place.id): allocation.quantity
        for item in arrival.waiting.values()
        for allocation, place in arrival.stock.allocations_of(item)
    }
