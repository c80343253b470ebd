"""Cancelling an order: what it would do, then the deed, guarded by a reason."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, flash, g, render_template
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as BaseResponse

from webapp.auth.guard import requires
from webapp.database.unit_of_work import unit_of_work
from webapp.domain.errors import ConflictError, InvalidInput
from webapp.domain.roles import MANAGERS, READERS
from webapp.extensions import db
from webapp.forms.cancellations import CancelOrderForm
from webapp.presenters.cancellations.order import cancelled_words, present_cancellation
from webapp.presenters.refusals import Refusal
from webapp.services import order_service
from webapp.services.reads.cancellation_preview import preview_cancellation
from webapp.web.answers import go_to, path_of
from webapp.web.requests import is_htmx, once, refused_form, viewer

blueprint = Blueprint("cancellations", __name__)


@blueprint.get("/orders/<id:order_id>/cancellation")
@requires(READERS)
def new(order_id: int) -> Response:
    """Show what cancelling the order would do; only a manager finds the form below it."""
    return _screen(order_id)


@blueprint.post("/orders/<id:order_id>/cancellation")
@requires(MANAGERS)
def create(order_id: int) -> BaseResponse:
    """Cancel the order and go back to it; refused, show what cancelling would do now."""
    form = CancelOrderForm()
    if not form.validate():
        return _screen(order_id, refused_form(form), 422)
    reason, seen = form.words, form.seen_version.number

    def cancel(session: Session) -> Any:
        change = order_service.cancel_order(session, g.store_id, order_id, reason, actor=g.actor, seen_version=seen)
        return {"order_number": change.order.order_number, "stock": change.stock}

    try:
        result = unit_of_work(db.session(), cancel, once(form, "cancel order", order_id, reason)).result
    except (ConflictError, InvalidInput) as error:
        return _screen(order_id, Refusal.from_error(error, form.typed()), error.status, seen)
    flash(*cancelled_words(result["order_number"], result["stock"]))
    return go_to(path_of(order_id))


def _screen(
    order_id: int, refusal: Refusal | None = None, status: int = 200, seen_version: int | None = None
) -> Response:
    """Render the screen, or for htmx its panel. Raises OrderNotFound."""
    preview = preview_cancellation(db.session(), g.store_id, order_id, seen_version)
    screen = present_cancellation(preview, viewer(), path_of(order_id), refusal or Refusal(""))
    template = "panels/cancellations/_cancellation.html" if is_htmx() else "pages/cancellations/new.html"
    return Response(render_template(template, screen=screen), status=status)
