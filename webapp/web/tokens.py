"""Tokens of programs: an administrator lists, makes and revokes those of the store."""

from __future__ import annotations

from flask import Blueprint, Response, flash, g, redirect, render_template
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as BaseResponse

from webapp.auth.guard import requires
from webapp.auth.one_time import shown_once
from webapp.auth.security_log import SecurityEvent, record
from webapp.auth.tokens import new_token
from webapp.domain.clock import utc_now
from webapp.domain.roles import ADMINS
from webapp.domain.terms import read_term
from webapp.extensions import db
from webapp.forms.fields import ActionForm
from webapp.forms.tokens import TokenForm
from webapp.languages import _
from webapp.presenters.administration.people import ShownOnce, end_words
from webapp.presenters.administration.tokens import present_tokens
from webapp.presenters.refusals import NO_REFUSAL, Refusal
from webapp.services.people import staff_service, token_service
from webapp.services.people.staff_service import Administrator
from webapp.web.links import links
from webapp.web.performing import perform

blueprint = Blueprint("tokens", __name__)


@blueprint.get("/tokens")
@requires(ADMINS)
def index() -> Response:
    """List the tokens of the store, those that ended too."""
    return _page()


@blueprint.post("/tokens")
@requires(ADMINS)
def create() -> BaseResponse:
    """Make a token and show it, this once."""
    form = TokenForm()
    random = shown_once("token", g.store_id, g.actor, form.idempotency_key.data)
    plain, token_hash = new_token(g.store_id, random)

    def work(session: Session) -> str:
        staff_service.lock_administrator(session, Administrator(g.signed_in.user_id, g.actor, g.store_id))
        end = read_term(form.term.data or "", utc_now(), g.signed_in.time_zone)
        return token_service.add_token(session, g.store_id, form.name.data, form.role.role, token_hash, end)

    name = perform(form, work, "token")
    if isinstance(name, Refusal):
        return _page(name)
    record(SecurityEvent.TOKEN, "made", f"token:{name}", store=g.signed_in.store_code, role=form.role.role, by=g.actor)
    end = read_term(form.term.data or "", utc_now(), g.signed_in.time_zone)
    advice = _("Who has it can do what its role can, until %(end)s.", end=end_words(end))
    screen = ShownOnce(_("Token for %(name)s", name=name), _("Token"), plain, advice, links().tokens)
    return Response(render_template("pages/administration/shown_once.html", screen=screen))


@blueprint.post("/tokens/<id:token_id>/revocation")
@requires(ADMINS)
def revoke(token_id: int) -> BaseResponse:
    """End a token at once."""
    name = token_service.find_token_name(db.session(), g.store_id, token_id)

    def work(session: Session) -> bool:
        staff_service.lock_administrator(session, Administrator(g.signed_in.user_id, g.actor, g.store_id))
        return token_service.revoke_token(session, g.store_id, name)

    is_new = perform(ActionForm(), work, "revoke token", token_id)
    if isinstance(is_new, Refusal):
        return _page(is_new)
    if is_new:
        record(SecurityEvent.TOKEN, "revoked", f"token:{name}", store=g.signed_in.store_code, by=g.actor)
    flash(_("The token %(name)s opens nothing any more.", name=name), "success")
    return redirect(links().tokens, 303)


def _page(refusal: Refusal = NO_REFUSAL) -> Response:
    screen = present_tokens(token_service.list_tokens(db.session(), g.store_id), utc_now(), refusal)
    return Response(render_template("pages/administration/tokens.html", screen=screen), status=refusal.status)
