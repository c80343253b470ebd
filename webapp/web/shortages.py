"""Where the shelf and the records differ: units found on the shelf, and fewer than reserved."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, flash, g, render_template
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as BaseResponse

from webapp.auth.guard import requires
from webapp.database.unit_of_work import unit_of_work
from webapp.domain.errors import ConflictError, InvalidInput, ItemNotFound
from webapp.domain.progress import ItemProgress, OrderProgress
from webapp.domain.roles import SHIPPERS
from webapp.extensions import db
from webapp.forms.fields import OUT_OF_DATE
from webapp.forms.shortages import FoundUnitsForm, ShortPickForm
from webapp.languages import _, translate
from webapp.presenters.picking.found_units import present_found
from webapp.presenters.picking.short_pick import ShortPickRefusal, present_short_pick
from webapp.presenters.refusals import Refusal
from webapp.services import shelf_service
from webapp.web.answers import path_of
from webapp.web.pick_answers import answer_item, read
from webapp.web.requests import once, refused_form, viewer

blueprint = Blueprint("shortages", __name__)


@blueprint.get("/orders/<id:order_id>/items/<id:item_id>/found-units")
@requires(SHIPPERS)
def new_found_units(order_id: int, item_id: int) -> Response:
    """Ask where units lay that the records lack."""
    order, item = _read(order_id, item_id)
    screen = present_found(order, item, viewer(), path_of(order_id))
    return Response(render_template("pages/picking/found_units.html", screen=screen))


@blueprint.post("/orders/<id:order_id>/items/<id:item_id>/found-units")
@requires(SHIPPERS)
def create_found_units(order_id: int, item_id: int) -> BaseResponse:
    """Count units that the records lack at the place where they lay, and ship them."""
    form = FoundUnitsForm()
    if not form.validate():
        return answer_item(order_id, item_id, refused_form(form, of_found=True), 422)
    units, seen = form.quantity.units, form.seen_shipped.number
    warehouse, location = form.warehouse.data or "", form.location.data or ""

    def find(session: Session) -> Any:
        return shelf_service.ship_found_on_shelf(
            session, g.store_id, order_id, item_id, units, location, warehouse, g.actor, seen
        )

    try:
        unit_of_work(db.session(), find, once(form, "found", order_id, item_id, units, warehouse, location))
    except (ConflictError, InvalidInput) as error:
        return answer_item(order_id, item_id, Refusal.from_error(error, form.typed(), of_found=True), error.status)
    return answer_item(order_id, item_id)


@blueprint.get("/orders/<id:order_id>/items/<id:item_id>/short-picks")
@requires(SHIPPERS)
def new_short_pick(order_id: int, item_id: int) -> Response:
    """Ask how many units are really there, place by place."""
    return _short_pick_page(order_id, item_id)


@blueprint.post("/orders/<id:order_id>/items/<id:item_id>/short-picks")
@requires(SHIPPERS)
def create_short_pick(order_id: int, item_id: int) -> BaseResponse:
    """Report that fewer units are at a place than are reserved there."""
    form = ShortPickForm()
    place, seen = form.inventory_id, form.seen_reserved
    try:
        if not form.validate() or place.number is None or seen.number is None:
            raise InvalidInput(form.messages().get("found_quantity", OUT_OF_DATE))
        found = form.found_quantity.units

        def report(session: Session) -> int:
            item = shelf_service.report_short_pick(
                session, g.store_id, order_id, item_id, place.number or 0, found, seen.number or 0, g.actor
            )
            return item.id

        unit_of_work(db.session(), report, once(form, "short pick", order_id, item_id, place.number, found))
    except (ConflictError, InvalidInput) as error:
        refusal = ShortPickRefusal(
            "" if form.messages() else translate(error.message),
            place.number,
            form.found_quantity.data or "",
            form.messages(),
        )
        return _short_pick_page(order_id, item_id, refusal, error.status)
    flash(
        _("Reported. The missing units are reserved elsewhere if possible. A manager will count the place again."),
        "success",
    )
    return answer_item(order_id, item_id)


def _short_pick_page(
    order_id: int, item_id: int, refusal: ShortPickRefusal | None = None, status: int = 200
) -> Response:
    order, item = _read(order_id, item_id)
    screen = present_short_pick(order, item, path_of(order_id), refusal)
    return Response(render_template("pages/picking/short_pick.html", screen=screen), status=status)


def _read(order_id: int, item_id: int) -> tuple[OrderProgress, ItemProgress]:
    order = read(order_id)
    item = order.item(item_id)
    if item is None:
        raise ItemNotFound
    return order, item
