"""A plain model of an order that the shop changes while the building works on it, and random steps of both.

It shares no code with the services: per SKU it counts what the shop says, and what was shipped, cancelled and returned.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

from sqlalchemy import select

from tests.factories import items_of
from tests.helpers.warehouse import Warehouse
from webapp.domain.causes import Cause, ExceptionState
from webapp.domain.parcel_data import NOTHING_KNOWN
from webapp.domain.upstream import ShopLine, ShopOrder
from webapp.models import Order, Product, StockException
from webapp.services import upstream_service

SKUS = ("LAMP", "CUP", "PLATE")
START = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass
class Line:
    """One SKU of an order; units."""

    said: int
    ordered: int
    shipped: int = 0
    cancelled: int = 0
    returned: int = 0

    @property
    def left(self) -> int:
        return self.ordered - self.shipped - self.cancelled

    @property
    def live(self) -> int:
        return self.ordered - self.cancelled - self.returned


@dataclass
class Modelled:
    """An order as it should be."""

    lines: dict[str, Line]
    status: str = "processing"
    late: Counter[str] = field(default_factory=Counter)
    """Units of the open exception that says that the shop was too late, by SKU."""
    time: int = 0
    """Of the newest state that was followed."""

    def hear(self, said: dict[str, int], at: int, *, cancelled: bool) -> None:
        """Follow the shop, unless this is older than what was followed."""
        if at < self.time:
            return
        self.time = at
        touched, first, late = False, next(iter(self.lines)), Counter[str]()
        closed = self.status == "cancelled"
        for sku in dict.fromkeys([*self.lines, *said]):
            units = 0 if cancelled else said.get(sku, 0)
            line = self.lines.get(sku)
            if line is None and units and closed:
                late[first] += units
            elif line is None and units:
                self.lines[sku] = Line(units, units)
                touched = True
            elif line and units > line.said and closed:
                late[sku] += max(0, min(units - line.said, units - line.live))
            elif line and units > line.said:
                more = max(0, min(units - line.said, units - line.live))
                line.ordered += more
                touched = touched or more > 0
            elif line and units < line.said:
                gone = min(line.left, max(0, line.ordered - line.cancelled - line.returned - units))
                line.cancelled += gone
                touched = touched or gone > 0
                late[sku] += max(0, line.shipped - line.returned - units)
            if line:
                line.said = units
        for sku, line in self.lines.items():
            if late[sku]:
                self.late[sku] = late[sku]
            elif line.shipped - line.returned <= line.said:
                self.late[sku] = 0
        if touched:
            self.derive()

    def derive(self) -> None:
        """The status follows from the units."""
        shipped, left = (sum(getattr(line, name) for line in self.lines.values()) for name in ("shipped", "left"))
        if self.status == "cancelled":
            return
        if shipped:
            self.status = "partially_shipped" if left else "shipped"
        else:
            self.status = "processing" if left else "cancelled"


class UpstreamRun:
    """One store whose orders are changed by the shop and by the building; each step compares both."""

    def __init__(self, warehouse: Warehouse, random: Random) -> None:
        self.warehouse, self.random = warehouse, random
        self.products: dict[str, Product] = {sku: warehouse.product(sku, sku, A1=random.randint(5, 60)) for sku in SKUS}
        self.orders: list[tuple[Order, Modelled]] = []
        self.clock = self.steps = self.edits = 0

    def step(self) -> None:
        """Do one random thing, then compare."""
        self.steps += 1
        if not self.orders or self.random.random() < 0.05:
            self._start()
            self.orders = self.orders[-4:]
        act = self.random.choices(
            (self._hear, self._ship, self._cancel, self._give_back, self._deliver), (10, 4, 2, 1, 1)
        )[0]
        order, modelled = self.random.choice(self.orders)
        act(order, modelled)
        self._compare(order, modelled)

    def _start(self) -> None:
        units = {sku: self.random.randint(1, 5) for sku in self.random.sample(SKUS, self.random.randint(1, 3))}
        order = self.warehouse.processing(*((self.products[sku], n) for sku, n in units.items()))
        self.orders.append((order, Modelled({sku: Line(n, n) for sku, n in units.items()})))

    def _hear(self, order: Order, modelled: Modelled) -> None:
        self.clock += 1
        self.edits += 1
        at = self.clock if self.random.random() < 0.85 else self.random.randint(1, self.clock)
        skus = [sku for sku in SKUS if self.random.random() < 0.8]
        said = {sku: self.random.randint(1, 7) for sku in skus}
        cancelled = self.random.random() < 0.05
        modelled.hear(said, at, cancelled=cancelled)
        lines = [ShopLine(sku, "", sku, units, self.products[sku].id) for sku, units in said.items()]
        self.random.shuffle(lines)
        mark = f"{self.clock} {at} {sorted(said.items())}"
        when = START + timedelta(minutes=at)
        shop = ShopOrder(lines, "", NOTHING_KNOWN, None, cancelled, when, mark[:64], "")
        self.warehouse.do(upstream_service.follow_shop, order_id=order.id, shop=shop, source="random")

    def _ship(self, order: Order, modelled: Modelled) -> None:
        open_ones = [sku for sku, line in modelled.lines.items() if line.left]
        if modelled.status == "cancelled" or not open_ones:
            return
        sku = self.random.choice(open_ones)
        units = self.random.randint(1, modelled.lines[sku].left)
        shipped = self.warehouse.ship(order, units, self._number(order, sku), skip_missing=True)["fulfilled_quantity"]
        modelled.lines[sku].shipped += shipped
        if shipped:
            modelled.derive()

    def _cancel(self, order: Order, modelled: Modelled) -> None:
        open_ones = [sku for sku, line in modelled.lines.items() if line.left]
        if modelled.status == "cancelled" or not open_ones:
            return
        sku = self.random.choice(open_ones)
        units = self.random.randint(1, modelled.lines[sku].left)
        self.warehouse.cancel_item(order, units, self._number(order, sku))
        modelled.lines[sku].cancelled += units
        modelled.derive()

    def _give_back(self, order: Order, modelled: Modelled) -> None:
        kept = [sku for sku, line in modelled.lines.items() if line.shipped > line.returned]
        if kept:
            sku = self.random.choice(kept)
            self.warehouse.give_back(order, 1, self._number(order, sku), location="A1")
            modelled.lines[sku].returned += 1

    def _deliver(self, order: Order, modelled: Modelled) -> None:
        """More stock arrives: it goes to the order that waits."""
        sku = self.random.choice(SKUS)
        self.warehouse.adjust(self.products[sku], self.random.randint(1, 9), location="A1")

    def _number(self, order: Order, sku: str) -> int:
        return 1 + [item.sku for item in items_of(self.warehouse.db, order)].index(sku)

    def _compare(self, order: Order, modelled: Modelled) -> None:
        db = self.warehouse.db
        db.rollback()
        items = items_of(db, order)
        counted: dict[str, Any] = {
            item.sku: (item.quantity, item.shipped_quantity, item.cancelled_quantity, item.returned_quantity)
            for item in items
        }
        expected = {
            sku: (line.ordered, line.shipped, line.cancelled, line.returned) for sku, line in modelled.lines.items()
        }
        assert counted == expected, self.steps
        db.refresh(order)
        assert str(order.status) == modelled.status, self.steps
        late = db.execute(
            select(StockException.order_item_id, StockException.quantity).where(
                StockException.store_id == order.store_id,
                StockException.order_id == order.id,
                StockException.cause == Cause.CHANGED_UPSTREAM,
                StockException.state == ExceptionState.OPEN,
            )
        )
        skus = {item.id: item.sku for item in items}
        assert Counter({skus[row.order_item_id]: row.quantity for row in late}) == +modelled.late, self.steps
