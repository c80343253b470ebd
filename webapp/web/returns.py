"""Booking units of an order item that came back."""

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
from webapp.forms.returns import ReturnForm
from webapp.presenters.refusals import Refusal
from webapp.presenters.returns.screen import present_return, returned_words
from webapp.services import return_service
from webapp.services.reads import stock_queries
from webapp.web.answers import go_to, path_of
from webapp.web.item_cancellations import read_item
from webapp.web.requests import is_htmx, once, refused_form, viewer

blueprint = Blueprint("returns", __name__)


@blueprint.get("/orders/<id:order_id>/items/<id:item_id>/returns")
@requires(READERS)
def new(order_id: int, item_id: int) -> Response:
    """Show how many units may come back, and where they left from."""
    return _screen(order_id, item_id)


@blueprint.post("/orders/<id:order_id>/items/<id:item_id>/returns")
@requires(MANAGERS)
def create(order_id: int, item_id: int) -> BaseResponse:
    """Book the units and go back to the order."""
    form = ReturnForm()
    if not form.validate():
        return _screen(order_id, item_id, refused_form(form), 422)
    units, reason, written_off = form.quantity.units, form.words, form.write_off.data
    warehouse, location = form.warehouse.data or "", form.location.data or ""

    def book(session: Session) -> Any:
        item = return_service.return_units(
            session,
            g.store_id,
            order_id,
            item_id,
            units,
            reason,
            warehouse=warehouse,
            location=location,
            write_off=written_off,
            actor=g.actor,
        )
        return {"name": item.product_name or item.sku}

    what = ("return", order_id, item_id, units, warehouse, location, written_off, reason)
    try:
        booked = unit_of_work(db.session(), book, once(form, *what)).result
    except (ConflictError, InvalidInput) as error:
        return _screen(order_id, item_id, Refusal.from_error(error, form.typed()), error.status)
    flash(*returned_words(booked["name"], units, warehouse, location, written_off=written_off))
    return go_to(path_of(order_id))


def _screen(order_id: int, item_id: int, refusal: Refusal | None = None, status: int = 200) -> Response:
    """Render the screen, or for htmx its panel. Raises OrderNotFound, ItemNotFound."""
    order, item = read_item(order_id, item_id)
    places = stock_queries.read_return_places(db.session(), g.store_id, order_id, item_id)
    screen = present_return(order, item, places, viewer(), path_of(order_id), refusal or Refusal(""))
    template = "panels/returns/_return.html" if is_htmx() else "pages/returns/new.html"
    return Response(render_template(template, screen=screen), status=status)
