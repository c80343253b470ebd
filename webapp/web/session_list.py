"""The page of sessions: a person ends their own, an administrator anybody's in the store."""

from __future__ import annotations

from flask import Blueprint, abort, flash, g, redirect, render_template
from werkzeug.wrappers import Response

from webapp.auth import person_session
from webapp.auth.guard import requires
from webapp.auth.security_log import SecurityEvent, record
from webapp.database.unit_of_work import unit_of_work
from webapp.domain.clock import utc_now
from webapp.domain.roles import ADMINS, READERS
from webapp.extensions import db
from webapp.languages import _, ngettext
from webapp.paths import NOBODYS_ID
from webapp.presenters.people.session_list import present_sessions
from webapp.services.people import session_service
from webapp.web.links import links

blueprint = Blueprint("session_list", __name__)


@blueprint.get("/sessions")
@requires(READERS)
def index() -> str:
    """Show where the person is signed in, and to an administrator who else is in the store."""
    person, limits = g.signed_in, person_session.limits()
    own = session_service.list_own(db.session(), person.user_id, limits)
    others = None
    if person.role in ADMINS:
        others = session_service.list_others(db.session(), person.store_id, person.user_id, limits)
    screen = present_sessions(own, others, person.session_id, person.store_name, utc_now())
    return render_template("pages/people/sessions.html", screen=screen)


@blueprint.post("/sessions/<id:session_id>/sign-out")
@requires(READERS)
def end(session_id: int) -> Response:
    """End a session. One that ended, or that the person may not end, changes nothing."""
    if session_id == NOBODYS_ID:
        abort(404)
    person = g.signed_in
    of_store = person.store_id if person.role in ADMINS else None
    name = unit_of_work(
        db.session(), lambda session: session_service.end_session(session, session_id, person.user_id, of_store)
    ).result
    if name is None:
        flash(_("That session has already ended."), "info")
    else:
        record(SecurityEvent.SESSION, "ended", name, by=person.username)
        flash(_("%(name)s is signed out there.", name=name), "success")
    return redirect(links().sessions, 303)


@blueprint.post("/sessions/others/sign-out")
@requires(READERS)
def end_others() -> Response:
    """End all of the person's sessions but this one."""
    person = g.signed_in
    ended = unit_of_work(
        db.session(), lambda session: session_service.end_other_sessions(session, person.user_id, person.session_id)
    ).result
    record(SecurityEvent.SESSION, "others_ended", person.username)
    flash(ngettext("%(num)s other browser is signed out.", "%(num)s other browsers are signed out.", ended), "success")
    return redirect(links().sessions, 303)
