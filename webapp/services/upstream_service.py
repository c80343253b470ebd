"""Follows the shop: what it changed in an order since the order came in, by whatever road the news comes.

What nothing here contradicts is applied as one operation. What contradicts the building (units that have shipped, an
address after they left) opens an exception, and nothing is undone.
"""

from __future__ import annotations

import logging
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from operator import itemgetter
from typing import Any, Final, NamedTuple

from sqlalchemy import bindparam, delete, func, insert, or_, select, update
from sqlalchemy.orm import Session

from webapp.domain.causes import Cause
from webapp.domain.events import EventKind
from webapp.domain.holds import Hold
from webapp.domain.parcel_data import FIELDS, NOTHING_KNOWN, OF_THE_PERSON
from webapp.domain.statuses import CLOSED_STATUSES, OrderStatus
from webapp.domain.upstream import OFF_THE_BENCH, ShopChange, ShopOrder, plan_changes
from webapp.models import Channel, Order, OrderSearchWord, OrderState, Product
from webapp.models.base import table_of
from webapp.services.engine.following import LineChanges, open_contradictions, standing_lines
from webapp.services.engine.merged_products import present_products
from webapp.services.engine.releases import lock_for_release
from webapp.services.engine.whole_order import WholeOrder
from webapp.services.reads.word_index import index_words

log = logging.getLogger("packbench.orders")

_orders, _states, _products = table_of(Order), table_of(OrderState), table_of(Product)
_channels: Final = table_of(Channel)
_words: Final = table_of(OrderSearchWord)

_NOTE_TIME: Final = (
    update(_orders)
    .where(_orders.c.store_id == bindparam("of_store"), _orders.c.id == bindparam("of_id"))
    .where(or_(_orders.c.upstream_at.is_(None), _orders.c.upstream_at < bindparam("at")))
    .values(upstream_at=bindparam("at"))
)
_NOTE_NEWEST: Final = (
    update(_channels)
    .where(_channels.c.store_id == bindparam("of_store"), _channels.c.id == bindparam("of_id"))
    .where(or_(_channels.c.newest_order_at.is_(None), _channels.c.newest_order_at < bindparam("at")))
    .values(newest_order_at=bindparam("at"))
)
_SHIP_TO: Final = tuple(name for name in FIELDS if name.startswith("ship_to_"))
_NOTES: Final = ("customer_note", "packing_note", "gift_text")
_CONTACT: Final = tuple(name for name in OF_THE_PERSON if name not in (*_SHIP_TO, *_NOTES))


class Followed(NamedTuple):
    """What following the shop did to an order."""

    changes: tuple[ShopChange, ...] = ()
    """Empty if the order is already as the shop says."""
    is_older: bool = False
    """The state is older than one that was followed, so nothing was done."""


class StateMark(NamedTuple):
    """A state of an order in the shop, as two marks."""

    order_id: int
    goods: str
    person: str


def follow_shop(db: Session, store_id: int, order_id: int, shop: ShopOrder, source: str, actor: str) -> Followed:
    """Change the order to what the shop says now, as far as nothing here contradicts it; open exceptions for the rest.

    ``source`` names the file, for the history. A state that the order has, or that is older than one it had, changes
    nothing. Raises OrderNotFound.
    """
    stocked = _stocked(db, store_id, {line.product_id for line in shop.lines})
    whole = lock_for_release(db, store_id, order_id, actor, also_products=stocked)
    if present := present_products(db, store_id, stocked):  # Merged after somebody found them for these lines.
        lines = [replace(line, product_id=present.get(line.product_id, line.product_id)) for line in shop.lines]
        shop, stocked = replace(shop, lines=lines), _stocked(db, store_id, {line.product_id for line in lines})
        whole = lock_for_release(db, store_id, order_id, actor, also_products=stocked)
    columns = _read_columns(db, store_id, order_id)
    if columns.is_erased:
        shop = replace(shop, customer_name="", parcel_data=NOTHING_KNOWN, person="")
    age = _age_of_state(db, store_id, order_id, shop, columns)
    if age is not None:
        if not age:
            note_times(db, store_id, [(order_id, shop.updated_at)])
        return Followed(is_older=age)
    changes = _apply(db, whole, columns, shop, stocked, source)
    _remember_newest(db, store_id, StateMark(order_id, shop.goods, shop.person), columns.newest_order_at)
    if changes:
        log.info("Order %s follows the shop: %s", whole.order.order_number, ", ".join(changes))
    return Followed(tuple(changes))


def newest_states(db: Session, store_id: int, order_ids: Collection[int]) -> dict[int, StateMark]:
    """Return the newest state that files have brought of each order, as far as there is one."""
    if not order_ids:
        return {}
    rows = db.execute(
        select(_states.c.order_id, _states.c.goods, _states.c.person)
        .where(_states.c.store_id == store_id, _states.c.order_id.in_(order_ids))
        .order_by(_states.c.id)
    )
    return {row.order_id: StateMark(row.order_id, row.goods, row.person) for row in rows}


def note_times(db: Session, store_id: int, times: Iterable[tuple[int, datetime | None]]) -> None:
    """Store when the shop changed these orders last, as far as it is later than what they have: a state from before
    that is old."""
    rows = [{"of_store": store_id, "of_id": order_id, "at": at} for order_id, at in times if at]
    if rows:
        db.execute(_NOTE_TIME, sorted(rows, key=itemgetter("of_id")))


def note_newest_orders(db: Session, store_id: int, newest: Mapping[int, datetime]) -> dict[int, datetime | None]:
    """Store when the newest order of each channel was placed, as far as files know, by the channel's id; return it."""
    rows = [{"of_store": store_id, "of_id": channel_id, "at": at} for channel_id, at in sorted(newest.items())]
    if rows:
        db.execute(_NOTE_NEWEST, rows)
    query = select(_channels.c.id, _channels.c.newest_order_at).where(
        _channels.c.store_id == store_id, _channels.c.id.in_(newest)
    )
    return {row.id: row.newest_order_at for row in db.execute(query)} if rows else {}


def remember_states(
    db: Session, store_id: int, states: Sequence[StateMark], newest: Mapping[int, datetime | None]
) -> None:
    """Store the states as the newest ones of their orders; ``newest`` has by the order's id when the newest order of
    its channel was placed."""
    rows = [
        {"store_id": store_id, **state._asdict(), "newest_order_at": newest.get(state.order_id)} for state in states
    ]
    if rows:
        db.execute(insert(_states), rows)


def forget_person(db: Session, store_id: int, order_id: int) -> None:
    """Forget what the order's states said about the person. Their goods stay, so that an old state stays old."""
    of_order = (_states.c.store_id == store_id, _states.c.order_id == order_id)
    newest = func.max(_states.c.newest_order_at).label("newest")
    of_goods = select(_states.c.goods, newest).where(*of_order).group_by(_states.c.goods)
    left = db.execute(of_goods.order_by(func.max(_states.c.id))).all()
    db.execute(delete(_states).where(*of_order))
    for row in left:
        remember_states(db, store_id, [StateMark(order_id, row.goods, "")], {order_id: row.newest})


def _stocked(db: Session, store_id: int, product_ids: Collection[int]) -> dict[int, str]:
    """Return those of the products that can have stock, not the placeholder, with their SKUs."""
    of_store = (_products.c.store_id == store_id, _products.c.is_placeholder.is_(False))
    rows = db.execute(select(_products.c.id, _products.c.sku).where(*of_store, _products.c.id.in_(product_ids)))
    return {row.id: row.sku for row in rows}


@dataclass(frozen=True, slots=True)
class _OwnColumns:
    """The order's own columns, read under its lock."""

    ship_by: datetime
    upstream_at: datetime | None
    upstream_changes: int
    upstream_hold: Hold | None
    currency: str
    is_erased: bool
    newest_order_at: datetime | None
    """Of its channel."""
    of_person: Mapping[str, str]


def _read_columns(db: Session, store_id: int, order_id: int) -> _OwnColumns:
    own = ("ship_by", "upstream_at", "upstream_changes", "upstream_hold", "currency", "person_erased_at")
    columns = [_orders.c[name] for name in (*own, *OF_THE_PERSON)]
    of_channel = (_channels.c.store_id == _orders.c.store_id) & (_channels.c.id == _orders.c.channel_id)
    query = select(*columns, _channels.c.newest_order_at).select_from(_orders.join(_channels, of_channel))
    row = db.execute(query.where(_orders.c.store_id == store_id, _orders.c.id == order_id)).one()
    return _OwnColumns(
        ship_by=row.ship_by,
        upstream_at=row.upstream_at,
        upstream_changes=row.upstream_changes,
        upstream_hold=row.upstream_hold,
        currency=row.currency,
        is_erased=row.person_erased_at is not None,
        newest_order_at=row.newest_order_at,
        of_person={name: getattr(row, name) for name in OF_THE_PERSON},
    )


def _age_of_state(db: Session, store_id: int, order_id: int, shop: ShopOrder, columns: _OwnColumns) -> bool | None:
    """Return None for news, False for the state that the order has, True for an older one.

    The shop's own time decides if the file has it; otherwise a state that came before another one is old, unless its
    file has the newest order of the channel, and that was not known when the other came.
    """
    upstream_at = columns.upstream_at
    stored = db.execute(
        select(_states.c.goods, _states.c.person, _states.c.newest_order_at)
        .where(_states.c.store_id == store_id, _states.c.order_id == order_id)
        .order_by(_states.c.id)
    )
    rows = stored.all()
    marks = [(row.goods, row.person) for row in rows]
    own = (shop.goods, shop.person)
    if marks and marks[-1] == own:
        return False
    if shop.updated_at and upstream_at and shop.updated_at != upstream_at:
        return True if shop.updated_at < upstream_at else None
    if own not in marks:
        return None
    newest, before = shop.newest_order_at, rows[-1].newest_order_at
    is_newer = bool(newest and before and newest > before and newest == columns.newest_order_at)
    return None if is_newer else True


def _remember_newest(db: Session, store_id: int, state: StateMark, newest: datetime | None) -> None:
    same = [_states.c[name] == value for name, value in state._asdict().items()]
    db.execute(delete(_states).where(_states.c.store_id == store_id, *same))
    remember_states(db, store_id, [state], {state.order_id: newest})


def _apply(
    db: Session, whole: WholeOrder, columns: _OwnColumns, shop: ShopOrder, stocked: Mapping[int, str], source: str
) -> list[ShopChange]:
    """Write the difference between the shop's order and ours; return its kinds, none if there is no difference."""
    order, operation = whole.order, whole.operation
    standing = standing_lines(db, operation.store_id, order.id)
    is_over = order.status in (*CLOSED_STATUSES, OrderStatus.DELIVERED) or columns.is_erased
    open_ones = open_contradictions(whole)
    open_units = {one.order_item_id: one.quantity for one in open_ones if one.cause is Cause.CHANGED_UPSTREAM}
    plan = plan_changes(shop, standing, may_grow=not is_over, open_units=open_units)
    late = _units_sent_elsewhere(whole, columns, shop)
    plan.contradictions |= {(item_id, Cause.SHIP_TO_UPSTREAM): units for item_id, units in late.items()}
    lines = LineChanges(whole, shop, plan, standing, open_ones, stocked)
    lines.leave_known_ones()
    lines.leave_open_ones()
    new = {change: values for change, values in _new_columns(whole, columns, shop) if values}
    changes = list(dict.fromkeys([*new, *lines.kinds()]))
    values = {name: value for part in new.values() for name, value in part.items()}
    if shop.updated_at:
        values["upstream_at"] = max(shop.updated_at, columns.upstream_at or shop.updated_at)
    if changes:
        values["upstream_changes"] = columns.upstream_changes + (not OFF_THE_BENCH.issuperset(changes))
        operation.bump_version(order)
        operation.record(order, EventKind.CHANGED_UPSTREAM, source=source, changes=[str(change) for change in changes])
        lines.apply()
    lines.remember()
    _store(db, whole, columns, values)
    operation.write()
    return changes


def _store(db: Session, whole: WholeOrder, columns: _OwnColumns, values: dict[str, Any]) -> None:
    if not values:
        return
    store_id, order = whole.operation.store_id, whole.order
    if values.get("packing_note", columns.of_person["packing_note"]) != columns.of_person["packing_note"]:
        values |= {"packing_note_read_by": None, "packing_note_read_at": None}
    db.execute(update(_orders).where(_orders.c.store_id == store_id, _orders.c.id == order.id).values(values))
    if "customer_name" in values:
        db.execute(delete(_words).where(_words.c.store_id == store_id, _words.c.order_id == order.id))
        words = sorted(index_words(order.order_number, values["customer_name"]))
        db.execute(insert(_words), [{"store_id": store_id, "word": word, "order_id": order.id} for word in words])


def _new_columns(
    whole: WholeOrder, columns: _OwnColumns, shop: ShopOrder
) -> Iterator[tuple[ShopChange, dict[str, Any]]]:
    """Yield the order's columns that the shop has otherwise. A blank says nothing, except within an address.

    A closed order needs none, and the address of units that have all left stays what it was.
    """
    if whole.order.status in CLOSED_STATUSES:
        return
    values = {"customer_name": shop.customer_name, **{name: getattr(shop.parcel_data, name) for name in FIELDS}}
    other = {name: value for name, value in values.items() if value != columns.of_person[name]}
    if shop.parcel_data.goes_somewhere and any(item.remaining_quantity for item in whole.items):
        yield ShopChange.SHIP_TO, {name: other[name] for name in _SHIP_TO if name in other}
    yield ShopChange.CONTACT, {name: other[name] for name in _CONTACT if other.get(name)}
    yield ShopChange.NOTES, {name: other[name] for name in _NOTES if other.get(name)}
    if shop.currency and shop.currency != columns.currency:
        yield ShopChange.PRICES, {"currency": shop.currency}
    if shop.says_hold and shop.hold != columns.upstream_hold:
        change = ShopChange.HOLD if shop.hold else ShopChange.RELEASE
        yield change, {"hold": shop.hold, "upstream_hold": shop.hold}
    if shop.ship_by and shop.ship_by != columns.ship_by:
        yield ShopChange.SHIP_BY, {"ship_by": shop.ship_by}


def _units_sent_elsewhere(whole: WholeOrder, columns: _OwnColumns, shop: ShopOrder) -> dict[int, int]:
    """Return the units of the first item that left before the shop changed the address: one exception is enough."""
    if whole.order.status in CLOSED_STATUSES or not shop.parcel_data.goes_somewhere:
        return {}
    if all(getattr(shop.parcel_data, name) == columns.of_person[name] for name in _SHIP_TO):
        return {}
    left = {item.id: item.shipped_quantity - item.returned_quantity for item in whole.items}
    return dict([(item_id, units) for item_id, units in left.items() if units > 0][:1])
