"""Reads what was matched: what imports go by, and the list for people."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final, NamedTuple

from sqlalchemy import ColumnElement, Select, func, or_, select, union_all
from sqlalchemy.orm import Session

from webapp.domain.codes import fold_code, scan_key
from webapp.domain.errors import MatchNotFound
from webapp.domain.matches import FollowingLine, KeptMatch, ListedMatch
from webapp.domain.unknown_lines import MATCHABLE_STATUSES, MatchBy, UnknownCode
from webapp.models import Match, Order, OrderItem, Product, ProductCode
from webapp.models.base import constant, table_of
from webapp.models.channel import channel_name, shown_number
from webapp.models.match import IS_REMEMBERED
from webapp.models.rows import columns_of, rows_of, whole
from webapp.services.engine.backorders import reserved_units
from webapp.services.engine.locks import MAX_KEY
from webapp.services.reads import product_search
from webapp.services.reads.cursors import page_of, read_cursor, write_cursor

PAGE: Final = 50
"""Matches per page."""

_LISTING: Final = "matches"

_matches, _products, _codes = table_of(Match), table_of(Product), table_of(ProductCode)
_items, _orders = table_of(OrderItem), table_of(Order)


class RememberedMatch(NamedTuple):
    """A match that imports go by."""

    match_id: int
    kind: MatchBy
    match_key: str
    product_id: int
    pack_units: int


@dataclass(frozen=True, slots=True)
class MatchPage:
    """A page of matches, the newest first, and the next page's cursor."""

    matches: list[ListedMatch]
    next_cursor: str | None
    is_cut: bool
    """The search finds more products than it read; more letters would find the rest."""


_LINE: Final = columns_of(
    FollowingLine,
    _items,
    order_number=shown_number(_orders),
    reserved_quantity=whole(reserved_units()),
    remaining_quantity=_items.c.quantity - _items.c.shipped_quantity - _items.c.cancelled_quantity,
)
_REMEMBERED: Final = columns_of(RememberedMatch, _matches, match_id=_matches.c.id)


def find_remembered(
    db: Session, store_id: int, unknown: UnknownCode, *, locks_it: bool = False
) -> RememberedMatch | None:
    """Return the match of this code that imports go by; ``locks_it`` lets nobody else change it."""
    statement = _remembered(store_id).where(_matches.c.kind == unknown.by, _matches.c.match_key == unknown.key)
    rows = rows_of(RememberedMatch, db.execute(statement.with_for_update() if locks_it else statement))
    return rows[0] if rows else None


def likely_packs(db: Session, store_id: int, unknown: UnknownCode) -> dict[int, str]:
    """Return by product how many units of it one ordered unit may be: as it was matched before, else as the code of a
    case says. One statement."""
    matched = select(_matches.c.product_id, _matches.c.pack_units.label("units")).where(
        _matches.c.store_id == store_id, _matches.c.kind == unknown.by, _matches.c.match_key == unknown.key
    )
    of_cases = select(_codes.c.product_id, _codes.c.units).where(
        _codes.c.store_id == store_id, _codes.c.scan_key == scan_key(unknown.code)
    )
    rows = db.execute(union_all(of_cases, matched.where(IS_REMEMBERED)))
    return {row.product_id: str(row.units) for row in rows if row.units != 1}


def remembered_of(
    db: Session, store_id: int, keys: Collection[tuple[MatchBy, str]]
) -> dict[tuple[MatchBy, str], RememberedMatch]:
    """Return the matches of these kinds and keys, in one statement. Nobody takes them back before the transaction
    ends, so that no line follows a match that is gone."""
    if not keys:
        return {}
    statement = _remembered(store_id).where(_matches.c.match_key.in_({key for _, key in keys})).order_by(_matches.c.id)
    rows = rows_of(RememberedMatch, db.execute(statement.with_for_update(read=True)))
    return {(match.kind, match.match_key): match for match in rows}


def list_matches(
    db: Session, store_id: int, search: str = "", cursor: str | None = None, limit: int = PAGE
) -> MatchPage:
    """Return a page of the matches that nobody undid, the newest first, in at most three statements.

    ``search`` is a part of what the channel called it, or finds the product as the stock list does. Raises InvalidInput
    for a foreign cursor.
    """
    after = read_cursor(cursor, _LISTING, int)
    query = _listed(store_id).where(_matches.c.undone_at.is_(None)).order_by(_matches.c.id.desc()).limit(limit + 1)
    is_cut = False
    if folded := fold_code(search):
        products = product_search.find_products(db, store_id, search)
        is_cut = products.is_cut
        named = _matches.c.folded.contains(folded, autoescape=True)
        query = query.where(or_(named, _matches.c.product_id.in_(products.product_ids)))
    if after:
        query = query.where(_matches.c.id < after[0])
    rows = rows_of(ListedMatch, db.execute(query))
    page, next_cursor = page_of(rows, limit, lambda match: write_cursor(_LISTING, match.match_id))
    return MatchPage(page, next_cursor, is_cut)


def read_match(db: Session, store_id: int, match_id: int) -> KeptMatch:
    """Return one match, undone or not, with what undoing it would do, in two statements. Raises
    MatchNotFound."""
    if match_id > MAX_KEY:
        raise MatchNotFound
    rows = rows_of(ListedMatch, db.execute(_listed(store_id).where(_matches.c.id == match_id)))
    if not rows:
        raise MatchNotFound
    of_order = (_orders.c.store_id == _items.c.store_id) & (_orders.c.id == _items.c.order_id)
    lines = (
        select(*_LINE)
        .select_from(_items.join(_orders, of_order))
        .where(_items.c.store_id == store_id, *is_open_line(match_id))
        .order_by(_orders.c.ordered_at, _orders.c.id, _items.c.position)
    )
    return KeptMatch(rows[0], rows_of(FollowingLine, db.execute(lines)))


def is_open_line(match_id: ColumnElement[int] | int) -> list[ColumnElement[bool]]:
    """Return the conditions on order items, joined with their orders, that follow a match and can still ship."""
    return [
        _items.c.match_id == match_id,
        OrderItem.has_units_left(),
        _orders.c.status.in_([constant(status) for status in MATCHABLE_STATUSES]),
    ]


def _remembered(store_id: int) -> Select[tuple[object, ...]]:
    return select(*_REMEMBERED).where(_matches.c.store_id == store_id, IS_REMEMBERED)


def _listed(store_id: int) -> Select[tuple[object, ...]]:
    open_lines = (
        select(func.count())
        .select_from(
            _items.join(_orders, (_orders.c.store_id == _items.c.store_id) & (_orders.c.id == _items.c.order_id))
        )
        .where(_items.c.store_id == store_id, *is_open_line(_matches.c.id))
        .correlate(_matches)
        .scalar_subquery()
    )
    columns = columns_of(
        ListedMatch,
        _matches,
        match_id=_matches.c.id,
        product_sku=_products.c.sku,
        product_name=_products.c.name,
        open_lines=open_lines,
        channel=func.coalesce(channel_name(_matches), ""),
    )
    return (
        select(*columns)
        .join(_products, (_products.c.store_id == _matches.c.store_id) & (_products.c.id == _matches.c.product_id))
        .where(_matches.c.store_id == store_id)
    )
