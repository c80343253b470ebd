"""Reads an order's trail: events and ledger rows, joined to entries, page by page.

A trail that fits on a page takes three statements, a page of a longer one six. Both read only this order's rows.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, NamedTuple

from sqlalchemy import func, select, tuple_, union, union_all
from sqlalchemy.orm import Session

from webapp.domain.trail import Movement, TrailEntry, TrailEvent, TrailFilter, TrailItem, TrailOrder
from webapp.models.rows import rows_of
from webapp.services.reads import trail_rows
from webapp.services.reads.cursors import page_of, read_cursor, write_cursor
from webapp.services.reads.trail_rows import WHOLE_ORDER, Rows, events, grouped, ledger

PAGE: Final = 100
"""Entries per page."""

_MOST_ROWS: Final = 4 * PAGE
"""Rows of each kind that are read before a trail counts as long."""

_NEWEST, _OLDEST = "trail-newest", "trail-oldest"
_EVERYTHING: Final = TrailFilter()


class _EntryKey(NamedTuple):
    """Which entry, and when its operation began."""

    began: datetime
    operation_id: str
    item_id: int


@dataclass(frozen=True, slots=True)
class Trail:
    """One page of an order's trail, with the items and people to filter by."""

    order: TrailOrder
    items: dict[int, TrailItem]
    people: list[str]
    entries: list[TrailEntry]
    next_cursor: str | None


def read_trail(
    db: Session,
    store_id: int,
    order_id: int,
    criteria: TrailFilter = _EVERYTHING,
    *,
    oldest_first: bool = False,
    cursor: str | None = None,
    limit: int = PAGE,
) -> Trail:
    """Return a page of an order's trail, newest operations first or oldest first; an operation's items by id.

    An entry matches if any of its rows does. Raises OrderNotFound, and InvalidInput for a cursor of another list.
    """
    listing = _OLDEST if oldest_first else _NEWEST
    after = read_cursor(cursor, listing, datetime, str, int)
    order, items = trail_rows.read_head(db, store_id, order_id)
    if not criteria and after is None:
        whole = _whole(db, store_id, order_id, limit)
        if whole is not None:
            people, entries = whole
            return Trail(order, items, people, _sorted(entries, oldest_first), None)
    keys = rows_of(_EntryKey, db.execute(_page(store_id, order_id, criteria, items, oldest_first, after, limit + 1)))
    page, next_cursor = page_of(keys, limit, lambda key: write_cursor(listing, *key))
    return Trail(
        order=order,
        items=items,
        people=_people(db, store_id, order_id),
        entries=_entries(db, store_id, order_id, [(key.operation_id, key.item_id) for key in page]),
        next_cursor=next_cursor,
    )


def read_rows(
    db: Session, store_id: int, order_id: int, criteria: TrailFilter = _EVERYTHING
) -> tuple[TrailOrder, dict[int, TrailItem], list[TrailEvent], list[Movement]]:
    """Return the order, its items, and every matching event and movement, oldest first, in three statements.

    Raises OrderNotFound.
    """
    order, items = trail_rows.read_head(db, store_id, order_id)
    return (
        order,
        items,
        trail_rows.read_events(db, trail_rows.matching_events(store_id, order_id, criteria, items)),
        trail_rows.read_movements(db, trail_rows.matching_movements(store_id, order_id, criteria, items)),
    )


def _whole(db: Session, store_id: int, order_id: int, limit: int) -> tuple[list[str], list[TrailEntry]] | None:
    """Return people and entries of a trail that fits on a page, in two statements; None if it does not fit."""
    event_rows = trail_rows.read_first_events(db, store_id, order_id, _MOST_ROWS + 1)
    movement_rows = trail_rows.read_first_movements(db, store_id, order_id, _MOST_ROWS + 1)
    if len(event_rows) > _MOST_ROWS or len(movement_rows) > _MOST_ROWS:
        return None
    entries = grouped(event_rows, movement_rows)
    if len(entries) > limit:
        return None
    people = {event.actor for event in event_rows} | {movement.actor for movement in movement_rows}
    return sorted(people), list(entries.values())


def _sorted(entries: Sequence[TrailEntry], oldest_first: bool) -> list[TrailEntry]:
    """Sort as ``_page`` does: operations by their first row's time, then by id; their items by id."""
    began: dict[str, datetime] = {}
    for entry in entries:
        first = min([*(event.at for event in entry.events), *(movement.at for movement in entry.movements)])
        began[entry.operation_id] = min(first, began.get(entry.operation_id, first))
    by_item = sorted(entries, key=lambda entry: entry.item_id or WHOLE_ORDER)
    return sorted(by_item, key=lambda entry: (began[entry.operation_id], entry.operation_id), reverse=not oldest_first)


def _people(db: Session, store_id: int, order_id: int) -> list[str]:
    actors = select(events.c.actor).where(*trail_rows.matching_events(store_id, order_id, _EVERYTHING, {}))
    movers = select(ledger.c.created_by).where(*trail_rows.matching_movements(store_id, order_id, _EVERYTHING, {}))
    return sorted(db.scalars(union(actors, movers)))


def _page(
    store_id: int,
    order_id: int,
    criteria: TrailFilter,
    items: Mapping[int, TrailItem],
    oldest_first: bool,
    after: tuple[Any, ...] | None,
    limit: int,
) -> Rows:
    """Select (time, operation, item) of the matching entries; the time is that of the operation's first matching
    row."""
    event_rows = select(events.c.created_at, events.c.operation_id, trail_rows.event_item.label("item_id")).where(
        *trail_rows.matching_events(store_id, order_id, criteria, items)
    )
    movement_rows = select(ledger.c.created_at, ledger.c.operation_id, trail_rows.ledger_item).where(
        *trail_rows.matching_movements(store_id, order_id, criteria, items)
    )
    rows = union_all(event_rows, movement_rows).subquery()
    began = func.min(func.min(rows.c.created_at)).over(partition_by=rows.c.operation_id)
    entries = (
        select(began.label("began"), rows.c.operation_id, rows.c.item_id)
        .group_by(rows.c.operation_id, rows.c.item_id)
        .subquery()
    )
    operation = (entries.c.began, entries.c.operation_id)
    page = select(entries).limit(limit)
    if oldest_first:
        page = page.order_by(*operation, entries.c.item_id)
    else:
        page = page.order_by(*(column.desc() for column in operation), entries.c.item_id)
    if after:
        began_at, operation_id, item_id = after
        last = (began_at, operation_id)
        beyond = tuple_(*operation) > last if oldest_first else tuple_(*operation) < last
        rest_of_the_operation = (entries.c.operation_id == operation_id) & (entries.c.item_id > item_id)
        page = page.where(beyond | rest_of_the_operation)
    return page


def _entries(db: Session, store_id: int, order_id: int, keys: Sequence[tuple[str, int]]) -> list[TrailEntry]:
    """Return the entries of these (operation, item) pairs, in their order, with all their rows, in two statements."""
    if not keys:
        return []
    operations, items = {operation_id for operation_id, _ in keys}, {item_id for _, item_id in keys}
    event_rows = trail_rows.read_events(
        db,
        [
            *trail_rows.matching_events(store_id, order_id, _EVERYTHING, {}),
            events.c.operation_id.in_(operations),
            trail_rows.event_item.in_(items),
        ],
    )
    of_order = trail_rows.matching_movements(store_id, order_id, _EVERYTHING, {})
    movement_rows = trail_rows.read_counted_movements(db, of_order, items, operations)
    entries = grouped(event_rows, movement_rows)
    return [entries[key] for key in keys]
