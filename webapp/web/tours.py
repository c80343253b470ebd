"""Ends or restarts the tour of a role's screens."""

from __future__ import annotations

from flask import Blueprint, g, redirect, request
from werkzeug.wrappers import Response

from webapp.auth.guard import requires
from webapp.database.unit_of_work import unit_of_work
from webapp.domain.errors import InvalidInput
from webapp.domain.roles import READERS
from webapp.domain.wording import say
from webapp.extensions import db
from webapp.services.people import preferences_service
from webapp.web.landings import landing_path
from webapp.web.sessions import safe_path

blueprint = Blueprint("tours", __name__)

_CHANGES = {"begin": preferences_service.begin_tour, "end": preferences_service.end_tour}


@blueprint.post("/tour")
@requires(READERS)
def change() -> Response:
    """End the tour and stay on the page, or restart it on its first page."""
    action = request.form.get("action", "")
    if action not in _CHANGES:
        raise InvalidInput(say("A tour is begun or ended. Use the buttons on the page."))
    person = g.signed_in
    unit_of_work(db.session(), lambda session: _CHANGES[action](session, person.store_id, person.user_id))
    here = safe_path(request.form.get("next")) if action == "end" else None
    return redirect(here or landing_path(g.role), 303)
