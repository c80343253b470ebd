"""Ships what a person has picked of an order: all its lines in one act, or none."""

from __future__ import annotations

from typing import TypedDict

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.domain.errors import ConflictError, NothingLeft, StaleView
from webapp.domain.system_reasons import SystemReason
from webapp.domain.wording import Wording, say
from webapp.models import OrderItem
from webapp.models.base import table_of
from webapp.services.engine import locks, picks, shipping, stock_exceptions
from webapp.services.engine.derived_status import update_status
from webapp.services.engine.locked_rows import LockedItem
from webapp.services.engine.shipping_together import ship_together
from webapp.services.engine.whole_order import WholeOrder

_items = table_of(OrderItem)


class PicksShipped(TypedDict):
    """How many units of how many items shipped."""

    units: int
    items: int


def ship_picks(
    db: Session, store_id: int, order_id: int, seen_units: int, actor: str = "system", seen_changes: int = 0
) -> PicksShipped:
    """Ship all that ``actor`` has picked of the order and not shipped, all lines or none. Flushes.

    ``seen_units`` are what the person saw as picked; scans since ship along. Raises StaleView if less is picked now,
    NothingLeft if nothing is, ConflictError that names the item which stock or the order cannot cover, and what
    ``shipping`` refuses.
    """
    order = locks.lock_order(db, store_id, order_id)
    shipping.refuse_if_closed(order)
    shipping.refuse_if_held(order)
    shipping.refuse_if_changed(db, store_id, order, seen_changes)
    shipping.refuse_if_not_ready(order)
    whole = WholeOrder.lock_rest(db, store_id, order, actor, skip_missing=False)
    own = picks.read_own(whole.operation.connection, store_id, actor, [item.id for item in whole.items])
    picked = {item: own[item.id] for item in whole.items if own.get(item.id)}
    if not picked:
        raise NothingLeft(say("You have picked nothing that has not shipped."))
    if sum(picked.values()) < seen_units:
        raise StaleView(say("Less is picked than this screen showed. Look again, then ship."))
    for item, units in picked.items():
        _refuse_if_too_many(db, whole, item, units)
    ship_together(whole, picked)
    open_ones = {item: whole.stock.needed_by(item) for item in picked if item.has_exceptions}
    left = {item: units for item, units in open_ones.items() if item.remaining_quantity}
    stock_exceptions.update_from_needs(whole.operation, left, SystemReason.REST_RESERVED())
    update_status(whole.operation, order, whole.items)
    whole.report_skipped()
    whole.operation.write()
    return PicksShipped(units=sum(picked.values()), items=len(picked))


def _refuse_if_too_many(db: Session, whole: WholeOrder, item: LockedItem, units: int) -> None:
    within_reach = min(item.remaining_quantity, whole.stock.reserved_for(item) + whole.stock.available_for(item))
    if units <= within_reach and not item.is_placeholder:
        return
    row = db.execute(
        select(_items.c.product_name, _items.c.sku).where(
            _items.c.store_id == whole.operation.store_id, _items.c.id == item.id
        )
    ).one()
    raise ConflictError(_too_many(row.product_name or row.sku, units, within_reach, item), item_id=item.id)


def _too_many(name: str, units: int, within_reach: int, item: LockedItem) -> Wording:
    if units > item.remaining_quantity:
        return say(
            "%(product)s: %(units)s picked, only %(left)s left to ship. Put the rest back; nothing has shipped.",
            product=name,
            units=units,
            left=item.remaining_quantity,
        )
    return say(
        "%(product)s: %(units)s picked, only %(left)s can ship from stock. Ship this item alone; nothing has shipped.",
        product=name,
        units=units,
        left=within_reach,
    )
