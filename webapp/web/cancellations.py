"""Cancels an order: first a preview, then the form with a reason."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, flash, g
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as BaseResponse

from webapp.auth.guard import requires
from webapp.domain.roles import MANAGERS, READERS
from webapp.extensions import db
from webapp.forms.cancellations import CancelOrderForm
from webapp.presenters.cancellations.order import cancelled_words, present_cancellation
from webapp.presenters.refusals import NO_REFUSAL, Refusal
from webapp.services import order_service
from webapp.services.reads.cancellation_preview import preview_cancellation
from webapp.web.answers import go_to, page_or_panel
from webapp.web.links import links
from webapp.web.order_reading import read_order
from webapp.web.performing import perform
from webapp.web.requests import viewer

blueprint = Blueprint("cancellations", __name__)


@blueprint.get("/orders/<id:order_id>/cancellation")
@requires(READERS)
def new(order_id: int) -> Response:
    """Show what cancelling the order would do; only a manager gets the form below it."""
    return _screen(order_id)


@blueprint.post("/orders/<id:order_id>/cancellation")
@requires(MANAGERS)
def create(order_id: int) -> BaseResponse:
    """Cancel the order and redirect to it; if refused, show the preview again."""
    form = CancelOrderForm()
    seen = form.seen_version

    def cancel(session: Session) -> Any:
        change = order_service.cancel_order(
            session, g.store_id, order_id, form.words, actor=g.actor, seen_version=seen.number
        )
        return {"stock": change.stock}

    result = perform(form, cancel, "cancel order", order_id)
    if isinstance(result, Refusal):
        return _screen(order_id, result, seen.number)
    flash(*cancelled_words(read_order(order_id, for_page=True).shown_number, result["stock"]))
    return go_to(links().order(order_id))


def _screen(order_id: int, refusal: Refusal | None = None, seen_version: int | None = None) -> Response:
    preview = preview_cancellation(db.session(), g.store_id, order_id, seen_version)
    screen = present_cancellation(preview, viewer(), links(), refusal or NO_REFUSAL)
    page, panel = "pages/cancellations/new.html", "panels/cancellations/_cancellation.html"
    return page_or_panel(page, panel, status=refusal.status if refusal else 200, screen=screen)
