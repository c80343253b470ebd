"""Rendering the page of one order, also for a refusal of what was asked there."""

from __future__ import annotations

from flask import Response, g, render_template

from webapp.domain.clock import utc_now
from webapp.extensions import db
from webapp.presenters.order_page import present_order_page
from webapp.services import picking_queries
from webapp.web import pick_answers
from webapp.web.answers import path_of
from webapp.web.requests import viewer


def order_page(order_id: int, message: str = "", status: int = 200) -> Response:
    """Render the page; ``message`` says why something was refused. Raises OrderNotFound."""
    page = present_order_page(
        pick_answers.read(order_id),
        picking_queries.read_parcels(db.session(), g.store_id, order_id),
        viewer(),
        path_of(order_id),
        utc_now(),
        pick_answers.undo_window(),
        message,
    )
    return Response(render_template("pages/orders/show.html", page=page), status=status)
