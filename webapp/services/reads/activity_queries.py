"""Reads a store's activity, newest operations first, page by page.

It reads order events, and ledger rows without an order. A page takes five statements; each scans an index only as far
as the page reaches, however long the history is.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Final, NamedTuple

from sqlalchemy import ColumnElement, Select, select, tuple_, union, union_all
from sqlalchemy.orm import Session

from webapp.domain.activity import Activity, ActivityFilter
from webapp.domain.trail_kinds import events_under, movements_under
from webapp.models import Membership, User
from webapp.services.reads import activity_rows
from webapp.services.reads.activity_rows import Key
from webapp.services.reads.cursors import page_of, read_cursor, write_cursor
from webapp.services.reads.trail_rows import Rows, events, ledger

PAGE: Final = 30
"""Operations per page."""

_LISTING: Final = "activity"
_EVERYTHING: Final = ActivityFilter()


class _Walk(NamedTuple):
    """An index to scan from its newest end: time column, operation column, conditions."""

    at: ColumnElement[datetime]
    operation: ColumnElement[str]
    conditions: list[ColumnElement[bool]]


def read_activity(
    db: Session,
    store_id: int,
    criteria: ActivityFilter = _EVERYTHING,
    *,
    cursor: str | None = None,
    limit: int = PAGE,
) -> Activity:
    """Return a page of a store's operations, newest first. Raises InvalidInput for a cursor of another list."""
    keys, next_cursor = next_page(newest_operations(db, store_id, criteria, read_after(cursor), limit + 1), limit)
    lines = activity_rows.read_lines(db, store_id, keys)
    orders, items = activity_rows.read_orders(db, store_id, lines.entries)
    return Activity(
        entries=lines.entries,
        items=items,
        orders=orders,
        products=lines.products,
        sizes=lines.sizes,
        people=_people(db, store_id),
        next_cursor=next_cursor,
    )


def read_after(cursor: str | None) -> tuple[Any, ...] | None:
    """Return the place of a cursor in the list. Raises InvalidInput for a cursor of another list."""
    return read_cursor(cursor, _LISTING, datetime, str)


def next_page(rows: list[Key], limit: int) -> tuple[list[Key], str | None]:
    """Return the operations of a page, and the next one's cursor if there are more ``rows``."""
    return page_of(rows, limit, lambda key: write_cursor(_LISTING, *key))


def newest_operations(
    db: Session, store_id: int, criteria: ActivityFilter, after: tuple[Any, ...] | None, limit: int
) -> list[Key]:
    """Return the keys of the newest matching operations, in one statement."""
    # One operation's rows may be moments apart and so appear twice; twice the limit is enough.
    walks = [_walked(walk, criteria, after, 2 * limit) for walk in _walks(store_id, criteria)]
    rows = db.execute(union_all(*(select(walk.subquery()) for walk in walks)))
    newest: dict[str, datetime] = {}
    for at, operation_id in sorted(map(tuple, rows), reverse=True):
        newest.setdefault(operation_id, at)
    return [Key(at, operation_id) for operation_id, at in newest.items()][:limit]


def _walks(store_id: int, criteria: ActivityFilter) -> Iterable[_Walk]:
    """Yield the index scans: order events (one scan per kind, if filtered), and ledger rows without an order."""
    event_conditions, ledger_conditions = [events.c.store_id == store_id], [ledger.c.store_id == store_id]
    if criteria.operation_id is not None:
        yield _Walk(
            ledger.c.created_at,
            ledger.c.operation_id,
            [*ledger_conditions, ledger.c.operation_id == criteria.operation_id],
        )
        return
    ledger_conditions.append(ledger.c.order_number.is_(None))
    if criteria.person is not None:
        event_conditions.append(events.c.actor == criteria.person)
        ledger_conditions.append(ledger.c.created_by == criteria.person)
    if criteria.kind is None:
        yield _Walk(events.c.created_at, events.c.operation_id, event_conditions)
        yield _Walk(ledger.c.created_at, ledger.c.operation_id, ledger_conditions)
        return
    for kind in events_under(criteria.kind):
        yield _Walk(events.c.created_at, events.c.operation_id, [*event_conditions, events.c.kind == kind])
    movements = movements_under(criteria.kind)
    if types := movements.types or movements.undone:
        ledger_conditions.append(ledger.c.transaction_type.in_(types))
        yield _Walk(ledger.c.created_at, ledger.c.operation_id, ledger_conditions)


def _walked(walk: _Walk, criteria: ActivityFilter, after: tuple[Any, ...] | None, limit: int) -> Rows:
    """Select the newest operations of one index scan."""
    at, operation, conditions = walk
    if criteria.since is not None:
        conditions.append(at >= criteria.since)
    if criteria.until is not None:
        conditions.append(at < criteria.until)
    if after:
        last_at, last_operation = after
        # Older rows of the last operation on the page before must not start this page.
        conditions += [at <= last_at, tuple_(at, operation) < (last_at, last_operation), operation != last_operation]
    columns = (at.label("created_at"), operation.label("operation_id"))
    return select(*columns).where(*conditions).distinct().order_by(at.desc(), operation.desc()).limit(limit)


def _people(db: Session, store_id: int) -> list[str]:
    """Return the people who work in the store or acted on its orders, in one statement.

    Actors are found by jumping through the index, one step per person, never by reading all their events.
    """
    actors = select(events.c.actor).where(events.c.store_id == store_id).order_by(events.c.actor).limit(1)
    steps = select(actors.scalar_subquery().label("actor")).cte("steps", recursive=True)
    following = actors.where(events.c.actor > steps.c.actor).scalar_subquery()
    steps = steps.union_all(select(following).where(steps.c.actor.is_not(None)))
    members: Select[str] = (
        select(User.username).join(Membership, Membership.user_id == User.id).where(Membership.store_id == store_id)
    )
    return sorted(db.scalars(union(select(steps.c.actor).where(steps.c.actor.is_not(None)), members)))
