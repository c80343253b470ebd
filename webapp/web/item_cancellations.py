"""Cancels units of one item of an order."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, flash, g
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as BaseResponse

from webapp.auth.guard import requires
from webapp.domain.roles import MANAGERS, READERS
from webapp.forms.cancellations import CancelItemForm
from webapp.presenters.cancellations.item import item_cancelled_words, present_item_cancellation
from webapp.presenters.phrases import words
from webapp.presenters.refusals import NO_REFUSAL, Refusal
from webapp.services import order_service
from webapp.web.answers import go_to, page_or_panel
from webapp.web.links import links
from webapp.web.order_reading import read_item
from webapp.web.performing import perform
from webapp.web.requests import viewer

blueprint = Blueprint("item_cancellations", __name__)


@blueprint.get("/orders/<id:order_id>/items/<id:item_id>/cancellation")
@requires(READERS)
def new(order_id: int, item_id: int) -> Response:
    """Show what is left of the item and what cancelling units of it releases."""
    return _screen(order_id, item_id)


@blueprint.post("/orders/<id:order_id>/items/<id:item_id>/cancellation")
@requires(MANAGERS)
def create(order_id: int, item_id: int) -> BaseResponse:
    """Cancel units of the item and redirect to the order."""
    form = CancelItemForm()

    def cancel(session: Session) -> Any:
        units = form.quantity.units
        order_service.cancel_item(session, g.store_id, order_id, item_id, units, form.words, actor=g.actor)

    refusal = perform(form, cancel, "cancel item", order_id, item_id)
    if isinstance(refusal, Refusal):
        return _screen(order_id, item_id, refusal)
    _, item = read_item(order_id, item_id)
    flash(*item_cancelled_words(words.item_name(item), form.quantity.units))
    return go_to(links().order(order_id))


def _screen(order_id: int, item_id: int, refusal: Refusal | None = None) -> Response:
    order, item = read_item(order_id, item_id)
    screen = present_item_cancellation(order, item, viewer(), links(), refusal or NO_REFUSAL)
    page, panel = "pages/cancellations/new_for_item.html", "panels/cancellations/_item_cancellation.html"
    return page_or_panel(page, panel, status=refusal.status if refusal else 200, screen=screen)
