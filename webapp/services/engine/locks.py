"""Row locks, always in one order: orders by id, then their items by id, then inventory rows by id.

PostgreSQL locks with SELECT … FOR UPDATE. On SQLite the transaction is the only writer since BEGIN IMMEDIATE, and the
SQL has no FOR UPDATE. Every function reads the rows again, so a caller must repeat its checks. An order's items,
allocations, parcels, exceptions and picks change only under the order's lock.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any, Final

from sqlalchemy import BindParameter, Connection, bindparam, select
from sqlalchemy.orm import Session, scoped_session

from webapp.database.insertion import insert_into
from webapp.domain.errors import ItemNotFound, OrderNotFound
from webapp.models import Inventory, Product, Store
from webapp.models.rows import rows_of
from webapp.services.engine import locked_rows
from webapp.services.engine.locked_rows import LockedAllocation, LockedItem, LockedOrder, LockedPlace

FRESH = {"populate_existing": True}
MAX_KEY = 2**63 - 1
"""Keys have 64 bits. No row has a larger key, and each driver fails on it in its own way."""


def is_only_writer(db: Session) -> bool:
    """Return whether nobody else can write before we commit: true on SQLite."""
    return db.get_bind().dialect.name == "sqlite"


def take_turn_to_write(db: Session | scoped_session[Session]) -> None:
    """On SQLite begin a writing transaction, unless one is open, so that what is read now stays true.

    A unit of work has already done this. Callers that run a service in their own session, perhaps on an engine that
    does not begin transactions like ours, need it. Raises RuntimeError in a request that only reads.
    """
    session = db() if isinstance(db, scoped_session) else db  # The proxy cannot say whether it is in a transaction.
    check = getattr(session, "check_may_write", None)  # Only a request's own session has it.
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


def lock_order(db: Session, store_id: int, order_id: int) -> LockedOrder:
    """Lock one order. Raises OrderNotFound, also for another store's order."""
    if order_id > MAX_KEY:
        raise OrderNotFound
    take_turn_to_write(db)
    order = lock_orders(db, store_id, [order_id]).get(order_id)
    if order is None:
        raise OrderNotFound
    return order


def lock_orders(db: Session, store_id: int, order_ids: Collection[int]) -> dict[int, LockedOrder]:
    """Lock several orders in id order; ids of other stores are ignored."""
    if not order_ids:
        return {}
    result = connection_of(db).execute(_ORDERS, {"store": store_id, "orders": list(order_ids)})
    return {order.id: order for order in rows_of(LockedOrder, result)}


def lock_items(
    db: Session, store_id: int, order_ids: Collection[int], product_ids: Collection[int] | None = None
) -> list[LockedItem]:
    """Lock the items of locked orders in id order; only those of ``product_ids`` if given."""
    values = {"store": store_id, "orders": list(order_ids)}
    if product_ids is None:
        result = connection_of(db).execute(_ITEMS, values)
    else:
        result = connection_of(db).execute(_ITEMS_OF_PRODUCTS, values | {"products": list(product_ids)})
    return rows_of(LockedItem, result)


def lock_item(db: Session, store_id: int, order_id: int, item_id: int) -> LockedItem:
    """Lock one item of a locked order. Raises ItemNotFound."""
    values = {"store": store_id, "orders": [order_id], "item": item_id}
    items = rows_of(LockedItem, connection_of(db).execute(_ITEM, values))
    if not items:
        raise ItemNotFound
    return items[0]


def lock_inventory(db: Session, store_id: int, product_ids: Collection[int]) -> list[LockedPlace]:
    """Lock every place of the products, in id order."""
    if not product_ids:
        return []
    values = {"store": store_id, "products": list(product_ids)}
    return rows_of(LockedPlace, connection_of(db).execute(_PLACES, values))


def lock_turn_of_arrivals(db: Session, store_id: int) -> None:
    """Wait for our turn, before any other lock, until we commit: arrivals that started over take turns, and so do those
    who must hold products before they know all orders, a delivery and a merge."""
    if is_only_writer(db):
        return
    db.execute(select(Store.id).where(Store.id == store_id).with_for_update(key_share=True)).all()


def lock_products(db: Session, store_id: int, product_ids: Collection[int]) -> None:
    """Lock products against new places: inserting a place locks its product's row, so it waits for us."""
    db.execute(
        select(Product.id)
        .where(Product.store_id == store_id, Product.id.in_(product_ids))
        .order_by(Product.id)
        .with_for_update()
    ).all()


def hold_products(db: Session, store_id: int, product_ids: Collection[int]) -> None:
    """Hold the products' keys, as a row that refers to them does: a merge of one waits for us, and we for it."""
    db.execute(
        select(Product.id)
        .where(Product.store_id == store_id, Product.id.in_(product_ids))
        .order_by(Product.id)
        .with_for_update(read=True, key_share=True)
    ).all()


def read_allocations(db: Session, store_id: int, item_ids: Collection[int]) -> list[LockedAllocation]:
    """Read the allocations of items whose orders are locked; nobody else can change them."""
    if not item_ids:
        return []
    values = {"store": store_id, "items": list(item_ids)}
    return rows_of(LockedAllocation, connection_of(db).execute(_ALLOCATIONS, values))


def connection_of(db: Session) -> Connection:
    """Flush the session's own changes, then return its connection."""
    db.flush()
    return db.connection()


def ensure_place(db: Session, store_id: int, product_id: int, warehouse: str, location: str) -> None:
    """Create the inventory row of a product at a place with nothing on hand, unless it exists."""
    ensure_places(db, store_id, [(product_id, warehouse, location)])


def ensure_places(db: Session, store_id: int, places: Iterable[tuple[int, str, str]]) -> None:
    """Create missing inventory rows, (product id, warehouse, location) each, with nothing on hand."""
    rows = [
        {"store_id": store_id, "product_id": product_id, "warehouse": warehouse, "location": location}
        for product_id, warehouse, location in sorted(places)
    ]
    db.execute(insert_into(db, Inventory).values(rows).on_conflict_do_nothing())


# Built once: building these statements for each request took more CPU than running them.
_STORE: Final = bindparam("store", type_=locked_rows.orders.c.store_id.type)
_OF_ORDERS: BindParameter[Any] = bindparam("orders", expanding=True)
_OF_PRODUCTS: BindParameter[Any] = bindparam("products", expanding=True)
_ORDERS: Final = (
    select(*locked_rows.ORDER)
    .where(locked_rows.orders.c.store_id == _STORE, locked_rows.orders.c.id.in_(_OF_ORDERS))
    .order_by(locked_rows.orders.c.id)
    .with_for_update(of=locked_rows.orders)
)
_ITEMS: Final = (
    select(*locked_rows.ITEM)
    .select_from(locked_rows.items_and_products)
    .where(locked_rows.items.c.store_id == _STORE, locked_rows.items.c.order_id.in_(_OF_ORDERS))
    .order_by(locked_rows.items.c.id)
    .with_for_update(of=locked_rows.items)
)
_ITEMS_OF_PRODUCTS: Final = _ITEMS.where(locked_rows.items.c.product_id.in_(_OF_PRODUCTS))
_ITEM: Final = _ITEMS.where(locked_rows.items.c.id == bindparam("item"))
_PLACES: Final = (
    select(*locked_rows.PLACE)
    .where(locked_rows.places.c.store_id == _STORE, locked_rows.places.c.product_id.in_(_OF_PRODUCTS))
    .order_by(locked_rows.places.c.id)
    .with_for_update(of=locked_rows.places)
)
_ALLOCATIONS: Final = (
    select(*locked_rows.ALLOCATION)
    .where(
        locked_rows.allocations.c.store_id == _STORE,
        locked_rows.allocations.c.order_item_id.in_(bindparam("items", expanding=True)),
    )
    .order_by(locked_rows.allocations.c.inventory_id)
)
