"""Builds the order list for an address: as a page, as a panel, or for a poll to compare."""

from __future__ import annotations

from typing import Any

from flask import g

from webapp.domain.clock import utc_now
from webapp.domain.errors import InvalidInput
from webapp.domain.progress import OrderProgress
from webapp.domain.statuses import OPEN_STATUSES, OrderStatus
from webapp.domain.wording import say
from webapp.extensions import db
from webapp.forms.orders import OrderFilters
from webapp.presenters.orders.listing import FilterToSave, OrderListScreen, present_order_list
from webapp.services.people import saved_filter_service
from webapp.services.reads import order_counts, order_listing, picking_queue
from webapp.services.reads.order_counts import OpenOrders
from webapp.services.reads.orders_to_start import WaitingOrders, orders_to_start
from webapp.web import sample_orders
from webapp.web.links import links
from webapp.web.order_reading import read_order
from webapp.web.requests import viewer


def read_list(filters: OrderFilters, *, to_save: FilterToSave | None = None, with_next: bool = True) -> OrderListScreen:
    """Read the list as it is now. If the query is invalid, show the queue and explain why in ``notice``.

    ``with_next`` adds the order to pick next, for people who ship, while the queue is not filtered.
    """
    session, now, problem = db.session(), utc_now(), filters.error
    try:
        page = order_listing.list_orders(session, g.store_id, **criteria_of(filters), cursor=filters.cursor)
    except InvalidInput:
        problem = say("That page of the list no longer exists. This is the first one.")
        page = order_listing.list_orders(session, g.store_id, **criteria_of(filters))
    counts = order_counts.count_open_orders(session, g.store_id, now)
    has_orders = bool(page.rows) or order_listing.has_orders(session, g.store_id)
    next_order = _next_order() if with_next and filters.is_queue and not filters.cursor else None
    return present_order_list(
        page.rows,
        filters,
        viewer(),
        now,
        links(),
        counts=counts,
        has_orders=has_orders,
        is_loading=not has_orders and sample_orders.is_loading(),
        saved=saved_filter_service.list_filters(session, g.store_id, g.signed_in.user_id),
        next_cursor=page.next_cursor,
        next_order=next_order,
        to_start=_to_start(filters, counts) if with_next and not next_order else None,
        is_cut=page.is_cut,
        problem=problem,
        to_save=to_save,
    )


def path_of_list(filters: OrderFilters) -> str:
    """Return the address of the first page of the list with these filters."""
    return links().orders(**filters.as_query())


def path_of_news(filters: OrderFilters) -> str:
    """Return the address that the page polls for changes."""
    return links().order_news(**filters.as_query(), cursor=filters.cursor or None)


def _next_order() -> OrderProgress | None:
    if not viewer().may_ship:
        return None
    idle = g.settings.idle_time
    order_id = picking_queue.next_order_id(db.session(), g.store_id, user_id=g.signed_in.user_id, idle=idle)
    return read_order(order_id) if order_id is not None else None


def _to_start(filters: OrderFilters, counts: OpenOrders) -> WaitingOrders | None:
    """Return what a manager can start, where they look for work or at what waits for them."""
    asks = filters.is_queue or filters.status is OrderStatus.PENDING
    if not (asks and not filters.search and not filters.cursor and counts.by_status[OrderStatus.PENDING]):
        return None
    return orders_to_start(db.session(), g.store_id) if viewer().may_manage else None


def criteria_of(filters: OrderFilters) -> dict[str, Any]:
    """Return the service's arguments: one status, or the viewer's open orders for the queue and for late orders. Lists
    of what is open leave out orders on hold, which have a list of their own."""
    criteria: dict[str, Any] = {"search": filters.search}
    if filters.held:
        criteria |= {"statuses": OPEN_STATUSES, "held": True}
    elif filters.status and filters.status not in OPEN_STATUSES:
        criteria |= {"statuses": [filters.status], "latest_first": True}
    elif filters.status:
        criteria |= {"statuses": [filters.status], "held": False}
    elif filters.is_queue or filters.late or filters.open_only:
        criteria |= {"statuses": viewer().statuses_to_ship, "held": False}
    if filters.late:
        criteria["due_before"] = utc_now()
    if filters.mine:
        criteria["packed_by"] = g.actor
    return criteria
