"""The service contract as an outside program uses it: with the application's own session, and its own commits."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import create_engine, select
from sqlalchemy.orm import Session

from tests.factories import items_of, make_inventory, make_order, make_product, make_store
from webapp import extensions
from webapp.domain.errors import ConflictError, ItemNotFound, OrderNotFound
from webapp.domain.statuses import OrderStatus
from webapp.models import Allocation, InventoryTransaction, Order
from webapp.schemas.order import OrderUpdate
from webapp.services import order_inventory_service, order_service
from webapp.services.verification import verify

session: Any = extensions.db.session
"""Flask-SQLAlchemy's proxy, which outside programs hand over as it is."""


def test_every_call_of_the_contract_works_on_the_application_session_with_the_callers_commit(app: Flask) -> None:
    with app.app_context():
        store = make_store(session)
        lamp = make_product(session, store)
        make_inventory(session, lamp, 9)
        order = make_order(session, store, [(lamp, 5)])
        names: dict[str, Any] = {"db": session, "store_id": store.id, "order_id": order.id}
        item = items_of(session, order)[0]

        order_service.update_order_status(**names, order_update=OrderUpdate(status="processing"))
        session.commit()
        again = order_inventory_service.reserve_for_order(**names, skip_missing=True)
        session.commit()
        shipped = order_inventory_service.fulfill_item(**names, item_id=item.id, quantity=2)
        session.commit()
        released = order_inventory_service.release_order_reservation(**names)
        session.commit()
        rest = order_inventory_service.fulfill_order(**names)
        session.commit()

        assert again["reserved_count"] == 0
        assert (shipped["fulfilled_quantity"], shipped["remaining_quantity"]) == (2, 3)
        assert released["released_units"] == 3
        assert (rest["fulfilled_count"], rest["skipped_items"]) == (1, [])
        assert order_inventory_service.get_shipment_status(**names)["is_fully_shipped"]
        assert session.query(InventoryTransaction).filter(InventoryTransaction.order_id == order.id).count() == 5


def test_the_status_of_an_order_without_items_is_stored(app: Flask) -> None:
    with app.app_context():
        store = make_store(session)
        order = make_order(session, store, [])

        order_service.update_order_status(
            db=session, store_id=store.id, order_id=order.id, order_update=OrderUpdate(status="shipped")
        )
        session.commit()

        assert session.scalar(select(Order.status).where(Order.id == order.id)) is OrderStatus.SHIPPED


def test_a_copy_of_an_order_that_was_read_before_others_shipped_gets_its_status(app: Flask) -> None:
    with app.app_context():
        store = make_store(session)
        lamp = make_product(session, store)
        make_inventory(session, lamp, 9)
        order = make_order(session, store, [(lamp, 5)])
        names: dict[str, Any] = {"store_id": store.id, "order_id": order.id}
        item_id = items_of(session, order)[0].id
        order_service.update_order_status(db=session, **names, order_update=OrderUpdate(status="processing"))
        session.commit()
        copy = session.get_one(Order, (store.id, order.id))
        assert str(copy.status) == "processing"
        session.commit()  # The session keeps what it has read.
        with Session(extensions.db.engine) as others:
            order_inventory_service.fulfill_item(db=others, **names, item_id=item_id, quantity=1)
            others.commit()

        order_inventory_service.fulfill_item(db=session, **names, item_id=item_id, quantity=1)

        assert copy.status is OrderStatus.PARTIALLY_SHIPPED
        session.rollback()


def test_a_caller_who_has_read_and_not_finished_does_not_keep_a_tablet_waiting(app: Flask) -> None:
    with app.app_context():
        store = make_store(session)
        lamp = make_product(session, store)
        make_inventory(session, lamp, 9)
        order = make_order(session, store, [(lamp, 5)])
        order_inventory_service.get_shipment_status(db=session, store_id=store.id, order_id=order.id)

        with app.app_context():  # Another request, with a session of its own.
            order_service.update_order_status(
                db=session, store_id=store.id, order_id=order.id, order_update=OrderUpdate(status="processing")
            )
            session.commit()

        session.rollback()
        status = order_inventory_service.get_shipment_status(db=session, store_id=store.id, order_id=order.id)
        assert status["items"][0]["reserved_quantity"] == 5


def test_objects_that_the_caller_holds_follow_a_shipment_without_a_commit(app: Flask) -> None:
    with app.app_context():
        store = make_store(session)
        lamp = make_product(session, store)
        place = make_inventory(session, lamp, 9)
        order = make_order(session, store, [(lamp, 5)])
        item = items_of(session, order)[0]
        names: dict[str, Any] = {"db": session, "store_id": store.id, "order_id": order.id}
        order_service.update_order_status(**names, order_update=OrderUpdate(status="processing"))
        allocation = session.query(Allocation).filter(Allocation.order_item_id == item.id).one()
        item.product_name = "A name that the caller has not flushed yet"

        order_inventory_service.fulfill_item(**names, item_id=item.id, quantity=2)

        assert (item.shipped_quantity, item.remaining_quantity) == (2, 3)
        assert (place.quantity, place.reserved_quantity, allocation.quantity) == (7, 3, 3)
        assert order.status is OrderStatus.PARTIALLY_SHIPPED
        assert item.product_name == "A name that the caller has not flushed yet"


def test_a_savepoint_that_is_rolled_back_leaves_no_object_behind_its_row(app: Flask) -> None:
    with app.app_context():
        store = make_store(session)
        lamp = make_product(session, store)
        place = make_inventory(session, lamp, 9)
        order = make_order(session, store, [(lamp, 5)])
        item = items_of(session, order)[0]
        savepoint = session.begin_nested()

        order_inventory_service.fulfill_item(
            db=session, store_id=store.id, order_id=order.id, item_id=item.id, quantity=2
        )
        assert (item.shipped_quantity, place.quantity) == (2, 7)
        savepoint.rollback()

        assert (item.shipped_quantity, place.quantity, order.status) == (0, 9, OrderStatus.PENDING)


@pytest.mark.engines("sqlite")
def test_sessions_on_engines_of_their_own_take_turns_to_write(app: Flask) -> None:
    with app.app_context():
        store = make_store(session)
        lamp = make_product(session, store)
        make_inventory(session, lamp, 200)
        orders = [make_order(session, store, [(lamp, 2)]).id for _ in range(20)]
        store_id, url = store.id, extensions.db.engine.url
        session.commit()
    engine = create_engine(url)

    def change(order_id: int, status: str) -> None:
        with Session(engine) as db:
            with suppress(ConflictError):  # Shipped first, it is not cancelled any more.
                order_service.update_order_status(
                    db=db, store_id=store_id, order_id=order_id, order_update=OrderUpdate(status=status)
                )
            db.commit()

    with ThreadPoolExecutor(2) as threads:
        done = [threads.submit(change, order, status) for order in orders for status in ("processing", "cancelled")]
    assert [future.result() for future in done] == [None] * 40
    engine.dispose()
    with app.app_context(), extensions.db.engine.connect() as connection:
        assert list(verify(connection)) == []


def test_a_key_of_more_than_64_bits_is_nobodys(app: Flask) -> None:
    with app.app_context():
        names: dict[str, Any] = {"db": session, "store_id": 1, "order_id": 2**63}
        with pytest.raises(OrderNotFound):
            order_inventory_service.fulfill_item(**names, item_id=1)
        with pytest.raises(ItemNotFound):
            order_inventory_service.fulfill_item(**(names | {"order_id": 1}), item_id=2**63)
        with pytest.raises(OrderNotFound):
            order_inventory_service.reserve_for_order(**names)
        with pytest.raises(OrderNotFound):
            order_inventory_service.get_shipment_status(**names)
