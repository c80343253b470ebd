"""Reads an order's trail: events and ledger rows, joined to entries, page by page.

A trail that fits on a page takes three statements, a page of a longer one six. Both read only this order's rows.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from sqlalchemy import BigInteger, and_, case, cast, func, null, select, tuple_, union, union_all
from sqlalchemy.orm import Session

from webapp.domain.sequences import positions
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
    """Which entry, and its operation's position."""

    event: int
    movement: int
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

    Operations follow each other as they happened, whatever the clocks said. An entry matches if any of its rows does.
    Raises OrderNotFound, and InvalidInput for a cursor of another list.
    """
    listing = _OLDEST if oldest_first else _NEWEST
    after = read_cursor(cursor, listing, int, int, int)
    order, items = trail_rows.read_head(db, store_id, order_id)
    if not criteria and after is None:
        whole = _whole(db, store_id, order_id, limit)
        if whole is not None:
            people, entries = whole
            return Trail(order, items, people, _sorted(entries, oldest_first), None)
    keys = rows_of(_EntryKey, db.execute(_page(store_id, order_id, criteria, items, oldest_first, after, limit + 1)))
    page, next_cursor = page_of(keys, limit, lambda key: write_cursor(listing, key.event, key.movement, key.item_id))
    return Trail(
        order=order,
        items=items,
        people=_people(db, store_id, order_id),
        entries=_entries(db, store_id, order_id, [(key.operation_id, key.item_id) for key in page]),
        next_cursor=next_cursor,
    )


class TrailRows(NamedTuple):
    """A whole trail: the order, its items by id, its events and its movements."""

    order: TrailOrder
    items: dict[int, TrailItem]
    events: list[TrailEvent]
    movements: list[Movement]


def read_rows(db: Session, store_id: int, order_id: int, criteria: TrailFilter = _EVERYTHING) -> TrailRows:
    """Return the order, its items, and every matching event and movement, oldest first, in three statements.

    Raises OrderNotFound.
    """
    order, items = trail_rows.read_head(db, store_id, order_id)
    return TrailRows(
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
    """Sort as ``_page`` does: operations by position, their items by id."""
    place = positions(
        (event for entry in entries for event in entry.events),
        (movement for entry in entries for movement in entry.movements),
    )
    by_item = sorted(entries, key=lambda entry: entry.item_id or WHOLE_ORDER)
    return sorted(by_item, key=lambda entry: place[entry.operation_id], reverse=not oldest_first)


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
    """Select the keys of the matching entries. Positions are those of ``positions``, in the whole trail."""
    event_matches = and_(*trail_rows.matching_events(store_id, order_id, criteria, items))
    movement_matches = and_(*trail_rows.matching_movements(store_id, order_id, criteria, items))
    rows = union_all(
        select(
            events.c.id.label("event"),
            cast(null(), BigInteger).label("movement"),
            events.c.operation_id,
            trail_rows.event_item.label("item_id"),
            case((event_matches, 1), else_=0).label("matches"),
        ).where(*trail_rows.matching_events(store_id, order_id, _EVERYTHING, {})),
        select(
            cast(null(), BigInteger),
            ledger.c.id,
            ledger.c.operation_id,
            trail_rows.ledger_item,
            case((movement_matches, 1), else_=0),
        ).where(*trail_rows.matching_movements(store_id, order_id, _EVERYTHING, {})),
    ).cte("rows_of_order")
    first_event, first_movement = func.min(rows.c.event), func.min(rows.c.movement)
    operations = (
        select(rows.c.operation_id, first_event.label("event"), first_movement.label("movement"))
        .group_by(rows.c.operation_id)
        .subquery()
    )
    with_movement = case((operations.c.movement.is_not(None), operations.c.event))
    before = func.max(with_movement).over(order_by=operations.c.movement, rows=(None, 0))
    places = select(
        operations.c.operation_id,
        func.coalesce(operations.c.event, before, 0).label("event"),
        func.coalesce(operations.c.movement, 0).label("movement"),
    ).subquery()
    matching = select(rows.c.operation_id, rows.c.item_id).where(rows.c.matches == 1).distinct().subquery()
    item = matching.c.item_id
    page = (
        select(places.c.event, places.c.movement, places.c.operation_id, item)
        .join(matching, matching.c.operation_id == places.c.operation_id)
        .limit(limit)
    )
    position = (places.c.event, places.c.movement)
    page = page.order_by(*(column if oldest_first else column.desc() for column in position), item)
    if after:
        event, movement, item_id = after
        last = (event, movement)
        beyond = tuple_(*position) > last if oldest_first else tuple_(*position) < last
        page = page.where(beyond | and_(tuple_(*position) == last, item > item_id))
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
