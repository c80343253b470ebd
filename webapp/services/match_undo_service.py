"""Undoes a match: its open lines wait again, what they had reserved goes to orders that wait, imports forget it."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import Any, Final, NamedTuple, TypedDict

from sqlalchemy import bindparam, func, select, update
from sqlalchemy.orm import Session

from webapp.domain.causes import Cause
from webapp.domain.errors import MatchNotFound
from webapp.domain.events import EventKind
from webapp.domain.packs import whole_packs
from webapp.domain.statuses import OrderStatus
from webapp.domain.system_reasons import SystemReason
from webapp.domain.unknown_lines import MATCHABLE_STATUSES, MatchBy
from webapp.models import Match, Order, OrderItem
from webapp.models.base import table_of
from webapp.models.rows import columns_of, rows_of
from webapp.services.engine import backorders, locks, picks, stock_exceptions, writing
from webapp.services.engine.linking import code_of_match
from webapp.services.engine.locked_rows import LockedItem, LockedOrder
from webapp.services.engine.locked_stock import LockedStock
from webapp.services.engine.merged_products import sku_of
from webapp.services.engine.new_items import add_item
from webapp.services.engine.operation import Operation
from webapp.services.imports.product_matching import ensure_placeholder
from webapp.services.reads.matches import is_open_line

log = logging.getLogger("packbench.stock")

_matches, _items, _orders = table_of(Match), table_of(OrderItem), table_of(Order)

_AS_ORDERED: Final = ("product_name", "sku", "gtin", "line_id", "unit_price")
_UPSTREAM: Final = (
    update(_items)
    .where(_items.c.store_id == bindparam("of_store"), _items.c.id == bindparam("of_id"))
    .values(upstream_quantity=bindparam("units_of_shop"))
)


class MatchUndone(TypedDict):
    """What undoing a match did: lines that wait again, orders changed, units freed, and how many of these other
    orders got at once."""

    match_id: int
    items: int
    orders: int
    freed_units: int
    refilled_units: int


class _LockedMatch(NamedTuple):
    """The match that is undone."""

    id: int
    kind: MatchBy
    code: str
    product_id: int
    pack_units: int


_MATCH: Final = select(*columns_of(_LockedMatch, _matches)).with_for_update()


@dataclass
class _Locked:
    """The orders of the lines that follow a match, and those that wait for the product; their items, and its places."""

    orders: dict[int, LockedOrder]
    lines: list[LockedItem]
    """The open lines that follow the match."""
    arrival: backorders.Arrival


def undo_match(db: Session, store_id: int, match_id: int, actor: str = "system") -> MatchUndone:
    """Let the open lines of a match wait to be matched again, free what they have reserved, and forget the match.

    Of a line that shipped some units, these stay what they are; the rest becomes a line of its own, as does a line of
    packs, since the shop counts it otherwise. The freed units go to the orders that wait, oldest first. A second call
    finds no line and changes nothing. Raises MatchNotFound.
    """
    locks.take_turn_to_write(db)
    match = _lock_match(db, store_id, match_id)
    placeholder_id = ensure_placeholder(db, store_id)
    details = _details(match, sku_of(db, store_id, match.product_id))  # A merge waits for us from now on.
    locked = _lock(db, store_id, match_id, match.product_id)
    operation = Operation(db, store_id, actor)
    freed = 0
    for line in sorted(
        locked.lines, key=lambda line: (locked.orders[line.order_id].ordered_at, line.order_id, line.id)
    ):
        order = locked.orders[line.order_id]
        freed += _release(operation, order, line, locked.arrival.stock)
        is_parted = line.shipped_quantity or match.pack_units != 1
        waiting = _part(operation, order, line, placeholder_id) if is_parted else line
        stock_exceptions.settle(operation, [line], SystemReason.MATCH_UNDONE(), stock_exceptions.STOCK_CAUSES)
        waiting.product_id, waiting.is_placeholder, waiting.match_id = placeholder_id, True, None
        units = waiting.remaining_quantity
        operation.record(order, EventKind.MATCH_UNDONE, item=waiting, quantity=units, **details)
        operation.bump_version(order, *{line: None, waiting: None})
        if order.status is not OrderStatus.PENDING:
            stock_exceptions.report(operation, order, [(waiting, Cause.PLACEHOLDER_PRODUCT, units)])
    unlinked = [line for line in locked.lines if line.is_placeholder]
    writing.write(db, {"of_store": store_id}, {writing.LINKS: unlinked}, {})
    picks.end(operation.connection, store_id, unlinked)  # They were counted of the wrong product.
    refilled = backorders.fill(operation, locked.arrival)
    operation.write()
    _forget(operation, match)
    log.info("Match %s of product %s undone: %s items", match_id, match.product_id, len(locked.lines))
    return MatchUndone(
        match_id=match_id,
        items=len(locked.lines),
        orders=len({line.order_id for line in locked.lines}),
        freed_units=freed,
        refilled_units=refilled,
    )


def _lock_match(db: Session, store_id: int, match_id: int) -> _LockedMatch:
    """Lock the match before any order, so that no line can follow it from now on. Raises MatchNotFound."""
    if match_id > locks.MAX_KEY:
        raise MatchNotFound
    of_match = (_matches.c.store_id == store_id, _matches.c.id == match_id)
    matches = rows_of(_LockedMatch, db.execute(_MATCH.where(*of_match)))
    if not matches:
        raise MatchNotFound
    return matches[0]


def _lock(db: Session, store_id: int, match_id: int, product_id: int) -> _Locked:
    """Lock the orders of the match's open lines and those that wait for what they free, then items, then places."""
    of_order = (_orders.c.store_id == _items.c.store_id) & (_orders.c.id == _items.c.order_id)
    following = select(_items.c.order_id, _items.c.id).join(_orders, of_order)
    following = following.where(_items.c.store_id == store_id, *is_open_line(match_id))
    held: dict[int, int] = {}

    def lock(waiting_ids: set[int]) -> _Locked:
        rows = db.execute(following).all()
        own_ids, line_ids = {row.order_id for row in rows}, {row.id for row in rows}
        orders = locks.lock_orders(db, store_id, own_ids | waiting_ids)
        items = locks.lock_items(db, store_id, orders, [product_id]) if orders else []
        stock = LockedStock.lock(db, store_id, items, product_ids=[product_id])
        lines = [
            item
            for item in items
            if item.id in line_ids and item.remaining_quantity and orders[item.order_id].status in MATCHABLE_STATUSES
        ]
        return _Locked(orders, lines, backorders.Arrival(orders, {item.id: item for item in items}, stock))

    def waiting(locked: _Locked) -> set[int]:
        # What these lines lack themselves is no others' turn: as many units more are looked for.
        held[product_id] = sum(line.remaining_quantity for line in locked.lines)
        is_held = any(locked.arrival.stock.reserved_for(line) for line in locked.lines)
        return backorders.waiting_order_ids(db, store_id, held) - {*locked.orders} if is_held else set()

    def again() -> set[int]:
        return backorders.waiting_order_ids(db, store_id, backorders.with_margin(held))

    return backorders.lock_until_none_is_missed(db, store_id, set(), lock, waiting, again)


def _release(operation: Operation, order: LockedOrder, line: LockedItem, stock: LockedStock) -> int:
    reason = SystemReason.MATCH_UNDONE()
    units = stock.release(operation, order, line, stock.reserved_for(line), reason)
    if units:
        operation.record(order, EventKind.RELEASED, item=line, reason=reason, quantity=units)
    return units


def _part(operation: Operation, order: LockedOrder, line: LockedItem, placeholder_id: int) -> LockedItem:
    """Cancel what is left of a line, and put it on a new line, as the shop counts it; return that line."""
    units, reason = line.remaining_quantity, SystemReason.MATCH_UNDONE()
    of_shop = func.coalesce(_items.c.upstream_quantity, _items.c.quantity).label("of_shop")
    columns = [*(_items.c[name] for name in _AS_ORDERED), _items.c.pack_units, of_shop]
    of_line = (_items.c.store_id == operation.store_id, _items.c.id == line.id)
    row = operation.connection.execute(select(*columns).where(*of_line)).mappings().one()
    pack_units = row["pack_units"]
    packs = whole_packs(units, pack_units)
    of_rest = min(packs, row["of_shop"] // pack_units)
    values = {name: row[name] for name in _AS_ORDERED} | {"product_id": placeholder_id}
    rest = add_item(operation, order, {**values, "quantity": packs, "upstream_quantity": of_rest}, is_placeholder=True)
    left = row["of_shop"] - of_rest * pack_units
    key = {"of_store": operation.store_id, "of_id": line.id, "units_of_shop": left}
    operation.connection.execute(_UPSTREAM, key)
    line.cancelled_quantity += units
    operation.record(order, EventKind.ITEM_CANCELLED, item=line, reason=reason, quantity=units)
    operation.record(order, EventKind.UNITS_ADDED, item=rest, quantity=packs, is_new=True, parted_from=line.id)
    return rest


def _details(match: _LockedMatch, sku: str) -> dict[str, Any]:
    """Return what the events say of the match, in the words of its own events."""
    return {
        **code_of_match(match.kind, match.code),
        "sku": sku,
        "product_id": match.product_id,
        "match_id": match.id,
    }


def _forget(operation: Operation, match: _LockedMatch) -> None:
    """Note who took the match back, and when; the first one stays."""
    of_match = (_matches.c.store_id == operation.store_id, _matches.c.id == match.id)
    values = {"is_remembered": False, "undone_by": operation.actor, "undone_at": operation.at}
    operation.db.execute(update(_matches).where(*of_match, _matches.c.undone_at.is_(None)).values(values))
