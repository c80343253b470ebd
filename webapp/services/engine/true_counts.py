"""Sets a place to what is there, also below what is reserved: the orders that lose units get others, or wait."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.domain.events import EventKind
from webapp.domain.true_counts import HeldUnits, ShortCount
from webapp.models import Allocation, Order, OrderItem
from webapp.models.base import constant, table_of
from webapp.models.channel import shown_number
from webapp.models.rows import columns_of, rows_of
from webapp.services.engine import backorders, stock_exceptions
from webapp.services.engine.backorders import Arrival
from webapp.services.engine.locked_stock import LockedStock
from webapp.services.engine.operation import Operation
from webapp.services.engine.stock_rows import ItemRow, OrderRow, PlaceRow

Place = tuple[int, str, str]
"""Product id, warehouse, location."""

_order, _item, _allocation = table_of(Order), table_of(OrderItem), table_of(Allocation)
_HELD = columns_of(
    HeldUnits,
    _order,
    item_id=_item.c.id,
    order_id=_order.c.id,
    order_number=shown_number(_order),
    quantity=_allocation.c.quantity,
)


def lock_for_count(
    db: Session,
    store_id: int,
    place: Place,
    after: Callable[[PlaceRow], int],
    arriving: int = 0,
    also_order_id: int | None = None,
    *,
    is_count: bool = False,
) -> Arrival:
    """Lock the place, the orders that wait for ``arriving`` units (for a count: for those it leaves over), and, if it
    will hold fewer than are reserved, the orders that hold some.

    ``after`` returns the units that the place will hold. Raises OrderNotFound for ``also_order_id``.
    """

    def left_over(stock: LockedStock) -> dict[int, int]:
        locked = stock.place_at(*place)
        return {locked.product_id: max(after(locked) - locked.reserved_quantity, 0)}

    def losing(stock: LockedStock) -> set[int]:
        locked = stock.place_at(*place)
        if after(locked) >= locked.reserved_quantity:
            return set()
        return {one.order_id for one in held_at(db, store_id, locked.id)}

    return backorders.lock_for_arrival(
        db,
        store_id,
        {place[0]: arriving},
        places=[place],
        also_order_id=also_order_id,
        arriving_at=left_over if is_count else None,
        losing=losing,
    )


def held_at(db: Session, store_id: int, inventory_id: int) -> list[HeldUnits]:
    """Return who holds units at a place, the latest to ship first. Under the place's lock nobody can change it."""
    result = db.execute(
        select(*_HELD)
        .select_from(Allocation)
        .join(OrderItem, (OrderItem.store_id == Allocation.store_id) & (OrderItem.id == Allocation.order_item_id))
        .join(Order, (Order.store_id == OrderItem.store_id) & (Order.id == OrderItem.order_id))
        .where(
            Allocation.store_id == store_id,
            Allocation.inventory_id == inventory_id,
            Allocation.quantity > constant(0),
        )
        .order_by(Order.ship_by.desc(), Order.id.desc(), OrderItem.id.desc())
    )
    return rows_of(HeldUnits, result)


def short_count_at(db: Session, store_id: int, arrival: Arrival, place: PlaceRow, counted: int) -> ShortCount | None:
    """Return what a count of ``counted`` units costs the orders; None if all that is reserved is there."""
    if counted >= place.reserved_quantity:
        return None
    others = [other for other in arrival.stock.places_of(place.product_id) if other.id != place.id]
    return ShortCount(
        on_hand=place.quantity,
        counted=counted,
        held=held_at(db, store_id, place.id),
        free_elsewhere=sum(other.reservable_quantity for other in others),
    )


def release_lost(
    operation: Operation, arrival: Arrival, place: PlaceRow, losses: Mapping[int, int], reason: str
) -> None:
    """Release what each line (by item id) loses at the place."""
    for item_id, units in losses.items():
        item = arrival.waiting[item_id]
        held = arrival.stock.allocation_at(item, place.id)
        if units and held:
            operation.release(arrival.orders[item.order_id], item, held[0], place, units, reason)


def serve_losers(
    operation: Operation, arrival: Arrival, place: PlaceRow, losses: Mapping[int, int], reason: str
) -> None:
    """Reserve elsewhere what the orders lost, oldest order first; what no place covers waits, with an exception."""
    items = [arrival.waiting[item_id] for item_id, units in losses.items() if units]
    # A place that an arrival made while the count waited for its locks is not among the locked ones yet.
    needs = {item: arrival.stock.reserved_for(item) + losses[item.id] for item in items}
    arrival.stock.reload_new_places(operation.db, needs)
    for item in sorted(items, key=lambda item: (arrival.orders[item.order_id].ordered_at, item.order_id, item.id)):
        order = arrival.orders[item.order_id]
        elsewhere = arrival.stock.reserve(operation, order, item, losses[item.id])
        stock_exceptions.report_lost(operation, order, item, arrival.stock.needed_by(item))
        record_loss(operation, order, item, place, losses[item.id], elsewhere, reason)


def record_loss(
    operation: Operation, order: OrderRow, item: ItemRow, place: PlaceRow, lost: int, elsewhere: int, reason: str
) -> None:
    """Record on an order that a place was counted: units it lost there, and units it got elsewhere instead."""
    operation.record(
        order,
        EventKind.SHORT_PICKED,
        item=item,
        reason=reason,
        quantity=lost,
        warehouse=place.warehouse,
        location=place.location,
        reserved_elsewhere=elsewhere,
    )
    operation.bump_version(order, item)
