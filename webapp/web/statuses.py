"""Sets an order's status, from a manager's button on the order's page."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, g, redirect
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from webapp.auth.guard import requires
from webapp.domain.roles import MANAGERS
from webapp.forms.statuses import StatusForm
from webapp.presenters.refusals import Refusal
from webapp.presenters.stock.results import result_notice
from webapp.schemas.order import OrderUpdate
from webapp.services import order_service
from webapp.web.links import links
from webapp.web.order_pages import order_page
from webapp.web.performing import perform
from webapp.web.pick_answers import answer_order
from webapp.web.requests import is_htmx

blueprint = Blueprint("statuses", __name__)


@blueprint.post("/orders/<id:order_id>/status")
@requires(MANAGERS)
def update(order_id: int) -> Response:
    """Set the status and do what it means for stock."""
    form = StatusForm()

    def change(session: Session) -> Any:
        order_update = OrderUpdate(form.status.data or "")
        change = order_service.change_status(session, g.store_id, order_id, order_update, actor=g.actor, only_read=True)
        return change.stock

    stock = perform(form, change, "status", order_id)
    if isinstance(stock, Refusal):
        return answer_order(order_id, refusal=stock) if is_htmx() else order_page(order_id, stock)
    if is_htmx():
        return answer_order(order_id, since=0)
    flash(*result_notice(stock))
    return redirect(links().order(order_id), 303)
