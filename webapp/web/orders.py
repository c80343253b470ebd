"""The order list, the next order to pick, and one order's page."""

from __future__ import annotations

from typing import Final

from flask import Blueprint, Response, flash, g, redirect, render_template, request
from werkzeug.wrappers import Response as BaseResponse

from webapp.auth.guard import requires
from webapp.domain.roles import READERS, SHIPPERS
from webapp.extensions import db
from webapp.forms.orders import OrderFilters
from webapp.languages import _
from webapp.services.reads import order_news
from webapp.web import assigning, order_pages
from webapp.web.answers import render_panel
from webapp.web.links import links
from webapp.web.order_lists import path_of_list, path_of_news, read_list

blueprint = Blueprint("orders", __name__)

WHOSE: Final = "Packbench-Whose"
"""Header of the list's news: a mark of who has which order."""


@blueprint.get("/orders")
@requires(READERS)
def index() -> Response:
    """List orders: the pick queue, or what the address filters."""
    filters = OrderFilters.from_query(request.args)
    screen = read_list(filters)
    page = render_template("pages/orders/index.html", screen=screen, news_path=path_of_news(filters))
    return Response(page, status=422 if screen.is_mistaken else 200)


@blueprint.get("/orders/list")
@requires(READERS)
def panel() -> Response:
    """Return the list panel alone, for search while typing; the browser's address changes with one history entry per
    search."""
    filters = OrderFilters.from_query(request.args)
    screen = read_list(filters, with_next=False)
    query = request.headers.get("HX-Current-URL", "").partition("#")[0].partition("?")[2]
    here = OrderFilters.from_text(query)
    header = "HX-Replace-Url" if here.search else "HX-Push-Url"
    list_panel = render_panel("panels/orders/_list.html", screen=screen, news_path=path_of_news(filters))
    return Response(list_panel, headers={header: path_of_list(filters)})


@blueprint.get("/orders/news")
@requires(READERS, renews=False)
def news() -> Response:
    """Respond 204 while the list still has the fingerprint ``seen``, else with the whole list as it is now.

    Each answer has a mark of who has which order. With this mark as ``whose`` the list itself is read only if somebody
    has taken or left an order since.
    """
    mark = order_news.mark_of_people(db.session(), g.store_id, g.settings.idle_time)
    headers = {WHOSE: mark}
    if mark == request.args.get("whose"):
        return Response(status=204, headers=headers)
    filters = OrderFilters.from_query(request.args)
    screen = read_list(filters)
    if screen.fingerprint == request.args.get("seen"):
        return Response(status=204, headers=headers)
    panels = render_panel("panels/orders/_news.html", screen=screen, news_path=path_of_news(filters))
    return Response(panels, headers=headers)


@blueprint.get("/orders/next")
@requires(SHIPPERS)
def next_to_pick() -> BaseResponse:
    """Give the person the first order with units ready to pick that is nobody else's, and redirect to it."""
    return _to_pick(assigning.take_next())


@blueprint.get("/orders/<id:order_id>/next")
@requires(SHIPPERS)
def next_after(order_id: int) -> BaseResponse:
    """The same with the order after this one in the queue, or the first."""
    return _to_pick(assigning.take_next(order_id))


@blueprint.get("/orders/<id:order_id>")
@requires(READERS)
def show(order_id: int) -> Response:
    """Show one order: its items, parcels and actions."""
    return order_pages.order_page(order_id)


def _to_pick(order_id: int | None) -> BaseResponse:
    if order_id is None:
        flash(_("Nothing is ready to pick: no open order with units reserved is free."), "info")
        return redirect(links().orders(), 303)
    return redirect(links().pick(order_id), 303)
