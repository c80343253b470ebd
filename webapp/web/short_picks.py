"""Reports where shelf and records differ: units found, and short picks."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from flask import Blueprint, Response, flash, g, render_template
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as BaseResponse

from webapp.auth.guard import requires
from webapp.domain.roles import SHIPPERS
from webapp.extensions import db
from webapp.forms.short_picks import FoundUnitsForm, ShortPickForm
from webapp.languages import _
from webapp.presenters.picking.found_units import present_found_units
from webapp.presenters.picking.short_pick import ShortPickRefusal, present_short_pick
from webapp.presenters.refusals import Refusal
from webapp.services import shelf_service
from webapp.services.reads import stock_queries
from webapp.web.links import links
from webapp.web.order_reading import read_item
from webapp.web.performing import perform
from webapp.web.pick_answers import answer_item, as_seen, seen_changes
from webapp.web.requests import viewer

blueprint = Blueprint("short_picks", __name__)


@blueprint.get("/orders/<id:order_id>/items/<id:item_id>/found-units")
@requires(SHIPPERS)
def new_found_units(order_id: int, item_id: int) -> Response:
    """Ask where the found units were."""
    order, item = read_item(order_id, item_id)
    order = as_seen(order, seen_changes())
    item.known_places = stock_queries.read_return_places(db.session(), g.store_id, order_id, item_id)
    screen = present_found_units(order, item, viewer(), links())
    return Response(render_template("pages/picking/found_units.html", screen=screen))


@blueprint.post("/orders/<id:order_id>/items/<id:item_id>/found-units")
@requires(SHIPPERS)
def create_found_units(order_id: int, item_id: int) -> BaseResponse:
    """Add found units to the place where they were, and ship them."""
    form = FoundUnitsForm()

    def find(session: Session) -> Any:
        units, seen = form.quantity.units, form.seen_shipped.number
        warehouse, location = form.warehouse.data or "", form.location.data or ""
        return shelf_service.ship_found_on_shelf(
            session,
            g.store_id,
            order_id,
            item_id,
            units,
            location,
            warehouse,
            g.actor,
            seen,
            only_ready=True,
            make_place=form.makes_place,
            seen_changes=seen_changes(),
        )

    done = perform(form, find, "found", order_id, item_id)
    refusal = replace(done, of_found_units=True) if isinstance(done, Refusal) else None
    return answer_item(order_id, item_id, refusal, seen_changes())


@blueprint.get("/orders/<id:order_id>/items/<id:item_id>/short-picks")
@requires(SHIPPERS)
def new_short_pick(order_id: int, item_id: int) -> Response:
    """Ask how many units of the product are there, place by place."""
    return _short_pick_page(order_id, item_id)


@blueprint.post("/orders/<id:order_id>/items/<id:item_id>/short-picks")
@requires(SHIPPERS)
def create_short_pick(order_id: int, item_id: int) -> BaseResponse:
    """Report that fewer units are at a place than the records have."""
    form = ShortPickForm()

    def report(session: Session) -> Any:
        place, seen = form.inventory_id.number or 0, form.seen_quantity.number or 0
        units = form.counted_quantity.units
        return shelf_service.report_short_pick(session, g.store_id, order_id, item_id, place, units, seen, g.actor)

    done = perform(form, report, "short pick", order_id, item_id)
    if isinstance(done, Refusal):
        return _short_pick_page(order_id, item_id, ShortPickRefusal(done, form.inventory_id.number), done.status)
    flash(_("Reported. No more is reserved there until units arrive or a manager counts."), "success")
    return answer_item(order_id, item_id)


def _short_pick_page(
    order_id: int, item_id: int, refusal: ShortPickRefusal | None = None, status: int = 200
) -> Response:
    order, item = read_item(order_id, item_id)
    screen = present_short_pick(order, item, links(), refusal)
    return Response(render_template("pages/picking/short_pick.html", screen=screen), status=status)
