"""Row locks in the one order everybody keeps: orders by id, then their items by id, then inventory rows by id.

PostgreSQL locks with SELECT … FOR UPDATE. On SQLite the transaction has been the only writer since BEGIN IMMEDIATE,
and FOR UPDATE is left out of the SQL. Every function reads the rows anew, so what was checked before is checked again.
An order's items, allocations, parcels and exceptions change only under the order's lock.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session, joinedload, scoped_session

from webapp.domain.errors import ItemNotFound, OrderNotFound
from webapp.models import Allocation, Inventory, Order, OrderItem, Product

FRESH = {"populate_existing": True}
MAX_KEY = 2**63 - 1
"""Keys have 64 bits; a larger one is nobody's, and the drivers fail on it, each in its own way."""


def is_only_writer(db: Session) -> bool:
    """Tell whether nobody else can write before we commit: so it is on SQLite."""
    return db.get_bind().dialect.name == "sqlite"


def take_turn_to_write(db: Session | scoped_session[Session]) -> None:
    """On SQLite begin the transaction as its one writer, unless one is open: what is read now stays true.

    A unit of work has done so already; this is for a caller who runs a service in a session of its own, also on an
    engine of its own, which does not begin transactions as ours does. Raises RuntimeError in a request of ours that
    only reads.
    """
    session = db() if isinstance(db, scoped_session) else db  # The proxy does not tell whether it is in a transaction.
    check = getattr(session, "check_may_write", None)  # A request's own session has one.
    if check:
        check()
    if not is_only_writer(session):
        return
    if not session.in_transaction():
        session.connection(execution_options={"sqlite_begin": "IMMEDIATE"})
    connection = session.connection()
    driver: Any = connection.connection.dbapi_connection
    if not driver.in_transaction:
        connection.exec_driver_sql("PRAGMA foreign_keys = ON")
        connection.exec_driver_sql("BEGIN IMMEDIATE")


def lock_order(db: Session, store_id: int, order_id: int) -> Order:
    """Lock one order. Raises OrderNotFound, also for another store's."""
    if order_id > MAX_KEY:
        raise OrderNotFound
    take_turn_to_write(db)
    order = db.scalar(
        select(Order)
        .where(Order.store_id == store_id, Order.id == order_id)
        .with_for_update()
        .execution_options(**FRESH)
    )
    if order is None:
        raise OrderNotFound
    return order


def lock_orders(db: Session, store_id: int, order_ids: Collection[int]) -> dict[int, Order]:
    """Lock several orders in id order; ids that are not this store's are left out."""
    if not order_ids:
        return {}
    orders = db.scalars(
        select(Order)
        .where(Order.store_id == store_id, Order.id.in_(order_ids))
        .order_by(Order.id)
        .with_for_update()
        .execution_options(**FRESH)
    )
    return {order.id: order for order in orders}


def lock_items(
    db: Session, store_id: int, order_ids: Collection[int], product_ids: Collection[int] | None = None
) -> Sequence[OrderItem]:
    """Lock the items of locked orders in id order, with their products; only those of ``product_ids`` if given."""
    statement = (
        select(OrderItem)
        .options(joinedload(OrderItem.product, innerjoin=True))
        .where(OrderItem.store_id == store_id, OrderItem.order_id.in_(order_ids))
        .order_by(OrderItem.id)
        .with_for_update(of=OrderItem)
        .execution_options(**FRESH)
    )
    if product_ids is not None:
        statement = statement.where(OrderItem.product_id.in_(product_ids))
    return db.scalars(statement).all()


def lock_item(db: Session, store_id: int, order_id: int, item_id: int) -> OrderItem:
    """Lock one item of a locked order, with its product. Raises ItemNotFound."""
    item = db.scalar(
        select(OrderItem)
        .options(joinedload(OrderItem.product, innerjoin=True))
        .where(OrderItem.store_id == store_id, OrderItem.order_id == order_id, OrderItem.id == item_id)
        .with_for_update(of=OrderItem)
        .execution_options(**FRESH)
    )
    if item is None:
        raise ItemNotFound
    return item


def lock_inventory(db: Session, store_id: int, product_ids: Collection[int]) -> Sequence[Inventory]:
    """Lock every place of the products, in id order."""
    if not product_ids:
        return []
    return db.scalars(
        select(Inventory)
        .where(Inventory.store_id == store_id, Inventory.product_id.in_(product_ids))
        .order_by(Inventory.id)
        .with_for_update()
        .execution_options(**FRESH)
    ).all()


def lock_products(db: Session, store_id: int, product_ids: Collection[int]) -> None:
    """Lock products against new places: making one needs the product's row to stay, and waits for us."""
    db.execute(
        select(Product.id)
        .where(Product.store_id == store_id, Product.id.in_(product_ids))
        .order_by(Product.id)
        .with_for_update()
    ).all()


def read_allocations(db: Session, store_id: int, item_ids: Collection[int]) -> Sequence[Allocation]:
    """Read the allocations of items whose orders are locked: nobody else can change them meanwhile."""
    if not item_ids:
        return []
    return db.scalars(
        select(Allocation)
        .where(Allocation.store_id == store_id, Allocation.order_item_id.in_(item_ids))
        .order_by(Allocation.inventory_id)
        .execution_options(**FRESH)
    ).all()


def ensure_place(db: Session, store_id: int, product_id: int, warehouse: str, location: str) -> None:
    """Make the inventory row of a product at a place when there is none yet, with nothing on hand."""
    ensure_places(db, store_id, [(product_id, warehouse, location)])


def ensure_places(db: Session, store_id: int, places: Iterable[tuple[int, str, str]]) -> None:
    """Make the inventory rows that are missing, with nothing on hand: (product id, warehouse, location) each."""
    dialect = postgresql if db.get_bind().dialect.name == "postgresql" else sqlite
    rows = [
        {"store_id": store_id, "product_id": product_id, "warehouse": warehouse, "location": location}
        for product_id, warehouse, location in sorted(places)
    ]
    db.execute(dialect.insert(Inventory).values(rows).on_conflict_do_nothing())
