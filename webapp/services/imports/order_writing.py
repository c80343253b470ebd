"""Writes a chunk of imported orders: new ones completely; known ones follow the shop."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta, tzinfo
from typing import Any, NamedTuple

from sqlalchemy import insert
from sqlalchemy.orm import Session

from webapp.database.insertion import insert_into
from webapp.domain.codes import code_key
from webapp.domain.events import EventKind
from webapp.domain.import_entries import Entry, EntryKind
from webapp.domain.parcel_data import FIELDS
from webapp.domain.statuses import OrderStatus
from webapp.domain.system_reasons import SystemReason
from webapp.domain.upstream import ShopChange
from webapp.models import Order, OrderItem, OrderSearchWord
from webapp.models.base import table_of
from webapp.services.engine import locks
from webapp.services.engine.channels import channel_ids
from webapp.services.engine.locked_rows import LockedOrder
from webapp.services.engine.operation import Operation
from webapp.services.engine.starting import NOTHING_STARTED, Started, start_orders
from webapp.services.imports.drafts import DraftLine, DraftOrder
from webapp.services.imports.entries import followed_entry, new_order_entry, order_entry
from webapp.services.imports.order_changes import (
    ANOTHER_ORDER,
    follow,
    give_ids,
    hold_of,
    is_another,
    lacks_id,
    outcome_of,
    state_of,
)
from webapp.services.imports.order_identity import ANOTHER_ID, ONE_ID, KnownOrder, known_orders, part_those_with_one_id
from webapp.services.imports.product_matching import NO_GTIN, OrderedAs, ProductFinder
from webapp.services.imports.report import ALREADY_IMPORTED, LeftOutRow, noted
from webapp.services.reads.word_index import index_words
from webapp.services.upstream_service import newest_states, note_newest_orders, note_times, remember_states


@dataclass(frozen=True)
class Import:
    """An import's store, source and actor."""

    store_id: int
    ship_within_hours: int
    source: str
    format: str
    actor: str
    zone: tzinfo
    """The store's zone, for dates without one."""
    starts_orders: bool = False
    """Imported orders are set to processing at once."""
    starts_held: bool = True
    """Those on hold as well; otherwise once the shop releases them."""
    newest_orders: Mapping[str, datetime] = field(default_factory=dict)
    """When the newest order of each channel in the file was placed, by the key of the channel's code."""

    def newest_of(self, channel: str) -> datetime | None:
        """Return when the newest order of the channel in the file was placed, as far as its dates can be read."""
        return self.newest_orders.get(code_key(channel))


@dataclass
class OrdersWritten:
    """What happened to a chunk of orders; ``imported_rows`` counts the rows of the new ones.

    ``unmatched_lines`` of them match no product and are on the placeholder.
    """

    new_orders: int = 0
    changed_orders: int = 0
    known_orders: int = 0
    conflicting_orders: int = 0
    imported_rows: int = 0
    unmatched_lines: int = 0
    started: Started = NOTHING_STARTED
    left_out: list[LeftOutRow] = field(default_factory=list)
    entries: list[Entry] = field(default_factory=list)
    to_follow: list[tuple[KnownOrder, DraftOrder]] = field(default_factory=list)
    """Known orders of which the shop says something new."""


def write_orders(db: Session, job: Import, drafts: Sequence[DraftOrder]) -> OrdersWritten:
    """Insert the orders that the store does not have yet, each with its items, words and ``imported`` event; start them
    if the job says so.

    Known orders are compared with what the shop said of them last: those of which it says something else now are
    ``to_follow``, each by ``follow_order`` in a transaction of its own. Flushes, never commits; if two imports run at
    once, the unique keys decide.
    """
    of_code = channel_ids(db, job.store_id, {draft.channel for draft in drafts})
    placed = [(of_code[draft.channel], draft) for draft in drafts]
    placed, doubtful = part_those_with_one_id(placed)
    ids = _insert_orders(db, job, [(channel_id, draft) for channel_id, draft in placed if draft.lines])
    new = [NewOrder(ids[key], draft, key[0]) for channel_id, draft in placed if (key := _key(channel_id, draft)) in ids]
    result = OrdersWritten(new_orders=len(new))
    _compare(db, job, [one for one in placed if _key(*one) not in ids], result)  # Orders are locked before products.
    result.unmatched_lines, remarks = _insert_items(db, job, new)
    _insert_words(db, job, new)
    _record_imports(db, job, new)
    newest_of_channel = _note_newest_orders(db, job, of_code)
    states, newest = [state_of(order_id, draft) for order_id, draft, _ in new], {one.id: one.channel_id for one in new}
    remember_states(db, job.store_id, states, {key: newest_of_channel.get(value) for key, value in newest.items()})
    result.left_out += remarks
    by_row = {one.row: one for one in reversed(remarks)}
    for _, draft, _ in new:
        result.imported_rows += len(draft.rows)
        result.left_out += [*draft.passed_over, *draft.remarks]
        result.entries.append(new_order_entry(draft, hold_of(draft), by_row))
    result.conflicting_orders += len(doubtful)
    for draft in doubtful:
        result.left_out += draft.leave_out(ONE_ID, reject=True)
        result.entries.append(order_entry(draft, EntryKind.REFUSED, ONE_ID))
    if job.starts_orders and ids:  # Last: it locks places, after which no other order may be locked.
        ready = [order_id for order_id, draft, _ in new if job.starts_held or hold_of(draft) is None]
        result.started = start_orders(db, job.store_id, ready, job.actor, SystemReason.STARTED_BY_IMPORT())
    return result


def _note_newest_orders(db: Session, job: Import, of_code: Mapping[str, int]) -> Mapping[int, datetime | None]:
    newest = {channel_id: at for code, channel_id in of_code.items() if (at := job.newest_of(code))}
    return note_newest_orders(db, job.store_id, newest)


def _compare(db: Session, job: Import, placed: Sequence[tuple[int, DraftOrder]], result: OrdersWritten) -> None:
    """Sort out the orders that were not inserted: unchanged, to follow, or refused. Of those that the shop has closed
    and the store never had, there is nothing to import."""
    pairs = list(zip(known_orders(db, job.store_id, placed), (draft for _, draft in placed), strict=True))
    of_store = [(order, draft) for order, draft in pairs if order and not is_another(draft, order)]
    newest = newest_states(db, job.store_id, [order.id for order, _ in of_store])
    without_id = [(order, draft) for order, draft in of_store if lacks_id(order, draft)]
    times: list[tuple[int, datetime | None]] = []
    for order, draft in pairs:
        if order is None and not draft.lines:
            result.left_out += draft.passed_over
            result.entries.append(order_entry(draft, EntryKind.LEFT_OUT, draft.state.closed))
        elif order is None or is_another(draft, order):
            result.conflicting_orders += 1
            reason = ANOTHER_ORDER if order else ANOTHER_ID
            result.left_out += draft.leave_out(reason, reject=True)
            result.entries.append(order_entry(draft, EntryKind.REFUSED, reason))
        elif newest.get(order.id) == state_of(order.id, draft):
            result.known_orders += 1
            result.left_out += draft.leave_out(ALREADY_IMPORTED, reject=False)
            result.entries.append(order_entry(draft, EntryKind.UNCHANGED, shows_customer=order.shows_customer))
            times += [(order.id, draft.state.updated_at)] if order.is_older_than(draft) else []
        else:
            result.to_follow.append((order, draft))
    locks.lock_orders(db, job.store_id, {order.id for order, _ in without_id} | {order_id for order_id, _ in times})
    give_ids(db, job.store_id, without_id)
    note_times(db, job.store_id, times)


def follow_order(db: Session, job: Import, order: KnownOrder, draft: DraftOrder) -> OrdersWritten:
    """Have one known order follow the shop; see ``upstream_service``."""
    followed = follow(db, job.store_id, order.id, draft, job.source, job.actor, job.newest_of(draft.channel))
    imported_rows, left_out = outcome_of(draft, followed)
    started = NOTHING_STARTED
    if ShopChange.RELEASE in followed.changes and job.starts_orders:
        started = start_orders(db, job.store_id, [order.id], job.actor, SystemReason.STARTED_BY_IMPORT())
    is_refused = bool(followed.changes) and not imported_rows
    return OrdersWritten(
        changed_orders=int(imported_rows > 0),
        known_orders=int(not followed.changes),
        conflicting_orders=int(is_refused),
        imported_rows=imported_rows,
        started=started,
        left_out=left_out,
        entries=[followed_entry(draft, followed, shows_customer=order.shows_customer)],
    )


class NewOrder(NamedTuple):
    """A draft that was inserted, and the order's id."""

    id: int
    draft: DraftOrder
    channel_id: int


_Key = tuple[int, str, str]
"""Channel, external id and number."""


def _key(channel_id: int, draft: DraftOrder) -> _Key:
    return channel_id, draft.state.external_id or draft.number, draft.number


def _insert_orders(db: Session, job: Import, placed: Sequence[tuple[int, DraftOrder]]) -> dict[_Key, int]:
    """Insert the orders that their channels do not have; return their ids."""
    if not placed:
        return {}
    # Parcel data that no order of the chunk has are left to the table: each column of each row costs time.
    names = [name for name in FIELDS if any(getattr(draft.parcel_data, name) for _, draft in placed)]
    has_currency = any(draft.currency for _, draft in placed)
    rows = [
        {
            "store_id": job.store_id,
            "order_number": draft.number,
            "channel_id": channel_id,
            "external_id": draft.state.external_id or draft.number,
            "customer_name": draft.customer_name,
            "ordered_at": draft.ordered_at,
            "ship_by": draft.ship_by or draft.ordered_at + timedelta(hours=job.ship_within_hours),
            "status": OrderStatus.PENDING,
            "hold": hold_of(draft),
            "upstream_hold": hold_of(draft),
            "upstream_at": draft.state.updated_at,
            "version": 1,
            **{name: getattr(draft.parcel_data, name) for name in names},
            **({"currency": draft.currency} if has_currency else {}),
        }
        for channel_id, draft in placed
    ]
    inserted = db.execute(
        insert_into(db, table_of(Order))
        .values(rows)
        .on_conflict_do_nothing()
        .returning(Order.channel_id, Order.external_id, Order.order_number, Order.id)
    )
    return {(row.channel_id, row.external_id, row.order_number): row.id for row in inserted}


def _insert_items(db: Session, job: Import, orders: Sequence[NewOrder]) -> tuple[int, list[LeftOutRow]]:
    """Insert the orders' lines, each with its product; return how many match none, and remarks on their codes."""
    named = (_ordered_as(line, channel_id) for _, draft, channel_id in orders for line in draft.lines)
    finder = ProductFinder(db, job.store_id, named, holds=False)
    if job.starts_orders:
        locks.lock_inventory(db, job.store_id, finder.product_ids)  # Starting locks them, which is before products.
    finder.hold()
    rows, remarks = [], []
    has_prices = any(line.unit_price is not None for _, draft, _ in orders for line in draft.lines)
    for order_id, draft, channel_id in orders:
        for position, line in enumerate(draft.lines, start=1):
            match = finder.find(_ordered_as(line, channel_id))
            rows.append(
                {
                    "store_id": job.store_id,
                    "order_id": order_id,
                    "position": position,
                    "product_id": match.product_id,
                    "product_name": line.product_name,
                    "sku": line.sku,
                    "gtin": line.gtin or None,
                    "quantity": line.quantity * match.pack_units,
                    "pack_units": match.pack_units,
                    "line_id": line.line_id,
                    "match_id": match.match_id,
                    **({"unit_price": line.unit_price} if has_prices else {}),
                }
            )
            if line.gtin_fault:
                remarks.append(noted(line.row, draft.number, NO_GTIN.fill(fault=line.gtin_fault), line.gtin_text))
            if match.remark:
                remarks.append(noted(line.row, draft.number, match.remark, match.value))
    _insert(db, OrderItem, rows)
    return finder.unmatched_lines, remarks


def _ordered_as(line: DraftLine, channel_id: int) -> OrderedAs:
    return OrderedAs(line.gtin, line.sku, line.product_name, channel_id)


def _insert_words(db: Session, job: Import, orders: Sequence[NewOrder]) -> None:
    _insert(
        db,
        OrderSearchWord,
        [
            {"store_id": job.store_id, "word": word, "order_id": order_id}
            for order_id, draft, _ in orders
            for word in sorted(index_words(draft.number, draft.customer_name))
        ],
    )


def _record_imports(db: Session, job: Import, orders: Sequence[NewOrder]) -> None:
    operation = Operation(db, job.store_id, job.actor)
    for order_id, draft, _ in orders:
        order = LockedOrder(order_id, draft.number, OrderStatus.PENDING, 1, draft.ordered_at)
        operation.record(order, EventKind.IMPORTED, **_details(job, draft))
    operation.write()


def _details(job: Import, draft: DraftOrder) -> dict[str, Any]:
    details: dict[str, Any] = {
        "source": job.source,
        "format": job.format,
        "rows": len(draft.lines),
        "first_row": draft.lines[0].row,
        "content": draft.content,
    }
    if draft.passed_over:
        details["skipped_rows"] = len(draft.passed_over)
    if draft.shortened:
        details["shortened"] = list(draft.shortened)
    return details


def _insert(db: Session, model: type[Any], rows: Sequence[dict[str, Any]]) -> None:
    if rows:
        db.execute(insert(table_of(model)), rows)
