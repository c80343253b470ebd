"""Books returned units of an order's item, and corrects a return."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, flash, g
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as BaseResponse

from webapp.auth.guard import requires
from webapp.domain.clock import utc_now
from webapp.domain.roles import MANAGERS, READERS
from webapp.extensions import db
from webapp.forms.returns import CorrectReturnForm, ReturnForm
from webapp.presenters.phrases import words
from webapp.presenters.refusals import NO_REFUSAL, Refusal
from webapp.presenters.returns.corrections import CorrectionRefusal, corrected_words
from webapp.presenters.returns.screen import present_return, returned_words
from webapp.services import return_service
from webapp.services.reads import returns, stock_queries
from webapp.web.answers import go_to, page_or_panel
from webapp.web.links import links
from webapp.web.order_reading import read_item, read_order
from webapp.web.performing import perform
from webapp.web.requests import viewer

blueprint = Blueprint("returns", __name__)


@blueprint.get("/orders/<id:order_id>/items/<id:item_id>/returns")
@requires(READERS)
def new(order_id: int, item_id: int) -> Response:
    """Show how many units can be returned, and where they left from."""
    return _screen(order_id, item_id)


@blueprint.post("/orders/<id:order_id>/items/<id:item_id>/returns")
@requires(MANAGERS)
def create(order_id: int, item_id: int) -> BaseResponse:
    """Book the units and redirect to the order."""
    form = ReturnForm()
    warehouse, location = form.warehouse.data or "", form.location.data or ""

    def book(session: Session) -> None:
        return_service.return_units(
            session,
            g.store_id,
            order_id,
            item_id,
            form.quantity.units,
            form.words,
            warehouse=warehouse,
            location=location,
            write_off=form.writes_off,
            actor=g.actor,
        )

    booked = perform(form, book, "return", order_id, item_id)
    if isinstance(booked, Refusal):
        return _screen(order_id, item_id, booked)
    _, item = read_item(order_id, item_id)
    written_off, name = form.writes_off, words.item_name(item)
    flash(*returned_words(name, form.quantity.units, warehouse, location, written_off=written_off))
    return go_to(links().order(order_id))


@blueprint.post("/orders/<id:order_id>/returns/<id:event_id>/correction")
@requires(MANAGERS)
def correct(order_id: int, event_id: int) -> BaseResponse:
    """Correct how many units a booked return brought back, and redirect to the order."""
    form = CorrectReturnForm()

    def book(session: Session) -> Any:
        seen = form.seen_quantity.number or 0
        return return_service.correct_return(
            session, g.store_id, order_id, event_id, form.quantity.units, seen, actor=g.actor
        )

    corrected = perform(form, book, "correct return", order_id, event_id)
    if isinstance(corrected, Refusal):
        read_order(order_id)
        booked = returns.read_return(db.session(), g.store_id, order_id, event_id)
        return _screen(order_id, booked.item_id, correction=CorrectionRefusal(event_id, corrected))
    flash(*corrected_words(corrected))
    return go_to(links().order(order_id))


def _screen(
    order_id: int, item_id: int, refusal: Refusal | None = None, correction: CorrectionRefusal | None = None
) -> Response:
    order, item = read_item(order_id, item_id)
    session = db.session()
    places = stock_queries.read_return_places(session, g.store_id, order_id, item_id)
    booked = [one for one in returns.list_returns(session, g.store_id, order_id) if one.item_id == item_id]
    screen = present_return(
        order, item, places, booked, viewer(), links(), utc_now(), refusal or NO_REFUSAL, correction
    )
    page, panel = "pages/returns/new.html", "panels/returns/_return.html"
    refused = correction.refusal if correction else refusal
    return page_or_panel(page, panel, status=refused.status if refused else 200, screen=screen)
