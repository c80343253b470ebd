"""Rendering the page of one order, also for a refusal of what was asked there."""

from __future__ import annotations

from flask import Response, g, render_template

from webapp.domain.clock import utc_now
from webapp.domain.statuses import CLOSED_STATUSES
from webapp.extensions import db
from webapp.presenters.orders.page import present_order_page
from webapp.services.reads import order_details, picking_queries
from webapp.web import pick_answers
from webapp.web.answers import path_of
from webapp.web.requests import viewer


def order_page(order_id: int, message: str = "", status: int = 200) -> Response:
    """Render the page; ``message`` says why something was refused. Raises OrderNotFound."""
    order, session = pick_answers.read(order_id), db.session()
    is_closed = order.status in CLOSED_STATUSES
    page = present_order_page(
        order,
        picking_queries.read_parcels(session, g.store_id, order_id),
        order_details.read_status_change(session, g.store_id, order_id) if is_closed else None,
        viewer(),
        path_of(order_id),
        utc_now(),
        g.settings.undo_window,
        message,
    )
    return Response(render_template("pages/orders/show.html", page=page), status=status)
