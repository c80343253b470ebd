"""The service contract as a program of somebody else's uses it: the application's own session, commits of its own."""

from __future__ import annotations

from typing import Any

from flask import Flask

from tests.factories import items_of, make_inventory, make_order, make_product, make_store
from webapp import extensions
from webapp.domain.statuses import OrderStatus
from webapp.models import Allocation, InventoryTransaction
from webapp.schemas.order import OrderUpdate
from webapp.services import order_inventory_service, order_service

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
        claim = session.query(Allocation).filter(Allocation.order_item_id == item.id).one()
        item.product_name = "A name that the caller has not flushed yet"

        order_inventory_service.fulfill_item(**names, item_id=item.id, quantity=2)

        assert (item.shipped_quantity, item.remaining_quantity) == (2, 3)
        assert (place.quantity, place.reserved_quantity, claim.quantity) == (7, 3, 3)
        assert order.status is OrderStatus.PARTIALLY_SHIPPED
        assert item.product_name == "A name that the caller has not flushed yet"
