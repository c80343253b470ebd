"""Releases an order from its hold, on the order's page."""

from __future__ import annotations

from flask import Blueprint, flash, g, redirect
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from webapp.auth.guard import requires
from webapp.domain.roles import MANAGERS
from webapp.forms.fields import ActionForm
from webapp.languages import _
from webapp.presenters.refusals import Refusal
from webapp.services import hold_service
from webapp.web.links import links
from webapp.web.order_pages import order_page
from webapp.web.performing import perform

blueprint = Blueprint("holds", __name__)


@blueprint.post("/orders/<id:order_id>/release")
@requires(MANAGERS)
def release(order_id: int) -> Response:
    """Release the order; releasing it again changes nothing."""

    def work(session: Session) -> bool:
        starts = g.settings.start_imported_orders
        return hold_service.release_hold(session, g.store_id, order_id, g.actor, starts=starts)

    done = perform(ActionForm(), work, "release", order_id)
    if isinstance(done, Refusal):
        return order_page(order_id, done)
    flash(_("The order is released."), "success")
    return redirect(links().order(order_id), 303)
