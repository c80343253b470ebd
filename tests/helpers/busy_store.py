"""A store in which everything that the services do has happened, for looking at the whole of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.factories import (
    items_of,
    make_inventory,
    make_order,
    make_placeholder,
    make_product,
    make_store,
    make_token,
    make_user,
)
from webapp.database.unit_of_work import Once, fingerprint, unit_of_work
from webapp.domain.errors import InvalidQuantity
from webapp.models import Order, OrderItem, Product, ShipmentLine, Store
from webapp.schemas.order import OrderUpdate
from webapp.services import (
    inventory_service,
    matching_service,
    order_inventory_service,
    order_service,
    return_service,
    shelf_service,
    undo_service,
)

UNKNOWN_GTIN = "4099999999999"
MATCHED_GTIN = "4088888888888"


class BusyStore:
    """Makes the store; afterwards each order is found by a number that says what happened to it."""

    def __init__(self, db: Session, code: str) -> None:
        self.db = db
        self.store = make_store(db, code)
        make_user(db, self.store)
        make_token(db, self.store)
        self.widget, self.gadget = make_product(db, self.store, "Widget"), make_product(db, self.store, "Gadget")
        self.unstocked, self.unknown = make_product(db, self.store, "Rarity"), make_placeholder(db, self.store)
        make_inventory(db, self.widget, 10, "A-1")
        make_inventory(db, self.widget, 4, "B-2")
        self.shelf = make_inventory(db, self.gadget, 60, "A-2")

    def live(self) -> Store:
        """Let it all happen, and return the store."""
        self._wait_and_ship()
        self._undo_cancel_return()
        self._mend_stock()
        return self.store

    def _wait_and_ship(self) -> None:
        self._order("PENDING", [(self.widget, 1)])
        self._process("SPLIT", [(self.widget, 12)])
        partial = self._process("PARTIAL", [(self.gadget, 5), (self.unstocked, 1)])
        self._ship(partial, 2)
        self._refused_ship(partial)
        self._set(self._process("SHIPPED", [(self.gadget, 3), (self.gadget, 2)]), "shipped")
        forced = self._process("FORCED", [(self.gadget, 1), (self.unknown, 2)], gtin=UNKNOWN_GTIN)
        self._set(forced, "shipped")
        short = self._process("SHORT", [(self.gadget, 3)])
        (item,) = items_of(self.db, short)
        self._run(
            shelf_service.report_short_pick, short, item, inventory_id=self.shelf.id, found_quantity=1, seen_reserved=3
        )
        self._run(shelf_service.ship_found_on_shelf, short, item, quantity=3, location="A-9")

    def _undo_cancel_return(self) -> None:
        undone = self._process("UNDONE", [(self.gadget, 2)])
        self._ship(undone, 2)
        self._run(undo_service.undo_shipment_line, undone, line_id=self._newest_line())
        self._ship(undone, 1)
        cancelled = self._process("CANCELLED", [(self.gadget, 4)])
        self._ship(cancelled, 1)
        self._run(order_service.cancel_order, cancelled, reason="Customer changed their mind")
        returned = self._process("RETURNED", [(self.gadget, 3)])
        self._ship(returned, 3)
        self._set(returned, "delivered")
        (item,) = items_of(self.db, returned)
        self._run(return_service.return_units, returned, item, quantity=1, reason="Too small", location="A-2")
        self._run(return_service.return_units, returned, item, quantity=1, reason="Broken", write_off=True)
        refunded = self._process("REFUNDED", [(self.gadget, 1)])
        self._ship(refunded, 1)
        self._set(refunded, "refunded")

    def _mend_stock(self) -> None:
        self._process("MATCHED", [(self.unknown, 2)], gtin=MATCHED_GTIN)
        self._run(matching_service.match_gtin, gtin=MATCHED_GTIN, product_id=self.gadget.id)
        self._run(
            inventory_service.adjust_inventory,
            product_id=self.widget.id,
            location="A-1",
            quantity_change=2,
            reason="Cycle count",
        )
        self._run(
            inventory_service.set_inventory, product_id=self.widget.id, location="B-2", quantity=9, reason="Recount"
        )

    def _order(self, number: str, lines: Sequence[tuple[Product, int]], **columns: Any) -> Order:
        return make_order(self.db, self.store, lines, order_number=number, **columns)

    def _process(self, number: str, lines: Sequence[tuple[Product, int]], **columns: Any) -> Order:
        order = self._order(number, lines, **columns)
        self._set(order, "processing")
        return order

    def _set(self, order: Order, status: str) -> None:
        self._run(order_service.update_order_status, order, order_update=OrderUpdate(status=status))

    def _ship(self, order: Order, units: int) -> None:
        """Ship units of the order's first item under an idempotency key named after the order and the units."""
        item = items_of(self.db, order)[0]
        unit_of_work(self.db, lambda db: self._fulfill(db, order, item, units), self._once(order, units))

    def _refused_ship(self, order: Order) -> None:
        """Try to ship more than remains under a key that keeps the refusal."""
        item = items_of(self.db, order)[0]
        try:
            unit_of_work(self.db, lambda db: self._fulfill(db, order, item, 99), self._once(order, 99))
        except InvalidQuantity:
            self.db.rollback()

    def _fulfill(self, db: Session, order: Order, item: OrderItem, units: int) -> dict[str, Any]:
        return dict(
            order_inventory_service.fulfill_item(
                db=db, store_id=self.store.id, order_id=order.id, item_id=item.id, quantity=units, actor="paula"
            )
        )

    def _once(self, order: Order, units: int) -> Once:
        key = f"ship-{order.order_number}-{units}"
        return Once(self.store.id, key, "paula", fingerprint(key), keep_refusals=True)

    def _newest_line(self) -> int:
        statement = select(ShipmentLine.id).where(ShipmentLine.store_id == self.store.id)
        return self.db.scalars(statement.order_by(ShipmentLine.id.desc())).first() or 0

    def _run(
        self, act: Callable[..., Any], order: Order | None = None, item: OrderItem | None = None, **arguments: Any
    ) -> None:
        """Call a service in a unit of work of its own."""
        named = {name: row.id for name, row in (("order_id", order), ("item_id", item)) if row is not None}
        unit_of_work(self.db, lambda db: act(db=db, store_id=self.store.id, actor="max", **named, **arguments))
