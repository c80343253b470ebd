"""Gives an order to the person who opens it or ships from it, and says whether that is news to a screen."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Final

from flask import g

from webapp.database.unit_of_work import unit_of_work
from webapp.domain.assignments import OrderHolder, find_own, mark_of, standing
from webapp.domain.clock import utc_now
from webapp.domain.errors import Busy
from webapp.domain.progress import OrderProgress
from webapp.domain.roles import Role
from webapp.extensions import db
from webapp.services import assignment_service
from webapp.services.reads import order_news
from webapp.web.order_reading import read_order

PATIENCE: Final = 1.0
"""Seconds for which a page waits to write whose the order is; without that it is shown as it was."""


def as_opened(order: OrderProgress, *, for_page: bool = False) -> OrderProgress:
    """Return the order, which is the reader's now if they pack and it is nobody else's. Managers only look."""
    now, idle = utc_now(), g.settings.idle_time
    whose = standing(order.assignments, now, idle)
    own = find_own(whose, g.actor)
    if not order.may_pick or (own is None and (whose or g.role is not Role.PACKER)):
        return order
    if own is not None and not own.is_due(now):
        return order
    work = partial(
        assignment_service.open_order,
        store_id=g.store_id,
        order_id=order.id,
        user_id=g.signed_in.user_id,
        idle=idle,
    )
    try:
        is_own = unit_of_work(db.session(), work, patience=PATIENCE).result
    except Busy:
        return order
    if not is_own:  # Somebody else was first.
        return read_order(order.id, for_page=for_page)
    others = [one for one in whose if one is not own]
    return replace(order, assignments=[*others, OrderHolder(g.actor, own.since if own else now, now)])


def take_next(after_order_id: int | None = None) -> int | None:
    """Give the person the next order that is nobody else's, and return its id. Raises OrderNotFound."""
    work = partial(
        assignment_service.take_next,
        store_id=g.store_id,
        user_id=g.signed_in.user_id,
        idle=g.settings.idle_time,
        after_order_id=after_order_id,
    )
    return unit_of_work(db.session(), work).result


def is_news(order_id: int, version: int, whose_mark: str | None) -> bool:
    """Return whether the order, or whose it is, has changed since a screen showed it; without a mark, only the order.

    Raises OrderNotFound.
    """
    now_version, assignments = order_news.version_of(db.session(), g.store_id, order_id)
    if now_version != version:
        return True
    return whose_mark is not None and whose_mark != mark_of(standing(assignments, utc_now(), g.settings.idle_time))
