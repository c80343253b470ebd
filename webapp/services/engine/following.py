"""Applies what the shop changed in the lines of a locked order, as far as nothing in the building contradicts it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from sqlalchemy import bindparam, func, select, update
from sqlalchemy.orm import Session

from webapp.domain.causes import UPSTREAM_CAUSES, Cause
from webapp.domain.events import EventKind
from webapp.domain.statuses import OPEN_STATUSES, RESERVING_STATUSES
from webapp.domain.system_reasons import SystemReason
from webapp.domain.unknown_lines import MATCHABLE_STATUSES, key_of_line
from webapp.domain.upstream import LineState, Plan, ShopChange, ShopLine, ShopOrder, StandingLine
from webapp.models import OrderItem, StockException
from webapp.models.base import table_of
from webapp.models.rows import columns_of, rows_of
from webapp.services.engine import parcels, stock_exceptions
from webapp.services.engine.derived_status import update_status
from webapp.services.engine.linking import ProductLink, code_of, record_link
from webapp.services.engine.locked_rows import LockedItem
from webapp.services.engine.merged_products import MergedLine, follow_merges, present_products
from webapp.services.engine.new_items import add_item
from webapp.services.engine.packs import unpack
from webapp.services.engine.releases import fill_all, release
from webapp.services.engine.starting import reserve_all
from webapp.services.engine.whole_order import WholeOrder

_items = table_of(OrderItem)
_of_item = (_items.c.store_id == bindparam("of_store"), _items.c.id == bindparam("of_id"))
_REMEMBER: Final = (
    update(_items)
    .where(*_of_item)
    .values(upstream_quantity=bindparam("said_units"), line_id=bindparam("said_id"), unit_price=bindparam("said_price"))
)
_GROW: Final = update(_items).where(*_of_item).values(quantity=bindparam("all_units"))
_STANDING: Final = columns_of(
    StandingLine,
    _items,
    item_id=_items.c.id,
    gtin=func.coalesce(_items.c.gtin, ""),
    upstream_quantity=func.coalesce(_items.c.upstream_quantity, _items.c.quantity),
)


def standing_lines(db: Session, store_id: int, order_id: int) -> list[StandingLine]:
    """Return the lines of a locked order as they stand, by position."""
    result = db.execute(
        select(*_STANDING)
        .where(_items.c.store_id == store_id, _items.c.order_id == order_id)
        .order_by(_items.c.position, _items.c.id)
    )
    return rows_of(StandingLine, result)


def open_contradictions(whole: WholeOrder) -> list[StockException]:
    """Return the open exceptions about what the shop changed too late."""
    return list(stock_exceptions.open_exceptions(whole.operation, whole.items, UPSTREAM_CAUSES))


@dataclass(slots=True)
class LineChanges:
    """What to do to the lines of a locked order."""

    whole: WholeOrder
    shop: ShopOrder
    plan: Plan
    standing: Sequence[StandingLine]
    """The lines before any change."""
    open_ones: Sequence[StockException]
    stocked: Mapping[int, str]
    """Products of the shop's lines that can have stock, with their SKUs."""
    grown: list[LockedItem] = field(default_factory=list)
    changed: list[LockedItem] = field(default_factory=list)
    agreeing: list[LockedItem] = field(default_factory=list)
    """Items whose contradiction is over."""

    def leave_known_ones(self) -> None:
        """Leave out other codes of lines whose product is known: only those that wait to be matched get them."""
        waiting = {item.id for item in self.whole.items if item.is_placeholder and item.remaining_quantity}
        is_open = self.whole.order.status in MATCHABLE_STATUSES
        self.plan.new_codes = {key: line for key, line in self.plan.new_codes.items() if is_open and key in waiting}

    def leave_open_ones(self) -> None:
        """Leave out the contradictions that are open already, with the same units; note those that hold no longer."""
        for exception in self.open_ones:
            key = (exception.order_item_id, exception.cause)
            item = self._item(exception.order_item_id)
            if self.plan.contradictions.get(key) == exception.quantity:
                del self.plan.contradictions[key]
            elif exception.cause is Cause.CHANGED_UPSTREAM and key not in self.plan.contradictions:
                state = self.plan.snapshot.get(item.id)
                if state and item.shipped_quantity - item.returned_quantity <= state.quantity:
                    self.agreeing.append(item)

    def kinds(self) -> list[ShopChange]:
        """Return the kinds of changes, for the history and the screens."""
        fewer = ShopChange.CANCELLED if self.shop.is_cancelled else ShopChange.FEWER
        return [
            kind
            for kind, is_there in (
                (ShopChange.MORE, self.plan.more or self.plan.added),
                (fewer, self.plan.fewer),
                (ShopChange.PRICES, self._has_new_prices()),
                (ShopChange.CODES, self.plan.new_codes),
                (ShopChange.CONTRADICTION, self.plan.contradictions),
                (ShopChange.AGREEMENT, self.agreeing),
            )
            if is_there
        ]

    def _has_new_prices(self) -> bool:
        return any(self.plan.snapshot[line.item_id].unit_price != line.unit_price for line in self.standing)

    def apply(self) -> None:
        """Change items, allocations and status, with their events; the caller writes the operation."""
        order, operation = self.whole.order, self.whole.operation
        self._take_codes()
        self._shrink()
        self._grow()
        self._unpack()
        for line in self.plan.added:
            self._add(line)
        contradictions = [(self._item(key), cause, units) for (key, cause), units in self.plan.contradictions.items()]
        stock_exceptions.contradict(operation, order, contradictions)
        stock_exceptions.settle(operation, self.agreeing, SystemReason.SHOP_AGREES(), [Cause.CHANGED_UPSTREAM])
        operation.bump_version(order, *self.changed, *(item for item, _, _ in contradictions))
        if self.changed:
            update_status(operation, order, self.whole.items)
        if self.grown and order.status in RESERVING_STATUSES:
            self.whole.stock.reload_new_places(operation.db, {item: item.remaining_quantity for item in self.grown})
            reserve_all(self.whole, self.grown)
        if order.status not in OPEN_STATUSES:
            parcels.close_all(operation, order)
        if self.plan.fewer:
            fill_all(self.whole)

    def remember(self) -> None:
        """Store what the shop said of each line where it is something else than before."""
        before = {
            line.item_id: LineState(line.upstream_quantity, line.line_id, line.unit_price) for line in self.standing
        }
        rows = [
            {
                "of_store": self.whole.operation.store_id,
                "of_id": item_id,
                "said_units": state.quantity,
                "said_id": state.line_id,
                "said_price": state.unit_price,
            }
            for item_id, state in self.plan.snapshot.items()
            if state != before[item_id]
        ]
        if rows:
            self.whole.operation.connection.execute(_REMEMBER, rows)

    def _item(self, item_id: int) -> LockedItem:
        return next(item for item in self.whole.items if item.id == item_id)

    def _take_codes(self) -> None:
        """Give lines that wait the codes that the shop says now, and the product that they name."""
        operation, order = self.whole.operation, self.whole.order
        for item_id, line in self.plan.new_codes.items():
            item = self._item(item_id)
            is_known = line.product_id in self.stocked
            values: dict[str, Any] = {"sku": line.sku, "gtin": line.gtin or None}
            values["name_key"] = key_of_line(line.gtin, line.sku, line.product_name)
            if is_known:
                item.product_id, item.is_placeholder, item.match_id = line.product_id, False, line.match_id
                values |= {"product_id": line.product_id, "match_id": line.match_id}
            of_item = (_items.c.store_id == operation.store_id, _items.c.id == item_id)
            operation.connection.execute(update(_items).where(*of_item).values(values))
            self.changed.append(item)
            if is_known:
                self.grown.append(item)
                sku = self.stocked[line.product_id]
                link = ProductLink(line.product_id, sku, line.match_id, code_of(line.gtin, line.sku), line.pack_units)
                record_link(operation, order, item, link)
                stock_exceptions.settle(operation, [item], SystemReason.MATCHED(sku=sku), [Cause.PLACEHOLDER_PRODUCT])

    def _unpack(self) -> None:
        """Let lines that have a product now be units of it, once the shop's number of packs is theirs."""
        codes = self.plan.new_codes.items()
        packs = {key: line.pack_units for key, line in codes if line.product_id in self.stocked}
        unpack(
            self.whole.operation,
            {self._item(item_id): pack_units for item_id, pack_units in packs.items()},
            {self.whole.order.id: self.whole.order},
        )
        for item_id, pack_units in packs.items():
            state = self.plan.snapshot[item_id]
            self.plan.snapshot[item_id] = state._replace(quantity=state.quantity * pack_units)

    def _shrink(self) -> None:
        operation, stock = self.whole.operation, self.whole.stock
        reason = SystemReason.CANCELLED_UPSTREAM() if self.shop.is_cancelled else SystemReason.FEWER_UPSTREAM()
        for item_id, units in self.plan.fewer.items():
            item = self._item(item_id)
            item.cancelled_quantity += units
            surplus = -stock.needed_by(item)
            if surplus > 0:
                release(self.whole, item, surplus, reason)
            operation.record(self.whole.order, EventKind.ITEM_CANCELLED, item=item, reason=reason, quantity=units)
            if item.remaining_quantity:
                stock_exceptions.update_from_needs(operation, {item: stock.needed_by(item)}, reason)
            else:
                stock_exceptions.settle(operation, [item], reason)
            self.changed.append(item)

    def _grow(self) -> None:
        operation = self.whole.operation
        self._follow_merges([self._item(item_id) for item_id in self.plan.more])
        for item_id, units in self.plan.more.items():
            item = self._item(item_id)
            item.quantity += units
            key = {"of_store": operation.store_id, "of_id": item_id, "all_units": item.quantity}
            operation.connection.execute(_GROW, key)
            operation.record(self.whole.order, EventKind.UNITS_ADDED, item=item, quantity=units)
            self.grown.append(item)
            self.changed.append(item)

    def _follow_merges(self, items: Sequence[LockedItem]) -> None:
        """Let items that had nothing left to ship when their product was merged be of the product that it is now."""
        operation = self.whole.operation
        present = present_products(operation.db, operation.store_id, {item.product_id for item in items})
        follow_merges(operation, [MergedLine(self.whole.order, item) for item in items], present)

    def _add(self, line: ShopLine) -> None:
        """Insert a line of the shop's as the order's last item."""
        operation, order = self.whole.operation, self.whole.order
        values: dict[str, Any] = {
            "product_id": line.product_id,
            "product_name": line.product_name,
            "sku": line.sku,
            "gtin": line.gtin or None,
            "quantity": line.product_units,
            "pack_units": line.pack_units,
            "line_id": line.line_id,
            "unit_price": line.unit_price,
            "match_id": line.match_id,
        }
        item = add_item(operation, order, values, is_placeholder=line.product_id not in self.stocked)
        self.whole.items = [*self.whole.items, item]
        operation.record(order, EventKind.UNITS_ADDED, item=item, quantity=item.quantity, is_new=True)
        self.grown.append(item)
        self.changed.append(item)
