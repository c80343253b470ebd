"""Setting an order's status: a manager's button on the order's page."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, g, redirect, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from webapp.auth.guard import requires
from webapp.database.unit_of_work import unit_of_work
from webapp.domain.errors import ConflictError, InvalidInput
from webapp.domain.roles import MANAGERS
from webapp.extensions import db
from webapp.forms.fields import OUT_OF_DATE
from webapp.forms.statuses import StatusForm
from webapp.languages import translate
from webapp.presenters.refusals import Refusal
from webapp.presenters.stock.results import tell
from webapp.schemas.order import OrderUpdate
from webapp.services import order_service
from webapp.web.order_pages import order_page
from webapp.web.pick_answers import answer_order
from webapp.web.requests import is_htmx, once

blueprint = Blueprint("statuses", __name__)


@blueprint.post("/orders/<id:order_id>/status")
@requires(MANAGERS)
def update(order_id: int) -> Response:
    """Set the status and do what that asks of stock."""
    form = StatusForm()
    status = form.status.data or ""

    def change(session: Session) -> Any:
        changed = order_service.change_status(session, g.store_id, order_id, OrderUpdate(status), actor=g.actor)
        return changed.stock

    try:
        if not form.validate():
            raise InvalidInput(OUT_OF_DATE)
        outcome = unit_of_work(db.session(), change, once(form, "status", order_id, status))
    except (ConflictError, InvalidInput) as error:
        if is_htmx():
            return answer_order(order_id, refusal=Refusal.from_error(error, {}), status=error.status)
        return order_page(order_id, translate(error.message), error.status)
    if is_htmx():
        return answer_order(order_id, since=0)
    flash(*tell(outcome.result))
    return redirect(url_for("orders.show", order_id=order_id), 303)
