"""The first start of an empty database: with the link that the server printed, somebody sets up the shop."""

from __future__ import annotations

from typing import Final

from flask import Blueprint, Response, current_app, flash, redirect, render_template, request
from werkzeug.wrappers import Response as BaseResponse

from webapp.auth import one_time
from webapp.auth.guard import public
from webapp.auth.password_rules import LEAST_OF_MANAGERS
from webapp.auth.passwords import hash_password
from webapp.auth.security_log import SecurityEvent, record
from webapp.config import ROOT
from webapp.domain.errors import LinkOver
from webapp.domain.roles import Role
from webapp.domain.stores import time_zones
from webapp.extensions import db
from webapp.forms.people import SetupForm
from webapp.languages import _
from webapp.presenters.pieces import Option
from webapp.presenters.refusals import NO_REFUSAL, Refusal
from webapp.processes import start_command
from webapp.services.people import setup_service
from webapp.web import sample_orders
from webapp.web.joining import let_in, why_not
from webapp.web.links import links
from webapp.web.performing import perform

blueprint = Blueprint("setup", __name__)

SAMPLE: Final = "sample"
YES: Final = "yes"


@blueprint.get("/setup")
@public
def new() -> Response:
    """Show the form, if the link is right; else how to get one, or that the shop is set up."""
    token = request.args.get("link", "")
    if not token and not setup_service.has_people(db.session()):
        return Response(render_template("pages/people/first_start.html"))
    _check(token)
    return _page(token)


@blueprint.post("/setup")
@public
def create() -> BaseResponse:
    """Make the store and its first person, sign them in, and load the sample data if they want it."""
    form, token = SetupForm(), request.form.get("link", "")
    _check(token)
    administrator, manager, code = form.username.data or "", form.manager.data or "", form.code.data or ""
    words = [administrator, manager, code, form.store_name.data or ""]
    refusal = why_not(form, [Role.ADMIN], words)
    if refusal:
        return _page(token, refusal)
    password_hash = hash_password(form.password.data or "")
    done = perform(
        form,
        lambda session: setup_service.set_up(
            session,
            one_time.hash_of(token),
            code=code,
            name=form.store_name.data or "",
            time_zone=form.time_zone.data or "",
            administrator=administrator,
            manager=manager,
            password_hash=password_hash,
            starts_orders=form.start_imported_orders.data == YES,
        ),
    )
    if isinstance(done, Refusal):
        return _page(token, done)
    for name, role in ((administrator, Role.ADMIN), (manager, Role.MANAGER)):
        if name:
            record(SecurityEvent.ACCOUNT, "made", name, store=code, role=role, by="setup")
    return _go_on(administrator, manager, code, with_sample=form.content.data == SAMPLE)


def _go_on(administrator: str, manager: str, code: str, *, with_sample: bool) -> BaseResponse:
    """Sign the person in, as a manager if they chose so, and lead them to what comes next."""
    let_in(manager or administrator)
    if with_sample:
        try:
            start_command(["demo", "--into", code], _environment(), ROOT)
        except OSError as error:
            current_app.logger.error("The sample data cannot be loaded: %s", error)
            flash(_("The shop is set up. The sample data could not be loaded; the server's log says why."), "warning")
        else:
            sample_orders.remember_start()
            flash(_("The shop is set up."), "success")
        return redirect(links().orders(), 303)
    if manager:
        flash(_("The shop is set up. To invite people, sign in as %(name)s.", name=administrator), "success")
        return redirect(links().imports, 303)
    flash(_("The shop is set up. Invite the people who work here; a manager brings in orders and stock."), "success")
    return redirect(links().people, 303)


def _environment() -> dict[str, str]:
    """Return which database and pictures the sample data is for."""
    settings = current_app.config
    return {"DATABASE_URL": settings["SQLALCHEMY_DATABASE_URI"], "PICTURE_FOLDER": str(settings["PICTURE_FOLDER"])}


def _check(token: str) -> None:
    try:
        setup_service.check_link(db.session(), one_time.hash_of(token))
    except LinkOver:
        record(SecurityEvent.LINK, "refused", refused=True, path=request.path)
        raise


def _page(token: str, refusal: Refusal = NO_REFUSAL) -> Response:
    zones = [Option("", _("Choose a time zone")), *(Option(zone, zone) for zone in time_zones())]
    page = render_template(
        "pages/people/setup.html", token=token, refusal=refusal, least=LEAST_OF_MANAGERS, zones=zones
    )
    return Response(page, status=refusal.status)
