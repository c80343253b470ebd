"""Stores: an administrator names the present one, and makes another."""

from __future__ import annotations

from flask import Blueprint, Response, flash, g, redirect, render_template
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as BaseResponse

from webapp.auth import accounts
from webapp.auth.guard import requires
from webapp.auth.security_log import SecurityEvent, record
from webapp.domain.roles import ADMINS
from webapp.domain.stores import time_zones
from webapp.extensions import db
from webapp.forms.stores import NewStoreForm, StoreForm
from webapp.languages import _
from webapp.presenters.pieces import Option
from webapp.presenters.refusals import NO_REFUSAL, Refusal
from webapp.services.people import store_service
from webapp.services.people.staff_service import Administrator
from webapp.web import entry
from webapp.web.links import links
from webapp.web.performing import perform

blueprint = Blueprint("stores", __name__)


@blueprint.get("/stores")
@requires(ADMINS)
def index() -> Response:
    """Show the present store, and the form for another."""
    return _page()


@blueprint.post("/stores")
@requires(ADMINS)
def create() -> BaseResponse:
    """Make another store, of which the person is administrator too."""
    form = NewStoreForm()
    code, name = form.code.data or "", form.store_name.data or ""

    def work(session: Session) -> None:
        store_service.add_store(session, _admin(), code, name, form.time_zone.data or "")

    refusal = perform(form, work, "new store")
    if isinstance(refusal, Refusal):
        return _page(new=refusal)
    record(SecurityEvent.STORE, "made", g.actor, store=code)
    entry.note_stores(accounts.workplaces_of(db.session(), g.signed_in.user_id))
    flash(_("%(store)s is there. Change stores in the menu with your name.", store=name), "success")
    return redirect(links().stores, 303)


@blueprint.get("/stores/present")
@requires(ADMINS)
def present() -> BaseResponse:
    """Redirect to the page: a form posts to this address, and a browser may come back to it."""
    return redirect(links().stores, 303)


@blueprint.post("/stores/present")
@requires(ADMINS)
def update() -> BaseResponse:
    """Give the present store another name and time zone."""
    form = StoreForm()

    def work(session: Session) -> None:
        store_service.change_store(session, _admin(), form.store_name.data or "", form.time_zone.data or "")

    refusal = perform(form, work, "store")
    if isinstance(refusal, Refusal):
        return _page(own=refusal)
    record(SecurityEvent.STORE, "changed", g.actor, store=g.signed_in.store_code)
    flash(_("The store is saved."), "success")
    return redirect(links().stores, 303)


def _admin() -> Administrator:
    return Administrator(g.signed_in.user_id, g.actor, g.store_id)


def _page(own: Refusal = NO_REFUSAL, new: Refusal = NO_REFUSAL) -> Response:
    zones = [Option(zone, zone) for zone in time_zones()]
    page = render_template("pages/administration/stores.html", own=own, new=new, zones=zones)
    return Response(page, status=max(own.status, new.status))
