"""Counts what a person picks, for the pick screen's script; the next poll shows it to everybody."""

from __future__ import annotations

from typing import Any, Final

from flask import Blueprint, Response, g, jsonify, request
from sqlalchemy.orm import Session

from webapp.auth.guard import requires
from webapp.domain.errors import NothingLeft, StaleView
from webapp.domain.roles import SHIPPERS
from webapp.forms.picks import PickScanForm, PickUnitsForm
from webapp.presenters.picking.count import say_count
from webapp.presenters.refusals import Refusal
from webapp.services import pick_service
from webapp.web import assigning
from webapp.web.order_reading import read_item, read_order
from webapp.web.performing import perform

blueprint = Blueprint("picks", __name__)

TOO_LATE: Final = (StaleView.code, NothingLeft.code)
"""Why a typed number no longer replaces what its screen showed: the screen is drawn again, and nobody is alarmed."""


@blueprint.post("/orders/<id:order_id>/items/<id:item_id>/picks")
@requires(SHIPPERS)
def create(order_id: int, item_id: int) -> Response:
    """Count a scan (``scan``), or a typed number (``units``, ``seen_units``); answer in JSON what the person has picked
    now, why not, or that a typed number came too late."""
    form = PickScanForm() if "scan" in request.form else PickUnitsForm()

    def count(session: Session) -> Any:
        at = (session, g.store_id, order_id, item_id)
        if isinstance(form, PickScanForm):
            return pick_service.pick_scanned(*at, form.scan.data or "", g.actor)
        return pick_service.pick_units(
            *at, form.units.units, form.seen_units.number or 0, g.actor, form.seen_shipped.number
        )

    picked = perform(form, count, "pick", order_id, item_id)
    if isinstance(picked, Refusal) and isinstance(form, PickUnitsForm) and picked.code in TOO_LATE:
        return jsonify(late=True)
    if isinstance(picked, Refusal):
        read_item(order_id, item_id)  # Nobody's item is not found, whatever the form says.
        answer = jsonify(message=picked.words, code=picked.code, **picked.picked)
        answer.status_code = picked.status
        return answer
    assigning.as_opened(read_order(order_id))  # Who counts is at work on it.
    _item, units, most = picked
    return jsonify(units=units, most=most, words=say_count(units, most))
