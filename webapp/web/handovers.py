"""Changes whose an order is: taken over, packed together, handed over."""

from __future__ import annotations

from flask import Blueprint, Response, flash, g, redirect, render_template
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as BaseResponse

from webapp.auth.guard import requires
from webapp.domain.clock import utc_now
from webapp.domain.roles import MANAGERS, SHIPPERS
from webapp.extensions import db
from webapp.forms.handovers import NOBODY, HandOverForm, TakingForm
from webapp.languages import _
from webapp.presenters.picking.handover import present_hand_over
from webapp.presenters.refusals import NO_REFUSAL, Refusal
from webapp.services import handover_service
from webapp.web.links import links
from webapp.web.order_reading import read_order
from webapp.web.performing import perform
from webapp.web.pick_answers import answer_assigned
from webapp.web.requests import viewer

blueprint = Blueprint("handovers", __name__)


@blueprint.post("/orders/<id:order_id>/assignment/take-over")
@requires(SHIPPERS)
def take_over(order_id: int) -> BaseResponse:
    """Take the order over from those who have it."""
    form = TakingForm()

    def work(session: Session) -> bool:
        seen, idle = form.whose.data or "", g.settings.idle_time
        person = g.signed_in.user_id
        return handover_service.take_over(session, g.store_id, order_id, person, seen, idle, g.actor)

    done = perform(form, work, "take over", order_id)
    return answer_assigned(order_id, done if isinstance(done, Refusal) else None)


@blueprint.post("/orders/<id:order_id>/assignment/join")
@requires(SHIPPERS)
def join(order_id: int) -> BaseResponse:
    """Pack together with those who have the order."""
    form = TakingForm()

    def work(session: Session) -> bool:
        seen, idle = form.whose.data or "", g.settings.idle_time
        return handover_service.join(session, g.store_id, order_id, g.signed_in.user_id, seen, idle, g.actor)

    done = perform(form, work, "pack together", order_id)
    return answer_assigned(order_id, done if isinstance(done, Refusal) else None)


@blueprint.get("/orders/<id:order_id>/assignment")
@requires(SHIPPERS)
def new(order_id: int) -> Response:
    """Ask who goes on with the order."""
    return _page(order_id)


@blueprint.post("/orders/<id:order_id>/assignment")
@requires(SHIPPERS)
def create(order_id: int) -> BaseResponse:
    """Hand the order over, or give it back: packers their own, managers anyone's."""
    form = HandOverForm()
    own_only = g.role not in MANAGERS

    def work(session: Session) -> str:
        seen, idle, person = form.whose.data or "", g.settings.idle_time, form.person.person_id
        return handover_service.hand_over(session, g.store_id, order_id, person, seen, idle, g.actor, own_only=own_only)

    name = perform(form, work, "hand over", order_id)
    if isinstance(name, Refusal):
        return _page(order_id, name)
    flash(_("%(person)s has the order now.", person=name) if name else _("The order is nobody's now."), "success")
    return redirect(links().orders(), 303)


def _page(order_id: int, refusal: Refusal = NO_REFUSAL) -> Response:
    order = read_order(order_id)
    people = handover_service.list_colleagues(db.session(), g.store_id)
    screen = present_hand_over(order, people, viewer(), links(), utc_now(), NOBODY, refusal)
    return Response(render_template("pages/picking/hand_over.html", screen=screen), status=refusal.status)
