"""The people of a store: an administrator lists them, invites others, and changes what they may do."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any, Final
from urllib.parse import urljoin

from flask import Blueprint, Response, abort, flash, g, redirect, render_template, request
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as BaseResponse

from webapp.auth import one_time
from webapp.auth.guard import requires
from webapp.auth.password_rules import LEAST, least_characters
from webapp.auth.security_log import SecurityEvent, record
from webapp.domain.clock import utc_now
from webapp.domain.roles import ADMINS, ROLE_WORDS
from webapp.extensions import db
from webapp.forms.fields import ActionForm
from webapp.forms.people import InvitationForm, RoleForm
from webapp.languages import _, translate
from webapp.paths import NOBODYS_ID
from webapp.presenters.administration.people import ShownOnce, end_words, present_people, present_person
from webapp.presenters.refusals import NO_REFUSAL, Refusal
from webapp.services.people import link_service, membership_service, staff_service
from webapp.services.people.membership_service import Member
from webapp.services.people.staff_service import Administrator
from webapp.web.links import links
from webapp.web.performing import perform

blueprint = Blueprint("people", __name__)

INVITATION_LASTS: Final = timedelta(days=7)
PASSWORD_LINK_LASTS: Final = timedelta(days=1)


@blueprint.get("/people")
@requires(ADMINS)
def index() -> Response:
    """List the people of the store and its open invitations."""
    return _list()


@blueprint.get("/people/invitations")
@requires(ADMINS)
def invitations() -> BaseResponse:
    """Redirect to the list: a form posts to this address, and a browser may come back to it."""
    return redirect(links().people, 303)


@blueprint.post("/people/invitations")
@requires(ADMINS)
def invite() -> BaseResponse:
    """Make an invitation and show its link, this once."""
    form = InvitationForm()
    token, ends = _new_link("invitation", form), utc_now() + INVITATION_LASTS

    def work(session: Session) -> int:
        name, role, token_hash = form.username.data or "", form.role.role, one_time.hash_of(token)
        return staff_service.invite(session, _admin(), name, role, token_hash, ends)

    result = perform(form, work, "invite")
    if isinstance(result, Refusal):
        return _list(result)
    name, role = form.username.data or "", form.role.role
    _record(SecurityEvent.ACCOUNT, "invited", name, role=role)
    title = _("Give this link to %(name)s", name=name)
    return _show_once(title, _("It opens once, until %(end)s.", end=end_words(ends)), token, links().people)


@blueprint.post("/people/invitations/<id:link_id>/withdrawal")
@requires(ADMINS)
def withdraw(link_id: int) -> BaseResponse:
    """End an invitation."""
    if link_id == NOBODYS_ID:
        abort(404)
    who = _admin()
    name = perform(ActionForm(), lambda session: staff_service.withdraw(session, who, link_id), "withdraw", link_id)
    if isinstance(name, Refusal):
        return _list(name)
    if name:
        _record(SecurityEvent.ACCOUNT, "uninvited", name)
        flash(_("The invitation of %(name)s is withdrawn.", name=name), "success")
    else:
        flash(_("That invitation was used or withdrawn already."), "info")
    return redirect(links().people, 303)


@blueprint.get("/people/<id:person_id>")
@requires(ADMINS)
def show(person_id: int) -> Response:
    """Show one person, and what can be changed."""
    return _person(person_id)


@blueprint.post("/people/<id:person_id>/role")
@requires(ADMINS)
def change_role(person_id: int) -> BaseResponse:
    """Give a person another role. They are signed out of the store."""
    form = RoleForm()

    def done(person: Member, *, is_new: bool) -> str:
        words, role = translate(ROLE_WORDS[form.role.role]), form.role.role
        if not is_new:
            return _("%(name)s has this role already.", name=person.username)
        _record(SecurityEvent.ACCOUNT, "role", person.username, role=role)
        sentence = _("%(name)s is %(role)s now, and was signed out here.", name=person.username, role=words)
        least = least_characters([role])
        if least > LEAST:
            more = _(
                "A password of fewer than %(least)s characters should be changed: make a link for it.", least=least
            )
            sentence = f"{sentence} {more}"
        return sentence

    def work(session: Session, who: Administrator, person_id: int) -> bool:
        return staff_service.change_role(session, who, person_id, form.role.role)

    return _change(form, person_id, work, done)


@blueprint.post("/people/<id:person_id>/sign-out")
@requires(ADMINS)
def sign_out(person_id: int) -> BaseResponse:
    """End every session of a person."""

    def done(person: Member, *, is_new: bool) -> str:
        _record(SecurityEvent.SESSION, "all_ended", person.username)
        return _("%(name)s is signed out everywhere.", name=person.username)

    return _change(ActionForm(), person_id, staff_service.sign_out, done)


@blueprint.post("/people/<id:person_id>/closing")
@requires(ADMINS)
def close(person_id: int) -> BaseResponse:
    """Close a person's account, sessions included."""

    def done(person: Member, *, is_new: bool) -> str:
        if is_new:
            _record(SecurityEvent.ACCOUNT, "closed", person.username)
        return _("The account of %(name)s is closed.", name=person.username)

    return _change(ActionForm(), person_id, staff_service.close_account, done)


@blueprint.post("/people/<id:person_id>/opening")
@requires(ADMINS)
def reopen(person_id: int) -> BaseResponse:
    """Open a closed account again."""

    def done(person: Member, *, is_new: bool) -> str:
        if is_new:
            _record(SecurityEvent.ACCOUNT, "opened", person.username)
        return _("The account of %(name)s is open again.", name=person.username)

    return _change(ActionForm(), person_id, staff_service.open_account, done)


@blueprint.post("/people/<id:person_id>/removal")
@requires(ADMINS)
def remove(person_id: int) -> BaseResponse:
    """Take a person out of the store."""
    who = _admin()
    name = perform(ActionForm(), lambda session: staff_service.remove(session, who, person_id), "remove", person_id)
    if isinstance(name, Refusal):
        return _person(person_id, name)
    _record(SecurityEvent.ACCOUNT, "left", name)
    flash(_("%(name)s no longer works here. What they did stays in the trails.", name=name), "success")
    return redirect(links().home if person_id == who.user_id else links().people, 303)


@blueprint.post("/people/<id:person_id>/password-link")
@requires(ADMINS)
def make_password_link(person_id: int) -> BaseResponse:
    """Make a link with which a person chooses a new password, and show it, this once."""
    person, form = _find(person_id), ActionForm()
    token, ends = _new_link(f"password of {person_id}", form), utc_now() + PASSWORD_LINK_LASTS

    def work(session: Session) -> int:
        token_hash = one_time.hash_of(token)
        return staff_service.make_password_link(session, _admin(), person_id, token_hash, ends)

    result = perform(form, work, "password link", person_id)
    if isinstance(result, Refusal):
        return _person(person_id, result)
    _record(SecurityEvent.PASSWORD, "link_made", person.username)
    title = _("Give this link to %(name)s", name=person.username)
    advice = _("With it they choose a new password, once, until %(end)s.", end=end_words(ends))
    return _show_once(title, advice, token, links().person(person_id))


def _change(
    form: ActionForm,
    person_id: int,
    work: Callable[[Session, Administrator, int], Any],
    done: Callable[..., str],
) -> BaseResponse:
    """Do ``work`` with a person of the store; say what was done, or on the person's page why it was not."""
    person, who = _find(person_id), _admin()
    result = perform(form, lambda session: work(session, who, person_id), request.endpoint, person_id)
    if isinstance(result, Refusal):
        return _person(person_id, result)
    flash(done(person, is_new=result is not False), "success")
    is_own = person_id == who.user_id  # Their session here may just have ended.
    return redirect(links().home if is_own else links().person(person_id), 303)


def _find(person_id: int) -> Member:
    """Return the person, who works in this store. Raises UserNotFound."""
    return staff_service.find_member(db.session(), g.store_id, person_id)


def _admin() -> Administrator:
    return Administrator(g.signed_in.user_id, g.actor, g.store_id)


def _new_link(purpose: str, form: ActionForm) -> str:
    return one_time.link_token(g.store_id, one_time.shown_once(purpose, g.store_id, g.actor, form.idempotency_key.data))


def _record(event: SecurityEvent, outcome: str, name: str, role: str = "") -> None:
    """Log what the administrator did with a person."""
    store = g.signed_in.store_code
    if role:
        record(event, outcome, name, store=store, role=role, by=g.actor)
    else:
        record(event, outcome, name, store=store, by=g.actor)


def _list(refusal: Refusal = NO_REFUSAL) -> Response:
    people = membership_service.list_people(db.session(), g.store_id)
    open_ones = link_service.list_invitations(db.session(), g.store_id)
    screen = present_people(people, open_ones, g.signed_in.user_id, utc_now(), refusal)
    return Response(render_template("pages/administration/people.html", screen=screen), status=refusal.status)


def _person(person_id: int, refusal: Refusal = NO_REFUSAL) -> Response:
    person = _find(person_id)
    is_shared = staff_service.works_elsewhere(db.session(), _admin(), person_id)
    screen = present_person(person, g.signed_in.user_id, utc_now(), is_shared=is_shared, refusal=refusal)
    return Response(render_template("pages/administration/person.html", screen=screen), status=refusal.status)


def _show_once(title: str, advice: str, token: str, back: str) -> Response:
    secret = urljoin(request.host_url, links().join(link=token))
    screen = ShownOnce(title, _("Link"), secret, advice, back)
    return Response(render_template("pages/administration/shown_once.html", screen=screen))
