"""Links lines that wait on the placeholder to products, under lock: the oldest orders reserve first."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from sqlalchemy.orm import Session

from webapp.domain.causes import Cause
from webapp.domain.events import EventKind
from webapp.domain.statuses import RESERVING_STATUSES, OrderStatus
from webapp.domain.system_reasons import SystemReason
from webapp.domain.unknown_lines import MATCHABLE_STATUSES, MatchBy
from webapp.services.engine import locks, stock_exceptions, writing
from webapp.services.engine.derived_status import update_status
from webapp.services.engine.locked_rows import LockedItem, LockedOrder
from webapp.services.engine.locked_stock import LockedStock
from webapp.services.engine.operation import Operation
from webapp.services.engine.packs import unpack

_EVENT_CODE: Final = {MatchBy.GTIN: "gtin", MatchBy.SKU: "line_sku", MatchBy.NAME: "line_name"}
"""Key of the matched code in an event's details; ``sku`` is the product's."""


class ProductLink(NamedTuple):
    """The product of a line, the match that leads to it, what the line's event says of the code, and how many units one
    ordered unit is."""

    product_id: int
    sku: str
    match_id: int | None
    code: Mapping[str, str]
    pack_units: int = 1


class Linked(NamedTuple):
    """How many lines of how many orders were linked, and how many units they reserved at once."""

    items: int
    orders: int
    reserved_units: int


@dataclass
class LockedLines:
    """Lines that wait on the placeholder, locked with their orders."""

    operation: Operation
    orders: dict[int, LockedOrder]
    all_items: Sequence[LockedItem]
    lines: list[LockedItem]

    @classmethod
    def lock(cls, db: Session, store_id: int, actor: str, order_of: Mapping[int, int]) -> LockedLines:
        """Lock the orders of these lines (item id → order id), then their items. Those that do not wait any longer are
        left out."""
        orders = locks.lock_orders(db, store_id, {*order_of.values()})
        all_items = locks.lock_items(db, store_id, orders) if orders else []
        lines = [
            item
            for item in all_items
            if item.id in order_of
            and item.is_placeholder
            and item.remaining_quantity
            and orders[item.order_id].status in MATCHABLE_STATUSES
        ]
        return cls(Operation(db, store_id, actor), orders, all_items, lines)

    def link(self, link_of: Callable[[LockedItem], ProductLink]) -> Linked:
        """Link the lines to products that no merge can take now, lock the places of these, and write the operation;
        missing units open an exception."""
        operation = self.operation
        links = {item.id: link_of(item) for item in self.lines}
        product_ids = {link.product_id for link in links.values()}
        stock = LockedStock.lock(operation.db, operation.store_id, self.lines, product_ids=product_ids)
        of_order: dict[int, list[LockedItem]] = defaultdict(list)
        for item in self.lines:
            link = links[item.id]
            item.product_id, item.is_placeholder, item.match_id = link.product_id, False, link.match_id
            of_order[item.order_id].append(item)
        writing.write(operation.db, {"of_store": operation.store_id}, {writing.LINKS: self.lines}, {})
        for item in self.lines:
            record_link(operation, self.orders[item.order_id], item, links[item.id])
        unpack(operation, {item: links[item.id].pack_units for item in self.lines}, self.orders)
        stock.reload_new_places(operation.db, {item: item.remaining_quantity for item in self.lines})
        for sku in sorted({link.sku for link in links.values()}):
            of_sku = [item for item in self.lines if links[item.id].sku == sku]
            stock_exceptions.settle(operation, of_sku, SystemReason.MATCHED(sku=sku), [Cause.PLACEHOLDER_PRODUCT])
        reserved = 0
        for order in sorted((self.orders[key] for key in of_order), key=lambda order: (order.ordered_at, order.id)):
            if order.status is OrderStatus.SHIPPED:  # It shipped without this line, which can ship now.
                update_status(operation, order, [item for item in self.all_items if item.order_id == order.id])
            reserved += _reserve(operation, order, of_order[order.id], stock)
        operation.write()
        return Linked(len(self.lines), len(of_order), reserved)


def record_link(operation: Operation, order: LockedOrder, item: LockedItem, link: ProductLink) -> None:
    """Record on the order that a line has its product now."""
    of_match = {"match_id": link.match_id} if link.match_id else {"is_own_code": True}
    details: dict[str, Any] = {**link.code, "sku": link.sku, "product_id": link.product_id, **of_match}
    operation.record(order, EventKind.ITEM_MATCHED, item=item, **details)


def code_of_match(kind: MatchBy, code: str) -> dict[str, str]:
    """Return what the event of a line says of the code that was matched; nothing for a line that was matched alone."""
    return {_EVENT_CODE[kind]: code} if kind in _EVENT_CODE else {}


def code_of(gtin: str, sku: str) -> dict[str, str]:
    """Return what the event of a line says of the code by which it was found."""
    return code_of_match(MatchBy.GTIN, gtin) if gtin else code_of_match(MatchBy.SKU, sku) if sku else {}


def _reserve(operation: Operation, order: LockedOrder, items: list[LockedItem], stock: LockedStock) -> int:
    """Reserve for the lines of one order if it is processing; return the units reserved."""
    reserved, skipped = 0, []
    for item in items:
        if order.status not in RESERVING_STATUSES:
            continue
        needed = stock.needed_by(item)
        units = stock.reserve(operation, order, item, needed)
        if units:
            operation.record(order, EventKind.RESERVED, item=item, quantity=units)
        if units < needed:
            skipped.append((item, stock.cause_of(item), needed - units))
        reserved += units
    operation.bump_version(order, *items)
    if skipped:
        stock_exceptions.report(operation, order, skipped)
    return reserved
