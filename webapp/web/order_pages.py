"""Renders an order's page, also after a refusal."""

from __future__ import annotations

from flask import Response, g, render_template

from webapp.domain.clock import utc_now
from webapp.domain.statuses import CLOSED_STATUSES
from webapp.extensions import db
from webapp.presenters.orders.page import present_order_page
from webapp.presenters.refusals import NO_REFUSAL, Refusal
from webapp.services.reads import order_details, picking_queries
from webapp.web.links import links
from webapp.web.requests import viewer


def order_page(order_id: int, refusal: Refusal = NO_REFUSAL) -> Response:
    """Render the page; ``refusal`` is why an action on it failed. Raises OrderNotFound."""
    session, window = db.session(), g.settings.undo_window
    order, parcels = picking_queries.read_with_parcels(session, g.store_id, order_id, window)
    is_closed = order.status in CLOSED_STATUSES
    page = present_order_page(
        order,
        parcels,
        order_details.read_status_change(session, g.store_id, order_id) if is_closed else None,
        viewer(),
        links(),
        utc_now(),
        window,
        refusal.words,
    )
    html = render_template("pages/orders/show.html", page=page)
    return Response(html, status=refusal.status)
