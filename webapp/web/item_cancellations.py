"""Cancelling units of one item of an order."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import Blueprint, Response, flash, g, render_template
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as BaseResponse

from webapp.auth.guard import requires
from webapp.database.unit_of_work import unit_of_work
from webapp.domain.errors import ConflictError, InvalidInput, ItemNotFound
from webapp.domain.progress import ItemProgress, OrderProgress
from webapp.domain.roles import MANAGERS, READERS
from webapp.extensions import db
from webapp.forms.cancellations import CancelItemForm
from webapp.presenters.cancellations.item import item_cancelled_words, present_item_cancellation
from webapp.presenters.cancellations.order import name_of
from webapp.presenters.refusals import Refusal
from webapp.services import order_service
from webapp.services.reads.picking_queries import read_progress
from webapp.web.answers import go_to, path_of
from webapp.web.requests import is_htmx, once, refused_form, viewer

blueprint = Blueprint("item_cancellations", __name__)


@blueprint.get("/orders/<id:order_id>/items/<id:item_id>/cancellation")
@requires(READERS)
def new(order_id: int, item_id: int) -> Response:
    """Show what is left of the item and what cancelling units of it gives back."""
    return _screen(order_id, item_id)


@blueprint.post("/orders/<id:order_id>/items/<id:item_id>/cancellation")
@requires(MANAGERS)
def create(order_id: int, item_id: int) -> BaseResponse:
    """Cancel units of the item and go back to the order."""
    form = CancelItemForm()
    if not form.validate():
        return _screen(order_id, item_id, refused_form(form), 422)
    units, reason = form.quantity.units, form.words

    def cancel(session: Session) -> Any:
        order_service.cancel_item(session, g.store_id, order_id, item_id, units, reason, actor=g.actor)

    try:
        unit_of_work(db.session(), cancel, once(form, "cancel item", order_id, item_id, units, reason))
    except (ConflictError, InvalidInput) as error:
        return _screen(order_id, item_id, Refusal.from_error(error, form.typed()), error.status)
    _, item = read_item(order_id, item_id)
    flash(*item_cancelled_words(name_of(item), units))
    return go_to(path_of(order_id))


def read_item(order_id: int, item_id: int) -> tuple[OrderProgress, ItemProgress]:
    """Read an order and one of its items as they are now. Raises OrderNotFound, ItemNotFound."""
    order = read_progress(db.session(), g.store_id, order_id, packed_within=timedelta(0))
    item = order.item(item_id)
    if item is None:
        raise ItemNotFound
    return order, item


def _screen(order_id: int, item_id: int, refusal: Refusal | None = None, status: int = 200) -> Response:
    order, item = read_item(order_id, item_id)
    screen = present_item_cancellation(order, item, viewer(), path_of(order_id), refusal or Refusal(""))
    panel, page = "panels/cancellations/_item_cancellation.html", "pages/cancellations/new_for_item.html"
    return Response(render_template(panel if is_htmx() else page, screen=screen), status=status)
