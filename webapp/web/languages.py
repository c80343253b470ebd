"""Choose the language that Packbench speaks to this person."""

from __future__ import annotations

from flask import Blueprint, redirect, request, session
from werkzeug.wrappers import Response

from webapp.auth.guard import public, signed_in_person
from webapp.database.unit_of_work import unit_of_work
from webapp.domain.errors import InvalidInput
from webapp.domain.wording import say
from webapp.extensions import db
from webapp.languages import CHOSEN, LANGUAGES
from webapp.services.people import preferences_service
from webapp.web.links import links
from webapp.web.sessions import safe_path

blueprint = Blueprint("languages", __name__)


@blueprint.post("/language")
@public
def create() -> Response:
    """Set the language, also in the account of a signed-in person, and return to the page."""
    language = request.form.get("language", "")
    if language not in LANGUAGES:
        raise InvalidInput(say("Packbench does not speak that language yet. Choose one from the list."))
    if person := signed_in_person():
        unit_of_work(db.session(), lambda session: preferences_service.set_language(session, person.user_id, language))
    session[CHOSEN] = language
    return redirect(safe_path(request.form.get("next")) or links().home, 303)
