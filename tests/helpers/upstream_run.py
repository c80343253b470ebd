"""Random steps of a shop and a building, each compared with the model of ``upstream_model``."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from hashlib import sha256
from random import Random

import pytest
from sqlalchemy import select

from tests.factories import items_of, make_match
from tests.helpers.upstream_model import Line, Modelled, Says
from tests.helpers.warehouse import Warehouse
from webapp.domain.causes import Cause, ExceptionState
from webapp.domain.errors import OnHold
from webapp.domain.holds import Hold
from webapp.domain.parcel_data import ParcelData
from webapp.domain.unknown_lines import MatchBy
from webapp.domain.upstream import ShopLine, ShopOrder
from webapp.models import Order, OrderItem, Product, StockException
from webapp.services import hold_service, upstream_service

TWIN = "TWIN"
"""The SKU that the order may have in two lines, and the shop in one or three."""
SKUS = ("LAMP", "CUP", "PLATE", TWIN)
PACKS = Counter(PLATE=3)
"""Units in one that the shop counts, where it is more than one."""
START = datetime(2026, 1, 1, tzinfo=UTC)


def pack_of(sku: str) -> int:
    """Return the units in one that the shop counts."""
    return PACKS[sku] or 1


class UpstreamRun:
    """One store whose orders are changed by the shop and by the building; each step compares both."""

    def __init__(self, warehouse: Warehouse, random: Random) -> None:
        self.warehouse, self.random = warehouse, random
        self.products: dict[str, Product] = {sku: warehouse.product(sku, sku, A1=random.randint(5, 60)) for sku in SKUS}
        self.matches: dict[str, int] = {
            sku: make_match(
                *(warehouse.db, self.products[sku], sku, MatchBy.SKU), pack_units=pack_units, is_remembered=False
            ).id
            for sku, pack_units in PACKS.items()
        }
        self.orders: list[tuple[Order, Modelled]] = []
        self.heard: dict[int, list[Says]] = {}
        """What the shop said of each order, by its id."""
        self.clock = self.steps = self.edits = 0
        self.newest: int | None = None
        """When the newest order was placed of all that files brought."""

    def step(self) -> None:
        """Do one random thing, then compare."""
        self.steps += 1
        if not self.orders or self.random.random() < 0.05:
            self._start()
            self.orders = self.orders[-4:]
        acts = (self._hear, self._ship, self._cancel, self._give_back, self._release, self._deliver)
        act = self.random.choices(acts, (10, 4, 2, 1, 1, 1))[0]
        order, modelled = self.random.choice(self.orders)
        act(order, modelled)
        self._compare(order, modelled)

    def _start(self) -> None:
        skus = self.random.sample(SKUS[:-1], self.random.randint(1, 3))
        units = {sku: self.random.randint(1, 5) * pack_of(sku) for sku in skus}
        lines = list(units.items())
        if self.random.random() < 0.4:
            lines += [(TWIN, self.random.randint(1, 3)) for _ in range(2)]
            units[TWIN] = sum(number for sku, number in lines if sku == TWIN)
        order = self.warehouse.order(*((self.products[sku], number) for sku, number in lines))
        for item in items_of(self.warehouse.db, order):
            item.pack_units, item.match_id = pack_of(item.sku), self.matches.get(item.sku)
        self.warehouse.db.commit()
        self.warehouse.process(order)
        self.orders.append((order, Modelled({sku: Line(number, number) for sku, number in units.items()})))
        self.heard[order.id] = []

    def _hear(self, order: Order, modelled: Modelled) -> None:
        self.clock += 1
        self.edits += 1
        says = self._saying(order, modelled)
        self.heard[order.id].append(says)
        if says.newest is not None:
            self.newest = max(self.newest or 0, says.newest)
            self._note_newest(order, says.newest)
        modelled.hear(says, self.newest)
        shop = ShopOrder(
            lines=self._lines(order, says),
            customer_name="",
            parcel_data=ParcelData(ship_to_city=says.city, customer_note=says.note, packing_note=says.packing_note),
            ship_by=None,
            is_cancelled=says.cancelled,
            updated_at=None if says.at is None else START + timedelta(minutes=says.at),
            goods=sha256(says.content.encode()).hexdigest(),
            person="",
            hold=says.hold,
            says_hold=says.says_hold,
            currency=says.currency,
            newest_order_at=None if says.newest is None else START + timedelta(minutes=says.newest),
        )
        self.warehouse.do(upstream_service.follow_shop, order_id=order.id, shop=shop, source="random")

    def _note_newest(self, order: Order, newest: int) -> None:
        at = START + timedelta(minutes=newest)
        upstream_service.note_newest_orders(self.warehouse.db, order.store_id, {order.channel_id: at})
        self.warehouse.db.commit()

    def _saying(self, order: Order, modelled: Modelled) -> Says:
        """What the shop says now: a few changes of what it said last, or what it said before."""
        at = self.random.choices((self.clock, self.random.randint(1, self.clock), None), (7, 1, 3))[0]
        heard, random = self.heard[order.id], self.random
        if heard and random.random() < 0.2:
            again = random.choice((heard[-1], random.choice(heard)))
            newest = random.choice((again.newest, self.clock, random.randint(1, self.clock)))
            return replace(again, at=random.choice((again.at, at, None)), newest=newest)
        units = {sku: line.said for sku, line in modelled.lines.items() if line.said}
        for sku in random.sample(SKUS, random.randint(0, 2)):
            units[sku] = random.choice((0, random.randint(1, 8))) * pack_of(sku)
        units = {sku: number for sku, number in units.items() if number}
        return Says(
            units,
            at,
            cancelled=random.random() < 0.04,
            prices={sku: Decimal(random.randint(1, 3)) / 10 for sku in units if sku != TWIN and random.random() < 0.3},
            currency=random.choice(("", "", "EUR", "CHF")),
            city=random.choice(("", "Trier", "Metz")),
            note=random.choice(("", "Ring twice", "Leave it")),
            packing_note=random.choice(("", "", "No invoice", "Two layers")),
            hold=(hold := random.choice((None, None, None, Hold.UNPAID, Hold.ON_HOLD))),
            says_hold=hold is not None or random.random() < 0.7,
            newest=random.choice((None, self.clock, random.randint(1, self.clock))),
        )

    def _lines(self, order: Order, says: Says) -> list[ShopLine]:
        """Return the shop's lines in any order, those of the twins in another number than the order's."""
        lines = []
        twins = sum(item.sku == TWIN for item in items_of(self.warehouse.db, order))
        for sku, units in says.units.items():
            product = self.products[sku]
            line = ShopLine(
                *(sku, product.gtin or "", sku, units // pack_of(sku), product.id),
                unit_price=says.prices.get(sku),
                match_id=self.matches.get(sku),
                pack_units=pack_of(sku),
            )
            if sku == TWIN and units > 2 and twins in (1, 2) and self.random.random() < 0.5:
                lines += [replace(line, quantity=1), replace(line, quantity=1), replace(line, quantity=units - 2)]
            else:
                lines.append(line)
        self.random.shuffle(lines)
        return lines

    def _ship(self, order: Order, modelled: Modelled) -> None:
        items = [one for one in items_of(self.warehouse.db, order) if one.remaining_quantity]
        if modelled.status == "cancelled" or not items:
            return
        item = self.random.choice(items)
        if modelled.hold:
            with pytest.raises(OnHold):
                self._ship_units(order, item, 1)
            return
        shipped = self._ship_units(order, item, self.random.randint(1, item.remaining_quantity))
        modelled.lines[item.sku].shipped += shipped
        if shipped:
            modelled.derive()

    def _ship_units(self, order: Order, item: OrderItem, units: int) -> int:
        shipped = self.warehouse.ship(order, units, self._number(order, item), skip_missing=True)
        return int(shipped["fulfilled_quantity"])

    def _cancel(self, order: Order, modelled: Modelled) -> None:
        """Cancel units of an item at the bench."""
        items = [one for one in items_of(self.warehouse.db, order) if one.remaining_quantity and one.sku != TWIN]
        if modelled.status == "cancelled" or not items:
            return
        item = self.random.choice(items)
        units = self.random.randint(1, item.remaining_quantity)
        self.warehouse.cancel_item(order, units, self._number(order, item))
        modelled.lines[item.sku].cancelled += units
        modelled.derive()

    def _give_back(self, order: Order, modelled: Modelled) -> None:
        items = items_of(self.warehouse.db, order)
        kept = [one for one in items if one.shipped_quantity > one.returned_quantity and one.sku != TWIN]
        if kept:
            item = self.random.choice(kept)
            self.warehouse.give_back(order, 1, self._number(order, item), location="A1")
            modelled.lines[item.sku].returned += 1

    def _release(self, order: Order, modelled: Modelled) -> None:
        """A manager releases the order: it stays so until the shop says something else."""
        self.warehouse.do(hold_service.release_hold, order_id=order.id)
        modelled.hold = None

    def _deliver(self, order: Order, modelled: Modelled) -> None:
        """More stock arrives: it goes to the order that waits."""
        sku = self.random.choice(SKUS)
        self.warehouse.adjust(self.products[sku], self.random.randint(1, 9), location="A1")

    def _number(self, order: Order, item: OrderItem) -> int:
        return 1 + [one.id for one in items_of(self.warehouse.db, order)].index(item.id)

    def _compare(self, order: Order, modelled: Modelled) -> None:
        db = self.warehouse.db
        db.rollback()
        items = items_of(db, order)
        counted: dict[str, Counter[str]] = {item.sku: Counter() for item in items}
        for item in items:
            counted[item.sku] += Counter(
                ordered=item.quantity,
                shipped=item.shipped_quantity,
                cancelled=item.cancelled_quantity,
                returned=item.returned_quantity,
            )
        expected = {
            sku: +Counter(ordered=line.ordered, shipped=line.shipped, cancelled=line.cancelled, returned=line.returned)
            for sku, line in modelled.lines.items()
        }
        assert counted == expected, self.steps
        prices = {item.sku: item.unit_price for item in items}
        assert prices == {sku: line.price for sku, line in modelled.lines.items()}, self.steps
        db.refresh(order)
        head = (order.status, order.hold, order.currency, order.ship_to_city, order.customer_note, order.packing_note)
        assert head == (
            *(modelled.status, modelled.hold, modelled.currency, modelled.city),
            *(modelled.note, modelled.packing_note),
        ), self.steps
        late = self._open(order, items, Cause.CHANGED_UPSTREAM)
        assert late == +modelled.late, self.steps
        assert set(self._open(order, items, Cause.SHIP_TO_UPSTREAM)) == modelled.sent_elsewhere, self.steps

    def _open(self, order: Order, items: list[OrderItem], cause: Cause) -> Counter[str]:
        """Units of the order's open exceptions with this cause, by SKU."""
        skus, units = {item.id: item.sku for item in items}, Counter[str]()
        rows = self.warehouse.db.execute(
            select(StockException.order_item_id, StockException.quantity).where(
                StockException.store_id == order.store_id,
                StockException.order_id == order.id,
                StockException.cause == cause,
                StockException.state == ExceptionState.OPEN,
            )
        )
        for row in rows:
            units[skus[row.order_item_id]] += row.quantity
        return units
