"""Stock against a model: anything may happen in any order; after each step both agree and every invariant holds.

``STATE_MACHINE_EXAMPLES=500`` explores more, at random; without it each run tries the same examples.
"""

from __future__ import annotations

import os

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import initialize, precondition, rule, run_state_machine_as_test
from sqlalchemy import Engine, select

from tests.services.stock_machine import PRODUCTS, StockMachine
from tests.services.stock_records import Item, Order
from webapp import models
from webapp.database.unit_of_work import Once, unit_of_work
from webapp.domain.errors import IdempotencyKeyReused
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
from webapp.services.reads import returns

EXAMPLES = os.environ.get("STATE_MACHINE_EXAMPLES")
SETTINGS = settings(
    max_examples=int(EXAMPLES or 30),
    stateful_step_count=40,
    deadline=None,
    derandomize=EXAMPLES is None,
    database=None,
    phases=[Phase.explicit, Phase.generate, *([Phase.shrink] if EXAMPLES else [])],
    suppress_health_check=list(HealthCheck),
)

GTINS = ["4011111111116", "4022222222226"]
LOCATIONS = ["A1", "B2", "C3"]
STATUSES = ["pending", "processing", "partially_shipped", "shipped", "delivered", "cancelled", "refunded"]

number = st.integers(0, 30)
units = st.integers(1, 9)
few = st.integers(1, 4)
product = st.sampled_from(PRODUCTS)
location = st.sampled_from(LOCATIONS)
lines = st.lists(st.tuples(st.sampled_from([*PRODUCTS, *PRODUCTS, *GTINS]), units), min_size=1, max_size=3)
stock_change = st.one_of(
    st.tuples(st.sampled_from(["import_inventory", "return_inventory", "adjust_inventory"]), units),
    st.tuples(st.just("adjust_inventory"), st.integers(-9, -1)),
)
keyed = st.booleans()


HAS_ORDERS = precondition(lambda self: bool(self.model.orders))


class Stock(StockMachine):
    """What may happen in a store."""

    # Orders come in.

    @initialize(orders=st.lists(lines, min_size=2, max_size=4), stock=st.lists(units, min_size=4, max_size=4))
    def the_day_begins(self, orders: list[list[tuple[str, int]]], stock: list[int]) -> None:
        for number, units in enumerate(stock):
            place = PRODUCTS[number % 2], LOCATIONS[number // 2]
            self.stock_changes(("import_inventory", units), *place, keyed=False)
        for number, lines in enumerate(orders):
            self.order_comes_in(lines)
            self.status_is_set(number, "processing", keyed=False)

    @precondition(lambda self: len(self.model.orders) < 6)
    @rule(lines=lines)
    def order_comes_in(self, lines: list[tuple[str, int]]) -> None:
        order = Order()
        stored = self.warehouse.order(*((self.products.get(name, self.unknown), ordered) for name, ordered in lines))
        for position, (name, ordered) in enumerate(lines, 1):
            item = Item(order, name if name in PRODUCTS else None, name, ordered)
            order.items.append(item)
            row = self.warehouse.item(stored, position)
            self.item_ids[item] = row.id
            if name in GTINS:
                row.gtin = name
        self.session.commit()
        self.model.orders.append(order)
        self.order_ids.append(stored.id)

    # Stock.

    @rule(change=stock_change, product=product, location=location, keyed=keyed)
    def stock_changes(self, change: tuple[str, int], product: str, location: str, keyed: bool) -> None:
        act, units = change
        self.both(
            lambda: self.model.change_stock(product, location, units, arriving=max(units, 0)),
            getattr(inventory_service, act),
            keyed,
            product_id=self.products[product].id,
            location=location,
            reason="Cycle count",
            **{"quantity_change" if act == "adjust_inventory" else "quantity": units},
        )

    @rule(product=product, location=location, counted=st.integers(0, 15), keyed=keyed)
    def stock_is_counted(self, product: str, location: str, counted: int, keyed: bool) -> None:
        self.both(
            lambda: self.model.set_stock(product, location, counted),
            inventory_service.set_inventory,
            keyed,
            product_id=self.products[product].id,
            location=location,
            quantity=counted,
            reason="Cycle count",
        )

    # Orders.

    @HAS_ORDERS
    @rule(number=number, status=st.sampled_from([*STATUSES, "processing", "processing"]), keyed=keyed)
    def status_is_set(self, number: int, status: str, keyed: bool) -> None:
        order = self.order(number)
        update = OrderUpdate(status=status)
        self.both(
            lambda: self.model.set_status(order, status),
            order_service.change_status,
            keyed,
            order_id=self.id_of(order),
            order_update=update,
        )

    @HAS_ORDERS
    @rule(number=number, units=st.none() | few, strict=st.booleans(), keyed=keyed)
    def item_ships(self, number: int, units: int | None, strict: bool, keyed: bool) -> None:
        item = self.item(number)
        self.both(
            lambda: self.model.ship(item, units, strict),
            order_inventory_service.fulfill_item,
            keyed,
            **self.names(item),
            quantity=units,
            skip_missing=not strict,
        )

    @HAS_ORDERS
    @rule(number=number, keyed=keyed)
    def order_ships(self, number: int, keyed: bool) -> None:
        order = self.order(number)
        self.both(lambda: self.model.ship_order(order), order_service.ship_order, keyed, order_id=self.id_of(order))

    @HAS_ORDERS
    @rule(number=number)
    def order_is_reserved(self, number: int) -> None:
        order = self.order(number)
        reserve = order_inventory_service.reserve_for_order
        self.both(lambda: self.model.reserve_order(order), reserve, order_id=self.id_of(order))

    @HAS_ORDERS
    @rule(number=number)
    def order_is_released(self, number: int) -> None:
        order = self.order(number)
        release = order_inventory_service.release_order_reservation
        self.both(lambda: self.model.release_order(order), release, order_id=self.id_of(order))

    @HAS_ORDERS
    @rule(number=number, units=few, keyed=keyed)
    def item_is_cancelled(self, number: int, units: int, keyed: bool) -> None:
        item = self.item(number)
        self.both(
            lambda: self.model.cancel_item(item, units),
            order_service.cancel_item,
            keyed,
            **self.names(item),
            quantity=units,
            reason="Out of season",
        )

    @HAS_ORDERS
    @rule(number=number, units=few, place=st.none() | location, keyed=keyed)
    def units_come_back(self, number: int, units: int, place: str | None, keyed: bool) -> None:
        item = self.item(number)
        self.both(
            lambda: self.model.give_back(item, units, place),
            return_service.return_units,
            keyed,
            **self.names(item),
            quantity=units,
            location=place or "",
            write_off=place is None,
            reason="Too small",
        )

    @precondition(lambda self: any(order.returns for order in self.model.orders))
    @rule(number=number, left=st.integers(0, 3), keyed=keyed)
    def return_is_corrected(self, number: int, left: int, keyed: bool) -> None:
        returned = [(order, place) for order in self.model.orders for place in range(len(order.returns))]
        order, place = returned[number % len(returned)]
        booked = returns.list_returns(self.session, self.store_id, self.id_of(order))[place]
        self.both(
            lambda: self.model.correct_return(order.returns[place], left),
            return_service.correct_return,
            keyed,
            order_id=self.id_of(order),
            event_id=booked.event_id,
            quantity=left,
            seen_quantity=booked.quantity,
        )

    @precondition(lambda self: any(order.lines for order in self.model.orders))
    @rule(number=number, keyed=keyed)
    def line_is_undone(self, number: int, keyed: bool) -> None:
        lines = [(order, line) for order in self.model.orders for line in order.lines]
        order, line = lines[number % len(lines)]
        ids = select(models.ShipmentLine.id).where(
            models.ShipmentLine.store_id == self.store_id,
            models.ShipmentLine.order_item_id.in_([self.item_ids[item] for item in order.items]),
        )
        line_id = self.session.scalars(ids.order_by(models.ShipmentLine.id)).all()[order.lines.index(line)]
        self.both(
            lambda: self.model.undo(order, line),
            undo_service.undo_shipment_line,
            keyed,
            order_id=self.id_of(order),
            line_id=line_id,
        )

    @rule(gtin=st.sampled_from(GTINS), product=product, keyed=keyed)
    def gtin_is_matched(self, gtin: str, product: str, keyed: bool) -> None:
        self.both(
            lambda: self.model.match(gtin, product),
            matching_service.match_gtin,
            keyed,
            gtin=gtin,
            product_id=self.products[product].id,
        )

    # The shelf.

    @HAS_ORDERS
    @rule(number=number, units=few, location=location, keyed=keyed)
    def units_are_found(self, number: int, units: int, location: str, keyed: bool) -> None:
        item = self.item(number)
        self.both(
            lambda: self.model.find(item, units, location),
            shelf_service.ship_found_on_shelf,
            keyed,
            **self.names(item),
            quantity=units,
            location=location,
        )

    @precondition(lambda self: any(sum(item.allocations.values()) for item in self.model.items()))
    @rule(number=number, found=st.integers(0, 4), keyed=keyed)
    def pick_is_short(self, number: int, found: int, keyed: bool) -> None:
        allocations = [
            (item, place) for item in self.model.items() for place in item.allocations if item.allocations[place]
        ]
        item, place_number = allocations[number % len(allocations)]
        place = self.model.places[place_number]
        self.both(
            lambda: self.model.short_pick(place_number, found),
            shelf_service.report_short_pick,
            keyed,
            **self.names(item),
            inventory_id=self.warehouse.place(self.products[place.product].id, place.location).id,
            counted_quantity=found,
            seen_quantity=place.on_hand,
        )

    # Repeats.

    @precondition(lambda self: bool(self.sent))
    @rule(number=number)
    def a_request_is_repeated(self, number: int) -> None:
        sent = self.sent[number % len(self.sent)]

        outcome = unit_of_work(self.session, sent.act, sent.once)

        assert (outcome.replayed, outcome.status) == (True, sent.status)
        assert sent.status != 200 or outcome.result == sent.once.key

    @precondition(lambda self: bool(self.sent))
    @rule(number=number)
    def a_key_is_used_for_another_request(self, number: int) -> None:
        sent = self.sent[number % len(self.sent)]
        other = Once(self.store_id, sent.once.key, "paula", "another request")
        try:
            unit_of_work(self.session, sent.act, other)
        except IdempotencyKeyReused:
            self.session.rollback()
        else:
            raise AssertionError("the key was taken for another request")


def test_whatever_happens_stock_is_what_the_model_says_and_every_invariant_holds(shared_engine: Engine) -> None:
    run_state_machine_as_test(lambda: Stock(shared_engine), settings=SETTINGS)  # type: ignore[arg-type]  # It says a class, and calls it; ours needs the engine.
