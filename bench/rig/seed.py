"""Orders in bulk that satisfy every invariant, written directly into the tables: thousands per second."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from bench.rig.history import Shelves, units_of_shelf, write_history
from webapp.domain.clock import utc_now
from webapp.domain.events import EventKind
from webapp.domain.ledger import TransactionType
from webapp.domain.statuses import OrderStatus
from webapp.models import (
    Allocation,
    Inventory,
    InventoryTransaction,
    Order,
    OrderEvent,
    OrderItem,
    OrderSearchWord,
    Product,
    Store,
)
from webapp.models.base import table_of
from webapp.services.engine.channels import channel_ids

PRODUCTS = 500


@dataclass(frozen=True)
class Seeded:
    """A store full of processing orders: ids of the orders, and of each order's items."""

    store_id: int
    items_by_order: dict[int, list[int]]


class _Shelf:
    """One product at one place while it is being filled: the running numbers that its ledger rows need."""

    def __init__(self, product_id: int, sku: str, inventory_id: int, on_hand: int) -> None:
        self.product_id, self.sku = product_id, sku
        self.inventory_id, self.on_hand = inventory_id, on_hand
        self.reserved, self.seq = 0, 1


def seed_orders(
    db: Session, store: Store, count: int, lines: int = 5, units: int = 20, open_share: int = 1, history: int = 0
) -> Seeded:
    """Write ``count`` orders of ``lines`` items of ``units`` each, reserved; every ``open_share``-th one is open.

    The others are pending (nothing reserved). ``history`` shipped orders come before all of them.
    """
    on_hand = units * lines * count // PRODUCTS + units * lines * 10 + history // PRODUCTS + 1
    shelves = _stock(db, store.id, on_hand)
    _past(db, store.id, shelves, history)
    start = utc_now() - timedelta(days=30)
    seeded: dict[int, list[int]] = {}
    for first in range(0, count, 1000):
        numbers = range(first, min(first + 1000, count))
        seeded.update(_orders(db, store.id, numbers, lines, units, open_share, shelves, start))
        db.commit()
    for shelf in shelves:
        place = db.get_one(Inventory, (store.id, shelf.inventory_id))
        place.quantity, place.reserved_quantity, place.last_seq = shelf.on_hand, shelf.reserved, shelf.seq
    db.commit()
    return Seeded(store.id, seeded)


def _past(db: Session, store_id: int, shelves: list[_Shelf], orders: int) -> None:
    first = shelves[0]
    channel_id = channel_ids(db, store_id, ["bench"])["bench"]
    past = Shelves(store_id, channel_id, first.inventory_id, first.product_id, len(shelves), first.on_hand)
    write_history(db, past, orders)
    for number, shelf in enumerate(shelves):
        units = units_of_shelf(past, orders, number)
        shelf.on_hand, shelf.seq = shelf.on_hand - units, shelf.seq + 2 * units


def _stock(db: Session, store_id: int, on_hand: int) -> list[_Shelf]:
    db.execute(
        insert(table_of(Product)),
        [
            {"store_id": store_id, "sku": f"SKU-{n:04}", "gtin": f"4006381{n:06}", "name": f"Product number {n}"}
            for n in range(PRODUCTS)
        ],
    )
    product_ids = db.scalars(select(Product.id).where(Product.store_id == store_id).order_by(Product.id)).all()
    db.execute(
        insert(table_of(Inventory)),
        [
            {
                "store_id": store_id,
                "product_id": product_id,
                "warehouse": "main",
                "location": f"{'ABCDEF'[n % 6]}-{n // 6 + 1:02}",
                "quantity": on_hand,
                "last_seq": 1,
            }
            for n, product_id in enumerate(product_ids)
        ],
    )
    places = db.scalars(select(Inventory).where(Inventory.store_id == store_id).order_by(Inventory.id)).all()
    shelves = [_Shelf(place.product_id, f"SKU-{n:04}", place.id, on_hand) for n, place in enumerate(places)]
    operation = uuid4().hex
    rows = [
        _ledger(store_id, shelf, place.location, TransactionType.IMPORT, (on_hand, 0), operation, utc_now())
        for shelf, place in zip(shelves, places, strict=True)
    ]
    db.execute(insert(table_of(InventoryTransaction)), rows)
    db.commit()
    return shelves


def _orders(
    db: Session,
    store_id: int,
    numbers: range,
    lines: int,
    units: int,
    open_share: int,
    shelves: list[_Shelf],
    start: datetime,
) -> dict[int, list[int]]:
    channel_id = channel_ids(db, store_id, ["bench"])["bench"]
    opened = {f"B-{n:07}": n % open_share == 0 for n in numbers}
    db.execute(
        insert(table_of(Order)),
        [
            {
                "store_id": store_id,
                "order_number": number,
                "channel_id": channel_id,
                "external_id": number,
                "customer_name": f"Customer {n % 977}",
                "ordered_at": start + timedelta(seconds=n),
                "ship_by": start + timedelta(days=2, seconds=n),
                "status": OrderStatus.PROCESSING if opened[number] else OrderStatus.PENDING,
                "version": 2 if opened[number] else 1,
            }
            for n, number in zip(numbers, opened, strict=True)
        ],
    )
    ids = dict(
        db.execute(
            select(Order.order_number, Order.id).where(Order.store_id == store_id, Order.order_number.in_(opened))
        ).all()
    )
    reserving = {ids[number]: number for number, is_open in opened.items() if is_open}
    chosen = {
        ids[number]: [shelves[(n * 7 + k * 101) % PRODUCTS] for k in range(lines)]
        for n, number in zip(numbers, opened, strict=True)
    }
    db.execute(
        insert(table_of(OrderItem)),
        [
            {
                "store_id": store_id,
                "order_id": order_id,
                "position": k + 1,
                "product_id": shelf.product_id,
                "product_name": f"Product of shelf {shelf.inventory_id}",
                "sku": shelf.sku,
                "quantity": units,
                "changed_in_version": 2 if order_id in reserving else 1,
            }
            for order_id, picked in chosen.items()
            for k, shelf in enumerate(picked)
        ],
    )
    db.execute(
        insert(table_of(OrderSearchWord)),
        [{"store_id": store_id, "word": number.lower(), "order_id": order_id} for number, order_id in ids.items()],
    )
    items: dict[int, list[int]] = {order_id: [] for order_id in chosen}
    for order_id, item_id in db.execute(
        select(OrderItem.order_id, OrderItem.id)
        .where(OrderItem.store_id == store_id, OrderItem.order_id.in_(chosen))
        .order_by(OrderItem.order_id, OrderItem.position)
    ):
        items[order_id].append(item_id)
    _reserve(db, store_id, {order_id: items[order_id] for order_id in reserving}, chosen, reserving, units)
    return {order_id: items[order_id] for order_id in reserving}


def _reserve(
    db: Session,
    store_id: int,
    items: dict[int, list[int]],
    chosen: dict[int, list[_Shelf]],
    numbers: dict[int, str],
    units: int,
) -> None:
    allocations = [
        (order_id, item_id, shelf)
        for order_id, item_ids in items.items()
        for item_id, shelf in zip(item_ids, chosen[order_id], strict=True)
    ]
    db.execute(
        insert(table_of(Allocation)),
        [
            {"store_id": store_id, "order_item_id": item_id, "inventory_id": shelf.inventory_id, "quantity": units}
            for _, item_id, shelf in allocations
        ],
    )
    allocation_ids = dict(
        db.execute(
            select(Allocation.order_item_id, Allocation.id).where(
                Allocation.store_id == store_id,
                Allocation.order_item_id.in_([item_id for _, item_id, _ in allocations]),
            )
        ).all()
    )
    operations = {order_id: uuid4().hex for order_id in items}
    now, rows = utc_now(), []
    for order_id, item_id, shelf in allocations:
        shelf.reserved += units
        shelf.seq += 1
        row = _ledger(store_id, shelf, "", TransactionType.RESERVE, (0, units), operations[order_id], now)
        row.update(
            order_id=order_id,
            order_item_id=item_id,
            order_number=numbers[order_id],
            allocation_id=allocation_ids[item_id],
        )
        rows.append(row)
    places = dict(db.execute(select(Inventory.id, Inventory.location).where(Inventory.store_id == store_id)).all())
    for row in rows:
        row["location"] = places[row["inventory_id"]]
    db.execute(insert(table_of(InventoryTransaction)), rows)
    start = {"from": OrderStatus.PENDING, "to": OrderStatus.PROCESSING}
    changes = [
        _event(order_id, None, operation, EventKind.STATUS_CHANGED, start, now)
        for order_id, operation in operations.items()
    ]
    reserved = [
        _event(order_id, item_id, operations[order_id], EventKind.RESERVED, {"quantity": units}, now)
        for order_id, item_id, _ in allocations
    ]
    db.execute(insert(table_of(OrderEvent)), [{"store_id": store_id, **event} for event in (*changes, *reserved)])


def _event(
    order_id: int, item_id: int | None, operation: str, kind: EventKind, details: dict[str, Any], at: datetime
) -> dict[str, Any]:
    return {
        "order_id": order_id,
        "order_item_id": item_id,
        "kind": kind,
        "actor": "bench",
        "details": details,
        "operation_id": operation,
        "created_at": at,
    }


def _ledger(
    store_id: int,
    shelf: _Shelf,
    location: str,
    kind: TransactionType,
    change: tuple[int, int],
    operation: str,
    at: datetime,
) -> dict[str, Any]:
    return {
        "store_id": store_id,
        "product_id": shelf.product_id,
        "inventory_id": shelf.inventory_id,
        "seq": shelf.seq,
        "allocation_id": None,
        "transaction_type": kind,
        "quantity_change": change[0],
        "reserved_change": change[1],
        "quantity_after": shelf.on_hand,
        "reserved_after": shelf.reserved,
        "location": location,
        "warehouse": "main",
        "order_id": None,
        "order_item_id": None,
        "order_number": None,
        "operation_id": operation,
        "reason": "",
        "created_by": "bench",
        "created_at": at,
    }
