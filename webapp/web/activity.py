"""The store's activity, newest first, and the search for an order's trail: a supervisor's first page."""

from __future__ import annotations

from flask import Blueprint, g, redirect, render_template, request
from werkzeug.wrappers import Response

from webapp.auth.guard import requires
from webapp.domain.clock import utc_now
from webapp.domain.roles import AUDITORS
from webapp.extensions import db
from webapp.forms.activity import ActivityQuery
from webapp.presenters.phrases.words import status_words
from webapp.presenters.trail.activity import TrailMatch, present_activity
from webapp.services.reads import activity_queries, order_listing
from webapp.web.links import links
from webapp.web.requests import is_htmx

blueprint = Blueprint("activity", __name__)

MOST_MATCHES = 20
"""Orders shown when a search for a trail matches several."""


@blueprint.get("/activity")
@requires(AUDITORS)
def index() -> str:
    """Show a page of activity, newest first; the address holds all filters."""
    query = ActivityQuery.from_query(request.args)
    activity = activity_queries.read_activity(db.session(), g.store_id, query.criteria, cursor=query.cursor)
    screen = present_activity(activity, query.criteria, query.as_query(), links(), utc_now())
    template = "panels/trail/_activity.html" if is_htmx() else "pages/trail/activity.html"
    return render_template(template, screen=screen, query=query, next_cursor=activity.next_cursor)


@blueprint.get("/activity/orders")
@requires(AUDITORS)
def orders() -> Response | str:
    """Redirect to the trail of the order with this number or customer; show a list if several match."""
    search = " ".join(request.args.get("search", "").split())[:100]
    page = order_listing.list_orders(db.session(), g.store_id, search=search, limit=MOST_MATCHES) if search else None
    rows = page.rows if page else []
    exact = [row for row in rows if row.order_number.casefold() == search.casefold()] or rows
    if len(exact) == 1:
        return redirect(links().trail(exact[0].id), 303)
    matches = [
        TrailMatch(row.shown_number, row.customer_name, status_words(row.status), links().trail(row.id)) for row in rows
    ]
    is_cut = page is not None and (page.is_cut or page.next_cursor is not None)
    return render_template("pages/trail/orders.html", search=search, matches=matches, is_cut=is_cut)
