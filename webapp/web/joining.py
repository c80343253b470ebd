"""What a visitor does with a one-time link of a store: join it, or choose a new password."""

from __future__ import annotations

from collections.abc import Iterable

from flask import Blueprint, Response, flash, g, redirect, render_template, request
from werkzeug.wrappers import Response as BaseResponse

from webapp.auth import accounts, one_time
from webapp.auth.accounts import Account, Workplace
from webapp.auth.guard import public, signed_in_person
from webapp.auth.password_rules import check_new_password, least_characters
from webapp.auth.passwords import hash_password
from webapp.auth.security_log import SecurityEvent, record
from webapp.domain.errors import InvalidInput, LinkOver
from webapp.domain.roles import Role
from webapp.extensions import db
from webapp.forms.people import JoinForm, LinkForm, NewPasswordForm
from webapp.languages import _, translate
from webapp.presenters.refusals import NO_REFUSAL, Refusal
from webapp.services.people import link_service
from webapp.services.people.link_service import OpenLink
from webapp.web import entry
from webapp.web.landings import landing_path
from webapp.web.performing import perform
from webapp.web.requests import refused_form

blueprint = Blueprint("joining", __name__)


@blueprint.get("/join")
@public
def new() -> Response:
    """Show what the link is for: a form for a new person, a button for who is signed in, or a new password."""
    token = request.args.get("link", "")
    return _page(_find(token), token)


@blueprint.post("/join")
@public
def create() -> BaseResponse:
    """Use the link, and let the person in."""
    token = request.form.get("link", "")
    link = _find(token)
    if link.user_id is not None:
        return _choose_password(link, token)
    return _join_as(link, token) if signed_in_person() else _join_new(link, token)


def _join_new(link: OpenLink, token: str) -> BaseResponse:
    """Make a new person of the visitor."""
    form = JoinForm()
    refusal = why_not(form, [link.role or Role.PACKER], [form.username.data or "", link.store_code, link.store_name])
    if refusal:
        return _page(link, token, refusal)
    username, password_hash = form.username.data or "", hash_password(form.password.data or "")
    used = perform(
        form,
        lambda session: link_service.accept_invitation(
            session, link.store_id, one_time.hash_of(token), username, password_hash
        ),
    )
    if isinstance(used, Refusal):
        return _page(link, token, used)
    account = let_in(username)
    record(
        SecurityEvent.ACCOUNT, "made", account.username, store=link.store_code, role=link.role or "", by=link.made_by
    )
    return redirect(landing_path(account.workplaces[0].role), 303)


def _join_as(link: OpenLink, token: str) -> BaseResponse:
    """Let the person who is signed in work in the store too, and go there."""
    who = g.signed_in
    used = perform(
        LinkForm(),
        lambda session: link_service.join_store(session, link.store_id, one_time.hash_of(token), who.username),
    )
    if isinstance(used, Refusal):
        return _page(link, token, used)
    record(SecurityEvent.ACCOUNT, "joined", who.username, store=link.store_code, role=link.role or "", by=link.made_by)
    workplaces = accounts.workplaces_of(db.session(), who.user_id)
    here = next(one for one in workplaces if one.store_id == link.store_id)
    entry.move(workplaces, here)
    flash(_("You work in %(store)s now. Change stores in the menu with your name.", store=here.name), "success")
    return redirect(landing_path(here.role), 303)


def _choose_password(link: OpenLink, token: str) -> BaseResponse:
    """Replace the person's password, and sign them in."""
    form, workplaces = NewPasswordForm(), _workplaces(link)
    words = [word for one in workplaces for word in (one.code, one.name)]
    refusal = why_not(form, [one.role for one in workplaces], [link.username, *words])
    if refusal:
        return _page(link, token, refusal)
    password_hash = hash_password(form.password.data or "")
    used = perform(
        form,
        lambda session: link_service.choose_password(session, link.store_id, one_time.hash_of(token), password_hash),
    )
    if isinstance(used, Refusal):
        return _page(link, token, used)
    record(SecurityEvent.PASSWORD, "set", link.username, by=link.made_by)
    account = let_in(link.username)
    flash(_("Your password is changed, and you are signed out everywhere else."), "success")
    return redirect(landing_path(account.workplaces[0].role), 303)


def why_not(form: NewPasswordForm | JoinForm, roles: Iterable[Role], words: Iterable[str]) -> Refusal | None:
    """Return why the form is refused before its password is hashed, or None."""
    if not form.validate():
        return refused_form(form)
    try:
        check_new_password(form.password.data or "", roles, words)
    except InvalidInput as refusal:
        return Refusal("", form.values(), {"password": translate(refusal.message)})
    return None


def let_in(username: str) -> Account:
    """Sign in who has just chosen their password; return their account."""
    person = accounts.find_person(db.session(), username)
    if person is None:
        raise LinkOver
    account = Account(person.id, person.username, person.session_epoch, accounts.workplaces_of(db.session(), person.id))
    entry.begin(account)
    return account


def _find(token: str) -> OpenLink:
    """Return what a link is for. Raises LinkOver."""
    parts = one_time.read_link_token(token)
    try:
        if parts is None:
            raise LinkOver
        return link_service.find_link(db.session(), *parts)
    except LinkOver:
        record(SecurityEvent.LINK, "refused", refused=True, path=request.path)
        raise


def _workplaces(link: OpenLink) -> tuple[Workplace, ...]:
    return accounts.workplaces_of(db.session(), link.user_id or 0)


def _page(link: OpenLink, token: str, refusal: Refusal = NO_REFUSAL) -> Response:
    person = signed_in_person()
    roles = [link.role] if link.role else [one.role for one in _workplaces(link)]
    page = render_template(
        "pages/people/join.html",
        link=link,
        token=token,
        refusal=refusal,
        joins_as=person.username if person and link.role else None,
        least=least_characters(roles),
    )
    return Response(page, status=refusal.status)
