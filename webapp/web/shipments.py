"""Ships units of an item, what a person has picked of an order, or its rest; undoes a shipped line."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, flash, g, redirect, request
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from webapp.auth.guard import requires
from webapp.domain.roles import MANAGERS, SHIPPERS
from webapp.forms.fields import ActionForm
from webapp.forms.shipments import ShipItemForm, ShipOrderForm, ShipPicksForm
from webapp.presenters.picking.count import picks_shipped_words
from webapp.presenters.refusals import Refusal
from webapp.presenters.stock.results import result_notice
from webapp.services import order_inventory_service, order_service, pick_shipping_service, undo_service
from webapp.web.links import links
from webapp.web.performing import perform
from webapp.web.pick_answers import answer_item, answer_order, answer_undone
from webapp.web.requests import is_htmx

blueprint = Blueprint("shipments", __name__)


@blueprint.post("/orders/<id:order_id>/items/<id:item_id>/shipments")
@requires(SHIPPERS)
def create(order_id: int, item_id: int) -> Response:
    form = ShipItemForm()

    def ship(session: Session) -> None:  # Its panels are rendered after the commit, so no answer is kept with the key.
        units, seen = form.quantity.units, form.seen_shipped.number
        changes = form.seen_changes.number or 0
        order_inventory_service.ship_units(session, g.store_id, order_id, item_id, units, seen, g.actor, changes)

    refusal = perform(form, ship, "ship item", order_id, item_id)
    return answer_item(order_id, item_id, refusal=refusal, seen_changes=form.seen_changes.number or 0)


@blueprint.post("/orders/<id:order_id>/shipments")
@requires(SHIPPERS)
def create_for_order(order_id: int) -> Response:
    """Ship every remaining unit of the order that stock can cover. Managers may close it although units are left."""
    form = ShipOrderForm()
    if form.closes and g.role not in MANAGERS:
        abort(403)

    def ship(session: Session) -> Any:
        seen, changes = form.seen_version.number, form.seen_changes.number or 0
        return order_service.ship_rest(
            session, g.store_id, order_id, seen, g.actor, closes=form.closes, seen_changes=changes
        )

    stock = perform(form, ship, "ship order", order_id)
    if isinstance(stock, Refusal):
        return answer_order(order_id, since=form.seen_version.number, refusal=stock)
    if not is_htmx():
        flash(*result_notice(stock))
    return answer_order(order_id, since=form.seen_version.number or 0)


@blueprint.post("/orders/<id:order_id>/picks/shipments")
@requires(SHIPPERS)
def create_of_picks(order_id: int) -> Response:
    """Ship all that the person has picked of the order, all lines or none."""
    form = ShipPicksForm()

    def ship(session: Session) -> Any:
        seen, changes = form.seen_units.number or 0, form.seen_changes.number or 0
        return pick_shipping_service.ship_picks(session, g.store_id, order_id, seen, g.actor, changes)

    shipped = perform(form, ship, "ship picks", order_id)
    if isinstance(shipped, Refusal):
        return answer_order(order_id, since=form.seen_version.number, refusal=shipped)
    if not is_htmx():
        flash(picks_shipped_words(shipped["units"], shipped["items"]), "success")
    return answer_order(order_id, since=form.seen_version.number or 0)


@blueprint.post("/orders/<id:order_id>/shipment-lines/<id:line_id>/reversal")
@requires(SHIPPERS)
def undo(order_id: int, line_id: int) -> Response:
    """Undo a shipped line: packers their own, managers anyone's."""
    own_only = g.role not in MANAGERS

    def work(session: Session) -> tuple[int, int]:
        line = undo_service.undo_shipment_line(
            session, g.store_id, order_id, line_id, actor=g.actor, own_only=own_only, window=g.settings.undo_window
        )
        return line.order_item_id, line.quantity

    line = perform(ActionForm(), work, "take back", order_id, line_id)
    if isinstance(line, Refusal):
        return answer_order(order_id, refusal=line)
    if not is_htmx() and request.form.get("back") == "order":
        return redirect(links().order(order_id), 303)
    return answer_undone(order_id, *line)
