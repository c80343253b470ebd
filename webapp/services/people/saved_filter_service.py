"""Filters of the order list that people save under a name. Each person sees and removes only their own."""

from __future__ import annotations

from typing import Final

from sqlalchemy import bindparam, delete, select
from sqlalchemy.orm import Session

from webapp.domain.errors import ConflictError, InvalidInput, NameTaken
from webapp.domain.reasons import is_storable
from webapp.domain.saved_filters import NamedFilter
from webapp.domain.wording import say
from webapp.models import Membership, SavedFilter
from webapp.models.base import table_of
from webapp.models.prepared import Prepared
from webapp.models.rows import columns_of, rows_of

MAX_FILTERS: Final = 20
"""Filters per person and store; more would be hard to search."""

MAX_NAME: Final = 60
MAX_QUERY: Final = 500
"""Characters; the size of the columns."""


_filters = table_of(SavedFilter)

_LIST: Final = Prepared(
    select(*columns_of(NamedFilter, _filters))
    .where(_filters.c.store_id == bindparam("store_id"), _filters.c.user_id == bindparam("user_id"))
    .order_by(_filters.c.name, _filters.c.id)
    .limit(MAX_FILTERS)
)


def list_filters(db: Session, store_id: int, user_id: int) -> list[NamedFilter]:
    """Return a person's filters in a store, by name."""
    return rows_of(NamedFilter, _LIST.run(db.connection(), {"store_id": store_id, "user_id": user_id}))


def save_filter(db: Session, store_id: int, user_id: int, name: str, query: str) -> NamedFilter:
    """Save ``query`` under ``name``. Locks the person's membership; flushes.

    Raises InvalidInput for a name that is blank or too long, or a query that is too long; ConflictError if the person
    already has ``MAX_FILTERS``; NameTaken for a name in use, in any case.
    """
    name = " ".join(name.split())
    _check_name(name)
    if len(query) > MAX_QUERY:
        raise InvalidInput(say("This filter is too long to save. Search for fewer words."))
    _lock_membership(db, store_id, user_id)
    saved = list_filters(db, store_id, user_id)
    if len(saved) >= MAX_FILTERS:
        raise ConflictError(
            say("You have %(most)s saved filters, which is the most. Remove one you no longer need.", most=MAX_FILTERS)
        )
    if name.casefold() in (one.name.casefold() for one in saved):
        raise NameTaken(say("You already have a filter called “%(name)s”. Choose another name.", name=name))
    row = SavedFilter(store_id=store_id, user_id=user_id, name=name, query=query)
    db.add(row)
    db.flush()
    return NamedFilter(row.id, name, query)


def remove_filter(db: Session, store_id: int, user_id: int, filter_id: int) -> bool:
    """Remove one of a person's filters; return False if the person has none with this id."""
    removed = db.execute(
        delete(_filters)
        .where(_filters.c.store_id == store_id, _filters.c.user_id == user_id, _filters.c.id == filter_id)
        .returning(_filters.c.id)
    )
    return removed.first() is not None


def _check_name(name: str) -> None:
    if not name:
        raise InvalidInput(say("Give the filter a name, for example: Late from the marketplace."))
    if len(name) > MAX_NAME:
        raise InvalidInput(say("The name is too long. The most is %(most)s characters.", most=MAX_NAME))
    if not is_storable(name):
        raise InvalidInput(say("The name contains characters that are not text. Type it again."))


def _lock_membership(db: Session, store_id: int, user_id: int) -> None:
    """Lock the membership, so that nobody saves filters for this person meanwhile and count and names stay true."""
    db.execute(
        select(Membership.id).where(Membership.store_id == store_id, Membership.user_id == user_id).with_for_update()
    )
