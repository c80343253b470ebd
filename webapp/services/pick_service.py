"""Counting what a person picks: by scan, one unit or a case more, or by number. It moves no stock; shipping does."""

from __future__ import annotations

from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.domain.codes import is_same_code
from webapp.domain.errors import StaleView
from webapp.domain.picks import TooManyPicked, WrongCode
from webapp.domain.scans import read_scan
from webapp.domain.wording import say, say_number
from webapp.models import OrderItem, Product, ProductCode
from webapp.models.base import table_of
from webapp.services.engine import locks, picks, shipping
from webapp.services.engine.locked_rows import LockedItem
from webapp.services.engine.operation import Operation

_items, _products, _codes = table_of(OrderItem), table_of(Product), table_of(ProductCode)


class Picked(NamedTuple):
    """What a person has picked of an item now, and the most that they may pick: what colleagues have not."""

    item_id: int
    units: int
    most: int


def pick_scanned(
    db: Session, store_id: int, order_id: int, item_id: int, scanned: str, actor: str = "system"
) -> Picked:
    """Count the units that a scanned code stands for as picked by ``actor``.

    Raises WrongCode if the code is not the item's, TooManyPicked, and what ``shipping`` refuses.
    """
    operation, item = _lock(db, store_id, order_id, item_id, actor)
    more = _units_of(db, item, scanned)
    counted = picks.read(operation.connection, store_id, item.id)
    return _store(operation, item, counted, counted.get(operation.actor, 0) + more, more)


def pick_units(
    db: Session,
    store_id: int,
    order_id: int,
    item_id: int,
    units: int,
    seen_units: int,
    actor: str = "system",
    seen_shipped: int | None = None,
) -> Picked:
    """Set what ``actor`` has picked of an item to a number that they typed.

    ``seen_units`` is what their screen showed before; StaleView is raised if another tablet of theirs has counted
    since, or somebody has shipped. Raises TooManyPicked, and what ``shipping`` refuses.
    """
    operation, item = _lock(db, store_id, order_id, item_id, actor)
    shipping.refuse_if_stale(item, seen_shipped)
    counted = picks.read(operation.connection, store_id, item.id)
    now = counted.get(operation.actor, 0)
    if now != seen_units:
        raise StaleView(
            say_number("You counted elsewhere meanwhile: %(num)s.", "You counted elsewhere meanwhile: %(num)s.", now),
            seen=seen_units,
            units=now,
        )
    return _store(operation, item, counted, units, units - now)


def _lock(db: Session, store_id: int, order_id: int, item_id: int, actor: str) -> tuple[Operation, LockedItem]:
    order = locks.lock_order(db, store_id, order_id)
    item = locks.lock_item(db, store_id, order_id, item_id)
    shipping.refuse_if_closed(order)
    shipping.refuse_if_held(order)
    shipping.refuse_if_not_started(order)
    if not item.remaining_quantity:
        raise shipping.nothing_left(item_id)
    operation = Operation(db, store_id, actor)
    operation.bump_version(order, item)
    return operation, item


def _store(operation: Operation, item: LockedItem, counted: dict[str, int], units: int, more: int) -> Picked:
    own = counted.get(operation.actor, 0)
    most = max(item.remaining_quantity - (sum(counted.values()) - own), 0)
    if units > most and units > own:
        raise _too_many(item, own, most, more)
    shared = {"of_store": operation.store_id, "of_actor": operation.actor, "at": operation.at}
    picks.write(operation.connection, shared, item, units, is_first=operation.actor not in counted)
    operation.write()
    return Picked(item.id, units, most)


def _too_many(item: LockedItem, own: int, most: int, more: int) -> TooManyPicked:
    left = max(most - own, 0)
    words = (
        say_number(
            "Only %(num)s more is to be picked, not %(more)s.",
            "Only %(num)s more are to be picked, not %(more)s.",
            left,
            more=more,
        )
        if left
        else say("All units of this item are picked. Put this one back.")
    )
    return TooManyPicked(words, item_id=item.id, units=own, most=most)


def _units_of(db: Session, item: LockedItem, scanned: str) -> int:
    """Return the units that a scan stands for: those of the product's code, or one for a code of the line. Raises
    WrongCode."""
    of_item = (_items.c.store_id == item.store_id) & (_items.c.id == item.id)
    joined = _items.join(
        _products, (_products.c.store_id == _items.c.store_id) & (_products.c.id == _items.c.product_id)
    )
    line = db.execute(
        select(
            _items.c.sku, _items.c.gtin, _products.c.sku.label("product_sku"), _products.c.gtin.label("product_gtin")
        )
        .select_from(joined)
        .where(of_item)
    ).one()
    of_product = db.execute(
        select(_codes.c.code, _codes.c.units).where(
            _codes.c.store_id == item.store_id, _codes.c.product_id == item.product_id
        )
    ).all()
    units = {line.sku: 1, line.gtin: 1}
    if not item.is_placeholder:
        units |= {line.product_sku: 1, line.product_gtin: 1} | {row.code: row.units for row in of_product}
    by_code = {code: number for code, number in units.items() if code}
    read = read_scan(scanned)
    if read in by_code:
        return int(by_code[read])
    same = [number for code, number in by_code.items() if is_same_code(read, code)]
    if not same:
        raise WrongCode(say("“%(code)s” is not a code of this item.", code=scanned), item_id=item.id)
    return max(same)
