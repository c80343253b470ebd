"""The list of orders, the next one to pick, and the page of one order."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, flash, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from webapp.auth.guard import requires
from webapp.domain.clock import utc_now
from webapp.domain.errors import InvalidInput
from webapp.domain.roles import READERS, SHIPPERS
from webapp.domain.statuses import OPEN_STATUSES
from webapp.extensions import db
from webapp.forms.orders import OrderFilters
from webapp.presenters.order_list import present_order_list
from webapp.services import order_listing, picking_queries
from webapp.web import order_pages
from webapp.web.requests import viewer

blueprint = Blueprint("orders", __name__)


@blueprint.get("/orders")
@requires(READERS)
def index() -> Response:
    """List orders: what is to ship next, or what the address asks for."""
    filters = OrderFilters.from_query(request.args)
    problem = filters.error
    try:
        page = order_listing.list_orders(db.session(), g.store_id, **_wanted(filters), cursor=filters.cursor)
    except InvalidInput:
        problem = "That page of the list no longer exists. This is the first one."
        page = order_listing.list_orders(db.session(), g.store_id, **_wanted(filters))
    screen = present_order_list(
        page.rows,
        filters,
        viewer(),
        utc_now(),
        _list_href,
        next_cursor=page.next_cursor,
        is_cut=page.is_cut,
        notice=problem,
    )
    return Response(render_template("pages/orders/index.html", screen=screen), status=422 if problem else 200)


@blueprint.get("/orders/next")
@requires(SHIPPERS)
def next_to_pick() -> BaseResponse:
    """Lead to the order that is to ship soonest and has something ready to pick."""
    return _to_pick(picking_queries.next_order_id(db.session(), g.store_id))


@blueprint.get("/orders/<id:order_id>/next")
@requires(SHIPPERS)
def next_after(order_id: int) -> BaseResponse:
    """Lead on to the order that comes after this one in the queue, or else to the first."""
    return _to_pick(picking_queries.next_order_id(db.session(), g.store_id, after_order_id=order_id))


@blueprint.get("/orders/<id:order_id>")
@requires(READERS)
def show(order_id: int) -> Response:
    """Show one order: its items, parcels and what may be done with it."""
    return order_pages.order_page(order_id)


def _to_pick(order_id: int | None) -> BaseResponse:
    if order_id is None:
        flash("Nothing is ready to pick: no open order has units reserved.", "info")
        return redirect(url_for("orders.index"), 303)
    return redirect(url_for("picking.show", order_id=order_id), 303)


def _list_href(**query: Any) -> str:
    return url_for("orders.index", **query)


def _wanted(filters: OrderFilters) -> dict[str, Any]:
    """Return what the service is asked for: a status, else the open orders for the queue and for what is late."""
    wanted: dict[str, Any] = {"search": filters.search}
    if filters.status:
        wanted |= {"statuses": [filters.status], "latest_first": filters.status not in OPEN_STATUSES}
    elif filters.is_queue or filters.late:
        wanted["statuses"] = OPEN_STATUSES
    if filters.late:
        wanted["due_before"] = utc_now()
    if filters.mine:
        wanted["packed_by"] = g.actor
    return wanted
