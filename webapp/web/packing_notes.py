"""Confirms that a packing note was read, on the pick screen or the order's page."""

from __future__ import annotations

from flask import Blueprint, Response, g, redirect, request
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as BaseResponse

from webapp.auth.guard import requires
from webapp.domain.clock import utc_now
from webapp.domain.roles import SHIPPERS
from webapp.forms.packing_notes import PackingNoteForm
from webapp.presenters.picking.packing_note import present_packing_note
from webapp.presenters.refusals import NO_REFUSAL, Refusal
from webapp.services import packing_note_service
from webapp.web.answers import render_panel
from webapp.web.links import links
from webapp.web.order_pages import order_page
from webapp.web.order_reading import read_order
from webapp.web.performing import perform
from webapp.web.pick_answers import pick_page
from webapp.web.requests import is_htmx, viewer

blueprint = Blueprint("packing_notes", __name__)


@blueprint.post("/orders/<id:order_id>/packing-note/confirmation")
@requires(SHIPPERS)
def confirm(order_id: int) -> BaseResponse:
    """Record that the person read the packing note; who confirms later changes nothing."""
    form = PackingNoteForm()

    def work(session: Session) -> bool:
        seen = form.seen_note.data or ""
        return packing_note_service.confirm_reading(session, g.store_id, order_id, seen, g.actor)

    done = perform(form, work, "packing note", order_id)
    refusal = done if isinstance(done, Refusal) else NO_REFUSAL
    back = "order" if request.form.get("back") == "order" else ""
    if is_htmx():
        order = read_order(order_id, for_page=True)
        note = present_packing_note(order, viewer(), links(), utc_now(), refusal.words)
        panel = render_panel("panels/picking/_packing_note.html", note=note, back=back)
        return Response(panel, status=refusal.status)
    if refusal is NO_REFUSAL:
        return redirect(links().order(order_id) if back else links().pick(order_id), 303)
    if back:
        return order_page(order_id, refusal)
    return pick_page(read_order(order_id, for_page=True), refusal=refusal)
