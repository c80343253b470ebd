"""Backorders: units that an order needs and no place could give. Arriving stock fills them, oldest order first."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple, TypeVar

from sqlalchemy import ColumnElement, Select, bindparam, func, select
from sqlalchemy.orm import Session

from webapp.domain.cancellation import WaitingOrder
from webapp.domain.errors import Busy, OrderNotFound
from webapp.domain.events import EventKind
from webapp.domain.statuses import RESERVING_STATUSES
from webapp.domain.system_reasons import SystemReason
from webapp.models import Allocation, Order, OrderItem, Product
from webapp.models.base import constant, table_of
from webapp.models.channel import shown_number
from webapp.models.rows import columns_of, rows_of, whole
from webapp.services.engine import locks, stock_exceptions
from webapp.services.engine.locked_rows import LockedItem, LockedOrder
from webapp.services.engine.locked_stock import LockedStock
from webapp.services.engine.operation import Operation

T = TypeVar("T")

MOST_RETRIES: Final = 5
MARGIN: Final = 20
"""Units more than arrive, whose orders a retry locks as well."""


@dataclass
class Arrival:
    """Everything locked for an arrival of stock: the waiting orders, their items, and the products' places."""

    orders: dict[int, LockedOrder]
    waiting: dict[int, LockedItem]
    stock: LockedStock


def reserved_units() -> ColumnElement[int]:
    """Return a subquery of ``order_items``: the units allocated to the item."""
    return (
        select(func.coalesce(func.sum(Allocation.quantity), 0))
        .where(Allocation.store_id == OrderItem.store_id, Allocation.order_item_id == OrderItem.id)
        .correlate(OrderItem)
        .scalar_subquery()
    )


def missing_units() -> ColumnElement[int]:
    """Return the units of an order item that are neither shipped, cancelled nor reserved, as SQL."""
    return OrderItem.quantity - OrderItem.shipped_quantity - OrderItem.cancelled_quantity - reserved_units()


def waits_for(missing: ColumnElement[int]) -> Sequence[ColumnElement[bool]]:
    """Return the conditions that an order item, joined with its order, waits for stock."""
    return (
        OrderItem.has_units_left(),
        Order.status.in_([constant(status) for status in RESERVING_STATUSES]),
        missing > 0,
    )


def waiting_order_ids(
    db: Session, store_id: int, arriving: Mapping[int, int], apart_from: int | None = None
) -> set[int]:
    """Return ids of the orders that lack what arrives, oldest first until the units run out; see ``waiting_orders``."""
    return {waiting.order_id for waiting in waiting_orders(db, store_id, arriving, apart_from)}


def waiting_orders(
    db: Session, store_id: int, arriving: Mapping[int, int], apart_from: int | None = None
) -> list[WaitingOrder]:
    """Return the orders that lack what arrives (product id → units), oldest first, with the units each would get.

    ``apart_from`` is the order that releases the units.
    """
    result = db.execute(
        _WAITING,
        {
            "store": store_id,
            "products": list(arriving),
            "apart_from": apart_from or 0,
            "most": max(arriving.values(), default=0),
        },
    )
    left = dict(arriving)
    served: dict[int, WaitingOrder] = {}
    for row in rows_of(_MissingUnits, result):
        got = min(row.missing, left[row.product_id])
        if got > 0:
            left[row.product_id] -= got
            before = served.get(row.order_id)
            served[row.order_id] = WaitingOrder(row.order_id, row.order_number, got + (before.units if before else 0))
    return list(served.values())


def lock_for_arrival(
    db: Session,
    store_id: int,
    arriving: Mapping[int, int],
    places: Collection[tuple[int, str, str]] = (),
    also_order_id: int | None = None,
    arriving_at: Callable[[LockedStock], Mapping[int, int]] | None = None,
    losing: Callable[[LockedStock], set[int]] = lambda _: set(),
) -> Arrival:
    """Lock, in the fixed order, the orders that wait for the arriving products, their items, and the places.

    ``places`` (product id, warehouse, location) that do not exist are created. ``also_order_id`` is locked with the
    waiting orders, as are its items of these products; raises OrderNotFound if it does not exist. ``arriving_at`` says
    how many units arrive where only the locked places tell, as for a count; ``arriving`` is then a guess. ``losing``
    names orders that are to be locked as well, now that the places are known.
    """
    locks.take_turn_to_write(db)

    def lock(order_ids: set[int]) -> Arrival:
        orders = locks.lock_orders(db, store_id, order_ids | ({also_order_id} if also_order_id else set()))
        if also_order_id and also_order_id not in orders:
            raise OrderNotFound
        items = locks.lock_items(db, store_id, orders, arriving) if orders else []
        if places:
            locks.ensure_places(db, store_id, places)
        stock = LockedStock.lock(db, store_id, items, product_ids=list(arriving))
        return Arrival(orders, {item.id: item for item in items}, stock)

    def waiting(units: Mapping[int, int]) -> set[int]:
        return waiting_order_ids(db, store_id, units) if any(units.values()) else set()

    losers: set[int] = set()

    def needed(arrival: Arrival) -> set[int]:
        losers.update(losing(arrival.stock) - {also_order_id})
        if arriving_at:
            return losers | waiting(arriving_at(arrival.stock))
        freed = _freed_units(arrival.stock, places)
        is_known = locks.is_only_writer(db) and not freed
        return losers if is_known else losers | waiting(Counter(arriving) + freed)

    return lock_until_none_is_missed(
        db, store_id, waiting(arriving), lock, needed, lambda: losers | waiting(with_margin(arriving))
    )


def _freed_units(stock: LockedStock, places: Collection[tuple[int, str, str]]) -> Counter[int]:
    """Return the units of each product that an arrival at places reported short makes reservable again."""
    freed = Counter[int]()
    for named in places:
        place = stock.place_at(*named)
        if place.is_short:
            freed[place.product_id] += place.available_quantity
    return +freed


def with_margin(arriving: Mapping[int, int]) -> dict[int, int]:
    """Return more units than arrive: enough for the orders that come to the head of the queue while we wait."""
    return {product_id: 2 * units + MARGIN for product_id, units in arriving.items()}


def lock_until_none_is_missed(
    db: Session,
    store_id: int,
    guess: set[int],
    lock: Callable[[set[int]], T],
    waiting: Callable[[T], set[int]],
    guess_again: Callable[[], set[int]],
) -> T:
    """Lock the orders of ``guess`` and what belongs to them; lock again if more are found ``waiting`` under the locks.

    An order that began to wait before the locks would miss the arriving units; under the locks none can begin. Each
    retry releases the locks first, so that all are taken in the fixed order. Arrivals that retry take turns, since
    each changes for whom the next one has units; then ``guess_again`` reads who waits now. Raises Busy after
    ``MOST_RETRIES``. On SQLite we are the only writer, and lock twice at most. ADR 0005.
    """
    if locks.is_only_writer(db):
        locked = lock(guess)
        missed = waiting(locked) - guess
        return lock(guess | missed) if missed else locked
    connection = locks.connection_of(db)
    for retry in range(MOST_RETRIES + 1):
        with connection.begin_nested() as savepoint:
            locked = lock(guess)
            missed = waiting(locked) - guess
            if not missed:
                return locked
            savepoint.rollback()
        if not retry:
            locks.lock_turn_of_arrivals(db, store_id)
        guess = guess_again() | missed
    raise Busy


def fill(operation: Operation, arrival: Arrival) -> int:
    """Reserve what is available for the waiting orders, oldest first; return the units reserved.

    Each order's need is computed again under the locks.
    """
    stock, filled = arrival.stock, 0
    items_of: dict[int, list[LockedItem]] = defaultdict(list)
    for item in sorted(arrival.waiting.values(), key=lambda item: item.id):
        if not item.is_placeholder:
            items_of[item.order_id].append(item)
    needs: dict[LockedItem, int] = {}
    for order in sorted(arrival.orders.values(), key=lambda order: (order.ordered_at, order.id)):
        if order.status not in RESERVING_STATUSES:
            continue
        served = []
        for item in items_of[order.id]:
            units = stock.reserve(operation, order, item, stock.needed_by(item))
            if units:
                served.append(item)
                operation.record(order, EventKind.BACKORDER_FILLED, item=item, quantity=units)
                filled += units
                needs[item] = stock.needed_by(item)
        if served:
            operation.bump_version(order, *served)
    stock_exceptions.update_from_needs(operation, needs, SystemReason.STOCK_ARRIVED())
    return filled


def stock_products(db: Session, store_id: int, product_ids: Collection[int]) -> set[int]:
    """Return the ids of this store's products that can hold stock: all but the placeholder."""
    return set(
        db.scalars(
            select(Product.id).where(
                Product.store_id == store_id, Product.id.in_(product_ids), Product.is_placeholder.is_(False)
            )
        )
    )


class _MissingUnits(NamedTuple):
    """Units of a product that an order lacks."""

    order_id: int
    order_number: str
    product_id: int
    missing: int


def _waiting_rows() -> Select[Any]:
    """Select the items that lack arriving products, oldest first.

    Each waits for at least one unit, so per product it reads at most as many items as units arrive.
    """
    missing = missing_units()
    turn = func.row_number().over(partition_by=OrderItem.product_id, order_by=(Order.ordered_at, Order.id))
    waiting = (
        select(
            OrderItem.order_id,
            Order.ordered_at,
            OrderItem.product_id,
            whole(missing).label("missing"),
            turn.label("turn"),
        )
        .join(Order, (Order.store_id == OrderItem.store_id) & (Order.id == OrderItem.order_id))
        .where(
            OrderItem.store_id == bindparam("store"),
            OrderItem.product_id.in_(bindparam("products", expanding=True)),
            *waits_for(missing),
            OrderItem.order_id != bindparam("apart_from"),
        )
        .subquery()
    )
    named = table_of(Order).alias("named")
    return (
        select(*columns_of(_MissingUnits, waiting, order_number=shown_number(named)))
        .join(named, (named.c.store_id == bindparam("store")) & (named.c.id == waiting.c.order_id))
        .where(waiting.c.turn <= bindparam("most"))
        .order_by(waiting.c.ordered_at, waiting.c.order_id)
    )


_WAITING: Final = _waiting_rows()
