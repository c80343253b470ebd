"""A store's warehouse for service tests: verbs for its people, and views of the result."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple, TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.factories import items_of, make_inventory, make_order, make_placeholder, make_product
from tests.helpers.soundness import is_sound
from webapp.database.unit_of_work import Once, unit_of_work
from webapp.domain.causes import ExceptionState
from webapp.domain.parcel_data import mark_of
from webapp.models import (
    Allocation,
    Inventory,
    InventoryTransaction,
    Order,
    OrderEvent,
    OrderItem,
    Product,
    ShipmentLine,
    StockException,
    Store,
)
from webapp.schemas.order import OrderUpdate
from webapp.services import (
    erasure_service,
    inventory_service,
    matching_service,
    order_inventory_service,
    order_service,
    packing_note_service,
    return_service,
    shelf_service,
    undo_service,
)
from webapp.services.engine import stock_exceptions
from webapp.services.engine.results import StockLevel
from webapp.services.engine.stock_rows import OrderRow
from webapp.services.reads import returns
from webapp.services.verification import snapshot, verify

T = TypeVar("T")
FIRST_ORDER = datetime(2026, 1, 1, tzinfo=UTC)


class Moved(NamedTuple):
    """A ledger row as a person reads it: who did what, how many, and the numbers after."""

    kind: str
    quantity_change: int
    reserved_change: int
    quantity_after: int
    reserved_after: int
    location: str
    created_by: str


class Warehouse:
    """Each verb is one unit of work, as an edge runs it; ``paula`` acts unless the test names someone else."""

    def __init__(self, db: Session, store: Store, actor: str = "paula") -> None:
        self.db, self.store, self.actor = db, store, actor
        self._orders = 0

    def do(self, act: Callable[..., T], once: Once | None = None, **arguments: Any) -> T:
        """Call a service in a unit of work and return its result."""
        named = {"store_id": self.store.id, "actor": self.actor, **arguments}
        return unit_of_work(self.db, lambda db: act(db=db, **named), once).result

    # Set-up.

    def product(self, name: str = "Widget", sku: str = "", /, **places: int) -> Product:
        """Make a product with units at places: ``product("Widget", A1=3)``; ``sku`` if the test needs a certain one."""
        self._look_anew()
        product = make_product(self.db, self.store, name, **({"sku": sku} if sku else {}))
        for location, units in places.items():
            make_inventory(self.db, product, units, location)
        return product

    def placeholder(self) -> Product:
        return make_placeholder(self.db, self.store)

    def order(self, *lines: tuple[Product, int], **columns: Any) -> Order:
        """Make a pending order; each is an hour younger than the one before."""
        self._look_anew()
        self._orders += 1
        columns = {"ordered_at": FIRST_ORDER + timedelta(hours=self._orders), **columns}
        return make_order(self.db, self.store, lines, **columns)

    def processing(self, *lines: tuple[Product, int], **columns: Any) -> Order:
        """Make an order and set it processing."""
        order = self.order(*lines, **columns)
        self.process(order)
        return order

    # Actions.

    def set_status(self, order: Order, status: str, **arguments: Any) -> order_service.StatusChange:
        update = OrderUpdate(status=status, **arguments)
        return self.do(order_service.change_status, order_id=order.id, order_update=update)

    def process(self, order: Order) -> order_service.StatusChange:
        return self.set_status(order, "processing")

    def ship(self, order: Order, quantity: int | None = None, line: int = 1, **arguments: Any) -> dict[str, Any]:
        """Ship units of an order's line (1 is the first); missing stock is refused, as at the packing table."""
        arguments = {"skip_missing": False, **arguments}
        item = self.item(order, line)
        ship = order_inventory_service.fulfill_item
        return dict(self.do(ship, order_id=order.id, item_id=item.id, quantity=quantity, **arguments))

    def ship_order(self, order: Order) -> order_service.StatusChange:
        return self.do(order_service.ship_order, order_id=order.id)

    def cancel(self, order: Order, reason: str = "Customer changed their mind") -> order_service.StatusChange:
        return self.do(order_service.cancel_order, order_id=order.id, reason=reason)

    def cancel_item(self, order: Order, quantity: int, line: int = 1, reason: str = "Out of season") -> OrderRow:
        item = self.item(order, line)
        return self.do(order_service.cancel_item, order_id=order.id, item_id=item.id, quantity=quantity, reason=reason)

    def undo(self, order: Order, **arguments: Any) -> ShipmentLine:
        """Undo the order's newest shipped line, or ``line_id``."""
        lines = self.lines(order)
        arguments = {"line_id": lines[-1].id if lines else 0, **arguments}
        return self.do(undo_service.undo_shipment_line, order_id=order.id, **arguments)

    def read_packing_note(self, order: Order, **arguments: Any) -> bool:
        """Confirm that the order's packing note was read, or the one with another mark, ``seen_note``."""
        arguments = {"seen_note": mark_of(order.packing_note), **arguments}
        return self.do(packing_note_service.confirm_reading, order_id=order.id, **arguments)

    def erase_person(self, order: Order, **arguments: Any) -> bool:
        """Erase the customer's data from the order."""
        return self.do(erasure_service.erase_person, order_id=order.id, **arguments)

    def give_back(
        self, order: Order, quantity: int, line: int = 1, location: str = "R1", **arguments: Any
    ) -> OrderItem:
        """Book units of a line as returned by the customer."""
        arguments = {"reason": "Too small", "location": location, **arguments}
        item = self.item(order, line)
        act = return_service.return_units
        return self.do(act, order_id=order.id, item_id=item.id, quantity=quantity, **arguments)

    def correct_return(
        self, order: Order, quantity: int, number: int = 1, **arguments: Any
    ) -> return_service.CorrectedReturn:
        """Correct the order's return ``number`` (1 is the first) to the units that really came back."""
        booked = returns.list_returns(self.db, self.store.id, order.id)[number - 1]
        arguments = {"event_id": booked.event_id, "seen_quantity": booked.quantity, **arguments}
        self._look_anew()
        return self.do(return_service.correct_return, order_id=order.id, quantity=quantity, **arguments)

    def arrive(self, product: Product, quantity: int, location: str = "A1") -> None:
        self.do(inventory_service.import_inventory, product_id=product.id, quantity=quantity, location=location)

    def adjust(
        self, product: Product, change: int, location: str = "A1", reason: str = "Cycle count", **arguments: Any
    ) -> None:
        act = inventory_service.adjust_inventory
        self.do(act, product_id=product.id, quantity_change=change, location=location, reason=reason, **arguments)

    def recount(self, product: Product, quantity: int, location: str = "A1", **arguments: Any) -> None:
        """Set a place to what was counted."""
        act = inventory_service.set_inventory
        arguments = {"reason": "Cycle count", **arguments}
        self.do(act, product_id=product.id, quantity=quantity, location=location, **arguments)

    def close_exception(self, order: Order, resolution: str) -> None:
        """Close the order's only open exception by hand."""
        self._look_anew()
        (exception,) = self._all(
            select(StockException).where(
                StockException.order_id == order.id, StockException.state == ExceptionState.OPEN
            )
        )
        self.do(stock_exceptions.close_exception, exception_id=exception.id, resolution=resolution)

    def match(self, gtin: str, product: Product) -> matching_service.MatchResult:
        return self.do(matching_service.match_gtin, gtin=gtin, product_id=product.id)

    def find(
        self, order: Order, quantity: int, line: int = 1, location: str = "F1", **arguments: Any
    ) -> dict[str, Any]:
        """Ship units that the packer found on the shelf."""
        item = self.item(order, line)
        act = shelf_service.ship_found_on_shelf
        return dict(self.do(act, order_id=order.id, item_id=item.id, quantity=quantity, location=location, **arguments))

    def short_pick(self, order: Order, found: int, location: str, line: int = 1, **arguments: Any) -> StockLevel:
        """Report that fewer units of an item's product than recorded are at a place."""
        item = self.item(order, line)
        arguments = {"seen_quantity": self.place(item.product_id, location).quantity, **arguments}
        return self.do(
            shelf_service.report_short_pick,
            order_id=order.id,
            item_id=item.id,
            inventory_id=self.place(item.product_id, location).id,
            counted_quantity=found,
            **arguments,
        )

    # Views of the result; each reads the database again.

    def item(self, order: Order, line: int = 1) -> OrderItem:
        return self._items(order)[line - 1]

    def status(self, order: Order) -> str:
        return str(self._all(select(Order).where(Order.id == order.id))[0].status)

    def place(self, product_id: int, location: str) -> Inventory:
        query = select(Inventory).where(Inventory.product_id == product_id, Inventory.location == location)
        place: Inventory = self._all(query)[0]
        return place

    def shelves(self, product: Product) -> dict[str, tuple[int, int]]:
        """Return (on hand, reserved) of the product, by location."""
        places = self._all(select(Inventory).where(Inventory.product_id == product.id).order_by(Inventory.id))
        return {place.location: (place.quantity, place.reserved_quantity) for place in places}

    def to_count(self, product: Product) -> dict[str, tuple[str, str | None, bool]]:
        """Return the product's places that a manager is asked to count: why, who asked, and whether it is blocked."""
        places = self._all(select(Inventory).where(Inventory.product_id == product.id).order_by(Inventory.id))
        return {
            place.location: (str(place.count_cause), place.count_asked_by, place.is_short)
            for place in places
            if place.count_cause or place.is_short
        }

    def allocations(self, order: Order, line: int = 1) -> dict[str, int]:
        """Return the units an order's line still holds, by location."""
        item = self.item(order, line)
        rows = self.db.execute(
            select(Inventory.location, Allocation.quantity)
            .join(Allocation, Allocation.inventory_id == Inventory.id)
            .where(Allocation.order_item_id == item.id, Allocation.quantity > 0)
            .order_by(Inventory.id)
        )
        return {row.location: row.quantity for row in rows}

    def ledger(self, order: Order | None = None) -> list[Moved]:
        """Return the ledger of an order, or of the whole store, oldest first."""
        query = select(InventoryTransaction).order_by(InventoryTransaction.id)
        if order is not None:
            query = query.where(InventoryTransaction.order_id == order.id)
        return [
            Moved(
                str(row.transaction_type),
                row.quantity_change,
                row.reserved_change,
                row.quantity_after,
                row.reserved_after,
                row.location,
                row.created_by,
            )
            for row in self._all(query)
        ]

    def events(self, order: Order) -> list[str]:
        """Return the kinds of the order's events, oldest first."""
        query = select(OrderEvent).where(OrderEvent.order_id == order.id).order_by(OrderEvent.id)
        return [str(event.kind) for event in self._all(query)]

    def exceptions(self, order: Order) -> list[tuple[int, str, int, str]]:
        """Return (line, cause, units, state) of the order's stock exceptions, in the order they were opened."""
        positions = {item.id: item.position for item in self._items(order)}
        query = select(StockException).where(StockException.order_id == order.id).order_by(StockException.id)
        return [
            (positions[row.order_item_id], str(row.cause), row.quantity, str(row.state)) for row in self._all(query)
        ]

    def lines(self, order: Order) -> list[ShipmentLine]:
        """Return the order's shipped lines that were not undone."""
        items = [item.id for item in self._items(order)]
        query = select(ShipmentLine).where(ShipmentLine.order_item_id.in_(items), ShipmentLine.undone_at.is_(None))
        return self._all(query.order_by(ShipmentLine.id))

    def unsound(self) -> list[str]:
        """Return what ``flask stock verify`` would find wrong in this store."""
        self._look_anew()
        engine = self.db.get_bind().engine
        with snapshot(engine) as connection:
            if is_sound(connection, self.store.id):
                return []
        with snapshot(engine) as connection:
            return [violation.message for violation in verify(connection, self.store.id)]

    def _items(self, order: Order) -> list[OrderItem]:
        self._look_anew()
        return items_of(self.db, order)

    def _look_anew(self) -> None:
        """End the read transaction: on SQLite it would hide later commits of others."""
        self.db.commit()

    def _all(self, statement: Any) -> list[Any]:
        self._look_anew()
        entity = statement.column_descriptions[0]["entity"]
        here = statement.where(entity.store_id == self.store.id).execution_options(populate_existing=True)
        return list(self.db.scalars(here))
